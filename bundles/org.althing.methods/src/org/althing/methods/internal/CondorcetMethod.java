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

/** A method that reads nothing but the pairwise matrix and the power behind it. */
abstract class CondorcetMethod extends DeclaredMethod {

    CondorcetMethod(String id, int version, List<String> variants, String tieRule) {
        super(id, version, variants, Choice.Ranking.class, tieRule);
    }

    /**
     * The result.
     *
     * @param power power of all ballots that are not blank; above 0 if anybody is to win
     */
    abstract Result decide(String variant, Question question, Pairs pairs, BigInteger power);

    @Override
    Optional<String> refuseBallot(String variant, BallotPaper paper, Question question) {
        return BallotForm.ranking(paper, question);
    }

    @Override
    final Counter start(String variant, Question question) {
        return new PairwiseCounter(variant, question);
    }

    private final class PairwiseCounter implements Counter {

        private final String variant;
        private final Question question;
        private final PairwiseMatrix matrix;
        private final PowerSums power = new PowerSums(1);

        PairwiseCounter(String variant, Question question) {
            this.variant = variant;
            this.question = question;
            matrix = new PairwiseMatrix(question);
        }

        @Override
        public void add(BallotPaper paper) {
            if (!paper.isBlank()) {
                power.add(0, paper.totalLow(), paper.totalHigh());
                matrix.add(paper, paper.totalLow(), paper.totalHigh());
            }
        }

        @Override
        public void merge(Counter other) {
            matrix.addAll(((PairwiseCounter) other).matrix);
            power.addAll(((PairwiseCounter) other).power);
        }

        @Override
        public Result result() {
            return decide(variant, question, matrix.pairs(), power.get(0));
        }
    }
}
