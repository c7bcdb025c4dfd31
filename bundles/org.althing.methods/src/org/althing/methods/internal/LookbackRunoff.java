// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;

/**
 * Instant runoff as public elections do it (Robert's Rules of Order, "preferential voting"; the United States' ranked-choice statutes).
 *
 * <p>The count ends when an option has more than half of the votes that are not exhausted, or when two are left. Until then the option
 * with the fewest votes leaves. Where several have the fewest: if all their votes together are less than the next option has, none of
 * them can survive whatever the order, so they leave together as equals; else those leave first who had fewest in the latest earlier round
 * in which they differed; else the last of them in the lot leaves. Equal ranks split a ballot's power equally, exactly. Scores are those
 * of the last round; the options left are ranked by them, the others by how late they left.
 */
final class LookbackRunoff {

    /** With two left the one ahead has a majority, or both are equal. */
    private static final int LEFT_AT_END = 2;

    private final Question question;
    private final RunoffPiles piles;
    private final List<Scores> history = new ArrayList<>();
    private final List<Result.Round> rounds = new ArrayList<>();
    private final List<List<Integer>> ranking = new ArrayList<>();
    private Optional<Result.Tie> lot = Optional.empty();

    private LookbackRunoff(Question question, RankingStore store) {
        this.question = question;
        piles = new RunoffPiles(store, question.options(), RunoffPiles.EqualRanks.SPLIT);
    }

    static Result decide(Question question, RankingStore store) {
        return new LookbackRunoff(question, store).decide();
    }

    private Result decide() {
        Scores scores = next();
        while (!isOver(scores)) {
            List<Integer> leaving = leaving(scores);
            rounds.add(piles.round(scores, List.of(), leaving));
            ranking.addFirst(leaving);
            piles.remove(leaving);
            scores = next();
        }
        boolean anyVotes = RunoffPiles.sum(history.getFirst(), allOptions()).signum() > 0;
        return RunoffEnd.result(question, piles, scores, ranking, rounds, anyVotes, lot);
    }

    private List<Integer> allOptions() {
        return Outcome.where(question.options(), option -> true);
    }

    private Scores next() {
        Scores scores = piles.scores();
        history.add(scores);
        return scores;
    }

    private boolean isOver(Scores scores) {
        List<Integer> left = piles.inRace();
        return left.size() <= LEFT_AT_END || RunoffEnd.hasMajority(scores, left);
    }

    private List<Integer> leaving(Scores scores) {
        List<Integer> left = piles.inRace();
        List<Integer> tied = RunoffPiles.lowest(scores, left);
        if (tied.size() == 1 || cannotSurvive(scores, tied, left)) {
            return tied;
        }
        for (int round = history.size() - 2; round >= 0 && tied.size() > 1; round--) {
            tied = RunoffPiles.lowest(history.get(round), tied);
        }
        if (tied.size() == 1) {
            return tied;
        }
        Result.Tie drawn = Outcome.lot(tied, question);
        lot = lot.isPresent() ? lot : Optional.of(drawn);
        return List.of(drawn.order().getLast());
    }

    private static boolean cannotSurvive(Scores scores, List<Integer> tied, List<Integer> left) {
        List<Integer> others =
                left.stream().filter(option -> !tied.contains(option)).toList();
        return !others.isEmpty() && RunoffPiles.sum(scores, tied).compareTo(leastOf(scores, others)) < 0;
    }

    private static BigInteger leastOf(Scores scores, List<Integer> options) {
        return scores.numerators()[RunoffPiles.lowest(scores, options).getFirst()];
    }
}
