// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.althing.api.net.PeerId;
import org.jspecify.annotations.Nullable;

/** The peers that can be sent to, their scores, and what is to be done about them: the part of a {@link Router} that the others share. */
final class Neighbours {

    /** A guess of the heap that a remembered score takes. */
    private static final int RETAINED_BYTES = 450;

    private record Retained(PeerScore score, long untilMillis) {}

    private final ScoreSettings scoring;
    private final RouterLimits limits;
    private final RandomGenerator random;
    private final Map<PeerId, Peer> peers = new LinkedHashMap<>();
    private final Map<String, List<Peer>> byAddressGroup = new HashMap<>();
    private final Map<PeerId, Retained> retained = new LinkedHashMap<>();
    private final BitSet slots = new BitSet(RouterLimits.PEERS_MAX);
    private List<Action> actions = new ArrayList<>();
    private int connects;

    Neighbours(ScoreSettings scoring, RouterLimits limits, RandomGenerator random) {
        this.scoring = scoring;
        this.limits = limits;
        this.random = random;
    }

    /** Begins an empty list of actions and gives the one before away. */
    List<Action> takeActions() {
        List<Action> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    Collection<Peer> all() {
        return peers.values();
    }

    @Nullable
    Peer get(PeerId id) {
        return peers.get(id);
    }

    /** @return null when it is not let in: the action says why */
    @Nullable
    Peer add(Event.PeerAdded added, long nowMillis) {
        if (peers.size() >= RouterLimits.PEERS_MAX) {
            act(new Action.Disconnect(added.peer(), "there are " + RouterLimits.PEERS_MAX + " peers already"));
            return null;
        }
        Retained before = retained.remove(added.peer());
        PeerScore score = before != null && before.untilMillis > nowMillis ? before.score : new PeerScore(scoring);
        int slot = slots.nextClearBit(0);
        Peer peer = new Peer(added, slot, score, limits.unprovenBurst());
        slots.set(slot);
        peers.put(peer.id, peer);
        if (!scoring.colocationExempt().contains(peer.addressGroup)) {
            List<Peer> group = byAddressGroup.computeIfAbsent(peer.addressGroup, g -> new ArrayList<>(1));
            group.add(peer);
            colocated(group);
        }
        return peer;
    }

    void remove(Peer peer, long nowMillis) {
        peers.remove(peer.id);
        slots.clear(peer.slot);
        List<Peer> group = byAddressGroup.get(peer.addressGroup);
        if (group != null && group.remove(peer)) {
            colocated(group);
            if (group.isEmpty()) {
                byAddressGroup.remove(peer.addressGroup);
            }
        }
        peer.score.colocated(0);
        if (peer.score.value() < 0) {
            retained.put(peer.id, new Retained(peer.score, nowMillis + RouterLimits.RETAIN_SCORE_MILLIS));
            if (retained.size() > RouterLimits.RETAINED_SCORES_MAX) {
                Iterator<PeerId> oldest = retained.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    private static void colocated(List<Peer> group) {
        group.forEach(peer -> peer.score.colocated(group.size()));
    }

    boolean isGraylisted(Peer peer) {
        return peer.score.value() < scoring.thresholds().graylist();
    }

    boolean mayGossip(Peer peer) {
        return peer.score.value() >= scoring.thresholds().gossip();
    }

    boolean mayPublish(Peer peer) {
        return peer.score.value() >= scoring.thresholds().publish();
    }

    ScoreSettings.Thresholds thresholds() {
        return scoring.thresholds();
    }

    void send(Peer peer, Rpc rpc) {
        if (!isGraylisted(peer)) {
            act(new Action.Send(peer.id, rpc));
        }
    }

    void act(Action action) {
        actions.add(action);
    }

    /** Dials a peer that another one told of, unless there were many in this heartbeat. */
    void connect(PeerId id, byte[] signedPeerRecord) {
        if (!peers.containsKey(id) && connects < RouterLimits.CONNECTS_PER_HEARTBEAT_MAX) {
            connects++;
            act(new Action.Connect(id, signedPeerRecord));
        }
    }

    /** Counts something that a peer did too often; every so many times is a penalty (P7). */
    void overLimit(Peer peer) {
        if (peer.overLimit++ % RouterLimits.OVER_LIMIT_PER_PENALTY == 0) {
            peer.score.misbehaved(1);
        }
    }

    /** At most {@code count} of the peers for which the test holds, at random. */
    List<Peer> choose(int count, Predicate<Peer> test) {
        List<Peer> chosen = new ArrayList<>();
        for (Peer peer : peers.values()) {
            if (test.test(peer)) {
                chosen.add(peer);
            }
        }
        shuffle(chosen);
        return chosen.size() > count ? chosen.subList(0, count) : chosen;
    }

    <T> void shuffle(List<T> list) {
        Collections.shuffle(list, java.util.Random.from(random));
    }

    RandomGenerator random() {
        return random;
    }

    void heartbeat(long nowMillis) {
        connects = 0;
        retained.values().removeIf(score -> score.untilMillis <= nowMillis);
        for (Peer peer : peers.values()) {
            peer.score.heartbeat(nowMillis);
            peer.heartbeat(limits);
            if (isGraylisted(peer) && !peer.toldToLeave) {
                peer.toldToLeave = true;
                act(new Action.Disconnect(peer.id, "its score is " + Math.round(peer.score.value())));
            }
        }
    }

    long bytesHeld() {
        long held = (long) retained.size() * RETAINED_BYTES;
        for (Peer peer : peers.values()) {
            held += peer.bytesHeld();
        }
        return held;
    }
}
