// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

/** Where the bytes of a block lie in a file, in one long: 40 bits of offset, 24 bits of length. */
final class Spot {

    private static final int LENGTH_BITS = 24;
    private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;

    private Spot() {}

    static long of(long offset, int length) {
        if (length > LENGTH_MASK) {
            throw new IllegalArgumentException("a block of " + length + " bytes is longer than a spot can say");
        }
        return offset << LENGTH_BITS | length;
    }

    static long offset(long spot) {
        return spot >>> LENGTH_BITS;
    }

    static int length(long spot) {
        return (int) (spot & LENGTH_MASK);
    }
}
