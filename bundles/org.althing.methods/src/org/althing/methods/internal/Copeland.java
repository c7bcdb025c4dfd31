// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Fraction;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * Copeland's method: pairwise victories decide.
 *
 * <ul>
 * <li>{@code balance} (the default): the score is wins minus losses. Source: voting-methods.md, "Copeland: wins-losses".
 * <li>{@code snapshot}: complete rankings without equals only. An option has 2 for each win and 1 for each draw, plus half its average
 * support (the power it wins over all its match-ups, of the (n-1) times the whole power that it could); the scores are then normalised to
 * add up to the power of the valid ballots. Source: voting-methods.md, Snapshot "copeland" (since 2026-07).
 * </ul>
 */
@Component(service = VotingMethod.class)
public final class Copeland extends CondorcetMethod {

    private static final String BALANCE = "balance";
    private static final String SNAPSHOT = "snapshot";

    public Copeland() {
        super("copeland", 1, List.of(BALANCE, SNAPSHOT), "Options with equal scores fall by the lot.");
    }

    @Override
    Optional<String> refuseBallot(String variant, BallotPaper paper, Question question) {
        return variant.equals(SNAPSHOT) ? BallotForm.permutation(paper, question) : BallotForm.ranking(paper, question);
    }

    @Override
    Result decide(String variant, Question question, Pairs pairs, BigInteger power) {
        List<Fraction> scores = variant.equals(SNAPSHOT) ? normalised(pairs, power) : balances(pairs);
        return Outcome.ofScores(question, scores, power.signum() > 0);
    }

    private static List<Fraction> balances(Pairs pairs) {
        List<Fraction> scores = new ArrayList<>();
        for (int option = 0; option < pairs.options(); option++) {
            scores.add(Fraction.of(pairs.wins(option) - pairs.losses(option), 1));
        }
        return scores;
    }

    private static List<Fraction> normalised(Pairs pairs, BigInteger power) {
        // Everything times 2 * (n-1) * power, so that the points stay whole numbers.
        BigInteger possible = power.multiply(BigInteger.valueOf(2L * (pairs.options() - 1)));
        List<BigInteger> points = new ArrayList<>();
        for (int option = 0; option < pairs.options(); option++) {
            points.add(matchPoints(pairs, option).multiply(possible).add(support(pairs, option)));
        }
        BigInteger sum = points.stream().reduce(BigInteger.ZERO, BigInteger::add);
        if (sum.signum() == 0) {
            // One option alone, or no power: there is no match to share the power out by.
            return points.stream().map(p -> Fraction.of(power, Tally.VOTE)).toList();
        }
        return points.stream()
                .map(p -> Fraction.of(p.multiply(power), sum.multiply(Tally.VOTE)))
                .toList();
    }

    private static BigInteger matchPoints(Pairs pairs, int option) {
        int draws = pairs.options() - 1 - pairs.wins(option) - pairs.losses(option);
        return BigInteger.valueOf(2L * pairs.wins(option) + draws);
    }

    private static BigInteger support(Pairs pairs, int option) {
        BigInteger support = BigInteger.ZERO;
        for (int other = 0; other < pairs.options(); other++) {
            support = support.add(other == option ? BigInteger.ZERO : pairs.units()[option][other]);
        }
        return support;
    }
}
