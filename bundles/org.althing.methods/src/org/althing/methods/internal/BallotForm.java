// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.Optional;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.BallotPaper.Form;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Question;

/**
 * Checks the form of ballots. Reasons count options from 1, as people do. Checking runs for every ballot, so next to nothing is allocated
 * for a ballot in order.
 */
final class BallotForm {

    private static final Optional<String> FINE = Optional.empty();
    private static final int WORD_BITS = 64;

    private BallotForm() {}

    static Optional<String> single(BallotPaper paper, Question question) {
        return paper.form() == Form.SINGLE ? inRange(paper.option(0), question) : wrong("one option", paper);
    }

    /** A set of options; the empty set is a blank ballot. */
    static Optional<String> approval(BallotPaper paper, Question question) {
        return paper.form() == Form.APPROVAL ? ascending(paper, question) : wrong("a set of options", paper);
    }

    static Optional<String> weights(BallotPaper paper, Question question) {
        if (paper.form() != Form.WEIGHTS) {
            return wrong("weights of options", paper);
        }
        Optional<String> reason = ascending(paper, question);
        return reason.isPresent() ? reason : weighing(paper);
    }

    /** Ranks of options without duplicates; no rank at all is a blank ballot. */
    static Optional<String> ranking(BallotPaper paper, Question question) {
        if (paper.form() != Form.RANKING) {
            return wrong("a ranking", paper);
        }
        // One bit for each option already ranked.
        long[] ranked = new long[(question.options() + WORD_BITS - 1) / WORD_BITS];
        int next = 0;
        for (int rank = 0; rank < paper.ranks(); rank++) {
            int end = paper.rankEnd(rank);
            if (next == end) {
                return Optional.of("rank " + (rank + 1) + " holds no option");
            }
            for (; next < end; next++) {
                int option = paper.option(next);
                if (option < 0 || option >= question.options()) {
                    return inRange(option, question);
                }
                long bit = 1L << option;
                if ((ranked[option / WORD_BITS] & bit) != 0) {
                    return Optional.of("option " + (option + 1) + " is ranked twice");
                }
                ranked[option / WORD_BITS] |= bit;
            }
        }
        return FINE;
    }

    /** A ranking of every option, none equal to another. */
    static Optional<String> permutation(BallotPaper paper, Question question) {
        Optional<String> reason = ranking(paper, question);
        if (reason.isPresent()) {
            return reason;
        }
        for (int rank = 0; rank < paper.ranks(); rank++) {
            int first = paper.rankStart(rank);
            if (paper.rankEnd(rank) - first > 1) {
                return Optional.of("options " + (paper.option(first) + 1) + " and " + (paper.option(first + 1) + 1)
                        + " are ranked equal, but this method wants every option at a rank of its own");
            }
        }
        return paper.count() == question.options()
                ? FINE
                : Optional.of(
                        paper.count() + " of " + question.options() + " options are ranked, but this method wants all");
    }

    private static Optional<String> inRange(int option, Question question) {
        return option >= 0 && option < question.options()
                ? FINE
                : Optional.of(
                        "option " + (option + 1L) + " does not exist; the options are 1 to " + question.options());
    }

    private static Optional<String> ascending(BallotPaper paper, Question question) {
        int last = -1;
        for (int i = 0; i < paper.count(); i++) {
            int option = paper.option(i);
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

    private static Optional<String> weighing(BallotPaper paper) {
        long total = 0;
        for (int i = 0; i < paper.count(); i++) {
            long weight = paper.weight(i);
            if (weight < 0 || weight > Choice.WEIGHT_MAX) {
                return Optional.of("option " + (paper.option(i) + 1) + " has weight " + weight + "; weights are 0 to "
                        + Choice.WEIGHT_MAX);
            }
            total += weight;
        }
        return total > 0
                ? FINE
                : Optional.of("no option has a weight above 0; a ballot that prefers nothing is cast as blank");
    }

    private static Optional<String> wrong(String wanted, BallotPaper paper) {
        String given = switch (paper.form()) {
            case BLANK -> "a blank ballot";
            case SINGLE -> "one option";
            case APPROVAL -> "a set of options";
            case WEIGHTS -> "weights of options";
            case RANKING -> "a ranking";
        };
        return Optional.of("the ballot holds " + given + ", but this method wants " + wanted);
    }
}
