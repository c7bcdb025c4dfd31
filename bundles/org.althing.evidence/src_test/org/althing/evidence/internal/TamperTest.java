// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.evidence.Evidence.Claim;
import org.althing.api.evidence.Evidence.Report;
import org.althing.api.evidence.Evidence.Verdict;
import org.althing.codec.MalformedException;
import org.althing.codec.Node;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an attacker without keys does to a file, it is refused, with a reason, and nothing worse happens. */
class TamperTest {

    /** Files up to this size are changed at every byte, larger ones at a sample of places. */
    private static final int EVERY_BYTE_MAX = 64 * 1024;

    enum Kind {
        DAO,
        PROPOSAL
    }

    private static final SampleDao.Story STORY = SampleDao.story();

    @TempDir
    Path folder;

    private final Verifier verifier = new Verifier(
            SampleDao.GOVERNANCE,
            SampleDao.ENGINE,
            SampleDao.SIGNATURES,
            ForkJoinPool.commonPool(),
            EnumSet.allOf(Check.class));

    private byte[] file(Kind kind) {
        return Samples.file(STORY.dao(), kind == Kind.DAO ? Optional.empty() : Optional.of(STORY.ferry()));
    }

    private Report verify(Path path) {
        try {
            return verifier.verify(path, new Verifier.Known(Optional.empty(), Optional.empty()), 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void refused(byte[] forged, String what) {
        try {
            Path path = Files.write(folder.resolve("forged.car"), forged);
            refused(verify(path), what);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refused(Report report, String what) {
        List<Claim> failed = report.claims().stream()
                .filter(claim -> claim.verdict() == Verdict.FAILS)
                .toList();
        if (report.holds()
                || failed.isEmpty()
                || failed.stream().anyMatch(claim -> claim.detail().isBlank())
                || !report.completeness().equals("none")) {
            throw new AssertionError(what + " is not refused: " + report);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aFlippedByteIsRefused(Kind kind) throws IOException {
        byte[] good = file(kind);
        Path path = Files.write(folder.resolve("flipped.car"), good);
        int step = good.length <= EVERY_BYTE_MAX ? 1 : good.length / EVERY_BYTE_MAX + 1;
        Random random = new Random(7);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (int at = 0; at < good.length; at += step) {
                byte flip = (byte) (1 + random.nextInt(255));
                channel.write(ByteBuffer.wrap(new byte[] {(byte) (good[at] ^ flip)}), at);
                refused(verify(path), "byte " + at + " flipped by " + flip);
                channel.write(ByteBuffer.wrap(new byte[] {good[at]}), at);
            }
        }
        assertThat(verify(path).holds()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aTruncatedFileIsRefused(Kind kind) throws IOException {
        byte[] good = file(kind);
        Path path = Files.write(folder.resolve("truncated.car"), good);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (int length = good.length - 1; length >= 0; length--) {
                channel.truncate(length);
                refused(verify(path), "cut to " + length + " bytes");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void appendedBytesAreRefused(Kind kind) {
        byte[] good = file(kind);
        for (byte[] more : List.of(new byte[1], new byte[] {1}, new byte[100], new byte[] {(byte) 0xff}, good)) {
            byte[] longer = Arrays.copyOf(good, good.length + more.length);
            System.arraycopy(more, 0, longer, good.length, more.length);
            refused(longer, more.length + " bytes appended");
        }
    }

    /** The same bytes under their other name: else one content would have many files. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aBlockThatIsNamedAsRawIsRefused(Kind kind) throws IOException {
        byte[] good = file(kind);
        Map<Cid, byte[]> blocks = Forgery.blocks(good);
        List<Cid> order = List.copyOf(blocks.keySet());
        for (int i = 0; i < order.size(); i++) {
            Cid raw = Cid.hash(Cid.RAW, blocks.get(order.get(i)));
            blocks.put(raw, blocks.get(order.get(i)));
            List<Cid> renamed = new ArrayList<>(order);
            renamed.set(i, raw);
            Report report =
                    verify(Files.write(folder.resolve("raw.car"), Forgery.car(order.getFirst(), renamed, blocks)));
            refused(report, "block " + i + " as raw");
            if (report.claims().stream().noneMatch(claim -> claim.detail().contains("is not named as DAG-CBOR"))) {
                throw new AssertionError("block " + i + " as raw is refused for another reason: " + report);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aBlockMissingDoubledMovedOrAddedIsRefused(Kind kind) {
        byte[] good = file(kind);
        Map<Cid, byte[]> blocks = Forgery.blocks(good);
        List<Cid> order = List.copyOf(blocks.keySet());
        byte[] foreign = new Node.Text("needless").encode();
        blocks.put(Cid.hash(foreign), foreign);
        for (int i = 0; i < order.size(); i++) {
            List<Cid> removed = new ArrayList<>(order);
            removed.remove(i);
            refused(Forgery.car(order.getFirst(), removed, blocks), "without block " + i);
            List<Cid> doubled = new ArrayList<>(order);
            doubled.add(i, order.get(i));
            refused(Forgery.car(order.getFirst(), doubled, blocks), "block " + i + " twice");
            List<Cid> again = new ArrayList<>(order);
            again.add(order.get(i));
            refused(Forgery.car(order.getFirst(), again, blocks), "block " + i + " again at the end");
            List<Cid> added = new ArrayList<>(order);
            added.add(i, Cid.hash(foreign));
            refused(Forgery.car(order.getFirst(), added, blocks), "a block more at " + i);
            List<Cid> moved = new ArrayList<>(order);
            Collections.swap(moved, i, (i + 1) % order.size());
            refused(Forgery.car(order.getFirst(), moved, blocks), "block " + i + " swapped with the next");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aChangedFieldIsRefusedThoughAllHashesFit(Kind kind) {
        byte[] good = file(kind);
        Forgery map = new Forgery(good, Map.of());
        int[] count = {0};
        for (Cid block : map.names()) {
            fields(map.block(block), new ArrayList<>(), (path, changed) -> {
                count[0]++;
                Forgery forgery = new Forgery(good, Map.of()).set(block, changed, path);
                String what = "block " + block + " with " + changed + " at " + Arrays.toString(path);
                byte[] forged;
                try {
                    forged = forgery.fit();
                } catch (MalformedException e) {
                    forged = forgery.fitInOldOrder();
                }
                refused(forged, what);
            });
        }
        assertThat(count[0]).isGreaterThan(500);
    }

    /** Every scalar and link of a block, each with another value. */
    private static void fields(Node node, List<Object> path, BiConsumer<Object[], Node> sink) {
        switch (node) {
            case Node.ListNode list ->
                IntStream.range(0, list.items().size()).forEach(i -> {
                    path.add(i);
                    fields(list.items().get(i), path, sink);
                    path.removeLast();
                });
            case Node.MapNode map ->
                map.entries().forEach((key, value) -> {
                    path.add(key);
                    fields(value, path, sink);
                    path.removeLast();
                });
            case Node.IntNode n ->
                sink.accept(path.toArray(), new Node.IntNode(n.value().add(BigInteger.ONE)));
            case Node.Bytes n -> sink.accept(path.toArray(), other(n));
            case Node.Text n -> sink.accept(path.toArray(), new Node.Text(n.value() + "x"));
            case Node.Bool n -> sink.accept(path.toArray(), new Node.Bool(!n.value()));
            case Node.Null n -> sink.accept(path.toArray(), new Node.Link(Cid.hash(new byte[] {1})));
            case Node.Link n -> sink.accept(path.toArray(), new Node.Link(Cid.hash(new byte[] {2})));
        }
    }

    private static Node other(Node.Bytes bytes) {
        byte[] value = bytes.value();
        if (value.length == 0) {
            return new Node.Bytes(new byte[] {1});
        }
        value[value.length - 1] ^= 1;
        return new Node.Bytes(value);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void noiseIsRefused(Kind kind) throws IOException {
        byte[] good = file(kind);
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] noisy = good.clone();
            int from = random.nextInt(noisy.length);
            int to = Math.min(noisy.length, from + 1 + random.nextInt(64));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(noisy, 0, from);
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            out.write(noise);
            out.write(noisy, to, noisy.length - to);
            byte[] forged = out.toByteArray();
            if (!Arrays.equals(forged, good)) {
                refused(forged, "seed " + seed);
            }
        }
    }

    /** Structure kept, content random: deeper than bytes, since every hash fits. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void blocksOfRandomContentAreRefused(Kind kind) {
        byte[] good = file(kind);
        List<Cid> names = new Forgery(good, Map.of()).names();
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            Forgery forgery = new Forgery(good, STORY.dao().keys);
            Cid block = names.get(random.nextInt(names.size()));
            List<Object[]> places = new ArrayList<>();
            fields(forgery.block(block), new ArrayList<>(), (path, changed) -> places.add(path));
            Object[] whole = places.get(random.nextInt(places.size()));
            Object[] path = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            forgery.change(block, old -> noise(random, old, 0), path);
            byte[] forged;
            try {
                forged = forgery.fit();
            } catch (RuntimeException e) {
                forged = forgery.fitInOldOrder();
            }
            // With all keys a change may be true of another DAO; what matters is that there is a verdict.
            try {
                verify(Files.write(folder.resolve("random.car"), forged));
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static Node noise(Random random, Node old, int depth) {
        return switch (random.nextInt(depth > 2 ? 7 : 9)) {
            case 0 -> new Node.IntNode(new BigInteger(64, random));
            case 1 -> new Node.IntNode(random.nextInt(40) - 2);
            case 2 -> new Node.Bytes(new byte[random.nextInt(40)]);
            case 3 -> new Node.Text("x".repeat(random.nextInt(300)));
            case 4 -> new Node.Null();
            case 5 -> new Node.Link(Cid.hash(new byte[] {(byte) random.nextInt()}));
            case 6 -> new Node.Bool(random.nextBoolean());
            case 7 ->
                new Node.ListNode(IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> noise(random, old, depth + 1))
                        .toList());
            default -> old;
        };
    }
}
