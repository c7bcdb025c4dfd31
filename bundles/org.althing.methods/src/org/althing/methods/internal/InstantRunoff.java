// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.List;
import java.util.Optional;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Question;
import org.althing.api.tally.Question.Unranked;
import org.althing.api.tally.Result;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * Instant-runoff voting: each ballot counts for the best option that it ranks and that is still in the race; the last option leaves, round
 * by round. A ballot that ranks none of the options left is exhausted. Further seats, where asked for, go down the ranking.
 *
 * <ul>
 * <li>{@code pairwise} (the default), the rule of Condorcet PHP: {@link PairwiseRunoff}.
 * <li>{@code lookback}, as statutes have it, with equal ranks split: {@link LookbackRunoff}.
 * <li>{@code snapshot}, complete rankings without equals only: {@link SnapshotRunoff}.
 * </ul>
 */
@Component(service = VotingMethod.class)
public final class InstantRunoff extends DeclaredMethod {

    private static final String PAIRWISE = "pairwise";
    private static final String LOOKBACK = "lookback";
    private static final String SNAPSHOT = "snapshot";

    public InstantRunoff() {
        super(
                "irv",
                1,
                List.of(PAIRWISE, LOOKBACK, SNAPSHOT),
                Choice.Ranking.class,
                "Of the lowest, those leave who are weaker head to head, those left together; lookback: who had least in the latest round "
                        + "in which they differed, then the later in the lot; snapshot: the lower option.");
    }

    @Override
    Optional<String> refuseBallot(String variant, BallotPaper paper, Question question) {
        return variant.equals(SNAPSHOT) ? BallotForm.permutation(paper, question) : BallotForm.ranking(paper, question);
    }

    @Override
    Counter start(String variant, Question question) {
        return new RunoffCounter(variant, question);
    }

    private static final class RunoffCounter implements Counter {

        /** Sum of the power of ballots that rank something. */
        private static final int RANKING = 0;
        /** Sum of the power of blank ballots. */
        private static final int BLANK = 1;

        private final String variant;
        private final Question question;
        private final RankingStore store = new RankingStore();
        private final PowerSums power = new PowerSums(2);

        RunoffCounter(String variant, Question question) {
            this.variant = variant;
            this.question = question;
        }

        @Override
        public void add(BallotPaper paper) {
            power.add(paper.isBlank() ? BLANK : RANKING, paper.totalLow(), paper.totalHigh());
            if (!paper.isBlank()) {
                store.add(
                        paper,
                        impliesLast() && paper.count() == question.options() - 1
                                ? unranked(paper)
                                : RankingStore.NO_OPTION);
            }
        }

        private boolean impliesLast() {
            return variant.equals(PAIRWISE) && question.unranked() == Unranked.LAST;
        }

        /** The only option that a ballot does not rank: what all options add up to, less those ranked. */
        private int unranked(BallotPaper paper) {
            int option = question.options() * (question.options() - 1) / 2;
            for (int i = 0; i < paper.count(); i++) {
                option -= paper.option(i);
            }
            return option;
        }

        @Override
        public void merge(Counter other) {
            store.addAll(((RunoffCounter) other).store);
            power.addAll(((RunoffCounter) other).power);
        }

        @Override
        public Result result() {
            return switch (variant) {
                case SNAPSHOT -> SnapshotRunoff.decide(question, store);
                case LOOKBACK -> LookbackRunoff.decide(question, store);
                default -> PairwiseRunoff.decide(question, store, power.get(RANKING), power.get(BLANK));
            };
        }
    }
}
