// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
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
    Optional<String> refuseBallot(String variant, BallotPaper paper, Question question) {
        return BallotForm.weights(paper, question);
    }

    @Override
    Counter start(String variant, Question question) {
        return new RootCounter(question);
    }

    private static final class RootCounter implements Counter {

        private final Question question;
        private final PowerSums roots;
        private final PowerSums power = new PowerSums(1);
        private final BallotShares shares = new BallotShares();
        private final IntegerRoot root = new IntegerRoot();

        RootCounter(Question question) {
            this.question = question;
            roots = new PowerSums(question.options());
        }

        @Override
        public void add(BallotPaper paper) {
            if (!paper.isBlank()) {
                power.add(0, paper.totalLow(), paper.totalHigh());
                shares.split(paper);
                for (int i = 0; i < paper.count(); i++) {
                    root.take(shares.low(i), shares.high(i));
                    roots.add(paper.option(i), root.low(), root.high(), paper.copies());
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
