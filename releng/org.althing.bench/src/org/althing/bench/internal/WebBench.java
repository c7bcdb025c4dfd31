// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.bench.Benchmark;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.HttpDoors;
import org.althing.api.node.HttpDoors.HttpDoor;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.codec.Ed25519;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * 200 readers who ask again as soon as they are answered and 20 streams of events, while ballots come in over the same door; against the
 * same readers at an HTTP server of the JDK that has nothing to do but answer. Everything is in this process, clients too.
 */
@Component
public final class WebBench implements Benchmark {

    private static final int READERS = 200;
    private static final int STREAMS = 20;
    private static final long SECONDS = Long.getLong("althing.bench.seconds", 60);
    /** Of that time the bare server gets a part only, since it does nothing that could grow. */
    private static final long BARE_PART = 4;

    private static final int BALLOTS_AT_ONCE = 50;
    private static final long BALLOTS_PAUSE_MILLIS = 50;
    private static final int BARE_ANSWER_BYTES = 2048;
    private static final double ANSWER_GOAL_MILLIS = 250;
    private static final double HEAP_GOAL_MEBIBYTES = 512;

    private final NodeLauncher launcher;
    private final HttpDoors doors;
    private final AssemblyClients clients;

    @Activate
    public WebBench(@Reference NodeLauncher launcher, @Reference HttpDoors doors, @Reference AssemblyClients clients) {
        this.launcher = launcher;
        this.doors = doors;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "web";
    }

    @Override
    public String summary() {
        return READERS + " readers and " + STREAMS + " event streams while ballots come in, against a bare HTTP server";
    }

    @Override
    public List<Row> run(Progress progress) throws AlthingException {
        progress.step("a bare server, " + SECONDS / BARE_PART + " s");
        Readers.Figures bare = bare();
        try (TemporaryFolder data = TemporaryFolder.make();
                RunningNode node = launcher.start(NodeSettings.of(data.path()));
                HttpDoor door = doors.open(
                        node,
                        new HttpSettings(
                                HttpSettings.HOST_DEFAULT,
                                0,
                                List.of(),
                                HttpSettings.REQUESTS_PER_SECOND_DEFAULT,
                                Optional.empty(),
                                () -> {}))) {
            BenchDao dao = BenchDao.found(node, Ed25519.fastest());
            progress.step("a node, " + SECONDS + " s");
            return measure(door.address(), dao, bare);
        } catch (RefusedException e) {
            throw new AlthingException("the node refuses the benchmark's entries: " + e.getMessage(), e);
        }
    }

    private static Readers.Figures bare() throws AlthingException {
        byte[] answer = new byte[BARE_ANSWER_BYTES];
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), READERS);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, answer.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(answer);
                }
            });
            server.start();
            try {
                URI address =
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort());
                return Readers.read(address, List.of("/"), READERS, 0, SECONDS / BARE_PART);
            } finally {
                server.stop(0);
            }
        } catch (IOException e) {
            throw new AlthingException("no port for the bare server: " + e, e);
        }
    }

    private List<Row> measure(URI door, BenchDao dao, Readers.Figures bare) throws AlthingException {
        List<String> paths = List.of(
                "/",
                "/app.js",
                "/api/v1/status",
                "/api/v1/daos",
                "/api/v1/daos/" + dao.cid(),
                "/api/v1/daos/" + dao.cid() + "/proposals?status=open",
                "/api/v1/daos/" + dao.cid() + "/members",
                "/api/v1/daos/" + dao.cid() + "/seals",
                "/api/v1/proposals/" + dao.proposal(),
                "/api/v1/proposals/" + dao.proposal() + "/comments");
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
        Ballots ballots = new Ballots(door, dao);
        Thread voting =
                Thread.ofPlatform().daemon().name("althing-bench-ballots").start(ballots);
        Readers.Figures ours = Readers.read(door, paths, READERS, STREAMS, SECONDS);
        voting.interrupt();
        try {
            voting.join(TimeUnit.SECONDS.toMillis(SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ballots.failure.isPresent()) {
            throw ballots.failure.get();
        }
        double heap = heapPools().stream()
                .mapToDouble(pool -> pool.getPeakUsage().getUsed())
                .sum();
        String server = "a bare server of the JDK";
        return List.of(
                Row.more("answers", ours.perSecond(), "1/s", server, bare.perSecond()),
                Row.less("half of the answers within", ours.millis(0.5), "ms", server, bare.millis(0.5)),
                Row.less("99 of 100 answers within", ours.millis(0.99), "ms", "the goal", ANSWER_GOAL_MILLIS),
                Row.less("the slowest answer", ours.millis(1), "ms", server, bare.millis(1)),
                new Row("answers that were errors", ours.errors(), "answers", server, bare.errors(), 1),
                new Row("streams that broke", ours.brokenStreams(), "streams", "streams", STREAMS, 1),
                Row.more("events to each stream", (double) ours.events() / STREAMS, "events", "one", 1),
                Row.more("ballots that came in", ballots.taken / (double) SECONDS, "1/s", "one", 1),
                Row.less("peak heap, clients included", heap / (1 << 20), "MiB", "the goal", HEAP_GOAL_MEBIBYTES));
    }

    /** Hands in ballots until it is interrupted. */
    private final class Ballots implements Runnable {

        private final URI door;
        private final BenchDao dao;
        private volatile long taken;
        private volatile Optional<AlthingException> failure = Optional.empty();

        Ballots(URI door, BenchDao dao) {
            this.door = door;
            this.dao = dao;
        }

        @Override
        public void run() {
            try (AssemblyClients.Connection node = clients.connect(door, Optional.empty())) {
                while (!Thread.interrupted()) {
                    List<Assembly.Submission> answers = node.submitAll(dao.ballots(BALLOTS_AT_ONCE), 0);
                    for (Assembly.Submission answer : answers) {
                        if (answer.state().equals("refused")) {
                            throw new AlthingException("a ballot was refused: " + answer.reason());
                        }
                    }
                    taken += answers.size();
                    Thread.sleep(BALLOTS_PAUSE_MILLIS);
                }
            } catch (InterruptedException e) {
                // This is how it ends.
            } catch (AlthingException e) {
                if (!(e.getCause() instanceof InterruptedException)) {
                    failure = Optional.of(e);
                }
            }
        }
    }

    private static List<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }
}
