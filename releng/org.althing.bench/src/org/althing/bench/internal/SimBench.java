// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.bench.Benchmark;
import org.osgi.service.component.annotations.Component;

/**
 * A town of simulated nodes, with the shipped gossip and the shipped entry sync on a virtual clock: what a message costs and how soon it is
 * everywhere, and how soon a network that was cut in two is of one mind again. Against a tenth of the town: what a peer pays should not grow
 * with the network.
 */
@Component
public final class SimBench implements Benchmark {

    private static final int PEERS = Integer.getInteger("althing.bench.peers", 10_000);
    private static final int SMALLER = 10;
    private static final long SEED = 1;
    private static final long TIMEOUT_MINUTES = 30;
    private static final int HEAP_MAX_MEBIBYTES = 4096;
    private static final double P99_GOAL_MILLIS = 3000;
    /** What a member's node waits at the longest for peers that it insists on. */
    private static final double CONVERGED_GOAL_SECONDS = 60;

    private static final String PROGRAM = "org.althing.gossip.internal.pubsub.SimulatedTown";
    private static final List<String> SOURCES =
            List.of("bundles/org.althing.gossip/src_test", "bundles/org.althing.testkit/src");

    @Override
    public String name() {
        return "sim";
    }

    @Override
    public String summary() {
        return "10,000 simulated peers with the shipped gossip and sync, against a tenth of them";
    }

    @Override
    public List<Row> run(Progress progress) throws AlthingException {
        Checkout checkout = Checkout.ofProduct();
        try (TemporaryFolder folder = TemporaryFolder.make()) {
            progress.step("compiling the simulation");
            Checkout.Program program = checkout.compile(folder.path(), PROGRAM, SOURCES);
            progress.step(PEERS / SMALLER + " peers");
            JsonNode few = live(program, PEERS / SMALLER);
            progress.step(PEERS + " peers");
            return rows(few, live(program, PEERS));
        }
    }

    private static JsonNode live(Checkout.Program program, int peers) throws AlthingException {
        String line = program.run(
                TIMEOUT_MINUTES,
                List.of("-Xmx" + HEAP_MAX_MEBIBYTES + "m"),
                Integer.toString(peers),
                Long.toString(SEED));
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AlthingException("the simulation answered what is no JSON: " + line, e);
        }
    }

    static List<Row> rows(JsonNode few, JsonNode many) {
        String tenth = few.get("peers").asInt() + " peers";
        double messageBytes = many.get("messageBytes").asDouble();
        return List.of(
                Row.more("delivered", many.get("delivered").asDouble(), "of 1", "all", 1),
                less(tenth, few, many, "links a message crosses, mean", "hopsMean", "links"),
                less(tenth, few, many, "links a message crosses, most", "hopsMax", "links"),
                less(tenth, few, many, "half of the deliveries within", "p50Millis", "ms"),
                Row.less(
                        "99 of 100 deliveries within",
                        many.get("p99Millis").asDouble(),
                        "ms",
                        "the goal",
                        P99_GOAL_MILLIS),
                less(tenth, few, many, "the slowest delivery", "maxMillis", "ms"),
                less(tenth, few, many, "bytes a message costs a peer", "bytesPerMessage", "bytes"),
                Row.less(
                        "bytes a message costs a peer, of its size",
                        many.get("bytesPerMessage").asDouble() / messageBytes,
                        "times",
                        "sent once",
                        1),
                less(tenth, few, many, "times a peer gets a message again", "duplicates", "times"),
                less(tenth, few, many, "gossip a peer receives", "gossipBytesPerSecond", "bytes/s"),
                less(tenth, few, many, "entry sync a peer receives", "syncBytesPerSecond", "bytes/s"),
                new Row(
                        "deliveries that a cut prevented",
                        many.get("missedInCut").asDouble(),
                        "deliveries",
                        tenth,
                        few.get("missedInCut").asDouble(),
                        1),
                new Row(
                        "of these never made up for",
                        many.get("missedForGood").asDouble(),
                        "deliveries",
                        tenth,
                        few.get("missedForGood").asDouble(),
                        1),
                less(tenth, few, many, "99 of 100 of these made up for within", "convergedP99Seconds", "s"),
                Row.less(
                        "all of these made up for within",
                        many.get("convergedSeconds").asDouble(),
                        "s",
                        "the goal",
                        CONVERGED_GOAL_SECONDS),
                Row.less(
                        "most heap of a peer's gossip, by its own account",
                        many.get("bytesHeldMax").asDouble() / 1024,
                        "KiB",
                        tenth,
                        few.get("bytesHeldMax").asDouble() / 1024),
                Row.less(
                        "heap of the simulation at its end",
                        many.get("heapBytes").asDouble() / (1 << 20),
                        "MiB",
                        "what it may take",
                        HEAP_MAX_MEBIBYTES),
                Row.less(
                        "the simulation took",
                        many.get("seconds").asDouble(),
                        "s",
                        "simulated time",
                        many.get("virtualSeconds").asDouble()),
                Row.more(
                        "events of the simulation",
                        many.get("events").asDouble() / many.get("seconds").asDouble(),
                        "1/s",
                        tenth,
                        few.get("events").asDouble() / few.get("seconds").asDouble()));
    }

    private static Row less(String tenth, JsonNode few, JsonNode many, String title, String field, String unit) {
        return Row.less(
                title, many.get(field).asDouble(), unit, tenth, few.get(field).asDouble());
    }
}
