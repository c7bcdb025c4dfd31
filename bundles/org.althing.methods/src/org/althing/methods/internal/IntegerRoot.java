// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;

/**
 * The integer square root of power times 10^18, exactly: the largest r with {@code r * r <= power * 10^18}.
 *
 * <p>A quadratic count takes one root for every share of every ballot, and {@link BigInteger#sqrt()} is some twenty times too slow for
 * that. So the root is found with multiplications alone: Newton's iteration for the reciprocal root (H. S. Warren, "Hacker's Delight",
 * chapter 11, on integer roots; R. Brent and P. Zimmermann, "Modern Computer Arithmetic", 1.5 and 4.4) gives it to 96 bits, of which the
 * root needs at most 90; the bits in excess tell whether it is certain, and if not, one exact square decides.
 *
 * <p>Not safe for use by several threads at once: the result lies in two fields, because two words have no other cheap way out.
 */
final class IntegerRoot {

    /** 10^18: units in one vote. */
    private static final long VOTE_UNITS = 1_000_000_000_000_000_000L;
    /** How far the 96-bit root may be off, in its last place; proven bound 2. */
    private static final long ERROR_MAX_LAST_PLACES = 4;
    /** Reciprocal roots for the leading byte 64..255, 2^62 = 1. */
    private static final long[] RECIPROCAL = reciprocals();

    private long low;
    private long high;

    /** Lower 64 bits of the last root. */
    long low() {
        return low;
    }

    /** Upper bits of the last root. */
    long high() {
        return high;
    }

    /** Takes the root of {@code (powerHigh * 2^64 + powerLow) * 10^18}; the power has at most 120 bits. */
    void take(long powerLow, long powerHigh) {
        long n0 = powerLow * VOTE_UNITS;
        long carry = Math.unsignedMultiplyHigh(powerLow, VOTE_UNITS);
        long n1 = powerHigh * VOTE_UNITS + carry;
        long n2 = Math.unsignedMultiplyHigh(powerHigh, VOTE_UNITS) + (Long.compareUnsigned(n1, carry) < 0 ? 1 : 0);
        take(n0, n1, n2);
    }

    private void take(long n0, long n1, long n2) {
        int zeros = n2 != 0
                ? Long.numberOfLeadingZeros(n2)
                : n1 != 0 ? 64 + Long.numberOfLeadingZeros(n1) : 128 + Long.numberOfLeadingZeros(n0);
        if (zeros == 192) {
            low = 0;
            high = 0;
            return;
        }
        // m = n * 2^shift lies in [2^190, 2^192); its root, shifted back by half, is the root of n.
        int shift = zeros & ~1;
        long m0 = wordShifted(n0, 0, shift);
        long m1 = shift < 64 ? wordShifted(n1, n0, shift) : wordShifted(n0, 0, shift - 64);
        long m2 = shift < 64
                ? wordShifted(n2, n1, shift)
                : shift < 128 ? wordShifted(n1, n0, shift - 64) : wordShifted(n0, 0, shift - 128);
        root96(m0, m1, m2);
        shiftBack(shift / 2, n0, n1, n2);
    }

    /** The upper word of {@code (word:next) << shift} for a shift of 0 to 63; 0 for longer ones. */
    private static long wordShifted(long word, long next, int shift) {
        return shift >= 64 ? 0 : shift == 0 ? word : word << shift | next >>> 64 - shift;
    }

    /** Leaves the root of m in the fields: 96 bits, at most {@link #ERROR_MAX_LAST_PLACES} off. */
    private void root96(long m0, long m1, long m2) {
        long y = reciprocalRoot(m2);
        // 62 bits of the root, surely not above it, cut to 52, so that what is left over is positive and small.
        long s = Math.unsignedMultiplyHigh(m2, y) - 64 >>> 10;
        long squareLow = s * s;
        long squareHigh = Math.multiplyHigh(s, s);
        // rest = m - s^2 * 2^88, below 2^142; its upper 64 bits from bit 78 on decide the other 44 bits of the root.
        long d1 = m1 - (squareLow << 24);
        long borrow = Long.compareUnsigned(m1, squareLow << 24) < 0 ? 1 : 0;
        long d2 = m2 - (squareHigh << 24 | squareLow >>> 40) - borrow;
        long rest = d2 << 50 | d1 >>> 14;
        long addend = Math.unsignedMultiplyHigh(rest, y) >>> 17;
        low = (s << 44) + addend;
        high = (s >>> 20) + (Long.compareUnsigned(low, addend) < 0 ? 1 : 0);
    }

    /** 1 / sqrt(a / 2^64), 2^62 = 1, to 57 bits. */
    private static long reciprocalRoot(long a) {
        long y = RECIPROCAL[(int) (a >>> 56) - 64];
        for (int i = 0; i < 3; i++) {
            long ay2 = Math.unsignedMultiplyHigh(a, Math.unsignedMultiplyHigh(y, y));
            y = Math.unsignedMultiplyHigh(y, (3L << 60) - ay2) << 3;
        }
        return y;
    }

    /** Turns the 96-bit root in the fields into that of n. */
    private void shiftBack(int bits, long n0, long n1, long n2) {
        // Add the error: if that reaches the next whole root, the bits in excess do not tell which of the two it is.
        long shiftedLow = low + ERROR_MAX_LAST_PLACES;
        long shiftedHigh = high + (Long.compareUnsigned(shiftedLow, ERROR_MAX_LAST_PLACES) < 0 ? 1 : 0);
        boolean uncertain;
        if (bits < 64) {
            uncertain = (shiftedLow & (1L << bits) - 1) < 2 * ERROR_MAX_LAST_PLACES;
            low = shiftedLow >>> bits | shiftedHigh << 64 - bits;
            high = shiftedHigh >>> bits;
        } else {
            uncertain = (shiftedHigh & (1L << bits - 64) - 1) == 0
                    && Long.compareUnsigned(shiftedLow, 2 * ERROR_MAX_LAST_PLACES) < 0;
            low = shiftedHigh >>> bits - 64;
            high = 0;
        }
        if (uncertain && squareExceeds(n0, n1, n2)) {
            high -= low == 0 ? 1 : 0;
            low--;
        }
    }

    /** Whether the square of the number in the fields, at most 91 bits, is greater than n. */
    private boolean squareExceeds(long n0, long n1, long n2) {
        long q0 = low * low;
        long q1 = Math.unsignedMultiplyHigh(low, low);
        long twice = 2 * high;
        long middle = low * twice;
        long q2 = Math.unsignedMultiplyHigh(low, twice) + high * high;
        q1 += middle;
        q2 += Long.compareUnsigned(q1, middle) < 0 ? 1 : 0;
        int order = q2 != n2
                ? Long.compareUnsigned(q2, n2)
                : q1 != n1 ? Long.compareUnsigned(q1, n1) : Long.compareUnsigned(q0, n0);
        return order > 0;
    }

    private static long[] reciprocals() {
        long[] table = new long[192];
        for (int i = 0; i < table.length; i++) {
            // The middle of the interval: 2^62 / sqrt((byte + 1/2) / 256).
            table[i] = BigInteger.ONE
                    .shiftLeft(133)
                    .divide(BigInteger.valueOf(2L * (i + 64) + 1))
                    .sqrt()
                    .longValue();
        }
        return table;
    }
}
