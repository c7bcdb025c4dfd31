// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.Question.Unranked;
import org.althing.api.tally.Result;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * Instant-runoff voting: each ballot counts for the best option that it ranks and that is still in the race; the last option leaves, round
 * by round. A ballot that ranks none of the options left is exhausted: unranked options never get its vote, however the question treats
 * them, save in {@code pairwise}. Further seats, where asked for, go down the ranking.
 *
 * <ul>
 * <li>{@code standard} (the default): {@link StandardRunoff}.
 * <li>{@code snapshot}: complete rankings without equals only: {@link SnapshotRunoff}.
 * <li>{@code pairwise}: the rule of Condorcet PHP: {@link PairwiseRunoff}.
 * </ul>
 */
@Component(service = VotingMethod.class)
public final class InstantRunoff extends DeclaredMethod {

    private static final String STANDARD = "standard";
    private static final String SNAPSHOT = "snapshot";
    private static final String PAIRWISE = "pairwise";

    public InstantRunoff() {
        super(
                "irv",
                1,
                List.of(STANDARD, SNAPSHOT, PAIRWISE),
                Choice.Ranking.class,
                "Of the lowest, those leave who had least in the latest round in which they differed, then the later in the lot; "
                        + "snapshot: the lower option leaves; pairwise: the weaker in direct comparison leave, those left together.");
    }

    @Override
    Optional<String> refuseChoice(String variant, Choice choice, Question question) {
        return variant.equals(SNAPSHOT)
                ? ChoiceForm.permutation(choice, question)
                : ChoiceForm.ranking(choice, question);
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
        private final UnitSums power = new UnitSums(2);

        RunoffCounter(String variant, Question question) {
            this.variant = variant;
            this.question = question;
        }

        @Override
        public void add(Choice choice, BigInteger ballotPower, long copies) {
            BigInteger together = UnitSums.times(ballotPower, copies);
            long low = UnitSums.low(together);
            long high = UnitSums.high(together);
            power.add(choice.isBlank() ? BLANK : RANKING, low, high);
            if (choice instanceof Choice.Ranking(List<List<Integer>> groups) && !groups.isEmpty()) {
                store.add(impliesLast() ? withSoleUnrankedLast(groups) : groups, low, high);
            }
        }

        private boolean impliesLast() {
            return variant.equals(PAIRWISE) && question.unranked() == Unranked.LAST;
        }

        private List<List<Integer>> withSoleUnrankedLast(List<List<Integer>> groups) {
            int ranked = 0;
            for (List<Integer> group : groups) {
                ranked += group.size();
            }
            if (ranked != question.options() - 1) {
                return groups;
            }
            List<Integer> unranked =
                    Outcome.where(question.options(), o -> groups.stream().noneMatch(g -> g.contains(o)));
            List<List<Integer>> all = new ArrayList<>(groups);
            all.add(unranked);
            return all;
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
                case PAIRWISE -> PairwiseRunoff.decide(question, store, power.get(RANKING), power.get(BLANK));
                default -> StandardRunoff.decide(question, store);
            };
        }
    }
}
