// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.althing.api.net.PeerId;
import org.althing.gossip.internal.pubsub.Rpc.PeerInfo;
import org.althing.gossip.internal.pubsub.Rpc.Prune;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a mesh for each of our topics: GRAFT, PRUNE, back-off, peer exchange and the maintenance at each heartbeat.
 *
 * <p>A peer is grafted only once it has told us that it subscribes. That message comes on its own stream to us, so the stream is open:
 * js-libp2p would otherwise put us into its mesh and then publish into nothing.
 */
final class Meshes {

    private final GossipSettings settings;
    private final Neighbours neighbours;
    private final Map<String, Mesh> meshes = new LinkedHashMap<>();
    private long heartbeats;

    Meshes(GossipSettings settings, Neighbours neighbours) {
        this.settings = settings;
        this.neighbours = neighbours;
    }

    Collection<Mesh> all() {
        return meshes.values();
    }

    @Nullable
    Mesh get(String topic) {
        return meshes.get(topic);
    }

    Set<String> topics() {
        return meshes.keySet();
    }

    /** JOIN: the peers that we have been publishing to come first. */
    void join(String topic, List<Peer> fanout, long nowMillis) {
        Mesh mesh = new Mesh(topic);
        meshes.put(topic, mesh);
        for (Peer peer : fanout) {
            if (mesh.peers.size() < settings.d() && isCandidate(mesh, peer)) {
                graft(mesh, peer, nowMillis);
            }
        }
        fill(mesh, settings.d() - mesh.peers.size(), peer -> true, nowMillis);
    }

    /** LEAVE. */
    void leave(String topic, long nowMillis) {
        Mesh mesh = meshes.remove(topic);
        if (mesh != null) {
            for (Peer peer : mesh.peers) {
                peer.score.pruned(topic);
                long seconds = GossipSettings.UNSUBSCRIBE_BACKOFF_MILLIS / 1000;
                neighbours.send(peer, Rpc.prune(new Prune(topic, List.of(), seconds)));
            }
        }
    }

    /** The peer may not take part any more. */
    void expel(Mesh mesh, Peer peer) {
        mesh.rescuers.remove(peer);
        if (mesh.peers.contains(peer)) {
            peerLeft(mesh, peer);
            sendPrune(mesh, peer, false);
        }
    }

    void peerLeft(Mesh mesh, Peer peer) {
        if (mesh.peers.remove(peer)) {
            peer.score.pruned(mesh.topic);
        }
    }

    void peerRemoved(Peer peer) {
        for (Mesh mesh : meshes.values()) {
            peerLeft(mesh, peer);
            mesh.rescuers.remove(peer);
        }
    }

    void onGraft(Peer peer, String topic, long nowMillis) {
        Mesh mesh = meshes.get(topic);
        if (mesh == null || mesh.peers.contains(peer)) {
            return; // No PRUNE for an unknown topic: it would be an answer to spam.
        }
        long backedOffUntil = mesh.backedOffUntil(peer.id);
        if (nowMillis < backedOffUntil) {
            peer.score.misbehaved(1);
            if (nowMillis < backedOffUntil - GossipSettings.PRUNE_BACKOFF_MILLIS + GossipSettings.GRAFT_FLOOD_MILLIS) {
                peer.score.misbehaved(1);
            }
            refuse(mesh, peer, false, nowMillis);
        } else if (peer.score.value() < 0) {
            refuse(mesh, peer, false, nowMillis);
        } else if (mesh.peers.size() >= settings.dHigh() && !(peer.outbound && settings.dOut() > 0)) {
            refuse(mesh, peer, true, nowMillis);
        } else {
            add(mesh, peer, nowMillis);
        }
    }

    private void refuse(Mesh mesh, Peer peer, boolean exchange, long nowMillis) {
        mesh.backOff(peer.id, nowMillis + GossipSettings.PRUNE_BACKOFF_MILLIS);
        sendPrune(mesh, peer, exchange);
    }

    void onPrune(Peer peer, Prune prune, PeerId self, long nowMillis) {
        Mesh mesh = meshes.get(prune.topic());
        if (mesh == null) {
            return;
        }
        peerLeft(mesh, peer);
        long backoffMillis =
                prune.backoffSeconds() > 0 ? prune.backoffSeconds() * 1000 : GossipSettings.PRUNE_BACKOFF_MILLIS;
        mesh.backOff(peer.id, nowMillis + backoffMillis);
        if (peer.score.value() >= neighbours.thresholds().acceptPeerExchange()) {
            List<PeerInfo> others = new ArrayList<>(prune.peers());
            neighbours.shuffle(others);
            others.stream().limit(GossipSettings.EXCHANGED_PEERS).forEach(other -> connect(other, self));
        }
    }

    private void connect(PeerInfo other, PeerId self) {
        PeerId id;
        try {
            id = PeerId.of(other.peerId());
        } catch (IllegalArgumentException e) {
            return; // No peer has such a name, so there is nobody to dial.
        }
        if (!id.equals(self)) {
            neighbours.connect(id, other.signedPeerRecord());
        }
    }

    private void graft(Mesh mesh, Peer peer, long nowMillis) {
        add(mesh, peer, nowMillis);
        neighbours.send(peer, Rpc.graft(mesh.topic));
    }

    private static void add(Mesh mesh, Peer peer, long nowMillis) {
        mesh.peers.add(peer);
        peer.score.grafted(mesh.topic, nowMillis);
    }

    private void prune(Mesh mesh, Peer peer, boolean exchange, long nowMillis) {
        peerLeft(mesh, peer);
        refuse(mesh, peer, exchange, nowMillis);
    }

    private void sendPrune(Mesh mesh, Peer peer, boolean exchange) {
        List<PeerInfo> others = !exchange || peer.score.value() < 0
                ? List.of()
                : neighbours
                        .choose(
                                GossipSettings.EXCHANGED_PEERS,
                                other -> other != peer && other.topics.contains(mesh.topic) && other.score.value() >= 0)
                        .stream()
                        .map(other -> new PeerInfo(other.id.toBytes(), other.signedPeerRecord))
                        .toList();
        long seconds = GossipSettings.PRUNE_BACKOFF_MILLIS / 1000;
        neighbours.send(peer, Rpc.prune(new Prune(mesh.topic, others, seconds)));
    }

    private boolean isCandidate(Mesh mesh, Peer peer) {
        return peer.topics.contains(mesh.topic)
                && !mesh.peers.contains(peer)
                && mesh.backedOffUntil(peer.id) == Long.MIN_VALUE
                && peer.score.value() >= 0;
    }

    private void fill(Mesh mesh, int count, Predicate<Peer> test, long nowMillis) {
        if (count > 0) {
            for (Peer peer : neighbours.choose(count, peer -> test.test(peer) && isCandidate(mesh, peer))) {
                graft(mesh, peer, nowMillis);
            }
        }
    }

    void heartbeat(long nowMillis) {
        heartbeats++;
        for (Mesh mesh : meshes.values()) {
            mesh.heartbeat(nowMillis);
            for (Peer peer : List.copyOf(mesh.peers)) {
                if (peer.score.value() < 0) {
                    prune(mesh, peer, false, nowMillis);
                }
            }
            if (mesh.peers.size() < settings.dLow()) {
                fill(mesh, settings.d() - mesh.peers.size(), peer -> true, nowMillis);
            }
            if (mesh.peers.size() > settings.dHigh()) {
                shrink(mesh, nowMillis);
            }
            if (mesh.peers.size() >= settings.dLow()) {
                fill(mesh, settings.dOut() - (int) mesh.outbound(), peer -> peer.outbound, nowMillis);
            }
            graftOpportunistically(mesh, nowMillis);
        }
    }

    /** Keeps the best, others by chance, and enough of those that we dialled. */
    private void shrink(Mesh mesh, long nowMillis) {
        List<Peer> order = byScore(mesh.peers);
        neighbours.shuffle(order.subList(settings.dScore(), order.size()));
        List<Peer> kept = new ArrayList<>(order.subList(0, settings.d()));
        List<Peer> left = new ArrayList<>(order.subList(settings.d(), order.size()));
        long outbound = kept.stream().filter(peer -> peer.outbound).count();
        for (int i = kept.size() - 1; i >= 0 && outbound < settings.dOut(); i--) {
            Peer better =
                    left.stream().filter(peer -> peer.outbound).findFirst().orElse(null);
            if (better == null) {
                break;
            }
            if (!kept.get(i).outbound) {
                left.remove(better);
                left.add(kept.set(i, better));
                outbound++;
            }
        }
        left.forEach(peer -> prune(mesh, peer, true, nowMillis));
    }

    /**
     * Grafts better peers: at once those that had to help out, since a mesh that needs help fails; and now and then, when the score in the
     * mesh is low, some with a higher one.
     */
    private void graftOpportunistically(Mesh mesh, long nowMillis) {
        List<Peer> rescuers = List.copyOf(mesh.rescuers);
        mesh.rescuers.clear();
        if (settings.opportunisticGraftHeartbeats() == 0 || mesh.peers.size() >= settings.dHigh()) {
            return;
        }
        fill(mesh, GossipSettings.OPPORTUNISTIC_GRAFT_PEERS, rescuers::contains, nowMillis);
        if (heartbeats % settings.opportunisticGraftHeartbeats() != 0 || mesh.peers.size() < 2) {
            return;
        }
        List<Peer> order = byScore(mesh.peers);
        double median = order.get(order.size() / 2).score.value();
        if (median < neighbours.thresholds().opportunisticGraft()) {
            fill(mesh, GossipSettings.OPPORTUNISTIC_GRAFT_PEERS, peer -> peer.score.value() > median, nowMillis);
        }
    }

    private static List<Peer> byScore(Collection<Peer> peers) {
        List<Peer> order = new ArrayList<>(peers);
        order.sort(Comparator.comparingDouble((Peer peer) -> peer.score.value()).reversed());
        return order;
    }

    /** The peers to gossip to: not of the mesh, at random, {@link GossipSettings#gossipFactor} of them. */
    List<Peer> gossipTargets(String topic, Collection<Peer> mesh) {
        Set<Peer> inMesh = new HashSet<>(mesh);
        List<Peer> targets = neighbours.choose(
                Integer.MAX_VALUE,
                peer -> !inMesh.contains(peer) && peer.topics.contains(topic) && neighbours.mayGossip(peer));
        int count = Math.max(settings.dLazy(), (int) (settings.gossipFactor() * targets.size()));
        return targets.subList(0, Math.min(count, targets.size()));
    }

    long bytesHeld() {
        return meshes.values().stream().mapToLong(Mesh::bytesHeld).sum();
    }
}
