// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.Fraction;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * Minimax (Simpson, Kramer): the option whose worst comparison is least bad wins. A comparison of a with b counts, against a, the power
 * that prefers b if that is a defeat ({@code winning}, the default), by how much it is one ({@code margin}), or the power that prefers b
 * whether it is a defeat or not ({@code opposition}); never less than 0. The score is the worst comparison in votes, negated so that more
 * is better. Source: voting-methods.md, "Minimax"; P. B. Simpson, "On Defining Areas of Voter Choice" (1969).
 */
@Component(service = VotingMethod.class)
public final class Minimax extends CondorcetMethod {

    private static final String WINNING = "winning";
    private static final String MARGIN = "margin";
    private static final String OPPOSITION = "opposition";

    public Minimax() {
        super(
                "minimax",
                1,
                List.of(WINNING, MARGIN, OPPOSITION),
                "Options with equal worst comparisons fall by the lot.");
    }

    @Override
    Result decide(String variant, Question question, Pairs pairs, BigInteger power) {
        List<Fraction> scores = new ArrayList<>();
        for (int option = 0; option < pairs.options(); option++) {
            BigInteger worst = BigInteger.ZERO;
            for (int other = 0; other < pairs.options(); other++) {
                if (other != option) {
                    worst = worst.max(against(variant, pairs, option, other));
                }
            }
            scores.add(Fraction.of(worst.negate(), Tally.VOTE));
        }
        return Outcome.ofScores(question, scores, power.signum() > 0);
    }

    private static BigInteger against(String variant, Pairs pairs, int option, int other) {
        if (variant.equals(OPPOSITION)) {
            return pairs.units()[other][option];
        }
        if (variant.equals(MARGIN)) {
            return pairs.margin(other, option);
        }
        return pairs.beats(other, option) ? pairs.units()[other][option] : BigInteger.ZERO;
    }
}
