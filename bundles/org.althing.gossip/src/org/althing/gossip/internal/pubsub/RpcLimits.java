// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import org.althing.api.entry.Entry;
import org.althing.api.gossip.Gossip;
import org.althing.api.net.PeerRecord;

/** The bounds of one {@link Rpc} on the wire: what is over any of them is refused before anything is allocated for it. */
final class RpcLimits {

    /** One RPC, without the length in front. */
    static final int RPC_SIZE_MAX_BYTES = 1024 * 1024;

    /** The data of one message; the largest entry, a proof of equivocation, fits with room to spare. */
    static final int MESSAGE_SIZE_MAX_BYTES = Gossip.MESSAGE_SIZE_MAX_BYTES;

    static final int TOPIC_SIZE_MAX_BYTES = Gossip.TOPIC_SIZE_MAX_BYTES;
    static final int SUBSCRIPTIONS_MAX = 512;
    static final int MESSAGES_MAX = 1024;
    /** IHAVE, GRAFT and PRUNE together, and parts of IWANT and IDONTWANT. */
    static final int CONTROLS_MAX = 1024;
    /** In all IHAVE, IWANT and IDONTWANT together. */
    static final int IDS_MAX = 10_000;
    /** In all PRUNE together. */
    static final int PEERS_MAX = 64;

    static final int PEER_ID_SIZE_MAX_BYTES = 64;
    static final int SIGNED_PEER_RECORD_SIZE_MAX_BYTES = PeerRecord.SIZE_MAX_BYTES;
    /** A longer back-off is taken for this. */
    static final long BACKOFF_MAX_SECONDS = 3600;

    /** An answer with so many of the largest messages is still one RPC. */
    static final int IWANT_IDS_PER_RPC = 7;

    static {
        if (MESSAGE_SIZE_MAX_BYTES < Entry.EQUIVOCATION_SIZE_MAX_BYTES
                || IWANT_IDS_PER_RPC * (MESSAGE_SIZE_MAX_BYTES + 256) > RPC_SIZE_MAX_BYTES) {
            throw new ExceptionInInitializerError("the limits of an RPC contradict each other");
        }
    }

    private RpcLimits() {}
}
