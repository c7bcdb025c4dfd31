// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;

/**
 * Instant runoff as Snapshot counts it: the count ends when an option has more than half of the power still active, or fewer than three
 * are left; until then the one with the least power leaves, of several the lowest option. Scores are those of the last round, those of
 * options that left are 0. Source: voting-methods.md, Snapshot "ranked-choice (IRV)" (snapshot.js 0.17.5).
 */
final class SnapshotRunoff {

    private static final int LEFT_AT_END = 2;
    private static final String RULE = "the lowest option leaves";

    private SnapshotRunoff() {}

    static Result decide(Question question, RankingStore store) {
        RunoffPiles piles = new RunoffPiles(store, question.options(), RunoffPiles.EqualRanks.SPLIT);
        List<List<Integer>> outOfRace = new ArrayList<>();
        List<Result.Round> rounds = new ArrayList<>();
        Optional<Result.Tie> tie = Optional.empty();
        Scores scores = piles.scores();
        boolean anyVotes = RunoffPiles.sum(scores, piles.inRace()).signum() > 0;
        while (piles.inRace().size() > LEFT_AT_END && !RunoffEnd.hasMajority(scores, piles.inRace())) {
            List<Integer> tied = RunoffPiles.lowest(scores, piles.inRace());
            if (tied.size() > 1 && tie.isEmpty() && scores.numerators()[tied.getFirst()].signum() > 0) {
                tie = Optional.of(new Result.Tie(tied, RULE, tied.reversed()));
            }
            List<Integer> leaving = List.of(tied.getFirst());
            rounds.add(piles.round(scores, List.of(), leaving));
            outOfRace.addFirst(leaving);
            piles.remove(leaving);
            scores = piles.scores();
        }
        return RunoffEnd.result(question, piles, scores, outOfRace, rounds, anyVotes, tie);
    }
}
