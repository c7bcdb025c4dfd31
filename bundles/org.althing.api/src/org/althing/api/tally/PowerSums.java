// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.math.BigInteger;

/**
 * Exact sums of voting power, in units. An addend has up to 127 bits and comes as two words, because a {@link BigInteger} for every
 * addition would cost ten times the addition; a sum never overflows.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class PowerSums {

    private static final int WORD_BITS = 64;
    /** The middle word keeps its sign bit free: when it is set, a carry into the top word is due. */
    private static final int TOP_SHIFT_BITS = 2 * WORD_BITS - 1;

    private final long[] low;
    private final long[] high;
    private final long[] top;

    /** So many sums, all zero. */
    public PowerSums(int size) {
        low = new long[size];
        high = new long[size];
        top = new long[size];
    }

    /** The lower 64 bits of a power. */
    public static long low(BigInteger power) {
        return power.longValue();
    }

    /** The bits of a power above the lower 64; the power has at most 127 bits, so this is not negative. */
    public static long high(BigInteger power) {
        return power.bitLength() <= WORD_BITS ? 0 : power.shiftRight(WORD_BITS).longValue();
    }

    /** The number that two words make. */
    public static BigInteger join(long low, long high) {
        return BigInteger.valueOf(high).shiftLeft(WORD_BITS).add(unsigned(low));
    }

    /** Number of sums. */
    public int size() {
        return low.length;
    }

    /** Adds {@code addHigh * 2^64 + addLow}, the latter unsigned, the former not negative. */
    public void add(int index, long addLow, long addHigh) {
        long sum = low[index] + addLow;
        low[index] = sum;
        long carried = high[index] + addHigh + (Long.compareUnsigned(sum, addLow) < 0 ? 1 : 0);
        if (carried < 0) {
            carried &= Long.MAX_VALUE;
            top[index]++;
        }
        high[index] = carried;
    }

    /** Adds a number of two words as often as there are copies; the product has at most 127 bits. */
    public void add(int index, long addLow, long addHigh, long copies) {
        if (copies == 1) {
            add(index, addLow, addHigh);
        } else {
            BigInteger product = join(addLow, addHigh).multiply(BigInteger.valueOf(copies));
            add(index, low(product), high(product));
        }
    }

    /** Adds one sum of another. */
    public void add(int index, PowerSums other, int otherIndex) {
        add(index, other.low[otherIndex], other.high[otherIndex]);
        top[index] += other.top[otherIndex];
    }

    /** Adds every sum of the other, which has the same size. */
    public void addAll(PowerSums other) {
        for (int i = 0; i < low.length; i++) {
            add(i, other, i);
        }
    }

    /** Takes one sum back to zero. */
    public void clear(int index) {
        low[index] = 0;
        high[index] = 0;
        top[index] = 0;
    }

    /** One sum. */
    public BigInteger get(int index) {
        BigInteger lower = join(low[index], high[index]);
        return top[index] == 0
                ? lower
                : BigInteger.valueOf(top[index]).shiftLeft(TOP_SHIFT_BITS).add(lower);
    }

    /** All sums. */
    public BigInteger[] toArray() {
        BigInteger[] sums = new BigInteger[low.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = get(i);
        }
        return sums;
    }

    private static BigInteger unsigned(long word) {
        BigInteger value = BigInteger.valueOf(word & Long.MAX_VALUE);
        return word < 0 ? value.setBit(WORD_BITS - 1) : value;
    }
}
