// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

/**
 * Is told who comes and goes. A service: whoever registers late is told of the peers that are there. Calls about one peer come one at a time,
 * in order, on threads of the transport, and must return soon; an exception is logged and changes nothing. A stream of a peer may be there before
 * its listener has heard of the peer, and may end after.
 */
public interface PeerListener {

    /** A peer is connected, which was not; further connections with it are not told. */
    default void connected(ConnectedPeer peer) {}

    /** A connected peer has said what it is, or has said so anew. */
    default void identified(ConnectedPeer peer, PeerIdentity identity) {}

    /**
     * The last connection with a peer is gone.
     *
     * @param reason one short line, for a log
     */
    default void disconnected(PeerId peer, String reason) {}
}
