// SPDX-License-Identifier: EPL-2.0
package org.althing.api.gossip;

import java.util.List;
import org.althing.api.net.PeerId;

/**
 * Spreads messages by topic, to every node that has a {@link TopicValidator} for it. A service; safe for use by many threads.
 *
 * <p>Delivery is likely, not certain, and in no order: who must have everything also reconciles.
 */
public interface Gossip {

    /** The largest message, in bytes: any entry fits. */
    int MESSAGE_SIZE_MAX_BYTES = 144 * 1024;

    /** The longest topic, in bytes of UTF-8. */
    int TOPIC_SIZE_MAX_BYTES = 128;

    /**
     * Spreads a message, which is not validated again here.
     *
     * @return whether it was taken; false when too many wait
     * @throws IllegalArgumentException if it or its topic is too large
     */
    boolean publish(String topic, byte[] message);

    /**
     * Says what is known of a peer from elsewhere: positive for a member's node, negative for one that misbehaves in other protocols. Kept
     * while it is connected.
     *
     * @param score from -100 (not to be listened to) to 100
     */
    void regard(PeerId peer, int score);

    /** Those whom messages are exchanged with. Takes up to a second. */
    List<GossipPeer> peers();

    /**
     * One of them.
     *
     * @param score below 0 is a reason to keep away from it
     * @param topics of ours in whose mesh it is
     */
    record GossipPeer(PeerId peer, double score, List<String> topics) {

        public GossipPeer {
            topics = List.copyOf(topics);
        }
    }
}
