// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import org.althing.api.net.PeerId;

/** What a {@link Router} hears. */
sealed interface Event {

    /**
     * A peer can be sent to: our stream to it is open.
     *
     * @param outbound whether we dialled it
     * @param addressGroup the range its address lies in, for the colocation score (P6)
     * @param knowsIdontwant whether it speaks v1.2
     */
    record PeerAdded(PeerId peer, boolean outbound, String addressGroup, boolean knowsIdontwant) implements Event {}

    record PeerRemoved(PeerId peer) implements Event {}

    /** Addresses of a peer, signed by it, to be handed on when its mesh is full (peer exchange). */
    record PeerRecord(PeerId peer, byte[] signedPeerRecord) implements Event {}

    /** What the application thinks of a peer (P5): above 0 for a member's node. */
    record Regard(PeerId peer, double score) implements Event {}

    record RpcReceived(PeerId peer, Rpc rpc) implements Event {}

    /** Bytes came that are no RPC. */
    record RpcRefused(PeerId peer, String reason) implements Event {}

    record Subscribe(String topic) implements Event {}

    record Unsubscribe(String topic) implements Event {}

    /** A message of our own, valid. */
    record Publish(String topic, byte[] data) implements Event {}

    /** The answer to {@link Action.Validate}. */
    record Judged(MessageId id, Verdict verdict) implements Event {}

    /** Once every {@link GossipSettings#HEARTBEAT_MILLIS}. */
    record Heartbeat() implements Event {}

    /** Extended validators of GossipSub v1.1. */
    enum Verdict {
        /** Forward it. */
        ACCEPT,
        /** A fault visible in the bytes: who forwards such a message did not look. */
        REJECT,
        /** Neither forward nor blame: whether it is good depends on what a peer knows. */
        IGNORE
    }
}
