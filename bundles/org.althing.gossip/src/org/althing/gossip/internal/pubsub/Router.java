// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.althing.api.net.PeerId;
import org.althing.gossip.internal.pubsub.Event.Verdict;
import org.althing.gossip.internal.pubsub.Rpc.IHave;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;

/**
 * GossipSub v1.1 with the IDONTWANT of v1.2, as a state machine: an event goes in, actions come out, in order. It does no I/O and asks no
 * clock; the same events, times and random numbers give the same actions.
 *
 * <p>Nothing is forwarded, offered or delivered before {@link Verdict#ACCEPT}; nothing is sent to or taken from a peer whose score is under
 * the graylist threshold. What it holds is bounded by {@link RouterLimits}, whatever peers send.
 *
 * <p>For one thread at a time.
 *
 * @see <a href="https://github.com/libp2p/specs/tree/master/pubsub/gossipsub">GossipSub v1.0, v1.1 and v1.2</a>
 */
final class Router {

    private final PeerId self;
    private final GossipSettings settings;
    private final RouterLimits limits;
    private final Gate gate;
    private final Neighbours neighbours;
    private final Meshes meshes;
    private final Judging judging;
    private final SeenCache seen = new SeenCache();
    private final MessageCache cache = new MessageCache();
    private final Promises promises = new Promises();
    private final Map<String, Fanout> fanouts = new LinkedHashMap<>();
    /** Messages accepted since the last heartbeat, and in the one before. */
    private int accepted;

    private int acceptedBefore;

    private record Fanout(List<Peer> peers, long lastMillis) {}

    /** What is shown of a peer. */
    record PeerView(PeerId peer, double score, List<String> topics, List<String> meshes, boolean outbound) {}

    Router(PeerId self, GossipSettings settings, ScoreSettings scoring, RouterLimits limits, RandomGenerator random) {
        this(self, settings, scoring, limits, Gate.OPEN, random);
    }

    /** @param gate by which peers are kept out of topics: they get nothing of these, not even their names, and nothing is taken from them */
    Router(
            PeerId self,
            GossipSettings settings,
            ScoreSettings scoring,
            RouterLimits limits,
            Gate gate,
            RandomGenerator random) {
        this.self = self;
        this.settings = settings;
        this.limits = limits;
        this.gate = gate;
        this.neighbours = new Neighbours(scoring, limits, random);
        this.meshes = new Meshes(settings, neighbours);
        this.judging = new Judging(neighbours);
    }

    /**
     * @param nowMillis of a clock that never goes back
     * @throws IllegalArgumentException for a topic of ours that is too long, or the beginning of another
     * @throws IllegalStateException for more than {@link RouterLimits#TOPICS_MAX} topics of ours
     */
    List<Action> handle(long nowMillis, Event event) {
        switch (event) {
            case Event.PeerAdded e -> peerAdded(e, nowMillis);
            case Event.PeerRemoved e -> with(e.peer(), peer -> peerRemoved(peer, nowMillis));
            case Event.PeerRecord e ->
                with(e.peer(), peer -> {
                    if (e.signedPeerRecord().length <= RpcLimits.SIGNED_PEER_RECORD_SIZE_MAX_BYTES) {
                        peer.signedPeerRecord = e.signedPeerRecord();
                    }
                });
            case Event.Regard e -> with(e.peer(), peer -> peer.score.regard(e.score()));
            case Event.RpcReceived e -> with(e.peer(), peer -> received(peer, e.rpc(), nowMillis));
            case Event.RpcRefused e -> with(e.peer(), peer -> peer.score.misbehaved(1));
            case Event.Subscribe e -> subscribe(e.topic(), nowMillis);
            case Event.Unsubscribe e -> unsubscribe(e.topic(), nowMillis);
            case Event.Publish e -> publish(new Message(e.topic(), e.data()), nowMillis);
            case Event.Judged e -> judged(e.id(), e.verdict(), nowMillis);
            case Event.Heartbeat e -> heartbeat(nowMillis);
        }
        return neighbours.takeActions();
    }

    private void with(PeerId id, java.util.function.Consumer<Peer> action) {
        Peer peer = neighbours.get(id);
        if (peer != null) {
            action.accept(peer);
        }
    }

    // Peers and topics

    private void peerAdded(Event.PeerAdded added, long nowMillis) {
        with(added.peer(), before -> peerRemoved(before, nowMillis));
        Peer peer = neighbours.add(added, nowMillis);
        if (peer == null) {
            return;
        }
        List<Subscription> told = meshes.topics().stream()
                .filter(topic -> gate.admits(topic, peer.id) && peer.admitted.add(topic))
                .map(topic -> new Subscription(true, topic))
                .toList();
        if (!told.isEmpty()) {
            neighbours.send(peer, Rpc.subscriptions(told));
        }
    }

    /** Lets a peer into one of our topics, or out of it, as the gate has it now. */
    private void admit(Peer peer, Mesh mesh) {
        String topic = mesh.topic;
        boolean admitted = gate.admits(topic, peer.id);
        if (admitted && peer.admitted.add(topic)) {
            neighbours.send(peer, Rpc.subscriptions(List.of(new Subscription(true, topic))));
            if (peer.awaited.remove(topic)) {
                peer.topics.add(topic);
            }
        } else if (!admitted && peer.admitted.remove(topic)) {
            meshes.expel(mesh, peer);
            neighbours.send(peer, Rpc.subscriptions(List.of(new Subscription(false, topic))));
            if (peer.topics.remove(topic)) {
                peer.awaited.add(topic);
            }
        }
    }

    private void peerRemoved(Peer peer, long nowMillis) {
        meshes.peerRemoved(peer);
        judging.removed(peer);
        promises.removed(peer);
        fanouts.values().forEach(fanout -> fanout.peers.remove(peer));
        neighbours.remove(peer, nowMillis);
    }

    private void subscribe(String topic, long nowMillis) {
        if (meshes.get(topic) != null) {
            return;
        }
        requireTopic(topic);
        if (meshes.topics().size() >= RouterLimits.TOPICS_MAX) {
            throw new IllegalStateException("there are " + RouterLimits.TOPICS_MAX + " topics already; leave one");
        }
        neighbours.all().forEach(peer -> {
            if (peer.topics.contains(topic)) {
                peer.foreignTopics--;
            }
            if (gate.admits(topic, peer.id)) {
                peer.admitted.add(topic);
                neighbours.send(peer, Rpc.subscriptions(List.of(new Subscription(true, topic))));
            } else if (peer.topics.remove(topic)) {
                peer.awaited.add(topic);
            }
        });
        Fanout fanout = fanouts.remove(topic);
        meshes.join(topic, fanout == null ? List.of() : fanout.peers, nowMillis);
    }

    private void requireTopic(String topic) {
        if (topic.isEmpty()
                || topic.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > RpcLimits.TOPIC_SIZE_MAX_BYTES) {
            throw new IllegalArgumentException("a topic has 1 to " + RpcLimits.TOPIC_SIZE_MAX_BYTES + " bytes");
        }
        for (String other : meshes.topics()) {
            if (!other.equals(topic) && (other.startsWith(topic) || topic.startsWith(other))) {
                throw new IllegalArgumentException(
                        "topic " + topic + " and topic " + other + " begin alike, so two messages could have one id");
            }
        }
    }

    private void unsubscribe(String topic, long nowMillis) {
        if (meshes.get(topic) == null) {
            return;
        }
        meshes.leave(topic, nowMillis);
        neighbours.all().forEach(peer -> {
            if (peer.admitted.remove(topic)) {
                neighbours.send(peer, Rpc.subscriptions(List.of(new Subscription(false, topic))));
            }
            peer.awaited.remove(topic);
            if (peer.topics.contains(topic)) {
                peer.foreignTopics++;
            }
        });
    }

    // What peers send

    private void received(Peer peer, Rpc rpc, long nowMillis) {
        if (neighbours.isGraylisted(peer)) {
            return;
        }
        if (isFlooding(peer, rpc)) {
            return;
        }
        rpc.subscriptions().forEach(subscription -> subscribed(peer, subscription));
        boolean isIdle = true;
        for (Message message : rpc.messages()) {
            isIdle &= !received(peer, message, nowMillis);
        }
        rpc.idontwant().forEach(id -> unwanted(peer, id));
        rpc.ihave().forEach(ihave -> offered(peer, ihave, nowMillis));
        wanted(peer, rpc.iwant());
        for (String topic : rpc.graft()) {
            if (peer.grafts++ < limits.graftsPerHeartbeat()) {
                if (peer.admitted.contains(topic)) { // Else as for a topic that is not ours.
                    meshes.onGraft(peer, topic, nowMillis);
                }
            } else {
                neighbours.overLimit(peer);
            }
        }
        rpc.prune().forEach(prune -> meshes.onPrune(peer, prune, self, nowMillis));
        if (isIdle) {
            peer.idleRpcs++;
        }
    }

    /** Messages that come to nothing may be relayed in good faith: they are a penalty only when they are ten times too many. */
    private boolean isFlooding(Peer peer, Rpc rpc) {
        long allowed = limits.idleRpcsPerHeartbeat() + 2L * (accepted + acceptedBefore);
        if (peer.idleRpcs < allowed) {
            return false;
        }
        peer.idleRpcs++;
        if (rpc.messages().isEmpty() || peer.idleRpcs > 10 * allowed) {
            neighbours.overLimit(peer);
        }
        return true;
    }

    private void subscribed(Peer peer, Subscription subscription) {
        if (peer.subscriptions++ >= limits.subscriptionsPerHeartbeat()) {
            neighbours.overLimit(peer);
            return;
        }
        String topic = subscription.topic();
        Mesh mesh = meshes.get(topic);
        if (!subscription.subscribe()) {
            if (peer.topics.remove(topic) && mesh == null) {
                peer.foreignTopics--;
            }
            peer.awaited.remove(topic);
            if (mesh != null) {
                meshes.peerLeft(mesh, peer);
            }
        } else if (mesh != null) {
            (peer.admitted.contains(topic) ? peer.topics : peer.awaited).add(mesh.topic);
        } else if (peer.foreignTopics < limits.foreignTopicsPerPeer() && peer.topics.add(topic)) {
            peer.foreignTopics++;
        }
    }

    /** @return whether it was new, and is taken */
    private boolean received(Peer peer, Message message, long nowMillis) {
        Mesh mesh = meshes.get(message.topic());
        if (mesh == null || !peer.admitted.contains(mesh.topic)) {
            return false;
        }
        MessageId id = MessageId.of(message.topic(), message.data());
        boolean fetched = promises.received(id);
        Verdict before = seen.get(id);
        if (before != null) {
            duplicate(peer, mesh, before);
            return false;
        }
        Incoming known = judging.get(id);
        if (known != null) {
            judging.sentToo(known, peer);
            return false;
        }
        if (!judging.add(new Incoming(id, message, peer, nowMillis, fetched))) {
            return false;
        }
        if (message.data().length >= RouterLimits.IDONTWANT_SIZE_MIN_BYTES) {
            Rpc idontwant = Rpc.idontwant(List.of(id));
            mesh.peers.stream()
                    .filter(other -> other != peer && other.knowsIdontwant)
                    .forEach(other -> neighbours.send(other, idontwant));
        }
        return true;
    }

    private void duplicate(Peer peer, Mesh mesh, Verdict verdict) {
        switch (verdict) {
            case REJECT -> peer.score.sentInvalid(mesh.topic);
            case ACCEPT -> {
                if (mesh.peers.contains(peer)) {
                    peer.score.deliveredInMesh(mesh.topic);
                }
            }
            case IGNORE -> {
                // Neither praise nor blame.
            }
        }
    }

    private void unwanted(Peer peer, MessageId id) {
        if (peer.idontwants++ < limits.idontwantsPerHeartbeat()) {
            peer.unwanted(id);
        } else {
            neighbours.overLimit(peer);
        }
    }

    private void offered(Peer peer, IHave ihave, long nowMillis) {
        if (!neighbours.mayGossip(peer)
                || meshes.get(ihave.topic()) == null
                || !peer.admitted.contains(ihave.topic())) {
            return;
        }
        // Two a topic: a peer's heartbeats and ours do not fall together.
        if (peer.ihaves++ >= limits.ihavesPerHeartbeat() + 2 * meshes.topics().size()) {
            neighbours.overLimit(peer);
            return;
        }
        if (peer.promises >= RouterLimits.PROMISES_PER_PEER_MAX) {
            return;
        }
        List<MessageId> asked = new ArrayList<>();
        for (MessageId id : ihave.ids()) {
            if (peer.askedIds < limits.ihaveIdsPerHeartbeat() && seen.get(id) == null && judging.get(id) == null) {
                if (peer.askedIds++ < RouterLimits.ASKED_KEPT_PER_PEER) {
                    promises.asked(id);
                }
                asked.add(id);
            }
        }
        if (!asked.isEmpty()) {
            MessageId promise = asked.get(neighbours.random().nextInt(asked.size()));
            promises.promised(peer, promise, nowMillis + GossipSettings.PROMISE_MILLIS);
            for (int at = 0; at < asked.size(); at += RpcLimits.IWANT_IDS_PER_RPC) {
                int end = Math.min(asked.size(), at + RpcLimits.IWANT_IDS_PER_RPC);
                neighbours.send(peer, Rpc.iwant(asked.subList(at, end)));
            }
        }
    }

    private void wanted(Peer peer, List<MessageId> ids) {
        if (ids.isEmpty() || !neighbours.mayGossip(peer)) {
            return;
        }
        List<Message> answer = new ArrayList<>();
        int answerBytes = 0;
        for (MessageId id : ids) {
            if (peer.iwants++ >= limits.iwantIdsPerHeartbeat() || peer.iwantBytes >= limits.iwantBytesPerHeartbeat()) {
                neighbours.overLimit(peer);
                continue;
            }
            Message message = cache.take(id, peer.slot);
            if (message == null || isShut(peer, message.topic())) {
                continue;
            }
            int size = message.data().length + RpcLimits.TOPIC_SIZE_MAX_BYTES + 16;
            if (answerBytes + size > RpcLimits.RPC_SIZE_MAX_BYTES) {
                neighbours.send(peer, Rpc.messages(answer));
                answer.clear();
                answerBytes = 0;
            }
            answer.add(message);
            answerBytes += size;
            peer.iwantBytes += size;
        }
        if (!answer.isEmpty()) {
            neighbours.send(peer, Rpc.messages(answer));
        }
    }

    /** Whether the topic is ours and the peer is kept out of it. */
    private boolean isShut(Peer peer, String topic) {
        return meshes.get(topic) != null && !peer.admitted.contains(topic);
    }

    // Messages

    private void judged(MessageId id, Verdict verdict, long nowMillis) {
        Incoming incoming = judging.judged(id, verdict);
        if (incoming == null) {
            return;
        }
        seen.put(id, verdict, nowMillis);
        String topic = incoming.message.topic();
        Mesh mesh = meshes.get(topic);
        switch (verdict) {
            case ACCEPT -> {
                accepted++;
                incoming.senders.getFirst().score.deliveredFirst(topic);
                if (mesh != null) {
                    credit(mesh, incoming);
                    cache.put(id, incoming.message);
                    forward(mesh, incoming);
                }
            }
            case REJECT ->
                incoming.senders.forEach(sender -> {
                    sender.score.sentInvalid(topic);
                    judging.pump(sender); // Forgets what else it sent if that was one too many.
                });
            case IGNORE -> {
                // It may be good for others; entry sync settles it.
            }
        }
        judging.pump(incoming.validatedFor);
    }

    /** P3: who pushed it, and who should have when it had to be fetched. */
    private static void credit(Mesh mesh, Incoming incoming) {
        Peer first = incoming.senders.getFirst();
        if (incoming.fetched && !mesh.peers.contains(first)) {
            mesh.rescuers.add(first);
        }
        for (Peer peer : mesh.peers) {
            if (incoming.senders.contains(peer)) {
                peer.score.deliveredInMesh(mesh.topic);
            } else if (incoming.fetched) {
                peer.score.failedToDeliver(mesh.topic);
            }
        }
    }

    private void forward(Mesh mesh, Incoming incoming) {
        Rpc rpc = Rpc.messages(List.of(incoming.message));
        for (Peer peer : mesh.peers) {
            if (!incoming.senders.contains(peer) && peer.wants(incoming.id)) {
                neighbours.send(peer, rpc);
            }
        }
    }

    private void publish(Message message, long nowMillis) {
        if (message.data().length > RpcLimits.MESSAGE_SIZE_MAX_BYTES) {
            throw new IllegalArgumentException("a message has at most " + RpcLimits.MESSAGE_SIZE_MAX_BYTES + " bytes");
        }
        requireTopic(message.topic());
        MessageId id = MessageId.of(message.topic(), message.data());
        if (seen.get(id) != null) {
            return;
        }
        seen.put(id, Verdict.ACCEPT, nowMillis);
        accepted++;
        cache.put(id, message);
        Rpc rpc = Rpc.messages(List.of(message));
        for (Peer peer : audience(message.topic(), nowMillis)) {
            if (neighbours.mayPublish(peer)) {
                neighbours.send(peer, rpc);
            }
        }
    }

    private List<Peer> audience(String topic, long nowMillis) {
        if (settings.floodPublish()) {
            return neighbours.all().stream()
                    .filter(peer -> peer.topics.contains(topic))
                    .toList();
        }
        Mesh mesh = meshes.get(topic);
        if (mesh != null) {
            return List.copyOf(mesh.peers);
        }
        Fanout before = fanouts.get(topic);
        List<Peer> peers = before == null ? new ArrayList<>() : before.peers;
        if (before == null && fanouts.size() >= RouterLimits.TOPICS_MAX) {
            fanouts.remove(fanouts.keySet().iterator().next());
        }
        peers.addAll(neighbours.choose(
                settings.d() - peers.size(),
                peer -> peer.topics.contains(topic) && !peers.contains(peer) && neighbours.mayPublish(peer)));
        fanouts.put(topic, new Fanout(peers, nowMillis));
        return peers;
    }

    // Heartbeat

    private void heartbeat(long nowMillis) {
        promises.broken(nowMillis).forEach((peer, count) -> peer.score.misbehaved(count));
        promises.heartbeat();
        neighbours.heartbeat(nowMillis);
        judging.overdue(nowMillis).forEach(id -> judged(id, Verdict.IGNORE, nowMillis));
        neighbours.all().forEach(judging::pump);
        if (gate != Gate.OPEN) {
            for (Mesh mesh : meshes.all()) {
                neighbours.all().forEach(peer -> admit(peer, mesh));
            }
        }
        meshes.heartbeat(nowMillis);
        fanouts.values().removeIf(fanout -> fanout.lastMillis + GossipSettings.FANOUT_MILLIS <= nowMillis);
        gossip();
        cache.heartbeat();
        seen.heartbeat(nowMillis);
        acceptedBefore = accepted;
        accepted = 0;
    }

    private void gossip() {
        cache.recent().forEach((topic, ids) -> {
            Mesh mesh = meshes.get(topic);
            Fanout fanout = fanouts.get(topic);
            List<Peer> eager = mesh != null ? List.copyOf(mesh.peers) : fanout != null ? fanout.peers : List.of();
            for (Peer peer : meshes.gossipTargets(topic, eager)) {
                List<MessageId> offer = ids;
                if (ids.size() > RouterLimits.IHAVE_IDS_SENT_MAX) {
                    offer = new ArrayList<>(ids);
                    neighbours.shuffle(offer); // Each peer gets another part.
                    offer = offer.subList(0, RouterLimits.IHAVE_IDS_SENT_MAX);
                }
                neighbours.send(peer, Rpc.ihave(List.of(new IHave(topic, List.copyOf(offer)))));
            }
        });
    }

    // Views

    /** How much heap this holds, by estimate: within a factor of two, and it grows and shrinks as the heap does. */
    long bytesHeld() {
        return neighbours.bytesHeld()
                + meshes.bytesHeld()
                + judging.bytesHeld()
                + cache.bytesHeld()
                + promises.bytesHeld()
                + (long) seen.size() * SeenCache.ENTRY_BYTES;
    }

    List<PeerView> peers() {
        return neighbours.all().stream()
                .map(peer -> new PeerView(
                        peer.id,
                        peer.score.value(),
                        List.copyOf(peer.topics),
                        meshes.all().stream()
                                .filter(mesh -> mesh.peers.contains(peer))
                                .map(mesh -> mesh.topic)
                                .toList(),
                        peer.outbound))
                .toList();
    }

    /** Messages not judged yet. */
    int unjudged() {
        return judging.size();
    }
}
