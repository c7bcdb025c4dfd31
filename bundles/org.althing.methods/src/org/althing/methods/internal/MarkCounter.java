// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Counter;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;

/** Gives a ballot's whole power to every option that it marks: one option, or each approved one. */
final class MarkCounter implements Counter {

    private final Question question;
    private final PowerSums sums;

    MarkCounter(Question question) {
        this.question = question;
        sums = new PowerSums(question.options());
    }

    @Override
    public void add(BallotPaper paper) {
        for (int i = 0; i < paper.count(); i++) {
            sums.add(paper.option(i), paper.totalLow(), paper.totalHigh());
        }
    }

    @Override
    public void merge(Counter other) {
        sums.addAll(((MarkCounter) other).sums);
    }

    @Override
    public Result result() {
        Scores scores = Scores.of(sums, question.options());
        boolean anyVotes = java.util.Arrays.stream(scores.numerators()).anyMatch(n -> n.signum() > 0);
        return Outcome.ofScores(question, scores.votes(), anyVotes);
    }
}
