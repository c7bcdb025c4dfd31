// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import org.althing.api.net.PeerId;

/** What a {@link Router} wants done, in order. */
sealed interface Action {

    record Send(PeerId peer, Rpc rpc) implements Action {}

    /** Look at a message and answer with {@link Event.Judged}; nobody else sees it before. */
    record Validate(PeerId from, MessageId id, String topic, byte[] data) implements Action {}

    /**
     * Dial a peer that another one told of.
     *
     * @param signedPeerRecord to be checked by whoever dials; empty when its addresses have to be found elsewhere
     */
    record Connect(PeerId peer, byte[] signedPeerRecord) implements Action {}

    /** Close the connection; what the peer did is remembered. */
    record Disconnect(PeerId peer, String reason) implements Action {}
}
