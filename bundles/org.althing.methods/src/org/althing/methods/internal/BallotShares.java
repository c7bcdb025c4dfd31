// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;

/** The power of one ballot split by its weights; reused from ballot to ballot. Not safe for use by several threads at once. */
final class BallotShares {

    private final LargestRemainder remainder = new LargestRemainder(Choice.ITEMS_MAX);
    private final long[] weights = new long[Choice.ITEMS_MAX];

    /** Splits the power between the options that a valid ballot names. */
    void split(BallotPaper paper) {
        int count = paper.count();
        long total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = paper.weight(i);
            total += weights[i];
        }
        remainder.split(paper.powerLow(), paper.powerHigh(), weights, count, total);
    }

    /** Lower 64 bits of the share of an option that the ballot names. */
    long low(int index) {
        return remainder.shareLow(index);
    }

    /** Upper bits of that share. */
    long high(int index) {
        return remainder.shareHigh(index);
    }
}
