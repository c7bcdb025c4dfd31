// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.althing.tally.internal.BallotCollector.BadBallotException;
import org.jspecify.annotations.Nullable;

/**
 * The BLT format of B. A. Wichmann and D. Hill as OpenSTV, OpaVote, Droop and stv-rs write it: options and seats; withdrawn options
 * ({@code -2}); ballots, each a weight, options from the best on ({@code =} between equals, {@code -} for a rank left out) and 0; a 0; the
 * names in quotes and the title. Of the settings in brackets {@code [nick a b c]}, {@code [withdrawn c]} and {@code [tie b a]} are read and
 * others passed over. {@code #} begins a comment; a ballot's name in parentheses is passed over. A weight that is a whole number is a number
 * of equal ballots, a decimal one is the power of one ballot. Withdrawn options are left out altogether.
 *
 * <p>{@code [tie]} names first who is picked first, and what ties pick is mostly who is to leave, so the lot is its reverse.
 */
final class BltFormat implements BallotFormat {

    @Override
    public boolean recognises(List<String> head) {
        List<String> bare = head.stream()
                .map(BltFormat::withoutComment)
                .filter(line -> !line.isEmpty())
                .toList();
        return !bare.isEmpty()
                && bare.getFirst().matches("\\d+\\s+\\d+(\\s.*)?")
                && (bare.size() == 1
                        || bare.get(1).matches("[-\\[(\\d].*") && !bare.get(1).contains(","));
    }

    @Override
    public BallotFile read(InputStream in) throws IOException, UnreadableException {
        return new Reading(new TextLines(in)).read();
    }

    /** The line up to a comment; a number sign in quotes is none. */
    private static String withoutComment(String line) {
        boolean inQuotes = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            inQuotes ^= c == '"';
            if (c == '#' && !inQuotes) {
                return line.substring(0, i).strip();
            }
        }
        return line.strip();
    }

    private static final class Reading {

        private final TextLines lines;
        private final BallotCollector collector = new BallotCollector("blt");
        private final Map<String, Integer> byNick = new HashMap<>();
        private final Set<Integer> withdrawn = new HashSet<>();
        private final List<String> tie = new ArrayList<>();
        private int candidates;
        private boolean ballotsEnded;
        /** From a number in the file, less 1, to the option; null until the first ballot. */
        private @Nullable List<Integer> optionOf;

        Reading(TextLines lines) {
            this.lines = lines;
        }

        BallotFile read() throws IOException, UnreadableException {
            String line = nextBare();
            header(line == null ? "" : line);
            List<String> texts = new ArrayList<>();
            for (line = nextBare(); line != null; line = nextBare()) {
                if (ballotsEnded) {
                    texts.add(unquoted(line));
                } else if (line.startsWith("[")) {
                    setting(line);
                } else {
                    numbers(new ArrayDeque<>(List.of(line.split("\\s+"))));
                }
            }
            if (!ballotsEnded) {
                throw BallotCollector.unreadable(
                        Math.max(1, lines.number()), "ends the file before the 0 that ends the ballots");
            }
            names(texts);
            return collector.toFile();
        }

        private @Nullable String nextBare() throws IOException, UnreadableException {
            for (String line = lines.next(); line != null; line = lines.next()) {
                String bare = withoutComment(line);
                if (!bare.isEmpty()) {
                    return bare;
                }
            }
            return null;
        }

        private UnreadableException unreadable(String what) {
            return BallotCollector.unreadable(lines.number(), what);
        }

        private void header(String line) throws UnreadableException {
            String[] numbers = line.split("\\s+");
            if (numbers.length < 2 || !numbers[0].matches("\\d{1,4}") || !numbers[1].matches("\\d{1,4}")) {
                throw unreadable("must hold the number of candidates and of seats");
            }
            candidates = Integer.parseInt(numbers[0]);
            int seats = Integer.parseInt(numbers[1]);
            if (candidates < 1 || candidates > Question.OPTIONS_MAX || seats < 1) {
                throw unreadable("must hold 1 to " + Question.OPTIONS_MAX + " candidates and at least one seat");
            }
            collector.seats(seats);
            for (int number = 1; number <= candidates; number++) {
                byNick.put(Integer.toString(number), number - 1);
            }
            Deque<String> rest = new ArrayDeque<>(List.of(numbers).subList(2, numbers.length));
            if (!rest.isEmpty()) {
                numbers(rest);
            }
        }

        private void setting(String line) throws UnreadableException {
            if (!line.endsWith("]")) {
                throw unreadable("opens a bracket that it does not close");
            }
            String[] words = line.substring(1, line.length() - 1).strip().split("\\s+");
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nick" -> nicks(values);
                case "withdrawn" -> {
                    for (String value : values) {
                        withdraw(value);
                    }
                }
                case "tie" -> tie.addAll(values);
                default -> {}
            }
        }

        private void nicks(List<String> values) throws UnreadableException {
            if (values.size() != candidates) {
                throw unreadable("nicknames " + values.size() + " of " + candidates + " candidates");
            }
            for (int i = 0; i < candidates; i++) {
                byNick.put(values.get(i), i);
            }
        }

        private void withdraw(String name) throws UnreadableException {
            Integer candidate = byNick.get(name);
            if (candidate == null) {
                throw unreadable("withdraws " + BallotCollector.quote(name) + ", who is no candidate");
            }
            withdrawn.add(candidate);
        }

        /** A line of withdrawals or of ballots. */
        private void numbers(Deque<String> words) throws UnreadableException {
            while (!words.isEmpty() && !ballotsEnded) {
                String first = words.peekFirst();
                if (optionOf == null && first.matches("-\\d+")) {
                    withdraw(words.removeFirst().substring(1));
                } else if (first.equals("0")) {
                    words.removeFirst();
                    ballotsEnded = true;
                } else {
                    ballot(words);
                }
            }
        }

        private void ballot(Deque<String> words) throws UnreadableException {
            long count = 1;
            try {
                skipName(words);
                String weight = words.isEmpty() ? "" : words.removeFirst();
                boolean isPower = weight.contains(".");
                BigInteger power = isPower ? BallotCollector.power(weight) : Tally.VOTE;
                count = isPower ? 1 : BallotCollector.count(weight);
                collector.ballot(lines.number(), count, ranking(words), power);
            } catch (BadBallotException e) {
                collector.problem(lines.number(), count, e.getMessage());
                // Nothing sure can be said of what follows on the line.
                words.clear();
            }
        }

        /** Passes over {@code (name)}, which may hold spaces. */
        private static void skipName(Deque<String> words) {
            boolean inName = !words.isEmpty() && words.peekFirst().startsWith("(");
            while (inName && !words.isEmpty()) {
                inName = !words.removeFirst().endsWith(")");
            }
        }

        private Choice ranking(Deque<String> words) throws BadBallotException {
            List<List<Integer>> groups = new ArrayList<>();
            while (!words.isEmpty()) {
                String word = words.removeFirst();
                if (word.equals("0")) {
                    return BallotCollector.ranking(groups);
                }
                List<Integer> group = group(word);
                if (!group.isEmpty()) {
                    groups.add(group);
                }
            }
            throw new BadBallotException("the ballot does not end with 0");
        }

        private List<Integer> group(String word) throws BadBallotException {
            List<Integer> group = new ArrayList<>();
            if (word.equals("-")) {
                return group;
            }
            for (String name : word.split("=", -1)) {
                Integer candidate = byNick.get(name);
                if (candidate == null) {
                    throw new BadBallotException(
                            BallotCollector.quote(name) + " is no candidate; there are " + candidates);
                }
                if (!withdrawn.contains(candidate)) {
                    group.add(optionOf().get(candidate));
                }
            }
            return group;
        }

        /** The options by candidate; withdrawals are over when the first ballot asks. */
        private List<Integer> optionOf() {
            if (optionOf == null) {
                List<Integer> numbers = new ArrayList<>();
                int next = 0;
                for (int candidate = 0; candidate < candidates; candidate++) {
                    numbers.add(withdrawn.contains(candidate) ? -1 : next++);
                }
                optionOf = numbers;
            }
            return optionOf;
        }

        private static String unquoted(String line) {
            return line.length() >= 2 && line.startsWith("\"") && line.endsWith("\"")
                    ? line.substring(1, line.length() - 1).replace("\\\"", "\"")
                    : line;
        }

        private void names(List<String> texts) throws UnreadableException {
            for (int candidate = 0; candidate < candidates; candidate++) {
                if (!withdrawn.contains(candidate)) {
                    String name = candidate < texts.size() ? texts.get(candidate) : Integer.toString(candidate + 1);
                    collector.option(name, lines.number());
                }
            }
            if (texts.size() > candidates) {
                collector.title(texts.get(candidates));
            }
            lot();
        }

        private void lot() {
            List<Integer> picked = tie.stream()
                    .map(name -> byNick.getOrDefault(name, -1))
                    .filter(candidate -> candidate >= 0 && !withdrawn.contains(candidate))
                    .map(optionOf()::get)
                    .distinct()
                    .toList();
            if (!picked.isEmpty()) {
                List<Integer> order = new ArrayList<>(picked);
                IntStream.range(0, collector.options())
                        .filter(option -> !picked.contains(option))
                        .forEach(order::add);
                collector.lot(order.reversed());
            }
        }
    }
}
