// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.List;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;

/** Gives a ballot's whole power to every option that it marks: one option, or each approved one. */
final class MarkCounter implements Counter {

    private final Question question;
    private final UnitSums sums;

    MarkCounter(Question question) {
        this.question = question;
        sums = new UnitSums(question.options());
    }

    @Override
    public void add(Choice choice, BigInteger ballotPower, long copies) {
        BigInteger power = UnitSums.times(ballotPower, copies);
        switch (choice) {
            case Choice.Single(int option) -> sums.add(option, UnitSums.low(power), UnitSums.high(power));
            case Choice.Approval(List<Integer> options) -> addEach(options, UnitSums.low(power), UnitSums.high(power));
            case Choice.Blank blank -> {}
            case Choice.Weights weights -> throw new IllegalArgumentException("weights mark no options");
            case Choice.Ranking ranking -> throw new IllegalArgumentException("a ranking marks no options");
        }
    }

    private void addEach(List<Integer> options, long low, long high) {
        for (int i = 0; i < options.size(); i++) {
            sums.add(options.get(i), low, high);
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
