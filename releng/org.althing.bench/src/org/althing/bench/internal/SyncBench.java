// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.bench.Benchmark;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.codec.Ed25519;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A node that has just been started joins a DAO whose seals its peers have, over the loopback, each a process of its own: from one peer, from
 * one and from four that are slow, and from four of which one lies and one dies half way. Against checking the signatures alone.
 */
@Component
public final class SyncBench implements Benchmark {

    /** Set in the processes that this benchmark starts. */
    private static final String PEER = "althing.bench.sync.peer";

    private static final int ENTRIES = Integer.getInteger("althing.bench.entries", 100_000);
    private static final int ENTRIES_PER_BATCH = Math.min(ENTRIES, 20_000);
    private static final int PEERS = 4;
    private static final int VERIFY_ROUNDS = 5;
    private static final long SYNC_SECONDS_MAX = 1200;
    private static final long POLL_MILLIS = 50;
    private static final double MEMORY_GOAL_MEBIBYTES = 512;
    /** A liar is let go within some requests. */
    private static final long LET_GO_SECONDS_MAX = 10;

    private final NodeLauncher launcher;
    private final AssemblyClients clients;
    private final BundleContext context;
    private final ConfigurationAdmin admin;

    @Activate
    public SyncBench(
            BundleContext context,
            @Reference NodeLauncher launcher,
            @Reference AssemblyClients clients,
            @Reference ConfigurationAdmin admin) {
        this.context = context;
        this.launcher = launcher;
        this.clients = clients;
        this.admin = admin;
    }

    @Override
    public String name() {
        return "sync";
    }

    @Override
    public String summary() {
        return ENTRIES + " sealed entries that a late node fetches from its peers, against checking their signatures";
    }

    /** The DAO that is fetched. */
    private record Source(
            Path folder, Assembly.Invite invite, String notary, long entries, long bytes, double verifyRate) {}

    /**
     * A node that caught up.
     *
     * @param peersMicros processor time of its peers, for an entry
     * @param nodeMicros its own
     */
    private record Caught(
            double perSecond,
            double peersMicros,
            double nodeMicros,
            double mebibytesMost,
            boolean whole,
            boolean letGo) {}

    /** How peers are. */
    private enum Manner {
        GOOD,
        LYING,
        DYING
    }

    @Override
    public List<Row> run(Progress progress) throws AlthingException {
        Optional<Path> own = PeerShell.folder(PEER);
        if (own.isPresent()) {
            serve(own.get());
            return List.of();
        }
        try (TemporaryFolder temporary = TemporaryFolder.make()) {
            Source source = fill(Files.createDirectory(temporary.path().resolve("source")), progress);
            return measure(source, temporary.path(), progress);
        } catch (RefusedException e) {
            throw new AlthingException("a node refuses what the benchmark asks: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new AlthingException("cannot start or watch a process (" + e + "); this benchmark needs Linux", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
    }

    private void serve(Path folder) throws AlthingException {
        try (PeerShell shell = new PeerShell(context, admin, folder);
                SyncPeer peer = new SyncPeer(shell)) {
            shell.serve(peer, System.out);
        }
    }

    private Source fill(Path data, Progress progress) throws AlthingException, RefusedException {
        Ed25519 signatures = Ed25519.fastest();
        try (RunningNode node = launcher.start(NodeSettings.of(data))) {
            BenchDao dao = BenchDao.found(node.assembly(), signatures);
            List<byte[]> batch = List.of();
            long bytes = 0;
            for (int made = 0; made < ENTRIES; made += ENTRIES_PER_BATCH) {
                progress.step(made + " of " + ENTRIES + " entries");
                batch = dao.ballots(ENTRIES_PER_BATCH);
                bytes += batch.stream().mapToLong(entry -> entry.length).sum();
                node.assembly().submitAll(batch, 0);
                dao.awaitSeals();
            }
            double[] rates = new double[VERIFY_ROUNDS];
            for (int i = 0; i < rates.length; i++) {
                rates[i] = IngestBench.verifyRate(batch, signatures);
            }
            Arrays.sort(rates);
            Assembly.DaoView view = node.assembly().dao(dao.cid());
            return new Source(
                    data,
                    new Assembly.Invite(dao.cid(), view.head(), view.height(), List.of()),
                    node.assembly().status().notary(),
                    ENTRIES,
                    bytes,
                    rates[VERIFY_ROUNDS / 2]);
        }
    }

    private List<Row> measure(Source source, Path folder, Progress progress)
            throws AlthingException, RefusedException, IOException, InterruptedException {
        progress.step("from one peer");
        Caught one = catchUp(source, Files.createDirectory(folder.resolve("one")), 0, Manner.GOOD);
        long capped = Math.round(one.perSecond * source.bytes / source.entries / PEERS);
        progress.step("from one peer at a quarter of that");
        Caught slow = catchUp(source, Files.createDirectory(folder.resolve("slow")), capped, Manner.GOOD);
        progress.step("from four peers at a quarter of that");
        Caught four = catchUp(
                source,
                Files.createDirectory(folder.resolve("four")),
                capped,
                Manner.GOOD,
                Manner.GOOD,
                Manner.GOOD,
                Manner.GOOD);
        progress.step("from four peers, one lying, one dying");
        Caught bad = catchUp(
                source,
                Files.createDirectory(folder.resolve("bad")),
                capped,
                Manner.GOOD,
                Manner.LYING,
                Manner.DYING,
                Manner.GOOD);
        String verify = "verify alone, " + Runtime.getRuntime().availableProcessors() + " cores";
        String slowly = "one peer at a quarter";
        double mebibytes = (double) source.bytes / source.entries / (1 << 20);
        return List.of(
                Row.more("from one peer", one.perSecond, "entries/s", verify, source.verifyRate),
                Row.more("the same, bytes", one.perSecond * mebibytes, "MiB/s", verify, source.verifyRate * mebibytes),
                Row.less(
                        "processor time of that peer, for an entry",
                        one.peersMicros,
                        "us",
                        "the node's",
                        one.nodeMicros),
                Row.less("most memory of the node", one.mebibytesMost, "MiB", "the goal", MEMORY_GOAL_MEBIBYTES),
                Row.more("from one peer at a quarter", slow.perSecond, "entries/s", verify, source.verifyRate),
                Row.more("from four peers at a quarter each", four.perSecond, "entries/s", slowly, slow.perSecond),
                Row.more(
                        "from four of which one lies and one dies", bad.perSecond, "entries/s", slowly, slow.perSecond),
                new Row("then all was there (1: yes)", flag(bad.whole), "of 1", "all", 1, flag(bad.whole)),
                new Row("the liar was let go (1: yes)", flag(bad.letGo), "of 1", "all", 1, flag(bad.letGo)));
    }

    private static double flag(boolean holds) {
        return holds ? 1 : 0;
    }

    /** Starts peers and a node, and lets it catch up. */
    private Caught catchUp(Source source, Path folder, long bytesPerSecondMax, Manner... manners)
            throws AlthingException, RefusedException, IOException, InterruptedException {
        List<PeerProcess> peers = new ArrayList<>();
        try {
            List<String> addresses = new ArrayList<>();
            for (int i = 0; i < manners.length; i++) {
                Path copy = folder.resolve("peer" + i);
                copy(source.folder, copy);
                PeerProcess peer = new PeerProcess(
                        PeerShell.process("sync", PEER, Files.createDirectory(folder.resolve("host" + i))));
                peers.add(peer);
                ObjectNode start = peer.command("start")
                        .put("folder", copy.toString())
                        .put("dao", source.invite.dao())
                        .put("notary", source.notary)
                        .put("bytesPerSecondMax", bytesPerSecondMax)
                        .put("lies", manners[i] == Manner.LYING);
                JsonNode where = peer.call(start);
                addresses.add(where.get(0).asText());
            }
            Path data = Files.createDirectory(folder.resolve("node"));
            try (NodeProcess node = NodeProcess.startInNetwork(Commands.ofProduct(), data);
                    AssemblyClients.Connection door = clients.connect(data)) {
                return watch(source, node, door, addresses, peers, manners);
            }
        } finally {
            for (PeerProcess peer : peers) {
                peer.close();
            }
        }
    }

    private static Caught watch(
            Source source,
            NodeProcess node,
            Assembly door,
            List<String> addresses,
            List<PeerProcess> peers,
            Manner... manners)
            throws AlthingException, RefusedException, IOException, InterruptedException {
        double before = processorMicros(peers);
        double nodeBefore = node.processorMicros();
        Assembly.Invite invite =
                new Assembly.Invite(source.invite.dao(), source.invite.seal(), source.invite.height(), addresses);
        long start = System.nanoTime();
        door.join(invite);
        boolean killed = false;
        double killedMicros = 0;
        long end = start + SYNC_SECONDS_MAX * 1_000_000_000L;
        for (Assembly.SyncView view = view(door, invite); view.height() < invite.height(); view = view(door, invite)) {
            if (System.nanoTime() > end) {
                throw new AlthingException("the node did not catch up in " + SYNC_SECONDS_MAX + " s; it says: " + view);
            }
            if (!killed && view.height() > invite.height() / 3) {
                killed = true;
                for (int i = 0; i < manners.length; i++) {
                    if (manners[i] == Manner.DYING) {
                        killedMicros = processorMicros(List.of(peers.get(i)));
                        peers.get(i).kill();
                    }
                }
            }
            Thread.sleep(POLL_MILLIS);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        boolean whole = door.dao(invite.dao()).head().equals(invite.seal());
        boolean letGo = true;
        for (int i = 0; i < manners.length; i++) {
            letGo &= manners[i] != Manner.LYING || isLetGo(peers.get(i));
        }
        return new Caught(
                source.entries / seconds,
                (processorMicros(peers) + killedMicros - before) / source.entries,
                (node.processorMicros() - nodeBefore) / source.entries,
                node.mebibytesMost(),
                whole,
                letGo);
    }

    private static boolean isLetGo(PeerProcess liar) throws AlthingException, InterruptedException {
        long end = System.nanoTime() + LET_GO_SECONDS_MAX * 1_000_000_000L;
        while (liar.call("connections").asInt() > 0) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    private static Assembly.SyncView view(Assembly door, Assembly.Invite invite) throws AlthingException {
        return door.status().sync().stream()
                .filter(view -> view.dao().equals(invite.dao()))
                .findFirst()
                .orElseThrow(() -> new AlthingException("the node has forgotten what it joined"));
    }

    private static double processorMicros(List<PeerProcess> peers) {
        return peers.stream()
                .mapToDouble(peer -> peer.processorTime().toNanos() / 1e3)
                .sum();
    }

    /** Of files, not of sockets. */
    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.toList();
        }
        for (Path each : all) {
            Path target = to.resolve(from.relativize(each).toString());
            if (Files.isDirectory(each)) {
                Files.createDirectories(target);
            } else if (Files.isRegularFile(each)) {
                Files.copy(each, target);
            }
        }
    }
}
