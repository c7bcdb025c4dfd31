// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
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
import org.althing.codec.Ed25519;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * 200 readers who ask again as soon as they are answered and 20 streams of events, while ballots come in over the same door; against the
 * same readers at an HTTP server of the JDK that has nothing to do but answer. The node has a process of its own and is asked from its first
 * second on, the clients share the processors with it.
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
    private static final double MEMORY_GOAL_MEBIBYTES = 512;

    private final AssemblyClients clients;

    @Activate
    public WebBench(@Reference AssemblyClients clients) {
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
                NodeProcess node = NodeProcess.start(Commands.ofProduct(), data.path());
                AssemblyClients.Connection local = clients.connect(data.path())) {
            BenchDao dao = BenchDao.found(local, Ed25519.fastest());
            progress.step("a node, " + SECONDS + " s");
            return measure(node, dao, bare);
        } catch (RefusedException e) {
            throw new AlthingException("the node refuses the benchmark's entries: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new AlthingException("cannot start or watch the node (" + e + "); this benchmark needs Linux", e);
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

    private List<Row> measure(NodeProcess node, BenchDao dao, Readers.Figures bare)
            throws AlthingException, IOException {
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
        Ballots ballots = new Ballots(node.http(), dao);
        Thread voting =
                Thread.ofPlatform().daemon().name("althing-bench-ballots").start(ballots);
        Readers.Figures ours = Readers.read(node.http(), paths, READERS, STREAMS, SECONDS);
        Readers.Figures later = Readers.read(node.http(), paths, READERS, STREAMS, SECONDS);
        voting.interrupt();
        try {
            voting.join(TimeUnit.SECONDS.toMillis(SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ballots.failure.isPresent()) {
            throw ballots.failure.get();
        }
        String server = "a bare server of the JDK";
        return List.of(
                Row.more("answers", ours.perSecond(), "1/s", server, bare.perSecond()),
                Row.less("half of the answers within", ours.millis(0.5), "ms", server, bare.millis(0.5)),
                Row.less("99 of 100 answers within", ours.millis(0.99), "ms", "the goal", ANSWER_GOAL_MILLIS),
                Row.less(
                        "the same in as long a time after it",
                        later.millis(0.99),
                        "ms",
                        "the goal",
                        ANSWER_GOAL_MILLIS),
                Row.more("answers in that time", later.perSecond(), "1/s", server, bare.perSecond()),
                Row.less("the slowest answer", ours.millis(1), "ms", server, bare.millis(1)),
                new Row(
                        "answers that were errors",
                        ours.errors() + later.errors(),
                        "answers",
                        server,
                        bare.errors(),
                        1),
                new Row(
                        "streams that broke",
                        ours.brokenStreams() + later.brokenStreams(),
                        "streams",
                        "streams",
                        STREAMS,
                        1),
                Row.more("events to each stream", (double) ours.events() / STREAMS, "events", "one", 1),
                Row.more("ballots that came in", ballots.taken / (2.0 * SECONDS), "1/s", "one", 1),
                Row.less("most memory of the node", node.mebibytesMost(), "MiB", "the goal", MEMORY_GOAL_MEBIBYTES));
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
}
