// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.althing.api.Fraction;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.api.tally.VotingMethod;

/** Small elections written by hand: options are A, B, C, ... */
final class Elections {

    static final List<VotingMethod> METHODS = List.of(
            new SingleChoice(),
            new Basic(),
            new Plurality(),
            new ApprovalVoting(),
            new Weighted(),
            new Quadratic(),
            new InstantRunoff(),
            new Copeland(),
            new Schulze(),
            new Minimax());

    private Elections() {}

    /** Ballots of one vote each. */
    record Ballots(long count, Choice choice) {}

    static Ballots of(long count, Choice choice) {
        return new Ballots(count, choice);
    }

    /** Ballots that rank, e.g. {@code ranked(3, "A>B=C")}. */
    static Ballots ranked(long count, String ranking) {
        return new Ballots(count, ranking(ranking));
    }

    static Choice ranking(String text) {
        List<List<Integer>> groups = new ArrayList<>();
        for (String rank : text.isEmpty() ? new String[0] : text.split(">")) {
            groups.add(Arrays.stream(rank.split("=")).map(Elections::option).toList());
        }
        return new Choice.Ranking(groups);
    }

    static int option(String letter) {
        return letter.strip().charAt(0) - 'A';
    }

    static Choice approval(String letters) {
        return new Choice.Approval(letters.chars().mapToObj(c -> c - 'A').toList());
    }

    static Choice weights(long... weights) {
        return new Choice.Weights(
                IntStream.range(0, weights.length).boxed().toList(),
                Arrays.stream(weights).boxed().toList());
    }

    static Result count(VotingMethod method, String variant, Question question, Ballots... ballots) {
        Counter counter = method.counter(variant, question);
        for (Ballots b : ballots) {
            method.refuse(variant, b.choice, question).ifPresent(reason -> {
                throw new AssertionError(reason);
            });
            counter.add(BallotPaper.of(b.choice, Tally.VOTE, b.count));
        }
        return counter.result();
    }

    static Result count(VotingMethod method, int options, Ballots... ballots) {
        return count(method, "", Question.of(options), ballots);
    }

    /** A question in which ties fall in the order of the letters. */
    static Question question(int seats, Question.Unranked unranked, String lot) {
        return new Question(
                lot.length(),
                seats,
                unranked,
                lot.chars().mapToObj(c -> c - 'A').toList());
    }

    /** {@code A>B=C}. */
    static String ranking(Result result) {
        return String.join(
                ">",
                result.ranking().stream()
                        .map(Elections::letters)
                        .map(s -> String.join("=", s.split("")))
                        .toList());
    }

    static String winners(Result result) {
        return letters(result.winners());
    }

    static String letters(List<Integer> options) {
        return String.join(
                "", options.stream().map(o -> String.valueOf((char) ('A' + o))).toList());
    }

    /** Scores as published, e.g. {@code 3 1/2 0}. */
    static String scores(Result result) {
        return String.join(" ", result.scores().stream().map(Fraction::toString).toList());
    }

    static BigInteger units(Fraction votes) {
        BigInteger[] units = votes.numerator().multiply(Tally.VOTE).divideAndRemainder(votes.denominator());
        if (units[1].signum() != 0) {
            throw new AssertionError(votes + " is no whole number of units");
        }
        return units[0];
    }
}
