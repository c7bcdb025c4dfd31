// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * Each ballot spreads its power over options by weights. The power is split in whole units by {@linkplain LargestRemainder largest
 * remainder}, ties to the lower option, so that the scores add up to the power of the valid ballots to the last unit. Source: Snapshot's
 * "weighted", in integers.
 */
@Component(service = VotingMethod.class)
public final class Weighted extends DeclaredMethod {

    public Weighted() {
        super("weighted", 1, List.of(), Choice.Weights.class, "Equal scores for the last seat fall by the lot.");
    }

    @Override
    Optional<String> refuseBallot(String variant, BallotPaper paper, Question question) {
        return BallotForm.weights(paper, question);
    }

    @Override
    Counter start(String variant, Question question) {
        return new SpreadCounter(question);
    }

    private static final class SpreadCounter implements Counter {

        private final Question question;
        private final PowerSums sums;
        private final BallotShares shares;

        SpreadCounter(Question question) {
            this.question = question;
            sums = new PowerSums(question.options());
            shares = new BallotShares();
        }

        @Override
        public void add(BallotPaper paper) {
            if (!paper.isBlank()) {
                shares.split(paper);
                for (int i = 0; i < paper.count(); i++) {
                    sums.add(paper.option(i), shares.low(i), shares.high(i), paper.copies());
                }
            }
        }

        @Override
        public void merge(Counter other) {
            sums.addAll(((SpreadCounter) other).sums);
        }

        @Override
        public Result result() {
            Scores scores = Scores.of(sums, question.options());
            boolean anyVotes = Arrays.stream(scores.numerators()).anyMatch(n -> n.signum() > 0);
            return Outcome.ofScores(question, scores.votes(), anyVotes);
        }
    }
}
