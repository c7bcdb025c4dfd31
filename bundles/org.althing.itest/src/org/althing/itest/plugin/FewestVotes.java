// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.plugin;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.althing.api.Fraction;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.VotingMethod;

/** Each ballot names one option; the option with the fewest votes wins. No bundle of the house would. */
public final class FewestVotes implements VotingMethod {

    public static final String ID = "fewest-votes";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<String> variants() {
        return List.of();
    }

    @Override
    public Class<? extends Choice> choiceForm() {
        return Choice.Single.class;
    }

    @Override
    public String tieRule() {
        return "Of equal options the first wins.";
    }

    @Override
    public Optional<String> refuse(String variant, Question question) {
        return variant.isEmpty() ? Optional.empty() : Optional.of(ID + " has no variants");
    }

    @Override
    public Optional<String> refuse(String variant, BallotPaper paper, Question question) {
        boolean fine =
                paper.isBlank() || paper.form() == BallotPaper.Form.SINGLE && paper.option(0) < question.options();
        return fine ? Optional.empty() : Optional.of("it does not name one option");
    }

    @Override
    public Counter counter(String variant, Question question) {
        return new Count(question, new PowerSums(question.options()));
    }

    private record Count(Question question, PowerSums sums) implements Counter {

        @Override
        public void add(BallotPaper paper) {
            if (!paper.isBlank()) {
                sums.add(paper.option(0), paper.totalLow(), paper.totalHigh());
            }
        }

        @Override
        public void merge(Counter other) {
            sums.addAll(((Count) other).sums);
        }

        @Override
        public Result result() {
            List<BigInteger> votes = List.of(sums.toArray());
            List<Integer> order = IntStream.range(0, question.options())
                    .boxed()
                    .sorted(Comparator.comparing(votes::get))
                    .toList();
            return new Result(
                    order.subList(0, question.seats()),
                    List.of(),
                    order.stream().map(List::of).toList(),
                    votes.stream().map(sum -> Fraction.of(sum, BigInteger.ONE)).toList(),
                    List.of(),
                    Optional.empty());
        }
    }
}
