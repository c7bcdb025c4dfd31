// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.Fraction;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Tally;

/**
 * One exact power for each option, all over one denominator, so that comparing is comparing numerators.
 *
 * @param numerators units times the denominator; owned by this record
 * @param denominator positive
 */
record Scores(BigInteger[] numerators, BigInteger denominator) {

    static Scores of(PowerSums sums, int options) {
        BigInteger[] numerators = new BigInteger[options];
        for (int option = 0; option < options; option++) {
            numerators[option] = sums.get(option);
        }
        return new Scores(numerators, BigInteger.ONE);
    }

    /** What an option has, in votes. */
    Fraction votes(int option) {
        return votes(numerators[option]);
    }

    /** What a numerator of these scores is worth, in votes. */
    Fraction votes(BigInteger numerator) {
        return Fraction.of(numerator, denominator.multiply(Tally.VOTE));
    }

    List<Fraction> votes() {
        List<Fraction> votes = new ArrayList<>(numerators.length);
        for (BigInteger numerator : numerators) {
            votes.add(votes(numerator));
        }
        return votes;
    }
}
