// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.althing.api.tally.Choice;

/**
 * Choices as people type and read them: {@code Yes}; {@code A B}; {@code A=3 B=1}; {@code B > A = C}. An option is named by its name (of any
 * case) or its number from 1; where a name is itself a number, {@code #2} is the number.
 */
final class ChoiceText {

    private final List<String> options;

    ChoiceText(List<String> options) {
        this.options = List.copyOf(options);
    }

    /**
     * Reads a choice.
     *
     * @param form what a ballot says, as {@link org.althing.api.assembly.Assembly.MethodView#ballot} names it
     */
    Choice read(String form, List<String> words) throws Failure {
        if (words.isEmpty()) {
            throw Failure.usage("say what you choose, or --blank; the options are " + list());
        }
        return switch (form) {
            case "single" -> single(words);
            case "approval" -> approval(words);
            case "weights" -> weights(words);
            case "ranking" -> ranking(String.join(" ", words));
            default ->
                throw Failure.usage("this command cannot write ballots of the form '" + form
                        + "', which the node asks for; use the version of althing that the node runs");
        };
    }

    /** A choice in the words that {@link #read} reads. */
    String write(Choice choice) {
        return switch (choice) {
            case Choice.Blank blank -> "blank";
            case Choice.Single(int option) -> name(option);
            case Choice.Approval(List<Integer> approved) ->
                approved.isEmpty() ? "none" : approved.stream().map(this::name).collect(Collectors.joining(", "));
            case Choice.Weights weights -> {
                List<String> parts = new ArrayList<>();
                for (int i = 0; i < weights.options().size(); i++) {
                    parts.add(name(weights.options().get(i)) + "="
                            + weights.weights().get(i));
                }
                yield String.join(", ", parts);
            }
            case Choice.Ranking(List<List<Integer>> groups) ->
                groups.stream()
                        .map(group -> group.stream().map(this::name).collect(Collectors.joining(" = ")))
                        .collect(Collectors.joining(" > "));
        };
    }

    private Choice single(List<String> words) throws Failure {
        if (words.size() > 1) {
            String joined = String.join(" ", words);
            int option = find(joined);
            if (option >= 0) {
                return new Choice.Single(option);
            }
            throw Failure.usage("choose one option, not " + words.size()
                    + "; put a name with spaces in quotes; the options are " + list());
        }
        return new Choice.Single(option(words.getFirst()));
    }

    private Choice approval(List<String> words) throws Failure {
        List<Integer> approved = new ArrayList<>();
        for (String word : words) {
            add(approved, option(word));
        }
        approved.sort(Comparator.naturalOrder());
        return new Choice.Approval(approved);
    }

    private Choice weights(List<String> words) throws Failure {
        List<Integer> named = new ArrayList<>();
        long[] weights = new long[options.size()];
        for (String word : words) {
            int equals = word.lastIndexOf('=');
            if (equals < 0) {
                throw Failure.usage("'" + word + "' has no weight; write OPTION=WEIGHT, such as "
                        + (options.isEmpty() ? "A" : options.getFirst()) + "=3");
            }
            int option = option(word.substring(0, equals));
            add(named, option);
            weights[option] = weight(word, word.substring(equals + 1).strip());
        }
        named.sort(Comparator.naturalOrder());
        return new Choice.Weights(
                named, named.stream().map(option -> weights[option]).toList());
    }

    private static long weight(String word, String text) throws Failure {
        String limits = "weights are whole numbers from 0 to " + Choice.WEIGHT_MAX;
        if (!text.matches("\\d{1,18}")) {
            throw Failure.usage("'" + word + "': '" + text + "' is no weight; " + limits);
        }
        long weight = Long.parseLong(text);
        if (weight > Choice.WEIGHT_MAX) {
            throw Failure.usage("'" + word + "': " + weight + " is too much; " + limits);
        }
        return weight;
    }

    private Choice ranking(String text) throws Failure {
        List<List<Integer>> groups = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        for (String rank : text.split(">", -1)) {
            List<Integer> group = new ArrayList<>();
            // An option may have a '=' or '>' in its name: then its number names it.
            int whole = find(rank);
            for (String word : whole >= 0 ? List.of(rank) : List.of(rank.split("=", -1))) {
                if (word.isBlank()) {
                    throw Failure.usage("an option is missing in '" + text + "'; write a ranking as \"B > A = C\"");
                }
                int option = option(word);
                add(seen, option);
                group.add(option);
            }
            group.sort(Comparator.naturalOrder());
            groups.add(group);
        }
        return new Choice.Ranking(groups);
    }

    private void add(List<Integer> named, int option) throws Failure {
        if (named.contains(option)) {
            throw Failure.usage("option '" + options.get(option) + "' is named twice");
        }
        named.add(option);
    }

    private int option(String text) throws Failure {
        int option = find(text);
        if (option < 0) {
            throw Failure.usage("no option '" + text.strip() + "'; the options are " + list());
        }
        return option;
    }

    /** The option of this name or number, or -1: names first, as they are written, then of any case. */
    private int find(String text) {
        String wanted = text.strip();
        int exact = options.indexOf(wanted);
        if (exact >= 0) {
            return exact;
        }
        List<Integer> same = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).equalsIgnoreCase(wanted)) {
                same.add(i);
            }
        }
        if (same.size() == 1) {
            return same.getFirst();
        }
        String digits = wanted.startsWith("#") ? wanted.substring(1) : wanted;
        if (!digits.matches("\\d{1,4}")) {
            return -1;
        }
        int number = Integer.parseInt(digits);
        return number >= 1 && number <= options.size() ? number - 1 : -1;
    }

    private String name(int option) {
        return option >= 0 && option < options.size() ? options.get(option) : "#" + (option + 1);
    }

    private String list() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            all.add(i + 1 + " " + options.get(i));
        }
        return String.join(", ", all);
    }
}
