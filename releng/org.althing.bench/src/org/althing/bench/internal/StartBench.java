// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.bench.Benchmark;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.codec.Ed25519;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Starts the product as a user does, in processes of its own: how long until a node answers at both doors, how much memory it holds,
 * how long short commands take; against the same virtual machine with nothing to do, and with Equinox and no bundles.
 */
@Component
public final class StartBench implements Benchmark {

    private static final int ROUNDS = 7;
    private static final int ENTRIES = 100_000;
    private static final int ENTRIES_PER_BATCH = 20_000;
    private static final long IDLE_MILLIS = 10_000;

    private final NodeLauncher launcher;
    private final AssemblyClients clients;

    /** One start of a node; memory in MiB. */
    private record Start(double localMillis, double httpMillis, double memory, double memoryIdle, double memoryMost) {}

    @Activate
    public StartBench(@Reference NodeLauncher launcher, @Reference AssemblyClients clients) {
        this.launcher = launcher;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String summary() {
        return "time until a node answers, its memory, and short commands, against a bare Java and a bare Equinox";
    }

    @Override
    public List<Row> run(Progress progress) throws AlthingException {
        try (TemporaryFolder temporary = TemporaryFolder.make()) {
            Path folder = temporary.path();
            Path empty = Files.createDirectory(folder.resolve("empty"));
            Path full = Files.createDirectory(folder.resolve("full"));
            fill(full, progress);
            return measure(empty, full, Files.createDirectory(folder.resolve("equinox")), progress);
        } catch (IOException e) {
            throw new AlthingException("cannot start or watch a process (" + e + "); this benchmark needs Linux", e);
        } catch (RefusedException e) {
            throw new AlthingException("the node refuses the benchmark's entries: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
    }

    private void fill(Path data, Progress progress) throws AlthingException, RefusedException {
        try (RunningNode node = launcher.start(NodeSettings.of(data))) {
            BenchDao dao = BenchDao.found(node.assembly(), Ed25519.fastest());
            for (int made = 0; made < ENTRIES; made += ENTRIES_PER_BATCH) {
                progress.step(made + " of " + ENTRIES + " entries");
                node.assembly().submitAll(dao.ballots(ENTRIES_PER_BATCH), 0);
                dao.awaitSeals();
            }
        }
    }

    private List<Row> measure(Path empty, Path full, Path configuration, Progress progress)
            throws AlthingException, IOException, InterruptedException {
        Commands commands = Commands.ofProduct();
        double[] java = new double[ROUNDS];
        double[] equinox = new double[ROUNDS];
        double[] version = new double[ROUNDS];
        double[] help = new double[ROUNDS];
        double[] status = new double[ROUNDS];
        List<Start> emptyStarts = new ArrayList<>();
        List<Start> fullStarts = new ArrayList<>();
        List<Start> wholeStarts = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            progress.step("round " + (round + 1) + " of " + ROUNDS);
            java[round] = millis(commands.java());
            equinox[round] = millis(commands.equinox(configuration));
            version[round] = millis(commands.althing("--version"));
            help[round] = millis(commands.althing("--help"));
            emptyStarts.add(start(commands, empty, round == 0));
            try (RunningNode node = launcher.start(NodeSettings.of(empty))) {
                status[round] =
                        millis(commands.althing("status", "--data", node.data().toString()));
            }
            // The node before has ended in good order, so there is a snapshot; then as if there were none.
            requireSnapshot(full);
            fullStarts.add(start(commands, full, round == 0));
            deleteSnapshots(full);
            wholeStarts.add(start(commands, full, round == 0));
        }
        String bareJava = "a Java program that does nothing";
        String bareEquinox = "Equinox without bundles";
        List<Row> rows = new ArrayList<>();
        Map<String, List<Start>> cases = new LinkedHashMap<>();
        cases.put(", empty folder", emptyStarts);
        cases.put(", 100,000 entries", fullStarts);
        cases.put(", 100,000 entries without a snapshot", wholeStarts);
        for (Map.Entry<String, List<Start>> each : cases.entrySet()) {
            String data = each.getKey();
            List<Start> starts = each.getValue();
            double limit = median(equinox);
            rows.add(Row.less(
                    "node answers on its socket" + data, median(starts, Start::localMillis), "ms", bareEquinox, limit));
            rows.add(Row.less(
                    "slowest of " + ROUNDS + data,
                    starts.stream().mapToDouble(Start::localMillis).max().orElseThrow(),
                    "ms",
                    bareEquinox,
                    Arrays.stream(equinox).max().orElseThrow()));
            rows.add(Row.less(
                    "node answers over HTTP" + data, median(starts, Start::httpMillis), "ms", bareEquinox, limit));
            double memory = commands.javaMemory();
            rows.add(Row.less("memory after start" + data, median(starts, Start::memory), "MiB", bareJava, memory));
            rows.add(
                    Row.less("memory after 10 s idle" + data, starts.getFirst().memoryIdle(), "MiB", bareJava, memory));
            rows.add(Row.less("most memory" + data, median(starts, Start::memoryMost), "MiB", bareJava, memory));
        }
        rows.add(Row.less("althing --version", median(version), "ms", bareJava, median(java)));
        rows.add(Row.less("althing --help", median(help), "ms", bareJava, median(java)));
        rows.add(Row.less("althing status", median(status), "ms", bareJava, median(java)));
        return rows;
    }

    private static List<Path> snapshots(Path data) throws IOException {
        Path folder = data.resolve(NodeSettings.SNAPSHOTS_FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void requireSnapshot(Path data) throws IOException, AlthingException {
        if (snapshots(data).size() != 1) {
            throw new AlthingException("the node ended without a snapshot; what is measured is no start from one");
        }
    }

    private static void deleteSnapshots(Path data) throws IOException {
        for (Path file : snapshots(data)) {
            Files.delete(file);
        }
    }

    private Start start(Commands commands, Path data, boolean idle)
            throws IOException, InterruptedException, AlthingException {
        long began = System.nanoTime();
        try (NodeProcess node = NodeProcess.start(commands, data);
                HttpClient http = HttpClient.newHttpClient()) {
            try (AssemblyClients.Connection connection = clients.connect(data)) {
                connection.status();
            }
            double localMillis = since(began);
            HttpRequest health =
                    HttpRequest.newBuilder(node.http().resolve("/health")).build();
            http.send(health, HttpResponse.BodyHandlers.discarding());
            double httpMillis = since(began);
            double memory = node.mebibytes();
            if (idle) {
                Thread.sleep(IDLE_MILLIS);
            }
            return new Start(localMillis, httpMillis, memory, node.mebibytes(), node.mebibytesMost());
        }
    }

    private static double millis(ProcessBuilder command) throws IOException, InterruptedException, AlthingException {
        long began = System.nanoTime();
        Process process = command.redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new AlthingException(String.join(" ", command.command()) + " ended with " + exit);
        }
        return since(began);
    }

    private static double since(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1e6;
    }

    private static double median(List<Start> starts, ToDoubleFunction<Start> value) {
        return median(starts.stream().mapToDouble(value).toArray());
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }
}
