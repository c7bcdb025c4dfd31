// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Body;
import org.althing.codec.EntryCodec;
import org.althing.gossip.internal.sync.SimulatedSync;
import org.althing.testkit.network.LinkQuality;
import org.althing.testkit.network.SimulatedHost;
import org.althing.testkit.network.SimulatedNetwork;
import org.althing.testkit.network.SimulatedNode;

/**
 * Nodes with the shipped gossip and the shipped entry sync on a simulated network: entries are published, the network is cut in two and grows
 * together. Repeated by its seed. Also a program of its own, for {@code althing bench sim}: it prints its figures as one line of JSON.
 */
final class SimulatedTown {

    static final long SECOND = 1_000_000;

    private static final double WARM_UP_SECONDS = 15;
    private static final double PUBLISH_SECONDS = 20;
    private static final double SETTLE_SECONDS = 5;
    private static final double CUT_SECONDS = 20;
    private static final double HEAL_MAX_SECONDS = 180;
    private static final double MESSAGES_PER_SECOND = 2;
    /** The smaller side of the cut is one of so many. */
    private static final int CUT_PARTS = 3;

    /** Addresses that a node knows; a real one keeps about as many. */
    private static final int BOOK_MAX = 1000;
    /** Peers that a node insists on, as on those of its invitation. */
    private static final int WANTED = 2;

    private static final long WANTED_PAUSE_MIN_MICROS = 15 * SECOND;
    private static final long WANTED_PAUSE_MAX_MICROS = 45 * SECOND;
    private static final int INBOUND_MAX = 100;
    private static final int TEXT_CHARS = 80;

    /**
     * What came of it. Times are the network's.
     *
     * @param delivered of all the deliveries there should have been
     * @param hopsMean over how many links a message came to a node, on average
     * @param bytesPerMessage of gossip that a node received, for each message published
     * @param gossipBytesPerSecond the same for each second, with all that goes on between messages
     * @param syncBytesPerSecond of entry sync that a node received
     * @param duplicates how often a node received a message again, on average
     * @param missedInCut deliveries that the cut prevented
     * @param missedForGood of these, how many were still missing some minutes after the cut
     * @param convergedSeconds from the end of the cut until the last of the others had come
     * @param bytesHeldMax the heap of a node's gossip, by its own account
     */
    record Figures(
            int peers,
            double delivered,
            double hopsMean,
            int hopsMax,
            double p50Millis,
            double p99Millis,
            double maxMillis,
            double bytesPerMessage,
            double gossipBytesPerSecond,
            double syncBytesPerSecond,
            double duplicates,
            long missedInCut,
            long missedForGood,
            double convergedSeconds,
            double convergedP99Seconds,
            long bytesHeldMax,
            int messageBytes,
            long events,
            double virtualSeconds) {}

    /** An entry: who has it since when, and over how many links it came. */
    private static final class Published {
        final byte[] entry;
        final long timeMillis;
        final int author;
        final long atMicros;
        final long[] arrivedMicros;
        final byte[] hops;
        int missing;

        Published(byte[] entry, long timeMillis, int author, long atMicros, int nodes) {
            this.entry = entry;
            this.timeMillis = timeMillis;
            this.author = author;
            this.atMicros = atMicros;
            this.arrivedMicros = new long[nodes];
            Arrays.fill(arrivedMicros, -1);
            this.hops = new byte[nodes];
            this.missing = nodes;
        }
    }

    /** Both machines on one connection to each peer. */
    private final class Node implements SimulatedNode<Object> {
        final GossipNode gossip;
        final int[] wanted = new int[WANTED];
        private SimulatedSync sync;
        private SimulatedHost<Object> host;

        Node(GossipNode gossip) {
            this.gossip = gossip;
        }

        @Override
        public void started(SimulatedHost<Object> itsHost) {
            host = itsHost;
            sync = new SimulatedSync(
                    itsHost,
                    GossipNode::peerId,
                    GossipNode::number,
                    dao,
                    entry -> kept(itsHost.self(), numbers.get(entry)));
            gossip.started(forGossip(itsHost));
            dialWanted();
        }

        private void dialWanted() {
            for (int peer : wanted) {
                host.dial(peer);
            }
            host.after(host.random().nextLong(WANTED_PAUSE_MIN_MICROS, WANTED_PAUSE_MAX_MICROS), this::dialWanted);
        }

        @Override
        public void connected(SimulatedHost<Object> itsHost, int peer, boolean outbound) {
            gossip.connected(forGossip(itsHost), peer, outbound);
            sync.connected(peer);
        }

        @Override
        public void disconnected(SimulatedHost<Object> itsHost, int peer) {
            gossip.disconnected(forGossip(itsHost), peer);
            sync.disconnected(peer);
        }

        @Override
        public void received(SimulatedHost<Object> itsHost, int peer, Object message) {
            switch (message) {
                case Rpc rpc -> gossip.received(forGossip(itsHost), peer, rpc);
                case SimulatedSync.Frame frame -> sync.received(peer, frame);
                default -> throw new IllegalArgumentException("nobody sends " + message.getClass());
            }
        }

        @Override
        public long bytesHeld() {
            return gossip.router.bytesHeld();
        }
    }

    /** A host only takes in what is sent, so one of anything is one of RPCs. */
    @SuppressWarnings("unchecked")
    private static SimulatedHost<Rpc> forGossip(SimulatedHost<Object> host) {
        return (SimulatedHost<Rpc>) (SimulatedHost<?>) host;
    }

    private final Cid dao = Cid.hash(new byte[] {7});
    private final SimulatedNetwork<Object> network;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Published> published = new ArrayList<>();
    private final Map<Cid, Integer> numbers = new HashMap<>();
    private final Signer author = new NoSigner();
    private long bytesHeldMax;

    /** Nobody checks these signatures: the network's clock has the time that it takes. */
    private static final class NoSigner implements Signer {
        @Override
        public PublicKey key() {
            return PublicKey.of(new byte[PublicKey.BYTES]);
        }

        @Override
        public Signature sign(byte[] message) {
            return Signature.of(new byte[Signature.BYTES]);
        }
    }

    SimulatedTown(long seed, int size) {
        network = new SimulatedNetwork<>(seed, LinkQuality.wide());
        RandomGenerator random = network.random();
        for (int i = 0; i < size; i++) {
            Node node = new Node(new GossipNode(GossipNode.Setup.standard(), this::applied, random, i));
            nodes.add(node);
            network.add(node, new SimulatedNetwork.Place("home-" + i, INBOUND_MAX, INBOUND_MAX, false));
            for (int j = 0; j < Math.min(size - 1, BOOK_MAX); j++) {
                node.gossip.book.add(size <= BOOK_MAX ? (i + 1 + j) % size : random.nextInt(size));
            }
            for (int j = 0; j < WANTED; j++) {
                node.wanted[j] = random.nextInt(size);
            }
        }
    }

    private void applied(int node, int from, int message, long micros) {
        Published entry = published.get(message);
        entry.hops[node] = (byte) (node == from ? 0 : entry.hops[from] + 1);
        nodes.get(node).sync.keep(entry.entry, entry.timeMillis);
    }

    private void kept(int node, int message) {
        Published entry = published.get(message);
        if (entry.arrivedMicros[node] < 0) {
            entry.arrivedMicros[node] = network.nowMicros();
            entry.missing--;
            nodes.get(node).gossip.keep(message);
        }
    }

    private void publish(int node) {
        int number = published.size();
        long timeMillis = network.nowMicros() / 1000;
        byte[] entry = EntryCodec.sign(
                new EntryCodec.Draft(
                        dao,
                        author.key(),
                        number,
                        number == 0 ? null : dao,
                        dao,
                        timeMillis,
                        new Body.Comment(dao, Optional.empty(), ".".repeat(TEXT_CHARS))),
                author);
        published.add(new Published(entry, timeMillis, node, network.nowMicros(), nodes.size()));
        numbers.put(Cid.hash(entry), number);
        nodes.get(node).gossip.publish(number);
    }

    private void run(double seconds, double messagesPerSecond) {
        long end = network.nowMicros() + Math.round(seconds * SECOND);
        if (messagesPerSecond > 0) {
            long between = Math.round(SECOND / messagesPerSecond);
            for (long at = network.nowMicros() + between; at <= end; at += between) {
                int publisher = network.random().nextInt(nodes.size());
                network.at(at, () -> publish(publisher));
            }
        }
        while (network.nowMicros() < end) {
            network.run(Math.min(end, network.nowMicros() + SECOND));
            for (Node node : nodes) {
                bytesHeldMax = Math.max(bytesHeldMax, node.bytesHeld());
            }
        }
    }

    private long gossipBytes() {
        return nodes.stream().mapToLong(node -> node.gossip.bytesReceived).sum();
    }

    private long gossipMessages() {
        return nodes.stream().mapToLong(node -> node.gossip.messagesReceived).sum();
    }

    private long syncBytes() {
        return nodes.stream().mapToLong(node -> node.sync.bytesReceived()).sum();
    }

    private long missing() {
        return published.stream().mapToLong(entry -> entry.missing).sum();
    }

    /** The whole course. */
    Figures live() {
        for (int i = 0; i < nodes.size(); i++) {
            network.start(i);
        }
        run(WARM_UP_SECONDS, 0);
        long idleBytes = gossipBytes();
        run(SETTLE_SECONDS, 0);
        double idlePerSecond = (gossipBytes() - idleBytes) / SETTLE_SECONDS;

        long gossipBytes = gossipBytes();
        long syncBytes = syncBytes();
        long messages = gossipMessages();
        run(PUBLISH_SECONDS, MESSAGES_PER_SECOND);
        run(SETTLE_SECONDS, 0);
        double seconds = PUBLISH_SECONDS + SETTLE_SECONDS;
        gossipBytes = gossipBytes() - gossipBytes;
        syncBytes = syncBytes() - syncBytes;
        messages = gossipMessages() - messages;
        double perNode = nodes.size();
        double wanted = published.size() * (perNode - 1);
        double hops = 0;
        int hopsMax = 0;
        List<Long> latencies = new ArrayList<>();
        for (Published entry : published) {
            for (int i = 0; i < nodes.size(); i++) {
                if (i != entry.author && entry.arrivedMicros[i] >= 0) {
                    latencies.add(entry.arrivedMicros[i] - entry.atMicros);
                    hops += entry.hops[i];
                    hopsMax = Math.max(hopsMax, entry.hops[i]);
                }
            }
        }
        long[] sorted = sorted(latencies);
        int count = published.size();
        long missingBefore = missing();

        int small = nodes.size() / CUT_PARTS;
        network.partition(node -> node < small);
        run(CUT_SECONDS, MESSAGES_PER_SECOND);
        run(SETTLE_SECONDS, 0);
        long missed = missing();
        network.heal();
        long healed = network.nowMicros();
        while (missing() > 0 && network.nowMicros() < healed + HEAL_MAX_SECONDS * SECOND) {
            run(1, 0);
        }
        List<Long> late = new ArrayList<>();
        for (Published entry : published.subList(count, published.size())) {
            Arrays.stream(entry.arrivedMicros).filter(at -> at > healed).forEach(at -> late.add(at - healed));
        }
        long[] caughtUp = sorted(late);
        return new Figures(
                nodes.size(),
                sorted.length / wanted,
                hops / sorted.length,
                hopsMax,
                part(sorted, 0.5) / 1e3,
                part(sorted, 0.99) / 1e3,
                part(sorted, 1) / 1e3,
                (gossipBytes - idlePerSecond * seconds) / count / perNode,
                gossipBytes / seconds / perNode,
                syncBytes / seconds / perNode,
                (messages - sorted.length) / wanted,
                missed - missingBefore,
                missing() - missingBefore,
                part(caughtUp, 1) / 1e6,
                part(caughtUp, 0.99) / 1e6,
                bytesHeldMax,
                GossipNode.entry(0, 0, true).length,
                network.events(),
                network.nowMicros() / 1e6);
    }

    private static long[] sorted(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static double part(long[] sorted, double part) {
        return sorted.length == 0 ? -1 : sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))];
    }

    /** Arguments: how many peers, and a seed. */
    public static void main(String[] arguments) {
        int size = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        long start = System.nanoTime();
        SimulatedTown town = new SimulatedTown(seed, size);
        Figures figures = town.live();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heldBytes = runtime.totalMemory() - runtime.freeMemory();
        System.out.printf(
                Locale.ROOT,
                "{\"seconds\":%.3f,\"heapBytes\":%d,\"peers\":%d,\"delivered\":%.6f,\"hopsMean\":%.3f,\"hopsMax\":%d,"
                        + "\"p50Millis\":%.1f,\"p99Millis\":%.1f,\"maxMillis\":%.1f,\"bytesPerMessage\":%.1f,"
                        + "\"gossipBytesPerSecond\":%.1f,\"syncBytesPerSecond\":%.1f,\"duplicates\":%.3f,"
                        + "\"missedInCut\":%d,\"missedForGood\":%d,\"convergedSeconds\":%.3f,\"convergedP99Seconds\":%.3f,"
                        + "\"bytesHeldMax\":%d,\"messageBytes\":%d,\"events\":%d,\"virtualSeconds\":%.0f}%n",
                seconds,
                heldBytes,
                figures.peers,
                figures.delivered,
                figures.hopsMean,
                figures.hopsMax,
                figures.p50Millis,
                figures.p99Millis,
                figures.maxMillis,
                figures.bytesPerMessage,
                figures.gossipBytesPerSecond,
                figures.syncBytesPerSecond,
                figures.duplicates,
                figures.missedInCut,
                figures.missedForGood,
                figures.convergedSeconds,
                figures.convergedP99Seconds,
                figures.bytesHeldMax,
                figures.messageBytes,
                figures.events,
                figures.virtualSeconds);
    }
}
