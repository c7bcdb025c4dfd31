// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

/**
 * The overlay's parameters, by their names in the specification.
 *
 * @param d peers wanted in a mesh
 * @param dLow fewer, and peers are grafted
 * @param dHigh more, and peers are pruned
 * @param dScore of the peers kept when pruning, how many for their score
 * @param dOut peers in a mesh that we dialled
 * @param dLazy peers to gossip to at least
 * @param gossipFactor of the peers outside the mesh, the part to gossip to
 * @param floodPublish whether own messages go to every peer of the topic
 * @param opportunisticGraftHeartbeats how often a weak mesh looks for better peers; 0 for never
 */
record GossipSettings(
        int d,
        int dLow,
        int dHigh,
        int dScore,
        int dOut,
        int dLazy,
        double gossipFactor,
        boolean floodPublish,
        int opportunisticGraftHeartbeats) {

    static final long HEARTBEAT_MILLIS = 1000;
    static final long PRUNE_BACKOFF_MILLIS = 60_000;
    static final long UNSUBSCRIBE_BACKOFF_MILLIS = 10_000;
    /** On top of a back-off that another peer counts: its clock and ours do not begin at once. */
    static final long BACKOFF_SLACK_MILLIS = 2 * HEARTBEAT_MILLIS;
    /** A GRAFT so soon after the PRUNE is no misunderstanding. */
    static final long GRAFT_FLOOD_MILLIS = 10_000;

    static final long FANOUT_MILLIS = 60_000;
    static final int HISTORY_HEARTBEATS = 5;
    static final int HISTORY_GOSSIP_HEARTBEATS = 3;
    static final int OPPORTUNISTIC_GRAFT_PEERS = 2;
    /** Peers named in a PRUNE. */
    static final int EXCHANGED_PEERS = 16;
    /** How long an answer to IWANT may take. */
    static final long PROMISE_MILLIS = 3 * HEARTBEAT_MILLIS;

    static GossipSettings standard() {
        return new GossipSettings(6, 4, 12, 4, 2, 6, 0.25, true, 4);
    }

    GossipSettings {
        if (dLow > d || d > dHigh || dOut >= Math.max(1, dLow) || 2 * dOut > d || dScore > d) {
            throw new IllegalArgumentException("mesh sizes contradict each other: D=" + d + " D_lo=" + dLow + " D_hi="
                    + dHigh + " D_score=" + dScore + " D_out=" + dOut);
        }
    }
}
