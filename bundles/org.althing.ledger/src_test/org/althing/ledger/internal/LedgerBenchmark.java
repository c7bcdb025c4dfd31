// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;

/** Not a test: how fast the store appends and opens, beside plain writes and fdatasync in the same run. Arguments: a folder. */
final class LedgerBenchmark {

    private static final int ENTRIES = 1_000_000;
    private static final int ENTRY_BYTES = 332;
    private static final int LIST = 1000;
    private static final int ROUNDS = 5;
    private static final int IN_FLIGHT_MAX = 8;
    private static final int SEALS = 500;
    /** A promise that names 100 entries, and the seal's own overhead. */
    private static final int VOTE_BYTES = 4000;

    private LedgerBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        byte[][] entries = entries();
        double[] raw = new double[ROUNDS];
        double[] pipelined = new double[ROUNDS];
        double[] oneByOne = new double[ROUNDS];
        Path folder = root.resolve("ledger");
        for (int round = 0; round < ROUNDS; round++) {
            raw[round] = raw(root, entries);
            Store.delete(folder);
            oneByOne[round] = append(folder, entries, 1);
            Store.delete(folder);
            pipelined[round] = append(folder, entries, IN_FLIGHT_MAX);
        }
        print("raw write + fdatasync per 1000", median(raw), "entries/s");
        print("append, lists of 1000, each awaited", median(oneByOne), "entries/s");
        print("append, lists of 1000, 8 in flight", median(pipelined), "entries/s");
        print("vote, then seal, each awaited", seals(root.resolve("sealing")), "seals/s");
        System.gc();
        open(folder, "open with index");
        Files.delete(Store.daoFolder(folder).resolve(Checkpoint.FILE_NAME));
        open(folder, "open from the log alone");
        read(folder, entries);
    }

    private static byte[][] entries() {
        Random random = new Random(1);
        byte[][] entries = new byte[ENTRIES][ENTRY_BYTES];
        for (byte[] entry : entries) {
            random.nextBytes(entry);
        }
        return entries;
    }

    private static double raw(Path root, byte[][] entries) throws Exception {
        Path file = root.resolve("raw");
        Files.deleteIfExists(file);
        long start = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(LIST * ENTRY_BYTES);
            for (int i = 0; i < ENTRIES; i += LIST) {
                buffer.clear();
                for (int j = i; j < i + LIST; j++) {
                    buffer.put(entries[j]);
                }
                buffer.flip();
                channel.write(buffer);
                channel.force(false);
            }
        }
        double rate = ENTRIES / seconds(start);
        Files.delete(file);
        return rate;
    }

    private static double append(Path path, byte[][] entries, int inFlightMax) throws Exception {
        ArrayDeque<CompletableFuture<Void>> inFlight = new ArrayDeque<>();
        List<List<byte[]>> lists = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i += LIST) {
            lists.add(Arrays.asList(entries).subList(i, i + LIST));
        }
        try (Ledger.Folder folder = new LogLedger().open(path)) {
            DaoLedger dao = folder.dao(Store.DAO);
            long start = System.nanoTime();
            for (List<byte[]> list : lists) {
                inFlight.add(dao.add(list));
                if (inFlight.size() >= inFlightMax) {
                    inFlight.remove().join();
                }
            }
            while (!inFlight.isEmpty()) {
                inFlight.remove().join();
            }
            return ENTRIES / seconds(start);
        }
    }

    /** What one notary asks of the disk: each seal is promised, then kept. */
    static double seals(Path path) throws Exception {
        Store.delete(path);
        try (Ledger.Folder folder = new LogLedger().open(path)) {
            DaoLedger dao = folder.dao(Store.DAO);
            dao.vote(new byte[VOTE_BYTES]).join();
            long start = System.nanoTime();
            for (int height = 0; height < SEALS; height++) {
                dao.vote(new byte[VOTE_BYTES]).join();
                dao.seal(Store.seal(height, 0, 0)).join();
            }
            return SEALS / seconds(start);
        }
    }

    private static void open(Path path, String what) throws Exception {
        long before = used();
        long start = System.nanoTime();
        try (Ledger.Folder folder = new LogLedger().open(path)) {
            DaoLedger dao = folder.dao(Store.DAO);
            print(what, seconds(start) * 1000, "ms for " + dao.entries() + " entries");
            print("heap, " + what, (used() - before) / (double) dao.entries(), "bytes an entry");
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void read(Path path, byte[][] entries) throws Exception {
        try (Ledger.Folder folder = new LogLedger().open(path)) {
            DaoLedger dao = folder.dao(Store.DAO);
            Random random = new Random(2);
            int reads = 200_000;
            Cid[] cids = new Cid[reads];
            for (int i = 0; i < reads; i++) {
                cids[i] = Cid.hash(entries[random.nextInt(ENTRIES)]);
            }
            long start = System.nanoTime();
            for (Cid cid : cids) {
                dao.has(cid);
            }
            print("has", reads / seconds(start), "a second");
            start = System.nanoTime();
            for (Cid cid : cids) {
                dao.entry(cid).orElseThrow();
            }
            print("entry, random, hash checked", reads / seconds(start), "a second");
            start = System.nanoTime();
            dao.pending();
            print("pending, 1 M", seconds(start) * 1000, "ms");
            start = System.nanoTime();
            dao.scrub();
            print("scrub", seconds(start) * 1000, "ms");
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String what, double value, String unit) {
        System.out.println(String.format(Locale.ROOT, "%-40s %,14.1f %s", what, value, unit));
    }
}
