// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.althing.api.net.PeerId;

/** What a {@link Router} knows of one peer it can send to. */
final class Peer {

    /** A guess of the heap that a peer takes, without what is counted apart. */
    static final int BYTES = 700;

    static final int TOPIC_BYTES = 160;

    final PeerId id;
    final boolean outbound;
    final String addressGroup;
    final boolean knowsIdontwant;
    /** Small and dense, so that a table of all peers can be an array. */
    final int slot;

    final PeerScore score;
    /** What it has subscribed to, but for topics of ours to which it is not admitted. */
    final Set<String> topics = new HashSet<>();
    /** Topics of ours in which it may take part. */
    final Set<String> admitted = new HashSet<>(0);
    /** Topics of ours that it has subscribed to without being admitted, for when it is. */
    final Set<String> awaited = new HashSet<>(0);

    int foreignTopics;
    byte[] signedPeerRecord = {};
    int promises;
    boolean toldToLeave;

    /** Messages waiting for validation. */
    final Deque<Incoming> inbox = new ArrayDeque<>(0);

    int inboxBytes;
    int inValidation;
    int window = RouterLimits.WINDOW_MIN;
    /** How many more of its messages may turn out to be nothing to forward. */
    int unproven;

    // Since the last heartbeat:
    int idleRpcs;
    int ihaves;
    int askedIds;
    int iwants;
    int iwantBytes;
    int idontwants;
    int grafts;
    int subscriptions;
    int overLimit;

    private long[] unwanted = {};
    private int unwantedCount;

    Peer(Event.PeerAdded added, int slot, PeerScore score, int unproven) {
        this.id = added.peer();
        this.outbound = added.outbound();
        this.addressGroup = added.addressGroup();
        this.knowsIdontwant = added.knowsIdontwant();
        this.slot = slot;
        this.score = score;
        this.unproven = unproven;
    }

    void heartbeat(RouterLimits limits) {
        idleRpcs = 0;
        ihaves = 0;
        askedIds = 0;
        iwants = 0;
        iwantBytes = 0;
        idontwants = 0;
        grafts = 0;
        subscriptions = 0;
        unproven = Math.min(limits.unprovenBurst(), unproven + limits.unprovenPerHeartbeat());
    }

    /** Half of an id is kept: a peer that forges one harms itself. */
    void unwanted(MessageId id) {
        if (unwanted.length == 0) {
            unwanted = new long[RouterLimits.IDONTWANTS_KEPT_PER_PEER];
        }
        unwanted[unwantedCount++ % unwanted.length] = id.b();
    }

    boolean wants(MessageId id) {
        int kept = Math.min(unwantedCount, unwanted.length);
        for (int i = 0; i < kept; i++) {
            if (unwanted[i] == id.b()) {
                return false;
            }
        }
        return true;
    }

    long bytesHeld() {
        return BYTES
                + (long) (topics.size() + admitted.size() + awaited.size()) * TOPIC_BYTES
                + (long) score.topics() * PeerScore.TOPIC_BYTES
                + signedPeerRecord.length
                + 8L * unwanted.length
                + inboxBytes
                + (long) inbox.size() * Incoming.BYTES;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
