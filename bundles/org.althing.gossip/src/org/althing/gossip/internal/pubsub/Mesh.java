// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.althing.api.net.PeerId;

/** The peers that one of our topics is exchanged with in full, and those that have to wait before they may be (again). */
final class Mesh {

    /** A guess of the heap that a back-off takes. */
    static final int BACKOFF_BYTES = 130;

    static final int PEER_BYTES = 64;

    final String topic;
    final Set<Peer> peers = new LinkedHashSet<>();
    /** Peers outside the mesh that brought, when asked, what the mesh had not; since the last heartbeat. */
    final Set<Peer> rescuers = new LinkedHashSet<>();

    private final Map<PeerId, Long> backoffs = new LinkedHashMap<>();

    Mesh(String topic) {
        this.topic = topic;
    }

    /** Extends a back-off, never shortens it. */
    void backOff(PeerId peer, long untilMillis) {
        backoffs.merge(peer, untilMillis, Math::max);
        if (backoffs.size() > RouterLimits.BACKOFFS_PER_TOPIC_MAX) {
            Iterator<PeerId> oldest = backoffs.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** When the back-off of a peer ends; in the past when there is none. */
    long backedOffUntil(PeerId peer) {
        return backoffs.getOrDefault(peer, Long.MIN_VALUE);
    }

    void heartbeat(long nowMillis) {
        backoffs.values().removeIf(until -> until + GossipSettings.BACKOFF_SLACK_MILLIS <= nowMillis);
    }

    long outbound() {
        return peers.stream().filter(peer -> peer.outbound).count();
    }

    long bytesHeld() {
        return 200 + (long) peers.size() * PEER_BYTES + (long) backoffs.size() * BACKOFF_BYTES;
    }
}
