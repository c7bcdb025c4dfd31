// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.math.BigInteger;

/**
 * A count in progress. Not safe for use by several threads at once: each thread takes one and they are merged at the end.
 */
public interface Counter {

    /**
     * Adds equal ballots, in constant time: a file may say "a thousand million times A".
     *
     * @param choice a choice that the method does not refuse
     * @param power voting power of each in units (10^18 to a vote), 0 to {@link Tally#POWER_MAX}
     * @param copies how many there are, at least 1; {@code power * copies} is at most {@link Tally#COPIES_POWER_MAX}
     */
    void add(Choice choice, BigInteger power, long copies);

    /** Adds one ballot. */
    default void add(Choice choice, BigInteger power) {
        add(choice, power, 1);
    }

    /** Adds all that another counter of the same method, variant and question has seen; the other must not be used again. */
    void merge(Counter other);

    /** The result of all ballots so far; the count may go on afterwards. */
    Result result();
}
