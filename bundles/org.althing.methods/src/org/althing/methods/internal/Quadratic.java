// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * Quadratic voting as DAOs use it: many small supporters outweigh one large. A ballot's power is split by its weights as in
 * {@link Weighted}; each share gives {@code isqrt(share * 10^18)} to its option's sum S; the power of the valid ballots is then shared out
 * by S^2, by largest remainder, ties to the lower option. Source: Snapshot's "quadratic", in integers.
 * The outcome can be bought by splitting power between identities: use it only where members are known to be distinct.
 */
@Component(service = VotingMethod.class)
public final class Quadratic extends DeclaredMethod {

    public Quadratic() {
        super("quadratic", 1, List.of(), Choice.Weights.class, "Equal scores for the last seat fall by the lot.");
    }

    @Override
    Optional<String> refuseChoice(String variant, Choice choice, Question question) {
        return ChoiceForm.weights(choice, question);
    }

    @Override
    Counter start(String variant, Question question) {
        return new RootCounter(question);
    }

    private static final class RootCounter implements Counter {

        private final Question question;
        private final UnitSums roots;
        private final UnitSums power = new UnitSums(1);
        private final BallotShares shares = new BallotShares();
        private final IntegerRoot root = new IntegerRoot();

        RootCounter(Question question) {
            this.question = question;
            roots = new UnitSums(question.options());
        }

        @Override
        public void add(Choice choice, BigInteger ballotPower, long copies) {
            if (choice instanceof Choice.Weights weights) {
                power.add(0, UnitSums.low(ballotPower), UnitSums.high(ballotPower), copies);
                shares.split(weights, ballotPower);
                for (int i = 0; i < shares.count(); i++) {
                    root.take(shares.low(i), shares.high(i));
                    roots.add(weights.options().get(i), root.low(), root.high(), copies);
                }
            }
        }

        @Override
        public void merge(Counter other) {
            roots.addAll(((RootCounter) other).roots);
            power.addAll(((RootCounter) other).power);
        }

        @Override
        public Result result() {
            boolean anyVotes = power.get(0).signum() > 0;
            BigInteger[] units = roots.toArray();
            if (anyVotes) {
                for (int option = 0; option < units.length; option++) {
                    units[option] = units[option].multiply(units[option]);
                }
                units = LargestRemainder.split(power.get(0), units);
            }
            return Outcome.ofScores(question, new Scores(units, BigInteger.ONE).votes(), anyVotes);
        }
    }
}
