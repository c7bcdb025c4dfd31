// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.Set;

/**
 * Weights, caps and decays of the score function, and what follows from a score. A decay is the part that is left after one heartbeat.
 *
 * @param timeInMesh P1, a second
 * @param firstDelivery P2
 * @param meshDeficit P3: squared
 * @param meshFailure P3b: squared deficits at the time of pruning
 * @param invalid P4: squared
 * @param colocation P6: squared surplus over {@link #COLOCATED_MAX}
 * @param behaviour P7: squared surplus over {@link #BEHAVIOUR_FREE}
 * @param colocationExempt address groups that P6 does not look at, as the loopback of a test network
 */
record ScoreSettings(
        double timeInMesh,
        double firstDelivery,
        double meshDeficit,
        double meshFailure,
        double invalid,
        double colocation,
        double behaviour,
        Thresholds thresholds,
        Set<String> colocationExempt) {

    static final int TIME_IN_MESH_CAP_SECONDS = 100;
    static final double FIRST_DELIVERIES_CAP = 20;
    static final double FIRST_DELIVERIES_DECAY = 0.94;
    /** The mesh has this long to bring what gossip brought. */
    static final double DEFICIT_CAP = 6;

    static final double DEFICIT_DECAY = 0.97;
    static final long DEFICIT_ACTIVATION_MILLIS = 2000;
    static final double MESH_FAILURE_CAP = 72;
    static final double MESH_FAILURE_DECAY = 0.995;
    static final double INVALID_DECAY = 0.999;
    static final double BEHAVIOUR_DECAY = 0.98;
    static final double DECAY_TO_ZERO = 0.01;
    static final double TOPICS_CAP = 20;
    static final int COLOCATED_MAX = 4;
    static final double BEHAVIOUR_FREE = 1;

    /** Scores under which a peer loses something, or over which it gains something. */
    record Thresholds(
            double gossip, double publish, double graylist, double acceptPeerExchange, double opportunisticGraft) {}

    static ScoreSettings standard() {
        return new ScoreSettings(
                0.01, 0.5, -1, -0.5, -30, -5, -5, new Thresholds(-40, -60, -100, 5, 3), Set.of("loopback"));
    }
}
