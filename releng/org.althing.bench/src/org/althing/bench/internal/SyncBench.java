// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
 * A node joins a DAO whose seals its peers have, over the loopback, each a process of its own. It has just been started, or has caught up with a
 * smaller DAO before: from one peer, and then from one, four and eight that are slow, and from four of which one lies and one dies half way. Against
 * checking the signatures alone.
 */
@Component
public final class SyncBench implements Benchmark {

    /** Set in the processes that this benchmark starts. */
    private static final String PEER = "althing.bench.sync.peer";

    private static final int ENTRIES = Integer.getInteger("althing.bench.entries", 100_000);
    private static final int BATCH_ENTRIES_MAX = 20_000;
    /** Of the DAO with which a node warms up. */
    private static final int WARM_UP_ENTRIES = Math.min(ENTRIES, 200_000);

    private static final int FEW_PEERS = 4;
    private static final int MANY_PEERS = 8;
    private static final int VERIFY_ROUNDS = 5;
    private static final long SYNC_SECONDS_MAX = 1200;
    private static final long POLL_MILLIS = 200;
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

    /**
     * A folder with the DAO that is fetched, and with a smaller one.
     *
     * @param verifyRate signatures a second, on all processors
     */
    private record Source(
            Path folder, Assembly.Invite invite, Assembly.Invite warmUp, String notary, long bytes, double verifyRate) {

        double bytesPerEntry() {
            return (double) bytes / ENTRIES;
        }
    }

    private record Filled(Assembly.Invite invite, long bytes, List<byte[]> last) {}

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
            Filled small = fill(node.assembly(), WARM_UP_ENTRIES, signatures, progress);
            Filled large = fill(node.assembly(), ENTRIES, signatures, progress);
            double[] rates = new double[VERIFY_ROUNDS];
            for (int i = 0; i < rates.length; i++) {
                rates[i] = IngestBench.verifyRate(large.last, signatures);
            }
            Arrays.sort(rates);
            return new Source(
                    data,
                    large.invite,
                    small.invite,
                    node.assembly().status().notary(),
                    large.bytes,
                    rates[VERIFY_ROUNDS / 2]);
        }
    }

    private static Filled fill(Assembly node, int entries, Ed25519 signatures, Progress progress)
            throws AlthingException, RefusedException {
        BenchDao dao = BenchDao.found(node, signatures);
        List<byte[]> batch = List.of();
        long bytes = 0;
        for (int made = 0; made < entries; made += batch.size()) {
            progress.step(made + " of " + entries + " entries");
            batch = dao.ballots(Math.min(entries - made, BATCH_ENTRIES_MAX));
            bytes += batch.stream().mapToLong(entry -> entry.length).sum();
            node.submitAll(batch, 0);
            dao.awaitSeals();
        }
        Assembly.DaoView view = node.dao(dao.cid());
        return new Filled(new Assembly.Invite(dao.cid(), view.head(), view.height(), List.of()), bytes, batch);
    }

    private List<Row> measure(Source source, Path folder, Progress progress)
            throws AlthingException, RefusedException, IOException, InterruptedException {
        progress.step("from one peer");
        Caught fresh = catchUp(source, folder, false, 0, Manner.GOOD);
        progress.step("from one peer, warm");
        Caught one = catchUp(source, folder, true, 0, Manner.GOOD);
        long rate = Math.round(one.perSecond * source.bytesPerEntry());
        progress.step("from one peer at a quarter of that");
        Caught quarter = catchUp(source, folder, true, rate / FEW_PEERS, Manner.GOOD);
        progress.step("from four peers at a quarter of that");
        Caught few = catchUp(source, folder, true, rate / FEW_PEERS, good(FEW_PEERS));
        progress.step("from one peer at an eighth of that");
        Caught eighth = catchUp(source, folder, true, rate / MANY_PEERS, Manner.GOOD);
        progress.step("from eight peers at an eighth of that");
        Caught many = catchUp(source, folder, true, rate / MANY_PEERS, good(MANY_PEERS));
        progress.step("from four peers, one lying, one dying");
        Caught bad =
                catchUp(source, folder, false, rate / FEW_PEERS, Manner.GOOD, Manner.LYING, Manner.DYING, Manner.GOOD);
        String verify = "verify alone, " + Runtime.getRuntime().availableProcessors() + " cores";
        String slowly = "one peer at a quarter";
        double mebibytes = source.bytesPerEntry() / (1 << 20);
        return List.of(
                Row.more("just started, from one peer", fresh.perSecond, "entries/s", verify, source.verifyRate),
                Row.more("from one peer", one.perSecond, "entries/s", verify, source.verifyRate),
                Row.more("the same, bytes", one.perSecond * mebibytes, "MiB/s", verify, source.verifyRate * mebibytes),
                Row.less(
                        "processor time of that peer, for an entry",
                        one.peersMicros,
                        "us",
                        "the node's",
                        one.nodeMicros),
                Row.less("most memory of the node", one.mebibytesMost, "MiB", "the goal", MEMORY_GOAL_MEBIBYTES),
                Row.more("from one peer at a quarter", quarter.perSecond, "entries/s", verify, source.verifyRate),
                Row.more("from four peers at a quarter each", few.perSecond, "entries/s", slowly, quarter.perSecond),
                Row.more(
                        "from eight peers at an eighth each",
                        many.perSecond,
                        "entries/s",
                        "one peer at an eighth",
                        eighth.perSecond),
                Row.more(
                        "from four of which one lies and one dies",
                        bad.perSecond,
                        "entries/s",
                        slowly,
                        quarter.perSecond),
                new Row("then all was there (1: yes)", flag(bad.whole), "of 1", "all", 1, flag(bad.whole)),
                new Row("the liar was let go (1: yes)", flag(bad.letGo), "of 1", "all", 1, flag(bad.letGo)));
    }

    private static Manner[] good(int peers) {
        return Collections.nCopies(peers, Manner.GOOD).toArray(Manner[]::new);
    }

    private static double flag(boolean holds) {
        return holds ? 1 : 0;
    }

    /** Starts peers and a node, and lets it catch up, perhaps with the smaller DAO before. */
    private Caught catchUp(Source source, Path parent, boolean warm, long bytesPerSecondMax, Manner... manners)
            throws AlthingException, RefusedException, IOException, InterruptedException {
        Path folder = Files.createTempDirectory(parent, "run");
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
                        .put("notary", source.notary)
                        .put("bytesPerSecondMax", bytesPerSecondMax)
                        .put("lies", manners[i] == Manner.LYING);
                JsonNode where = peer.call(start);
                addresses.add(where.get(0).asText());
            }
            Path data = Files.createDirectory(folder.resolve("node"));
            try (NodeProcess node = NodeProcess.startInNetwork(Commands.ofProduct(), data);
                    AssemblyClients.Connection door = clients.connect(data)) {
                if (warm) {
                    join(door, at(source.warmUp, addresses), List.of());
                }
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
        Assembly.Invite invite = at(source.invite, addresses);
        List<PeerProcess> dying = IntStream.range(0, manners.length)
                .filter(peer -> manners[peer] == Manner.DYING)
                .mapToObj(peers::get)
                .toList();
        long start = System.nanoTime();
        double killedMicros = join(door, invite, dying);
        double seconds = (System.nanoTime() - start) / 1e9;
        boolean whole = door.dao(invite.dao()).head().equals(invite.seal());
        boolean letGo = true;
        for (int i = 0; i < manners.length; i++) {
            letGo &= manners[i] != Manner.LYING || isLetGo(peers.get(i));
        }
        return new Caught(
                ENTRIES / seconds,
                (processorMicros(peers) + killedMicros - before) / ENTRIES,
                (node.processorMicros() - nodeBefore) / ENTRIES,
                node.mebibytesMost(),
                whole,
                letGo);
    }

    /**
     * Joins a DAO and waits until all of it is there.
     *
     * @param dying peers that are killed when a third is there
     * @return the processor time that those had used by then, in microseconds
     */
    private static double join(Assembly door, Assembly.Invite invite, List<PeerProcess> dying)
            throws AlthingException, RefusedException, InterruptedException {
        door.join(invite);
        double killedMicros = 0;
        List<PeerProcess> alive = dying;
        long end = System.nanoTime() + SYNC_SECONDS_MAX * 1_000_000_000L;
        for (Assembly.SyncView view = view(door, invite); view.height() < invite.height(); view = view(door, invite)) {
            if (System.nanoTime() > end) {
                throw new AlthingException("the node did not catch up in " + SYNC_SECONDS_MAX + " s; it says: " + view);
            }
            if (!alive.isEmpty() && view.height() > invite.height() / 3) {
                killedMicros = processorMicros(alive);
                alive.forEach(PeerProcess::kill);
                alive = List.of();
            }
            Thread.sleep(POLL_MILLIS);
        }
        return killedMicros;
    }

    private static Assembly.Invite at(Assembly.Invite invite, List<String> addresses) {
        return new Assembly.Invite(invite.dao(), invite.seal(), invite.height(), addresses);
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
