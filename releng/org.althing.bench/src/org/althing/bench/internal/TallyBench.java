// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.althing.api.AlthingException;
import org.althing.api.bench.Benchmark;
import org.althing.api.tally.Choice;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Counts a million stored ballot entries of ten options by each method, decoding inside the clock, and the same number of votes with
 * snapshot.js, which gets them as its hub stores them, parsing inside the clock. Both read from a file that the system has in memory.
 */
@Component
public final class TallyBench implements Benchmark {

    private static final int BALLOTS = 1_000_000;
    private static final int OPTIONS = 10;
    private static final int RUNS = 5;
    private static final long SEED = 42;
    private static final double GIGABYTE_MEBIBYTES = 1e9 / (1 << 20);

    /** Our method, in the variant that counts as a type of snapshot.js, and that type; empty where it has none. */
    static final Map<String, String> METHODS = new TreeMap<>(Map.of(
            "single-choice", "single-choice",
            "approval", "approval",
            "weighted", "weighted",
            "quadratic", "quadratic",
            "irv:snapshot", "ranked-choice",
            "copeland:snapshot", "copeland",
            "schulze", ""));

    private final TallyEngine engine;

    @Activate
    public TallyBench(@Reference TallyEngine engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return "tally";
    }

    @Override
    public String summary() {
        return "counting 1 M ballot entries of 10 options, decoding included, against snapshot.js";
    }

    @Override
    public List<Row> run(Progress progress) throws AlthingException {
        SnapshotPeer peer = new SnapshotPeer(Path.of(System.getenv().getOrDefault("ALTHING_CHECKOUT", ".")));
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, String> method : METHODS.entrySet()) {
            progress.step(method.getKey());
            rows.addAll(compare(peer, MethodId.parse(method.getKey()), method.getValue()));
        }
        rows.add(linearity(MethodId.parse("single-choice"), progress));
        rows.add(Row.less(
                "limit of the heap",
                Runtime.getRuntime().maxMemory() / (double) (1 << 20),
                "MiB",
                "1 GB",
                GIGABYTE_MEBIBYTES));
        return rows;
    }

    private List<Row> compare(SnapshotPeer peer, MethodId method, String type) throws AlthingException {
        Measured ours = measure(method);
        if (type.isEmpty()) {
            return List.of(
                    Row.less(method + " time", ours.millis, "ms", "none", ours.millis),
                    Row.less(method + " peak heap", ours.peakMebibytes, "MiB", "1 GB", GIGABYTE_MEBIBYTES));
        }
        SnapshotPeer.Count theirs = peer.count(type, BALLOTS, OPTIONS, SEED);
        String name = "snapshot.js 0.17.5 " + type;
        return List.of(
                Row.less(method + " time", ours.millis, "ms", name + ", parsing its votes included", theirs.millis()),
                Row.less(
                        method + " time against a count alone",
                        ours.millis,
                        "ms",
                        name + ", its votes parsed before the clock starts",
                        theirs.countMillis()),
                Row.less(
                        method + " peak heap",
                        ours.peakMebibytes,
                        "MiB",
                        name + ", peak memory",
                        theirs.peakMebibytes()));
    }

    /** Ten times the ballots, in ten times the time if all is well. */
    private Row linearity(MethodId method, Progress progress) throws AlthingException {
        progress.step(method + ", 10 M");
        TallyEngine.BallotSource million = ballots(method);
        TallyEngine.BallotSource tenMillion = new Repeated(million, 10);
        count(method, tenMillion);
        // Interleaved: a machine that slows down slows both.
        double[] one = new double[RUNS];
        double[] ten = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            one[run] = millis(method, million);
            ten[run] = millis(method, tenMillion);
        }
        return Row.less(method + " 10 M", median(ten), "ms", "10 x 1 M", 10 * median(one));
    }

    /** The same source over and over. */
    private record Repeated(TallyEngine.BallotSource source, int times) implements TallyEngine.BallotSource {
        @Override
        public int parts() {
            return source.parts() * times;
        }

        @Override
        public void read(int part, TallyEngine.Sink sink) {
            source.read(part % source.parts(), sink);
        }
    }

    private record Measured(double millis, double peakMebibytes) {}

    private Measured measure(MethodId method) throws AlthingException {
        TallyEngine.BallotSource source = ballots(method);
        count(method, source);
        double[] millis = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            millis[run] = millis(method, source);
        }
        System.gc();
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
        count(method, source);
        double peak = heapPools().stream()
                .mapToDouble(pool -> pool.getPeakUsage().getUsed())
                .sum();
        return new Measured(median(millis), peak / (1 << 20));
    }

    private RandomBallots ballots(MethodId method) throws AlthingException {
        try {
            return new RandomBallots(form(method), BALLOTS, OPTIONS, SEED);
        } catch (IOException e) {
            throw new AlthingException("cannot write the ballots to a temporary file; make room there", e);
        }
    }

    private double millis(MethodId method, TallyEngine.BallotSource source) throws AlthingException {
        long start = System.nanoTime();
        count(method, source);
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private Tally count(MethodId method, TallyEngine.BallotSource source) throws AlthingException {
        return engine.count(method, Question.of(OPTIONS), source);
    }

    private Class<? extends Choice> form(MethodId method) throws AlthingException {
        return engine.method(method.id())
                .orElseThrow(
                        () -> new AlthingException("voting method " + method + " is not installed; install its bundle"))
                .choiceForm();
    }

    private static List<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }
}
