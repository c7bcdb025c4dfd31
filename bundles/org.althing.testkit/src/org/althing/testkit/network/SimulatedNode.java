// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.network;

/**
 * One node of a {@link SimulatedNetwork}: honest code under a thin shell, or the script of an attacker. Peers are known by their numbers.
 *
 * @param <M> what nodes send to each other
 */
public interface SimulatedNode<M> {

    /** Called once, when the node is switched on. */
    default void started(SimulatedHost<M> host) {}

    /** @param outbound whether this node dialled */
    default void connected(SimulatedHost<M> host, int peer, boolean outbound) {}

    default void disconnected(SimulatedHost<M> host, int peer) {}

    default void received(SimulatedHost<M> host, int peer, M message) {}

    /** How much heap the node's state takes, in bytes, by its own account. */
    default long bytesHeld() {
        return 0;
    }
}
