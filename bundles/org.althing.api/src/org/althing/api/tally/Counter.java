// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

/**
 * A count in progress. Not safe for use by several threads at once: each thread takes one and they are merged at the end.
 */
public interface Counter {

    /**
     * Adds equal ballots, in constant time: a file may say "a thousand million times A". The paper belongs to the caller, who will fill it
     * in anew; a counter that must remember a ballot copies what it needs.
     *
     * @param paper a ballot that the method does not refuse
     */
    void add(BallotPaper paper);

    /** Adds all that another counter of the same method, variant and question has seen; the other must not be used again. */
    void merge(Counter other);

    /** The result of all ballots so far; the count may go on afterwards. */
    Result result();
}
