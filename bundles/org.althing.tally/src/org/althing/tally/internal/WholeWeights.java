// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.althing.api.tally.Choice;
import org.althing.tally.internal.BallotCollector.BadBallotException;

/** Turns decimal weights into the least whole numbers in the same proportions, since only those count. */
final class WholeWeights {

    private WholeWeights() {}

    /**
     * The ballot.
     *
     * @param weights by option, ascending
     * @param digitsMax digits that a weight may have before and behind the point together
     */
    static Choice.Weights of(Map<Integer, BigDecimal> weights, int digitsMax) throws BadBallotException {
        int scale = 0;
        for (Map.Entry<Integer, BigDecimal> weight : weights.entrySet()) {
            BigDecimal value = weight.getValue();
            if (value.signum() < 0) {
                throw new BadBallotException("option " + (weight.getKey() + 1L) + " has a negative weight");
            }
            if (value.precision() > digitsMax || Math.abs((long) value.scale()) > digitsMax) {
                throw tooFine();
            }
            scale = Math.max(
                    scale, value.signum() == 0 ? 0 : value.stripTrailingZeros().scale());
        }
        BigInteger common = BigInteger.ZERO;
        List<BigInteger> whole = new ArrayList<>();
        for (BigDecimal weight : weights.values()) {
            BigInteger scaled = weight.movePointRight(scale).toBigIntegerExact();
            whole.add(scaled);
            common = common.gcd(scaled);
        }
        return new Choice.Weights(List.copyOf(weights.keySet()), reduced(whole, common));
    }

    private static List<Long> reduced(List<BigInteger> weights, BigInteger common) throws BadBallotException {
        List<Long> reduced = new ArrayList<>();
        for (BigInteger weight : weights) {
            BigInteger least = common.signum() == 0 ? weight : weight.divide(common);
            if (least.compareTo(BigInteger.valueOf(Choice.WEIGHT_MAX)) > 0) {
                throw tooFine();
            }
            reduced.add(least.longValue());
        }
        return reduced;
    }

    private static BadBallotException tooFine() {
        return new BadBallotException(
                "the weights are too far apart or too fine; they must be in the proportion of whole numbers up to "
                        + Choice.WEIGHT_MAX);
    }
}
