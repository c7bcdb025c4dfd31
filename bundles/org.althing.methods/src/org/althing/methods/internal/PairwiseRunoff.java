// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Fraction;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.jspecify.annotations.Nullable;

/**
 * Instant runoff as Condorcet PHP counts it. A majority is more than half of all ballots, blank ones too, in every round. An option with a
 * majority takes the best free place and leaves the race, so that the others are ranked as well. Else the lowest leave and take the worst
 * free place; of several only those who, among them, beat nobody head to head and have neither the greater balance of wins and losses nor
 * the more wins (if there is none such, all), and this again as many times as there were lowest, less one. Ranks that options share are
 * passed over. With {@link Question.Unranked#LAST} an option that is the only one unranked counts as ranked last.
 *
 * <p>Source: Condorcet PHP at 02f46fc, InstantRunoff and TieBreakersCollection (facts only; voting-methods.md). An option's score is what
 * it had when it left the race, of those that were in it to the end what they had when the first was elected.
 */
final class PairwiseRunoff {

    private final RunoffPiles piles;
    private final Question question;
    private final RankingStore store;
    /** Made when the first tie asks: most counts have none, and comparing all pairs costs more than the whole runoff. */
    private @Nullable Pairs pairs;

    private final BigInteger power;
    private final List<List<Integer>> best = new ArrayList<>();
    private final List<List<Integer>> worst = new ArrayList<>();
    private final List<Result.Round> rounds = new ArrayList<>();
    private final @Nullable Fraction[] votes;

    private PairwiseRunoff(Question question, RankingStore store, BigInteger power) {
        piles = new RunoffPiles(store, question.options(), RunoffPiles.EqualRanks.SKIPPED);
        this.question = question;
        this.store = store;
        this.power = power;
        votes = new Fraction[question.options()];
    }

    static Result decide(Question question, RankingStore store, BigInteger rankingPower, BigInteger blankPower) {
        return new PairwiseRunoff(question, store, rankingPower.add(blankPower)).decide(rankingPower.signum() > 0);
    }

    private Pairs pairs() {
        if (pairs == null) {
            pairs = comparePairs();
        }
        return pairs;
    }

    private Pairs comparePairs() {
        PairwiseMatrix matrix = new PairwiseMatrix(question);
        BallotPaper paper = new BallotPaper();
        for (RankingStore.Block block : store.blocks()) {
            for (int i = 0; i < block.count(); i++) {
                block.copy(i, paper);
                matrix.add(paper, block.low(i), block.high(i));
            }
        }
        return matrix.pairs();
    }

    private Result decide(boolean anyVotes) {
        for (List<Integer> left = piles.inRace(); !left.isEmpty(); left = piles.inRace()) {
            Scores scores = piles.scores();
            List<Integer> highest = RunoffPiles.highest(scores, left);
            if (isMajority(scores, highest.getFirst())) {
                rounds.add(piles.round(scores, highest, List.of()));
                best.add(highest);
                leave(scores, highest);
            } else {
                List<Integer> lowest = weakest(RunoffPiles.lowest(scores, left));
                rounds.add(piles.round(scores, List.of(), lowest));
                worst.addFirst(lowest);
                leave(scores, lowest);
            }
        }
        best.addAll(worst);
        return Outcome.of(question, best, List.of(votes), anyVotes, rounds, Optional.empty());
    }

    private boolean isMajority(Scores scores, int option) {
        return scores.numerators()[option].shiftLeft(1).compareTo(power.multiply(scores.denominator())) > 0;
    }

    private void leave(Scores scores, List<Integer> options) {
        for (int option : best.isEmpty() ? options : piles.inRace()) {
            if (votes[option] == null) {
                votes[option] = scores.votes(option);
            }
        }
        piles.remove(options);
    }

    private List<Integer> weakest(List<Integer> lowest) {
        List<Integer> weakest = lowest;
        for (int pass = 1; pass < lowest.size() && weakest.size() > 1; pass++) {
            List<Integer> tied = weakest;
            List<Integer> narrowed = tied.stream()
                    .filter(a -> tied.stream().noneMatch(b -> !a.equals(b) && isStronger(a, b)))
                    .toList();
            weakest = narrowed.isEmpty() ? tied : narrowed;
        }
        return weakest;
    }

    private boolean isStronger(int a, int b) {
        Pairs all = pairs();
        return all.beats(a, b)
                || all.wins(a) - all.losses(a) > all.wins(b) - all.losses(b)
                || all.wins(a) > all.wins(b);
    }
}
