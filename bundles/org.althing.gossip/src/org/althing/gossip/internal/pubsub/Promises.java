// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What was asked for by IWANT. Of each request one id is taken as a promise of the peer that had offered it; if nobody brings that message
 * in time, the offer was empty.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/pubsub/gossipsub/gossipsub-v1.1.md#spam-protection-measures">Spam protection</a>
 */
final class Promises {

    /** A guess of the heap that one takes. */
    static final int PROMISE_BYTES = 200;

    static final int ASKED_BYTES = 96;

    private final Map<MessageId, Map<Peer, Long>> promises = new LinkedHashMap<>();
    private Set<MessageId> asked = new HashSet<>();
    private Set<MessageId> askedBefore = new HashSet<>();
    private int count;

    void asked(MessageId id) {
        if (asked.size() < RouterLimits.ASKED_KEPT_MAX / 2) {
            asked.add(id);
        }
    }

    void promised(Peer peer, MessageId id, long untilMillis) {
        if (promises.computeIfAbsent(id, i -> new LinkedHashMap<>(2)).putIfAbsent(peer, untilMillis) == null) {
            peer.promises++;
            count++;
        }
    }

    /** @return whether it had been asked for */
    boolean received(MessageId id) {
        Map<Peer, Long> kept = promises.remove(id);
        if (kept != null) {
            kept.keySet().forEach(this::settle);
        }
        return asked.contains(id) || askedBefore.contains(id);
    }

    void removed(Peer peer) {
        promises.values().removeIf(byPeer -> {
            if (byPeer.remove(peer) != null) {
                settle(peer);
            }
            return byPeer.isEmpty();
        });
    }

    /** Forgets the promises whose time is up. @return how many each peer broke */
    Map<Peer, Integer> broken(long nowMillis) {
        Map<Peer, Integer> broken = new LinkedHashMap<>();
        promises.values().removeIf(byPeer -> {
            for (Iterator<Map.Entry<Peer, Long>> all = byPeer.entrySet().iterator(); all.hasNext(); ) {
                Map.Entry<Peer, Long> promise = all.next();
                if (promise.getValue() <= nowMillis) {
                    broken.merge(promise.getKey(), 1, Integer::sum);
                    settle(promise.getKey());
                    all.remove();
                }
            }
            return byPeer.isEmpty();
        });
        return broken;
    }

    void heartbeat() {
        askedBefore = asked;
        asked = new HashSet<>();
    }

    private void settle(Peer peer) {
        peer.promises--;
        count--;
    }

    long bytesHeld() {
        return (long) count * PROMISE_BYTES + (long) (asked.size() + askedBefore.size()) * ASKED_BYTES;
    }
}
