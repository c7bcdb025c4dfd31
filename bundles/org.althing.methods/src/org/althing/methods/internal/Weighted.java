// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
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
    Optional<String> refuseChoice(String variant, Choice choice, Question question) {
        return ChoiceForm.weights(choice, question);
    }

    @Override
    Counter start(String variant, Question question) {
        return new SpreadCounter(question);
    }

    private static final class SpreadCounter implements Counter {

        private final Question question;
        private final UnitSums sums;
        private final BallotShares shares;

        SpreadCounter(Question question) {
            this.question = question;
            sums = new UnitSums(question.options());
            shares = new BallotShares();
        }

        @Override
        public void add(Choice choice, BigInteger power, long copies) {
            if (choice instanceof Choice.Weights weights) {
                shares.split(weights, power);
                for (int i = 0; i < shares.count(); i++) {
                    sums.add(weights.options().get(i), shares.low(i), shares.high(i), copies);
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
