// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.althing.api.Fraction;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;

/** Turns scores and rankings into results: winners take the seats from the top, and a tie for the last seat falls by the lot. */
final class Outcome {

    private static final String LOT = "lot";

    private Outcome() {}

    /** A result of one step in which the higher score is better. */
    static Result ofScores(Question question, List<Fraction> scores, boolean anyVotes) {
        return ofRanking(question, byScore(scores), scores, anyVotes);
    }

    /** A result of one step whose ranking is known. */
    static Result ofRanking(Question question, List<List<Integer>> ranking, List<Fraction> scores, boolean anyVotes) {
        return of(question, ranking, scores, anyVotes, List.of(), Optional.empty());
    }

    /**
     * A result.
     *
     * @param anyVotes whether there is any power behind the ranking; without, nobody wins
     * @param earlier a lot that was drawn on the way; reported if none is drawn for the last seat
     */
    static Result of(
            Question question,
            List<List<Integer>> ranking,
            List<Fraction> scores,
            boolean anyVotes,
            List<Result.Round> rounds,
            Optional<Result.Tie> earlier) {
        List<Integer> winners = new ArrayList<>();
        Optional<Result.Tie> tie = earlier;
        if (anyVotes) {
            for (List<Integer> group : ranking) {
                int free = question.seats() - winners.size();
                if (free == 0) {
                    break;
                }
                List<Integer> order = inLotOrder(group, question);
                if (group.size() > free) {
                    tie = Optional.of(lot(group, question));
                }
                winners.addAll(order.subList(0, Math.min(free, order.size())));
            }
        }
        return new Result(winners, List.of(), ranking, scores, rounds, tie);
    }

    static Result.Tie lot(List<Integer> tied, Question question) {
        return new Result.Tie(tied.stream().sorted().toList(), LOT, inLotOrder(tied, question));
    }

    static List<Integer> inLotOrder(List<Integer> options, Question question) {
        return options.size() == 1
                ? options
                : question.lot().stream().filter(options::contains).toList();
    }

    /** All options, highest score first, equal scores in one group. */
    static List<List<Integer>> byScore(List<Fraction> scores) {
        List<Integer> order = IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparing(scores::get, Comparator.reverseOrder()))
                .toList();
        return groups(order, scores);
    }

    private static List<List<Integer>> groups(List<Integer> order, List<Fraction> scores) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int option : order) {
            // Fractions are in lowest terms, so equal ones are equal records.
            boolean equalsLast =
                    !groups.isEmpty() && scores.get(groups.getLast().getFirst()).equals(scores.get(option));
            if (!equalsLast) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(option);
        }
        return groups;
    }

    /** The options that fulfil a condition, ascending. */
    static List<Integer> where(int options, IntPredicate condition) {
        return IntStream.range(0, options).filter(condition).boxed().toList();
    }
}
