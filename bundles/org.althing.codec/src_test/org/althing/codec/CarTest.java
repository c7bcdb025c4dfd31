// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.althing.api.Cid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarTest {

    private static final long ANY_NUMBER = Long.MAX_VALUE;

    /** A file, and up to where its parts reach: the header, then each block. */
    private record Sample(byte[] file, List<Integer> ends) {}

    @Test
    void readsWhatItWrote() throws IOException {
        List<Car.Block> blocks = blocks(20);
        List<Cid> roots = blocks.stream().map(Car.Block::cid).limit(3).toList();
        byte[] file = write(roots, blocks);
        Car.Reader reader = Car.read(new ByteArrayInputStream(file), 20);
        assertEquals(roots, reader.roots());
        for (Car.Block block : blocks) {
            Car.Block read = reader.next();
            assertEquals(block.cid(), read.cid());
            assertArrayEquals(block.bytes(), read.bytes());
        }
        assertNull(reader.next());
        assertEquals(file.length, reader.position());
    }

    @Test
    void aFileCutAnywhereIsRefusedOrEndsAfterAWholeBlock() throws IOException {
        Sample sample = sample();
        byte[] file = sample.file;
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            try {
                int whole = readAll(cut, ANY_NUMBER);
                assertEquals(length, sample.ends.get(whole), "only between blocks may a file end");
            } catch (MalformedException refused) {
                assertFalse(sample.ends.contains(length), refused.getMessage());
                assertTrue(refused.offset() <= length, refused.getMessage());
            }
        }
    }

    @Test
    void aChangedByteIsRefusedUnlessItNamesOtherRoots() throws IOException {
        Sample sample = sample();
        byte[] file = sample.file;
        Random random = new Random(8);
        for (int i = 0; i < file.length; i++) {
            byte[] changed = file.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            if (i < sample.ends.getFirst()) {
                refusedOrReadable(changed);
            } else {
                assertThrows(MalformedException.class, () -> readAll(changed, ANY_NUMBER), "byte " + i);
            }
        }
    }

    private static void refusedOrReadable(byte[] file) throws IOException {
        try {
            assertEquals(5, readAll(file, ANY_NUMBER));
        } catch (MalformedException refused) {
            assertFalse(refused.reason().isBlank());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | empty file",
                "00 | length of 0",
                "8000 | shortest",
                "ffffffff7f | beyond",
                "ffffff7f | length of 2",
                "11a265726f6f7473806776657273696f6e02 | 2 is not in 1..1",
                "09a16776657273696f6e01 | 1 pairs where 2",
                "12a265726f6f7473806776657273696f6e0100 | trailing",
                "11a26776657273696f6e0165726f6f747380 | expected key",
                "11a265726f6f7473a06776657273696f6e01 | expected a list",
                "11a265726f6f7473806776657273696f6e01 0100 | too short",
                "11a265726f6f7473806776657273696f6e01 2401701220D | codec",
                "11a265726f6f7473806776657273696f6e01 2512201220D00 | version 1",
                "11a265726f6f7473806776657273696f6e01 2501711220D00 | not the one",
                "11a265726f6f7473806776657273696f6e01 2501711220 | ends too early",
                "11a265726f6f7473806776657273696f6e01 80 | ends too early",
                "11a265726f6f7473806776657273696f6e01 a580808000 | beyond",
                "11a265726f6f7473806776657273696f6e01 a5808004 | may be"
            })
    void whatIsNoCarFileIsRefusedWithTheReason(String hex, String reason) {
        byte[] file = HexFormat.of().parseHex(hex.replace("D", "00".repeat(32)).replace(" ", ""));
        MalformedException refused = assertThrows(MalformedException.class, () -> readAll(file, ANY_NUMBER));
        assertTrue(refused.reason().contains(reason), refused.getMessage());
    }

    @Test
    void limitsHold() throws IOException {
        byte[] file = write(List.of(), blocks(5));
        assertEquals(5, readAll(file, 5));
        assertThrows(MalformedException.class, () -> readAll(file, 4));

        byte[] largest = new byte[Car.BLOCK_BYTES_MAX];
        assertEquals(1, readAll(write(List.of(), List.of(new Car.Block(Cid.hash(Cid.RAW, largest), largest))), 1));
        byte[] tooLarge = new byte[Car.BLOCK_BYTES_MAX + 1];
        Car.Writer writer = Car.write(new ByteArrayOutputStream(), List.of());
        assertThrows(IllegalArgumentException.class, () -> writer.write(Cid.hash(tooLarge), tooLarge));
        assertThrows(IllegalArgumentException.class, () -> writer.write(Cid.hash(tooLarge), new byte[1]));

        List<Cid> roots = new ArrayList<>(java.util.Collections.nCopies(Car.ROOTS_MAX, Cid.hash(new byte[0])));
        assertEquals(
                Car.ROOTS_MAX,
                Car.read(new ByteArrayInputStream(write(roots, List.of())), 0)
                        .roots()
                        .size());
        roots.add(roots.getFirst());
        assertThrows(IllegalArgumentException.class, () -> write(roots, List.of()));
    }

    private static int readAll(byte[] file, long blocksMax) throws IOException {
        try (Car.Reader reader = Car.read(new ByteArrayInputStream(file), blocksMax)) {
            int count = 0;
            while (reader.next() != null) {
                count++;
            }
            return count;
        }
    }

    private static byte[] write(List<Cid> roots, List<Car.Block> blocks) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Car.Writer writer = Car.write(out, roots)) {
            for (Car.Block block : blocks) {
                writer.write(block.cid(), block.bytes());
            }
        }
        return out.toByteArray();
    }

    private static Sample sample() throws IOException {
        List<Car.Block> blocks = blocks(5);
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i <= blocks.size(); i++) {
            ends.add(write(List.of(blocks.getFirst().cid()), blocks.subList(0, i)).length);
        }
        return new Sample(write(List.of(blocks.getFirst().cid()), blocks), ends);
    }

    private static List<Car.Block> blocks(int count) {
        Random random = new Random(9);
        List<Car.Block> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = i % 2 == 0 ? Nodes.any(random, 0).encode() : Nodes.bytes(random, 200);
            blocks.add(new Car.Block(Cid.hash(i % 2 == 0 ? Cid.DAG_CBOR : Cid.RAW, bytes), bytes));
        }
        return blocks;
    }
}
