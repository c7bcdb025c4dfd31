// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.althing.api.AlthingException;
import org.althing.api.bench.Benchmark;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Nodes as processes of their own that gossip over the loopback, scored and each message's signature checked, against as many of js-libp2p
 * under the same policy and with the same mesh. By turns: as many messages as go through while so many are under way, then a calm pace.
 */
@Component
public final class GossipBench implements Benchmark {

    /** Set in the processes that this benchmark starts. */
    private static final String PEER = "althing.bench.gossip.peer";

    private static final int PEERS = Integer.getInteger("althing.bench.peers", 2);
    private static final int ROUNDS = Integer.getInteger("althing.bench.rounds", 5);
    private static final long FULL_MILLIS = Long.getLong("althing.bench.seconds", 4) * 1000;
    /** Messages of each node that are under way. */
    private static final int WINDOW = 256;

    /** D_lo of both. */
    private static final int MESH_MIN = 4;

    private static final int PACE_PER_SECOND = 100;
    private static final int PACE_MESSAGES = 300;
    private static final int WARM_UP_ROUNDS = Math.min(1, ROUNDS - 1);
    private static final long SETTLE_MILLIS = 500;
    private static final long MESH_MILLIS_MAX = 30_000;
    private static final String TOPIC = "/althing/bench";

    private final BundleContext context;
    private final ConfigurationAdmin admin;

    @Activate
    public GossipBench(BundleContext context, @Reference ConfigurationAdmin admin) {
        this.context = context;
        this.admin = admin;
    }

    @Override
    public String name() {
        return "gossip";
    }

    @Override
    public String summary() {
        return "messages, latency, processor and memory of " + PEERS + " nodes that gossip, against js-libp2p";
    }

    /**
     * A turn of one side.
     *
     * @param perSecond messages that reached every other node
     * @param paced messages of the calm pace that came, of all there should have been
     */
    private record Turn(
            double perSecond,
            double fullP50,
            double fullP99,
            double processorMicros,
            double p50,
            double p99,
            double paced,
            double invalid,
            double mebibytes) {}

    /** Nodes of one kind, each connected with each. */
    private record Side(List<PeerProcess> peers) implements AutoCloseable {

        void meet() throws AlthingException {
            List<String> addresses = new ArrayList<>();
            for (int i = 0; i < peers.size(); i++) {
                PeerProcess peer = peers.get(i);
                ObjectNode start = peer.command("start")
                        .put("topic", TOPIC)
                        .put("number", i)
                        .put("of", peers.size());
                addresses.add(peer.call(start).get(0).asText());
                for (int j = 0; j < i; j++) {
                    peer.call(peer.command("dial").put("address", addresses.get(j)));
                }
            }
            long end = System.nanoTime() + Duration.ofMillis(MESH_MILLIS_MAX).toNanos();
            int wanted = Math.min(peers.size() - 1, MESH_MIN);
            for (PeerProcess peer : peers) {
                while (peer.call("meshed").asInt() < wanted) {
                    if (System.nanoTime() > end) {
                        throw new AlthingException("the benchmark's peers have not come together in time");
                    }
                    pause(SETTLE_MILLIS);
                }
            }
        }

        Turn turn() throws AlthingException {
            double processor = processorSeconds();
            long start = System.nanoTime();
            begin(WINDOW);
            pause(FULL_MILLIS);
            List<JsonNode> full = end();
            double seconds = (System.nanoTime() - start) / 1e9;
            processor = processorSeconds() - processor;
            pause(SETTLE_MILLIS);
            begin(0);
            PeerProcess first = peers.getFirst();
            first.call(first.command("pace").put("perSecond", PACE_PER_SECOND).put("count", PACE_MESSAGES));
            pause(SETTLE_MILLIS);
            List<JsonNode> calm = end();
            double received = sum(full, "received");
            double memory = 0;
            for (PeerProcess peer : peers) {
                memory = Math.max(memory, peer.mebibytes());
            }
            return new Turn(
                    received / (peers.size() - 1) / seconds,
                    quantile(full, 0.5),
                    quantile(full, 0.99),
                    processor * 1e6 / received,
                    quantile(calm, 0.5),
                    quantile(calm, 0.99),
                    sum(calm, "received") / PACE_MESSAGES / (peers.size() - 1),
                    sum(full, "invalid") + sum(calm, "invalid"),
                    memory);
        }

        private double processorSeconds() {
            return peers.stream()
                    .mapToDouble(peer -> peer.processorTime().toMillis() / 1e3)
                    .sum();
        }

        private void begin(int window) throws AlthingException {
            for (PeerProcess peer : peers) {
                peer.send(peer.command("begin").put("window", window));
            }
            for (PeerProcess peer : peers) {
                peer.answer();
            }
        }

        private List<JsonNode> end() throws AlthingException {
            List<JsonNode> figures = new ArrayList<>();
            for (PeerProcess peer : peers) {
                peer.send(peer.command("end"));
            }
            for (PeerProcess peer : peers) {
                figures.add(peer.answer());
            }
            return figures;
        }

        @Override
        public void close() throws AlthingException {
            for (PeerProcess peer : peers) {
                peer.close();
            }
        }
    }

    private static double sum(List<JsonNode> figures, String field) {
        return figures.stream().mapToDouble(node -> node.path(field).asDouble()).sum();
    }

    /** Of the latencies of all nodes, in milliseconds. */
    static double quantile(List<JsonNode> figures, double part) {
        List<Double> all = new ArrayList<>();
        figures.forEach(node -> node.path("micros").forEach(micros -> all.add(micros.asDouble())));
        double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)] / 1e3;
    }

    private static void pause(long millis) throws AlthingException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
    }

    @Override
    public List<Row> run(Progress progress) throws AlthingException {
        Optional<Path> own = PeerShell.folder(PEER);
        if (own.isPresent()) {
            try (PeerShell shell = new PeerShell(context, admin, own.get())) {
                shell.serve(new GossipPeer(shell), System.out);
            }
            return List.of();
        }
        try (TemporaryFolder folder = TemporaryFolder.make()) {
            return compare(folder.path(), progress);
        } catch (IOException e) {
            throw new AlthingException("no folder for the benchmark's peers: " + e, e);
        }
    }

    private static List<Row> compare(Path folder, Progress progress) throws AlthingException, IOException {
        Path checkout = Path.of(System.getenv().getOrDefault("ALTHING_CHECKOUT", "."));
        Path npm = NpmFolder.installed(checkout, "npm").path();
        List<Turn> ours = new ArrayList<>();
        List<Turn> theirs = new ArrayList<>();
        try (Side our = new Side(new ArrayList<>());
                Side their = new Side(new ArrayList<>())) {
            progress.step("starting " + PEERS + " nodes of each");
            for (int i = 0; i < PEERS; i++) {
                our.peers.add(new PeerProcess(
                        PeerShell.process("gossip", PEER, Files.createDirectory(folder.resolve("peer" + i)))));
                their.peers.add(new PeerProcess(new ProcessBuilder(
                                npm.resolve("node_modules/node/bin/node").toString(), "gossip-bench.mjs")
                        .directory(npm.toFile())));
            }
            our.meet();
            their.meet();
            for (int i = -WARM_UP_ROUNDS; i < ROUNDS; i++) {
                Turn one = our.turn();
                Turn other = their.turn();
                progress.step(String.format(
                        "%s %d: %.0f and %.0f messages/s",
                        i < 0 ? "warming up" : "round", i, one.perSecond, other.perSecond));
                if (i >= 0) {
                    ours.add(one);
                    theirs.add(other);
                }
            }
        }
        return rows(ours, theirs);
    }

    private static List<Row> rows(List<Turn> ours, List<Turn> theirs) {
        String js = "js-libp2p";
        return List.of(
                Row.more("messages", median(ours, Turn::perSecond), "1/s", js, median(theirs, Turn::perSecond)),
                less("half of these within", ours, theirs, Turn::fullP50, "ms"),
                less("99 of 100 of these within", ours, theirs, Turn::fullP99, "ms"),
                less("processor time of a delivery", ours, theirs, Turn::processorMicros, "us"),
                less("at 100 messages/s, half within", ours, theirs, Turn::p50, "ms"),
                less("at 100 messages/s, 99 of 100 within", ours, theirs, Turn::p99, "ms"),
                Row.more("of these came", median(ours, Turn::paced), "of 1", js, median(theirs, Turn::paced)),
                less("resident memory of a node", ours, theirs, Turn::mebibytes, "MiB"),
                new Row(
                        "messages that were not valid",
                        median(ours, Turn::invalid),
                        "messages",
                        js,
                        median(theirs, Turn::invalid),
                        1));
    }

    private static Row less(
            String title, List<Turn> ours, List<Turn> theirs, ToDoubleFunction<Turn> figure, String unit) {
        return Row.less(title, median(ours, figure), unit, "js-libp2p", median(theirs, figure));
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
