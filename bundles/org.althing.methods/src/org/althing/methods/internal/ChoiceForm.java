// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.List;
import java.util.Optional;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Question;

/**
 * Checks the form of choices. Reasons count options from 1, as people do. Checking runs for every ballot, so nothing is allocated for a
 * ballot in order.
 */
final class ChoiceForm {

    private static final Optional<String> FINE = Optional.empty();

    private ChoiceForm() {}

    static Optional<String> single(Choice choice, Question question) {
        return choice instanceof Choice.Single(int option) ? inRange(option, question) : wrong("one option", choice);
    }

    /** A set of options; the empty set is a blank ballot. */
    static Optional<String> approval(Choice choice, Question question) {
        return choice instanceof Choice.Approval(List<Integer> options)
                ? ascending(options, question)
                : wrong("a set of options", choice);
    }

    static Optional<String> weights(Choice choice, Question question) {
        if (!(choice instanceof Choice.Weights(List<Integer> options, List<Long> weights))) {
            return wrong("weights of options", choice);
        }
        Optional<String> reason = ascending(options, question);
        return reason.isPresent() ? reason : weighing(options, weights);
    }

    /** Groups of options without duplicates; no group at all is a blank ballot. */
    static Optional<String> ranking(Choice choice, Question question) {
        if (!(choice instanceof Choice.Ranking(List<List<Integer>> groups))) {
            return wrong("a ranking", choice);
        }
        // One bit for each option already ranked.
        long[] ranked = new long[(question.options() + 63) >>> 6];
        for (int rank = 0; rank < groups.size(); rank++) {
            List<Integer> group = groups.get(rank);
            if (group.isEmpty()) {
                return Optional.of("rank " + (rank + 1) + " holds no option");
            }
            for (int i = 0; i < group.size(); i++) {
                int option = group.get(i);
                if (option < 0 || option >= question.options()) {
                    return inRange(option, question);
                }
                long bit = 1L << option;
                if ((ranked[option >>> 6] & bit) != 0) {
                    return Optional.of("option " + (option + 1) + " is ranked twice");
                }
                ranked[option >>> 6] |= bit;
            }
        }
        return FINE;
    }

    /** A ranking of every option, none equal to another. */
    static Optional<String> permutation(Choice choice, Question question) {
        Optional<String> reason = ranking(choice, question);
        if (reason.isPresent() || !(choice instanceof Choice.Ranking(List<List<Integer>> groups))) {
            return reason;
        }
        for (List<Integer> group : groups) {
            if (group.size() > 1) {
                return Optional.of("options " + (group.get(0) + 1) + " and " + (group.get(1) + 1)
                        + " are ranked equal, but this method wants every option at a rank of its own");
            }
        }
        return groups.size() == question.options()
                ? FINE
                : Optional.of(
                        groups.size() + " of " + question.options() + " options are ranked, but this method wants all");
    }

    private static Optional<String> inRange(int option, Question question) {
        return option >= 0 && option < question.options()
                ? FINE
                : Optional.of(
                        "option " + (option + 1L) + " does not exist; the options are 1 to " + question.options());
    }

    private static Optional<String> ascending(List<Integer> options, Question question) {
        int last = -1;
        for (int i = 0; i < options.size(); i++) {
            int option = options.get(i);
            if (option < 0 || option >= question.options()) {
                return inRange(option, question);
            }
            if (option <= last) {
                return Optional.of(
                        option == last
                                ? "option " + (option + 1) + " is named twice"
                                : "option " + (option + 1) + " is out of order; options must ascend");
            }
            last = option;
        }
        return FINE;
    }

    private static Optional<String> weighing(List<Integer> options, List<Long> weights) {
        long total = 0;
        for (int i = 0; i < weights.size(); i++) {
            long weight = weights.get(i);
            if (weight < 0 || weight > Choice.WEIGHT_MAX) {
                return Optional.of("option " + (options.get(i) + 1) + " has weight " + weight + "; weights are 0 to "
                        + Choice.WEIGHT_MAX);
            }
            total += weight;
        }
        return total > 0
                ? FINE
                : Optional.of("no option has a weight above 0; a ballot that prefers nothing is cast as blank");
    }

    private static Optional<String> wrong(String wanted, Choice choice) {
        String given = switch (choice) {
            case Choice.Blank blank -> "a blank ballot";
            case Choice.Single single -> "one option";
            case Choice.Approval approval -> "a set of options";
            case Choice.Weights weights -> "weights of options";
            case Choice.Ranking ranking -> "a ranking";
        };
        return Optional.of("the ballot holds " + given + ", but this method wants " + wanted);
    }
}
