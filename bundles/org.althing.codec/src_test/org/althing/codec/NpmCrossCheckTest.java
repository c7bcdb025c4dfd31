// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agrees with @ipld/dag-cbor, multiformats, @ipld/car and ipld-hashmap on random values of both sides. Deletions stay out of
 * it: iamap 3.0.6, beneath ipld-hashmap, keeps an empty bucket when it deletes the last entry of one, against the
 * specification.
 */
class NpmCrossCheckTest {

    private static final int VALUES = 500;
    private static final int MAPS = 20;
    private static final int FILES = 20;
    private static final int NODE_SECONDS_MAX = 120;

    @Test
    void agreesWithTheNpmPackagesBothWays(@TempDir Path folder) throws IOException, InterruptedException {
        Path npm = npm();
        assumeTrue(npm != null, "skipped: no releng/npm/node_modules (npm ci there), and ALTHING_NPM names none");
        int seed = new Random().nextInt(1, Integer.MAX_VALUE);
        Path ours = folder.resolve("ours.txt");
        Path theirs = folder.resolve("theirs.txt");
        Files.write(ours, ours(new Random(seed)));

        run(npm, ours, theirs, seed);

        List<String> lines = Files.readAllLines(theirs);
        assertTrue(lines.size() > VALUES, "seed " + seed);
        for (int i = 0; i < lines.size(); i++) {
            check(lines.get(i).split(" "), "seed " + seed + ", line " + (i + 1));
        }
    }

    private static List<String> ours(Random random) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < VALUES; i++) {
            byte[] block = Nodes.any(random, 0).encode();
            lines.add("cbor " + hex(block) + " " + Cid.hash(block));
        }
        for (int i = 0; i < MAPS; i++) {
            lines.add(hamtLine(random));
        }
        for (int i = 0; i < FILES; i++) {
            lines.add(carLine(random));
        }
        return lines;
    }

    private static String hamtLine(Random random) {
        Hamt hamt = Hamt.empty();
        for (int i = random.nextInt(500); i > 0; i--) {
            byte[] value = new CborWriter()
                    .list(2)
                    .integer(random.nextInt())
                    .bytes(Nodes.bytes(random, 20))
                    .toBytes();
            hamt = hamt.put(Nodes.bytes(random, 40), value);
        }
        StringBuilder line = new StringBuilder("hamt " + hamt.root());
        hamt.forEach(
                (key, value) -> line.append(' ').append(hex(key)).append(' ').append(hex(value)));
        return line.toString();
    }

    private static String carLine(Random random) throws IOException {
        List<Car.Block> blocks = new ArrayList<>();
        for (int i = 1 + random.nextInt(10); i > 0; i--) {
            boolean isRaw = random.nextBoolean();
            byte[] bytes =
                    isRaw ? Nodes.bytes(random, 300) : Nodes.any(random, 0).encode();
            blocks.add(new Car.Block(Cid.hash(isRaw ? Cid.RAW : Cid.DAG_CBOR, bytes), bytes));
        }
        Cid root = blocks.getFirst().cid();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (Car.Writer writer = Car.write(file, List.of(root))) {
            for (Car.Block block : blocks) {
                writer.write(block.cid(), block.bytes());
            }
        }
        String names = String.join(
                " ", blocks.stream().map(block -> block.cid().toString()).toList());
        return "car " + hex(file.toByteArray()) + " " + root + " " + names;
    }

    private static void check(String[] fields, String where) throws IOException {
        switch (fields[0]) {
            case "cbor" -> checkCbor(unhex(fields[1]), Cid.parse(fields[2]), where);
            case "hamt" -> checkHamt(fields, where);
            case "car" -> checkCar(fields, where);
            default -> throw new AssertionError(where + ": " + fields[0]);
        }
    }

    private static void checkCbor(byte[] block, Cid cid, String where) {
        assertArrayEquals(block, Node.decode(block).encode(), where);
        assertEquals(cid, Cid.hash(block), where);
    }

    private static void checkHamt(String[] fields, String where) {
        Hamt hamt = Hamt.empty();
        for (int i = 2; i < fields.length; i += 2) {
            hamt = hamt.put(unhex(fields[i]), unhex(fields[i + 1]));
        }
        assertEquals(fields[1], hamt.root().toString(), where);
    }

    private static void checkCar(String[] fields, String where) throws IOException {
        try (Car.Reader reader = Car.read(new ByteArrayInputStream(unhex(fields[1])), fields.length)) {
            assertEquals(List.of(Cid.parse(fields[2])), reader.roots(), where);
            for (String name : Arrays.asList(fields).subList(3, fields.length)) {
                Car.Block block = reader.next();
                assertTrue(block != null && block.cid().equals(Cid.parse(name)), where);
            }
            assertNull(reader.next(), where);
        }
    }

    private static void run(Path npm, Path input, Path output, int seed) throws IOException, InterruptedException {
        Path log = input.resolveSibling("node.log");
        Process node = new ProcessBuilder("node", "crosscheck.mjs", input.toString(), output.toString(), "" + seed)
                .directory(npm.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = node.waitFor(NODE_SECONDS_MAX, TimeUnit.SECONDS);
        node.destroyForcibly();
        assertTrue(ended, "node took longer than " + NODE_SECONDS_MAX + " s");
        assertEquals(0, node.exitValue(), "seed " + seed + ": " + Files.readString(log));
    }

    /** The folder of crosscheck.mjs, if its packages are installed. */
    private static @Nullable Path npm() {
        String named = System.getProperty("ALTHING_NPM", System.getenv("ALTHING_NPM"));
        Stream<Path> candidates = named != null
                ? Stream.of(Path.of(named))
                : Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
                        .map(path -> path.resolve("releng/npm"));
        return candidates
                .filter(path -> Files.isDirectory(path.resolve("node_modules/ipld-hashmap")))
                .findFirst()
                .orElse(null);
    }

    private static String hex(byte[] bytes) {
        return bytes.length == 0 ? "-" : HexFormat.of().formatHex(bytes);
    }

    private static byte[] unhex(String hex) {
        return hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex);
    }
}
