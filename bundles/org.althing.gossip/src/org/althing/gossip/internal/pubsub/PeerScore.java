// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.HashMap;
import java.util.Map;

/**
 * What one peer has done, and its score: P1 to P7 of GossipSub v1.1.
 *
 * <p>P3 is taken where it means something for topics of any traffic, silent ones too: a message that had to be fetched by IWANT is one that
 * no peer of the mesh had pushed, so each of them is one delivery short; a peer that pushes it makes that good. An absolute rate would expel
 * honest peers from every quiet topic, and those that are always farther from the author than we are.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/pubsub/gossipsub/gossipsub-v1.1.md#the-score-function">The score function</a>
 */
final class PeerScore {

    /** A guess of the heap that one topic's counters take. */
    static final int TOPIC_BYTES = 120;

    private static final class TopicCounters {
        private boolean inMesh;
        private long graftedMillis;
        private long inMeshMillis;
        private double firstDeliveries;
        private double meshDeficit;
        private double meshFailure;
        private double invalid;

        boolean isZero() {
            return !inMesh && firstDeliveries == 0 && meshDeficit == 0 && meshFailure == 0 && invalid == 0;
        }
    }

    private final ScoreSettings settings;
    private final Map<String, TopicCounters> topics = new HashMap<>();
    private double regard;
    private double behaviour;
    private int colocated;

    private double value;
    private boolean stale = true;

    PeerScore(ScoreSettings settings) {
        this.settings = settings;
    }

    double value() {
        if (stale) {
            value = compute();
            stale = false;
        }
        return value;
    }

    private double compute() {
        double sum = 0;
        for (TopicCounters topic : topics.values()) {
            sum += settings.timeInMesh() * Math.min(topic.inMeshMillis / 1000, ScoreSettings.TIME_IN_MESH_CAP_SECONDS);
            sum += settings.firstDelivery() * topic.firstDeliveries;
            sum += settings.meshDeficit() * deficit(topic);
            sum += settings.meshFailure() * topic.meshFailure;
            sum += settings.invalid() * topic.invalid * topic.invalid;
        }
        int surplus = Math.max(0, colocated - ScoreSettings.COLOCATED_MAX);
        double excess = Math.max(0, behaviour - ScoreSettings.BEHAVIOUR_FREE);
        return Math.min(sum, ScoreSettings.TOPICS_CAP)
                + regard
                + settings.colocation() * surplus * surplus
                + settings.behaviour() * excess * excess;
    }

    private static double deficit(TopicCounters topic) {
        return topic.inMesh && topic.inMeshMillis > ScoreSettings.DEFICIT_ACTIVATION_MILLIS
                ? topic.meshDeficit * topic.meshDeficit
                : 0;
    }

    void grafted(String topic, long nowMillis) {
        TopicCounters counters = counters(topic);
        counters.inMesh = true;
        counters.graftedMillis = nowMillis;
        counters.inMeshMillis = 0;
        counters.meshDeficit = 0;
        stale = true;
    }

    void pruned(String topic) {
        TopicCounters counters = counters(topic);
        counters.meshFailure = Math.min(ScoreSettings.MESH_FAILURE_CAP, counters.meshFailure + deficit(counters));
        counters.inMesh = false;
        counters.inMeshMillis = 0;
        stale = true;
    }

    void deliveredFirst(String topic) {
        TopicCounters counters = counters(topic);
        counters.firstDeliveries = Math.min(ScoreSettings.FIRST_DELIVERIES_CAP, counters.firstDeliveries + 1);
        stale = true;
    }

    /** A message of the topic reached us, and not from this peer of its mesh. */
    void failedToDeliver(String topic) {
        TopicCounters counters = counters(topic);
        counters.meshDeficit = Math.min(ScoreSettings.DEFICIT_CAP, counters.meshDeficit + 1);
        stale = true;
    }

    /** A peer of the mesh delivered a message, first or soon after. */
    void deliveredInMesh(String topic) {
        TopicCounters counters = counters(topic);
        if (counters.meshDeficit > 0) {
            counters.meshDeficit = Math.max(0, counters.meshDeficit - 1);
            stale = true;
        }
    }

    void sentInvalid(String topic) {
        counters(topic).invalid++;
        stale = true;
    }

    void misbehaved(double penalty) {
        behaviour += penalty;
        stale = true;
    }

    void regard(double score) {
        regard = score;
        stale = true;
    }

    void colocated(int peers) {
        colocated = peers;
        stale = true;
    }

    void heartbeat(long nowMillis) {
        topics.values().removeIf(topic -> {
            if (topic.inMesh) {
                topic.inMeshMillis = nowMillis - topic.graftedMillis;
            }
            topic.firstDeliveries = decay(topic.firstDeliveries, ScoreSettings.FIRST_DELIVERIES_DECAY);
            topic.meshDeficit = decay(topic.meshDeficit, ScoreSettings.DEFICIT_DECAY);
            topic.meshFailure = decay(topic.meshFailure, ScoreSettings.MESH_FAILURE_DECAY);
            topic.invalid = decay(topic.invalid, ScoreSettings.INVALID_DECAY);
            return topic.isZero();
        });
        behaviour = decay(behaviour, ScoreSettings.BEHAVIOUR_DECAY);
        stale = true;
    }

    int topics() {
        return topics.size();
    }

    private TopicCounters counters(String topic) {
        return topics.computeIfAbsent(topic, t -> new TopicCounters());
    }

    private static double decay(double counter, double factor) {
        double decayed = counter * factor;
        return decayed < ScoreSettings.DECAY_TO_ZERO ? 0 : decayed;
    }
}
