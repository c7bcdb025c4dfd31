// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Fraction;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;

/** How a runoff ends that stops at a majority: the options left are ranked by the votes of the last round. */
final class RunoffEnd {

    private RunoffEnd() {}

    /** Whether an option has more than half of what all options left have, or there is nothing more to have. */
    static boolean hasMajority(Scores scores, List<Integer> left) {
        BigInteger active = RunoffPiles.sum(scores, left);
        BigInteger most = scores.numerators()[RunoffPiles.highest(scores, left).getFirst()];
        return active.signum() == 0 || most.shiftLeft(1).compareTo(active) > 0;
    }

    /**
     * The result.
     *
     * @param outOfRace the options that left, the last first
     * @param rounds the rounds before the last
     * @param lot a lot drawn on the way
     */
    static Result result(
            Question question,
            RunoffPiles piles,
            Scores scores,
            List<List<Integer>> outOfRace,
            List<Result.Round> rounds,
            boolean anyVotes,
            Optional<Result.Tie> lot) {
        List<Integer> left = piles.inRace();
        List<Fraction> votes = scores.votes();
        List<List<Integer>> ranking = new ArrayList<>();
        for (List<Integer> group : Outcome.byScore(votes)) {
            List<Integer> still = group.stream().filter(left::contains).toList();
            if (!still.isEmpty()) {
                ranking.add(still);
            }
        }
        ranking.addAll(outOfRace);
        Result result = Outcome.of(question, ranking, votes, anyVotes, List.of(), lot);
        List<Integer> elected = result.winners().stream().filter(left::contains).toList();
        List<Result.Round> all = new ArrayList<>(rounds);
        all.add(piles.round(scores, elected, List.of()));
        return new Result(result.winners(), List.of(), ranking, votes, all, result.tie());
    }
}
