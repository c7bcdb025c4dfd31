// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;

/**
 * Every pair of options compared.
 *
 * @param units {@code units[a][b]} is the power that prefers a to b; owned by this record
 */
record Pairs(BigInteger[][] units) {

    int options() {
        return units.length;
    }

    /** Whether more power prefers a to b than b to a. */
    boolean beats(int a, int b) {
        return units[a][b].compareTo(units[b][a]) > 0;
    }

    /** The power by which a is preferred to b, negative if b is preferred. */
    BigInteger margin(int a, int b) {
        return units[a][b].subtract(units[b][a]);
    }

    int wins(int option) {
        int wins = 0;
        for (int other = 0; other < options(); other++) {
            wins += other != option && beats(option, other) ? 1 : 0;
        }
        return wins;
    }

    int losses(int option) {
        int losses = 0;
        for (int other = 0; other < options(); other++) {
            losses += other != option && beats(other, option) ? 1 : 0;
        }
        return losses;
    }
}
