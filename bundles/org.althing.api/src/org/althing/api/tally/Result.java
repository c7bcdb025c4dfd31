// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.Fraction;

/**
 * What a method found. Options are numbers as in the {@link Question}.
 *
 * @param winners the options that take the seats, best first; empty if no valid ballot prefers anything
 * @param committees where a method may return several tied sets, all of them in ascending order; else empty
 * @param ranking groups of options, best first; options of one group are equal by the method's own rule, before any lot
 * @param scores one exact score for each option, in votes (or the method's own unit), as published
 * @param rounds the steps of the count in order; empty for methods of one step
 * @param tie how a tie for a seat was resolved; empty if there was none
 */
public record Result(
        List<Integer> winners,
        List<List<Integer>> committees,
        List<List<Integer>> ranking,
        List<Fraction> scores,
        List<Round> rounds,
        Optional<Tie> tie) {

    public Result {
        winners = List.copyOf(winners);
        committees = committees.stream().map(List::copyOf).toList();
        ranking = ranking.stream().map(List::copyOf).toList();
        scores = List.copyOf(scores);
        rounds = List.copyOf(rounds);
    }

    /**
     * One step of a count.
     *
     * @param scores votes of the options still in the race
     * @param elected options elected in this step
     * @param eliminated options dropped in this step
     * @param exhausted votes that rank none of the options left
     */
    public record Round(
            Map<Integer, Fraction> scores, List<Integer> elected, List<Integer> eliminated, Fraction exhausted) {
        public Round {
            scores = Map.copyOf(scores);
            elected = List.copyOf(elected);
            eliminated = List.copyOf(eliminated);
        }
    }

    /**
     * A tie and its resolution.
     *
     * @param options the tied options, ascending
     * @param rule what resolved it, e.g. {@code lot}
     * @param order the tied options in the resolved order, best first
     */
    public record Tie(List<Integer> options, String rule, List<Integer> order) {
        public Tie {
            options = List.copyOf(options);
            order = List.copyOf(order);
        }
    }
}
