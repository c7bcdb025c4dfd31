// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.network;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a {@link SimulatedNode} may do. A node has one processor: while it works, what comes waits, one link after the other, and what it
 * sends leaves when the work is done.
 *
 * @param <M> what nodes send to each other
 */
public interface SimulatedHost<M> {

    /** The number of this node. */
    int self();

    long nowMicros();

    RandomGenerator random();

    /** The address range of a peer. */
    String addressGroup(int peer);

    /** Those connected now, in the order in which they came. */
    List<Integer> peers();

    /** Dials; nothing happens when the peer is there already, is down, cut off, or its door is full. */
    void dial(int peer);

    void disconnect(int peer);

    /** @return false when it is dropped: not connected, or too much is under way */
    boolean send(int peer, M message, int sizeBytes);

    /** Runs something later, once; not if the node is switched off meanwhile. */
    void after(long delayMicros, Runnable task);

    /**
     * Spends time of the processor.
     *
     * @param onBehalfOf the peer that caused it, or this node itself
     */
    void work(double micros, int onBehalfOf);
}
