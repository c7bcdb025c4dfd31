// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.List;
import org.althing.api.tally.Choice;

/** The power of one ballot split by its weights; reused from ballot to ballot. Not safe for use by several threads at once. */
final class BallotShares {

    private final LargestRemainder remainder = new LargestRemainder(Choice.ITEMS_MAX);
    private final long[] weights = new long[Choice.ITEMS_MAX];
    private int count;

    /** Splits the power between the options that a valid ballot names. */
    void split(Choice.Weights ballot, BigInteger power) {
        List<Long> given = ballot.weights();
        count = given.size();
        long total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = given.get(i);
            total += weights[i];
        }
        remainder.split(UnitSums.low(power), UnitSums.high(power), weights, count, total);
    }

    /** Number of shares: one for each option that the ballot names, in its order. */
    int count() {
        return count;
    }

    long low(int index) {
        return remainder.shareLow(index);
    }

    long high(int index) {
        return remainder.shareHigh(index);
    }
}
