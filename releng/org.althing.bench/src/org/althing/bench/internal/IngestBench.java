// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.bench.Benchmark;
import org.althing.api.entry.Entry;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Hands signed ballots to a node in this process: decoded, verified, judged, and durable when it answers; against verifying the same
 * signatures and nothing else, on all processors. The node seals meanwhile, as it always does; a second case waits for that, too.
 */
@Component
public final class IngestBench implements Benchmark {

    private static final int ROUNDS = 13;
    /** The first rounds warm the JVM up. */
    private static final int WARM_UP_ROUNDS = 4;

    private static final int ENTRIES_PER_ROUND = 20_000;

    private final NodeLauncher launcher;

    private record Figures(double verifyRate, double ingestRate, double sealRate) {}

    @Activate
    public IngestBench(@Reference NodeLauncher launcher) {
        this.launcher = launcher;
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public String summary() {
        return "entries decoded, verified and stored durably, against the raw verify rate of all cores";
    }

    @Override
    public List<Row> run(Progress progress) throws AlthingException {
        Ed25519 signatures = Ed25519.fastest();
        try (TemporaryFolder data = TemporaryFolder.make();
                RunningNode node = launcher.start(NodeSettings.of(data.path()))) {
            BenchDao dao = BenchDao.found(node.assembly(), signatures);
            List<Figures> figures = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                List<byte[]> entries = dao.ballots(ENTRIES_PER_ROUND);
                Figures measured = measure(node.assembly(), dao, entries, signatures);
                progress.step(String.format(
                        "round %d of %d: %.0f entries/s, verify alone %.0f/s",
                        round + 1, ROUNDS, measured.ingestRate, measured.verifyRate));
                figures.add(measured);
            }
            return rows(
                    figures.subList(WARM_UP_ROUNDS, ROUNDS),
                    signatures.provider().name());
        } catch (RefusedException e) {
            throw new AlthingException("the node refuses the benchmark's entries: " + e.getMessage(), e);
        }
    }

    private static List<Row> rows(List<Figures> figures, String provider) {
        String baseline =
                "verify alone, " + provider + ", " + Runtime.getRuntime().availableProcessors() + " cores";
        return List.of(
                row("decode, verify, store durably", figures, Figures::ingestRate, baseline),
                row("the same until sealed and applied", figures, Figures::sealRate, baseline));
    }

    /** Medians of each, and of the ratio of each round: what disturbs a round disturbs both of its sides. */
    private static Row row(String title, List<Figures> figures, ToDoubleFunction<Figures> value, String baseline) {
        return new Row(
                title,
                median(figures, value),
                "entries/s",
                baseline,
                median(figures, Figures::verifyRate),
                median(figures, round -> value.applyAsDouble(round) / round.verifyRate));
    }

    private static double median(List<Figures> figures, ToDoubleFunction<Figures> value) {
        double[] sorted = figures.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Figures measure(Assembly assembly, BenchDao dao, List<byte[]> entries, Ed25519 signatures)
            throws AlthingException, RefusedException {
        double before = verifyRate(entries, signatures);
        long start = System.nanoTime();
        List<Assembly.Submission> answers = assembly.submitAll(entries, 0);
        long durable = System.nanoTime();
        for (Assembly.Submission answer : answers) {
            if (answer.state().equals("refused")) {
                throw new RefusedException(answer.reason());
            }
        }
        dao.awaitSeals();
        long sealed = System.nanoTime();
        double after = verifyRate(entries, signatures);
        return new Figures(
                (before + after) / 2,
                entries.size() / seconds(start, durable),
                entries.size() / seconds(start, sealed));
    }

    /** How fast all processors verify, when the messages lie ready. */
    static double verifyRate(List<byte[]> encoded, Ed25519 signatures) {
        Entry[] entries = encoded.stream().map(EntryCodec::decode).toArray(Entry[]::new);
        byte[][] messages = encoded.stream().map(EntryCodec::signedMessage).toArray(byte[][]::new);
        Arrays.stream(entries).map(Entry::key).distinct().forEach(signatures::isValid);
        long start = System.nanoTime();
        boolean good = IntStream.range(0, entries.length)
                .parallel()
                .allMatch(i -> signatures.verify(entries[i].key(), messages[i], entries[i].signature()));
        double rate = entries.length / seconds(start, System.nanoTime());
        if (!good) {
            throw new IllegalStateException("a signature of the benchmark is bad");
        }
        return rate;
    }

    private static double seconds(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1e9;
    }
}
