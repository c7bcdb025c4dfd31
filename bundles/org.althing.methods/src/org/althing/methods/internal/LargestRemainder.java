// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Shares a whole number out in proportion to weights, in whole numbers: each gets the floor of its quota, and the units left over go one
 * each to the largest remainders, equal remainders to the lower index (Hamilton's method; Hare quota). The shares add up exactly.
 *
 * <p>An instance shares out the power of ballots, in machine words; it is not safe for use by several threads at once.
 */
final class LargestRemainder {

    /** Indices that fit below a remainder in one word: options are at most 1024. */
    private static final int INDEX_BITS = 10;

    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

    /** So many remainders are sought one by one, since sorting costs more: its branches cannot be foreseen. */
    private static final int SOUGHT_MAX = 12;

    private static final long WORD_32 = 0xFFFF_FFFFL;

    private final long[] shareLow;
    private final long[] shareHigh;
    private final long[] remainders;

    LargestRemainder(int options) {
        shareLow = new long[options];
        shareHigh = new long[options];
        remainders = new long[options];
    }

    /** Lower 64 bits of a share of the last call. */
    long shareLow(int index) {
        return shareLow[index];
    }

    /** Upper bits of a share of the last call. */
    long shareHigh(int index) {
        return shareHigh[index];
    }

    /**
     * Shares out {@code powerHigh * 2^64 + powerLow}, at most 120 bits.
     *
     * @param weights the first {@code count} weigh, each 0 to {@link org.althing.api.tally.Choice#WEIGHT_MAX}
     * @param total their sum, above 0
     */
    void split(long powerLow, long powerHigh, long[] weights, int count, long total) {
        // Divide once by 32-bit digits; then power * w / total = quotient * w + rest * w / total, and rest * w fits in
        // a word.
        long rest = powerHigh >>> 32;
        long q3 = rest / total;
        rest = rest % total << 32 | powerHigh & WORD_32;
        long q2 = rest / total;
        rest = rest % total << 32 | powerLow >>> 32;
        long q1 = rest / total;
        rest = rest % total << 32 | powerLow & WORD_32;
        long q0 = rest / total;
        rest %= total;
        long quotientLow = q1 << 32 | q0;
        long quotientHigh = q3 << 32 | q2;
        long remainderSum = 0;
        // floor((2^64 - 1) / total): the upper word of a product with it is the quotient by total, or one less.
        long reciprocal = Long.divideUnsigned(-1, total);
        for (int i = 0; i < count; i++) {
            long product = rest * weights[i];
            long quota = Math.unsignedMultiplyHigh(product, reciprocal);
            long remainder = product - quota * total;
            if (remainder >= total) {
                quota++;
                remainder -= total;
            }
            remainderSum += remainder;
            remainders[i] = remainder;
            long lower = quotientLow * weights[i];
            long sum = lower + quota;
            shareLow[i] = sum;
            shareHigh[i] = quotientHigh * weights[i]
                    + Math.unsignedMultiplyHigh(quotientLow, weights[i])
                    + (Long.compareUnsigned(sum, lower) < 0 ? 1 : 0);
        }
        giveUnits(count, (int) (remainderSum / total));
    }

    /** Gives one unit each to the largest remainders. */
    private void giveUnits(int count, int units) {
        if (units == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            remainders[i] = remainders[i] << INDEX_BITS | INDEX_MASK - i;
        }
        if (units > SOUGHT_MAX) {
            Arrays.sort(remainders, 0, count);
            for (int k = count - 1; k >= count - units; k--) {
                giveUnit(index(remainders[k]));
            }
            return;
        }
        for (int given = 0; given < units; given++) {
            long largest = 0;
            for (int i = 0; i < count; i++) {
                largest = Math.max(largest, remainders[i]);
            }
            remainders[index(largest)] = 0;
            giveUnit(index(largest));
        }
    }

    private static int index(long remainderAndIndex) {
        return INDEX_MASK - (int) (remainderAndIndex & INDEX_MASK);
    }

    private void giveUnit(int index) {
        shareLow[index]++;
        shareHigh[index] += shareLow[index] == 0 ? 1 : 0;
    }

    /** Shares out any number by any weights, of which one at least is above 0. */
    static BigInteger[] split(BigInteger amount, BigInteger[] weights) {
        BigInteger total = Arrays.stream(weights).reduce(BigInteger.ZERO, BigInteger::add);
        BigInteger[] shares = new BigInteger[weights.length];
        BigInteger[] rests = new BigInteger[weights.length];
        BigInteger left = amount;
        for (int i = 0; i < weights.length; i++) {
            BigInteger[] quota = amount.multiply(weights[i]).divideAndRemainder(total);
            shares[i] = quota[0];
            rests[i] = quota[1];
            left = left.subtract(quota[0]);
        }
        // The sort is stable: equal remainders stay in the order of their indices.
        IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> rests[i]).reversed())
                .limit(left.intValueExact())
                .forEach(i -> shares[i] = shares[i].add(BigInteger.ONE));
        return shares;
    }
}
