// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

/**
 * The bounds of a {@link Router}'s memory and of the work that one peer may cause.
 *
 * @param idleRpcsPerHeartbeat RPCs of one peer that brought no new message; each message accepted from anybody allows two more
 * @param ihavesPerHeartbeat IHAVE messages of one peer
 * @param ihaveIdsPerHeartbeat ids asked of one peer
 * @param iwantIdsPerHeartbeat ids that one peer may ask for
 * @param iwantBytesPerHeartbeat bytes that one peer gets for the asking
 * @param idontwantsPerHeartbeat ids that one peer may name
 * @param graftsPerHeartbeat GRAFT messages of one peer
 * @param subscriptionsPerHeartbeat changes of one peer
 * @param foreignTopicsPerPeer topics of one peer that are none of ours
 * @param unprovenBurst messages of one peer handed to validation that turned out to be nothing to forward
 * @param unprovenPerHeartbeat how much of that allowance grows back
 */
record RouterLimits(
        int idleRpcsPerHeartbeat,
        int ihavesPerHeartbeat,
        int ihaveIdsPerHeartbeat,
        int iwantIdsPerHeartbeat,
        int iwantBytesPerHeartbeat,
        int idontwantsPerHeartbeat,
        int graftsPerHeartbeat,
        int subscriptionsPerHeartbeat,
        int foreignTopicsPerPeer,
        int unprovenBurst,
        int unprovenPerHeartbeat) {

    static final int PEERS_MAX = 512;
    static final int TOPICS_MAX = 256;
    static final int SEEN_MAX = 131_072;
    static final long SEEN_MIN_MILLIS = 60_000;
    static final int CACHED_MESSAGES_MAX = 16_384;
    static final int CACHED_MAX_BYTES = 16 * 1024 * 1024;
    static final int RETRANSMISSIONS_MAX = 3;
    /** Ids in one IHAVE of ours. */
    static final int IHAVE_IDS_SENT_MAX = 2048;
    /** Messages received and not yet judged, of one peer and of all. */
    static final int INBOX_MESSAGES_MAX = 4096;

    static final int INBOX_MAX_BYTES = 2 * 1024 * 1024;
    static final int INBOXES_MAX_BYTES = 16 * 1024 * 1024;
    /** Messages of one peer in validation at once: at first, and when each before was good. */
    static final int WINDOW_MIN = 16;

    static final int WINDOW_MAX = 256;
    /** A verdict that takes longer counts as {@link Event.Verdict#IGNORE}. */
    static final long VALIDATION_MAX_MILLIS = 20_000;
    /** Peers remembered to have sent a message while it was validated. */
    static final int SENDERS_MAX = 16;

    static final int PROMISES_PER_PEER_MAX = 32;
    /** Of the ids asked of one peer in a heartbeat, those remembered to have been. */
    static final int ASKED_KEPT_PER_PEER = 64;

    /** And of all peers. */
    static final int ASKED_KEPT_MAX = 16_384;

    static final int IDONTWANTS_KEPT_PER_PEER = 128;
    /** A smaller message is sent twice rather than announced. */
    static final int IDONTWANT_SIZE_MIN_BYTES = 1024;

    static final int BACKOFFS_PER_TOPIC_MAX = 2048;
    static final int RETAINED_SCORES_MAX = 1024;
    static final long RETAIN_SCORE_MILLIS = 3_600_000;
    /** Peers dialled in one heartbeat because others told of them. */
    static final int CONNECTS_PER_HEARTBEAT_MAX = 16;
    /** Of the RPCs over a limit, one in so many is a penalty. */
    static final int OVER_LIMIT_PER_PENALTY = 100;

    static RouterLimits standard() {
        return new RouterLimits(1000, 10, 2048, 2048, 4 * 1024 * 1024, 1024, 64, 512, 32, 512, 64);
    }
}
