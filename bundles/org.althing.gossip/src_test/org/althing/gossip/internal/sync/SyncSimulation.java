// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica;
import org.althing.gossip.internal.sync.SyncCodec.Answered;
import org.althing.gossip.internal.sync.SyncCodec.Asked;
import org.althing.gossip.internal.sync.negentropy.ItemTree;
import org.jspecify.annotations.Nullable;

/**
 * The shipped fetcher and server on a virtual clock and network: every request and answer goes through the shipped codec, takes its time on
 * a link of some latency and rate, and peers behave as they are told. Repeated by its seed.
 */
final class SyncSimulation {

    /** How a peer answers. */
    enum Manner {
        HONEST,
        /** Sends entries, lists or headers that are not what was asked for. */
        LYING,
        /** Answers a few requests, then nothing more, and stays connected. */
        DYING,
        /** Never answers. */
        SILENT,
        /** Claims seals that there are not. */
        BOASTING,
        /** Answers a tenth of what was asked. */
        STINGY,
        /** Comes and goes. */
        FLICKERING,
        /** Refuses what it claims to have. */
        REFUSING,
        /** Sends what was never asked for. */
        BABBLING
    }

    private static final int STEPS_MAX = 2_000_000;

    final Fetcher fetcher;
    final TestReplica node;
    final Map<PeerId, String> bans = new LinkedHashMap<>();
    final List<String> pauses = new ArrayList<>();
    final List<String> alarms = new ArrayList<>();
    long heldMaxBytes;
    long brought;
    long now = 1_000;

    private final Random random;
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Map<PeerId, Peer> peers = new LinkedHashMap<>();
    private final Map<Integer, Integer> answersByPeer = new HashMap<>();
    private long order;
    private long lastId;
    private long tickAt;
    /** How long the node takes for a seal. */
    private final long sealMillis;

    private record Due(long at, long order, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private static final class Peer {
        final PeerId id;
        final int number;
        final Manner manner;
        final SyncServer server;
        final long latencyMillis;
        final long bytesPerSecond;
        long freeAt;
        boolean connected;
        int answers;
        long epoch;

        Peer(PeerId id, int number, Manner manner, SyncServer server, long latencyMillis, long bytesPerSecond) {
            this.id = id;
            this.number = number;
            this.manner = manner;
            this.server = server;
            this.latencyMillis = latencyMillis;
            this.bytesPerSecond = bytesPerSecond;
        }
    }

    SyncSimulation(long seed, TestReplica node, SealVerifier verifier, long sealMillis) {
        this.random = new Random(seed);
        this.node = node;
        this.sealMillis = sealMillis;
        this.fetcher = new Fetcher(
                node.dao(), node.tip(), verifier, cid -> node.ledger().has(cid), () -> ++lastId, now);
    }

    static PeerId peer(int number) {
        byte[] raw = new byte[PublicKey.BYTES];
        raw[0] = (byte) number;
        raw[1] = (byte) (1 + (number >>> 8));
        return PeerId.of(PublicKey.of(raw));
    }

    PeerId add(Manner manner, Replica replica, long latencyMillis, long bytesPerSecond, long joinsAfterMillis) {
        int number = peers.size();
        PeerId id = peer(number);
        SyncServer server = new SyncServer((asking, dao) -> dao.equals(replica.dao())
                ? Optional.of(new SyncServer.Served(replica, new ReaderProofs(replica.dao(), id), new ItemTree()))
                : Optional.empty());
        Peer peer = new Peer(id, number, manner, server, latencyMillis, bytesPerSecond);
        peers.put(id, peer);
        at(now + joinsAfterMillis, () -> join(peer));
        return id;
    }

    /** How many answers a peer gave. */
    int answersOf(PeerId id) {
        return answersByPeer.getOrDefault(peers.get(id).number, 0);
    }

    /** Runs until the node has this height, or the time is over; whether it has. */
    boolean run(long height, long millisMax) {
        long until = now + millisMax;
        for (int steps = 0; node.tip().height() < height && steps < STEPS_MAX; steps++) {
            if (tickAt <= now) {
                handle(new FetchEvent.Ticked());
                tickAt = fetcher.wakeAtMillis(now);
            }
            Due next = due.peek();
            if (next == null || next.at > tickAt) {
                now = tickAt;
            } else {
                now = Math.max(now, due.remove().at);
                next.task.run();
            }
            if (now > until) {
                return false;
            }
        }
        return node.tip().height() >= height;
    }

    private void at(long time, Runnable task) {
        due.add(new Due(time, order++, task));
    }

    private void join(Peer peer) {
        peer.connected = true;
        peer.epoch++;
        handle(new FetchEvent.Joined(peer.id));
        if (peer.manner == Manner.FLICKERING) {
            at(now + 200 + random.nextInt(3_000), () -> leave(peer));
        }
    }

    private void leave(Peer peer) {
        peer.connected = false;
        peer.epoch++;
        handle(new FetchEvent.Left(peer.id));
        at(now + 100 + random.nextInt(3_000), () -> join(peer));
    }

    void handle(FetchEvent event) {
        for (FetchAction action : fetcher.handle(event, now)) {
            switch (action) {
                case FetchAction.Ask a -> ask(peers.get(a.peer()), a);
                case FetchAction.Bring a ->
                    at(now + sealMillis, () -> {
                        node.bringSeal(a.seal(), a.entries()).join();
                        brought += a.entries().size();
                        handle(new FetchEvent.Taken(a.seal().height()));
                    });
                case FetchAction.Pause a -> pauses.add(peers.get(a.peer()).manner + ": " + a.reason());
                case FetchAction.Ban a -> bans.put(a.peer(), peers.get(a.peer()).manner + ": " + a.reason());
                case FetchAction.Alarm a -> alarms.add(a.problem());
            }
        }
        heldMaxBytes = Math.max(heldMaxBytes, fetcher.heldBytes());
    }

    private void ask(@Nullable Peer peer, FetchAction.Ask ask) {
        if (peer == null || !peer.connected) {
            throw new AssertionError("somebody is asked who is not there");
        }
        byte[] frame = SyncCodec.encode(new Asked(ask.id(), ask.request()));
        Request request = SyncCodec.decodeRequest(frame).request();
        Answer answer = answer(peer, request);
        if (answer == null) {
            return;
        }
        long id = peer.manner == Manner.BABBLING && random.nextInt(10) == 0 ? ask.id() + 1_000_000 : ask.id();
        byte[] bytes = SyncCodec.encode(new Answered(id, answer));
        peer.freeAt = Math.max(peer.freeAt, now + peer.latencyMillis) + bytes.length * 1_000L / peer.bytesPerSecond;
        long epoch = peer.epoch;
        at(peer.freeAt + peer.latencyMillis, () -> {
            if (peer.connected && peer.epoch == epoch) {
                answersByPeer.merge(peer.number, 1, Integer::sum);
                Answered answered = SyncCodec.decodeAnswer(bytes);
                handle(new FetchEvent.Answered(peer.id, answered.id(), answered.answer(), bytes.length));
            }
        });
    }

    private @Nullable Answer answer(Peer peer, Request request) {
        Answer answer = peer.server.answer(peer.id, request);
        peer.answers++;
        return switch (peer.manner) {
            case HONEST, FLICKERING, BABBLING -> answer;
            case SILENT -> request instanceof Request.Status ? answer : null;
            case DYING -> peer.answers < 12 ? answer : null;
            case LYING -> random.nextInt(3) == 0 ? lie(answer) : answer;
            case BOASTING ->
                answer instanceof Answer.Status s
                        ? new Answer.Status(s.height() + 1_000_000, Optional.of(Cid.hash(new byte[1])), 0)
                        : answer;
            case STINGY -> stingy(answer);
            case REFUSING ->
                request instanceof Request.Status
                        ? answer
                        : new Answer.Refused(
                                Answer.Code.values()[random.nextInt(Answer.Code.values().length)], "not now");
        };
    }

    private Answer lie(Answer answer) {
        return switch (answer) {
            case Answer.Entries a -> {
                List<byte[]> entries = new ArrayList<>(a.entries());
                int at = random.nextInt(entries.size());
                byte[] changed = entries.get(at).clone();
                changed[random.nextInt(changed.length)] ^= 1;
                entries.set(at, changed);
                yield new Answer.Entries(entries);
            }
            case Answer.Bodies a -> {
                List<List<Cid>> bodies = new ArrayList<>(a.bodies());
                List<Cid> body = new ArrayList<>(bodies.getFirst());
                body.add(Cid.hash(new byte[] {9}));
                bodies.set(0, body);
                yield new Answer.Bodies(bodies);
            }
            case Answer.Headers a -> {
                List<Answer.Link> links = new ArrayList<>(a.links());
                byte[] header = links.getFirst().header().clone();
                header[header.length / 2] ^= 1;
                links.set(0, new Answer.Link(header, links.getFirst().certificate(), List.of()));
                yield new Answer.Headers(links);
            }
            default -> answer;
        };
    }

    private static Answer stingy(Answer answer) {
        return switch (answer) {
            case Answer.Entries a ->
                new Answer.Entries(a.entries().subList(0, 1 + a.entries().size() / 10));
            case Answer.Bodies a -> new Answer.Bodies(a.bodies().subList(0, 1));
            case Answer.Headers a -> new Answer.Headers(a.links().subList(0, 1));
            default -> answer;
        };
    }
}
