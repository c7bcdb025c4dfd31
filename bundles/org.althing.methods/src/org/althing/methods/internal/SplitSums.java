// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.althing.api.tally.PowerSums;

/**
 * Exact sums of power of which a ballot may give each of k options one k-th. The k-ths are kept apart by k and brought to a common
 * denominator only at the end, so that nothing is rounded and nothing is slow.
 */
final class SplitSums {

    private final PowerSums whole;
    private final Map<Integer, PowerSums> sharedBySharers = new TreeMap<>();

    SplitSums(int options) {
        whole = new PowerSums(options);
    }

    /** Adds one {@code sharers}-th of a power, given in two words, to an option. */
    void add(int option, int sharers, long powerLow, long powerHigh) {
        if (sharers == 1) {
            whole.add(option, powerLow, powerHigh);
        } else {
            sharedBySharers
                    .computeIfAbsent(sharers, k -> new PowerSums(whole.size()))
                    .add(option, powerLow, powerHigh);
        }
    }

    void addAll(SplitSums other) {
        whole.addAll(other.whole);
        other.sharedBySharers.forEach((sharers, sums) -> sharedBySharers
                .computeIfAbsent(sharers, k -> new PowerSums(whole.size()))
                .addAll(sums));
    }

    void clearWhole(int option) {
        whole.clear(option);
    }

    void clearShared() {
        sharedBySharers.clear();
    }

    /** The sums of all options over one denominator. */
    Scores scores() {
        BigInteger denominator = BigInteger.ONE;
        for (int sharers : sharedBySharers.keySet()) {
            BigInteger k = BigInteger.valueOf(sharers);
            denominator = denominator.divide(denominator.gcd(k)).multiply(k);
        }
        BigInteger[] numerators = new BigInteger[whole.size()];
        for (int option = 0; option < numerators.length; option++) {
            numerators[option] = numerator(option, denominator);
        }
        return new Scores(numerators, denominator);
    }

    private BigInteger numerator(int option, BigInteger denominator) {
        BigInteger sum = whole.get(option).multiply(denominator);
        for (Map.Entry<Integer, PowerSums> shared : sharedBySharers.entrySet()) {
            BigInteger factor = denominator.divide(BigInteger.valueOf(shared.getKey()));
            sum = sum.add(shared.getValue().get(option).multiply(factor));
        }
        return sum;
    }
}
