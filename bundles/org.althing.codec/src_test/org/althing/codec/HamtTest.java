// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.althing.api.Cid;
import org.junit.jupiter.api.Test;

class HamtTest {

    @Property(tries = 200)
    void behavesAsASortedMap(@ForAll @IntRange(min = 1, max = 2000) int steps, @ForAll Random random) {
        Map<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        Hamt hamt = Hamt.empty();
        int keys = 1 + random.nextInt(steps);
        for (int i = 0; i < steps; i++) {
            byte[] key = key(random.nextInt(keys));
            if (random.nextInt(3) == 0) {
                model.remove(key);
                hamt = hamt.remove(key);
            } else {
                byte[] value = value(random.nextInt(100));
                model.put(key, value);
                hamt = hamt.put(key, value);
            }
            assertEquals(model.size(), hamt.size());
        }
        assertSameEntries(model, hamt);
        assertEquals(of(model).root(), hamt.root(), "the root tells nothing of the way to the content");
    }

    @Property(tries = 100)
    void orderOfInsertionDoesNotMatter(@ForAll @IntRange(max = 500) int size, @ForAll Random random) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            order.add(i);
        }
        Cid expected = build(order).root();
        Collections.shuffle(order, random);
        assertEquals(expected, build(order).root());
    }

    @Property(tries = 50)
    void whatWasAddedAndRemovedLeavesNoTrace(
            @ForAll @IntRange(max = 300) int size, @ForAll @IntRange(max = 300) int more) {
        Hamt before = build(range(size));
        Hamt after = before;
        for (int i = size; i < size + more; i++) {
            after = after.put(key(i), value(i));
        }
        for (int i = size + more - 1; i >= size; i--) {
            after = after.remove(key(i));
        }
        assertEquals(before.root(), after.root());
        assertEquals(blocks(before).keySet(), blocks(after).keySet());
    }

    @Test
    void oldVersionsStayAsTheyWere() {
        Hamt old = build(range(100));
        Cid root = old.root();
        old.put(key(1), value(99)).remove(key(2)).root();
        assertEquals(root, old.root());
        assertArrayEquals(value(1), old.get(key(1)).orElseThrow());
        assertSame(old, old.put(key(1), value(1)));
        assertSame(old, old.remove(key(100)));
    }

    @Test
    void theEmptyMapHasOneForm() {
        byte[] block = new CborWriter()
                .map(3)
                .key("hamt")
                .list(2)
                .bytes(new byte[4])
                .list(0)
                .key("hashAlg")
                .integer(18)
                .key("bucketSize")
                .integer(3)
                .toBytes();
        assertEquals(Cid.hash(block), Hamt.empty().root());
        Hamt emptied = build(range(50));
        for (int i = 0; i < 50; i++) {
            emptied = emptied.remove(key(i));
        }
        assertEquals(Hamt.empty().root(), emptied.root());
    }

    @Test
    void loadsWhatItWrote() {
        for (int size : new int[] {0, 1, 3, 4, 100, 5000}) {
            Hamt hamt = build(range(size));
            Map<Cid, byte[]> blocks = blocks(hamt);
            Hamt loaded = Hamt.load(hamt.root(), blocks::get);
            assertEquals(hamt.root(), loaded.root());
            assertEquals(size, loaded.size());
            assertEquals(
                    hamt.put(key(-1), value(1)).remove(key(0)).root(),
                    loaded.put(key(-1), value(1)).remove(key(0)).root());
        }
    }

    @Test
    void mapsThatShareBlocksAreWrittenAndReadWithoutThoseTwice() {
        Hamt one = build(range(2000));
        Hamt other = one.put(key(7), value(99));
        Set<Cid> known = new HashSet<>();
        Deque<byte[]> written = new ArrayDeque<>();
        for (Hamt hamt : List.of(one, other, one)) {
            hamt.blocks(known, (cid, block) -> written.add(block));
        }
        assertTrue(written.size() < blocks(one).size() + 8, written.size() + " blocks");
        Hamt.Loader loader = new Hamt.Loader(cid -> written.remove());
        for (Hamt hamt : List.of(one, other, one)) {
            Hamt loaded = loader.load(hamt.root());
            assertEquals(blocks(hamt).keySet(), blocks(loaded).keySet());
            assertEquals(
                    hamt.root(),
                    loaded.put(key(1), value(1)).put(key(1), value(1)).root());
        }
        assertTrue(written.isEmpty());
    }

    @Test
    void aBlockThatIsLinkedFromTwoPlacesIsRefused() {
        Hamt hamt = build(range(200));
        Map<Cid, byte[]> blocks = blocks(hamt);
        byte[] child = blocks.entrySet().stream()
                .filter(block -> !block.getKey().equals(hamt.root()))
                .findFirst()
                .orElseThrow()
                .getValue();
        int place = IntStream.range(0, 32)
                .filter(at -> loads(at, child))
                .findFirst()
                .orElseThrow();
        byte[] twice = root(
                1 << place | 1 << (place + 1) % 32,
                new CborWriter()
                        .list(2)
                        .link(Cid.hash(child))
                        .link(Cid.hash(child))
                        .toBytes());
        refused("place", twice, child);
    }

    private static boolean loads(int place, byte[] child) {
        byte[] root =
                root(1 << place, new CborWriter().list(1).link(Cid.hash(child)).toBytes());
        try {
            Hamt.load(Cid.hash(root), cid -> cid.equals(Cid.hash(root)) ? root : child);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    private static void refused(String reason, byte[] root, byte[] child) {
        MalformedException refused = assertThrows(
                MalformedException.class,
                () -> Hamt.load(Cid.hash(root), cid -> cid.equals(Cid.hash(root)) ? root : child));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void aMissingBlockIsNamed() {
        Hamt hamt = build(range(200));
        for (Cid cid : blocks(hamt).keySet()) {
            Map<Cid, byte[]> blocks = blocks(hamt);
            blocks.remove(cid);
            MissingBlockException missing =
                    assertThrows(MissingBlockException.class, () -> Hamt.load(hamt.root(), blocks::get));
            assertEquals(cid, missing.cid());
        }
    }

    @Test
    void aFalseBlockIsRefused() {
        Hamt hamt = build(range(200));
        Random random = new Random(6);
        for (Cid cid : blocks(hamt).keySet()) {
            Map<Cid, byte[]> blocks = blocks(hamt);
            byte[] block = blocks.get(cid).clone();
            block[random.nextInt(block.length)] ^= 1;
            blocks.put(cid, block);
            assertThrows(MalformedException.class, () -> Hamt.load(hamt.root(), blocks::get));
        }
    }

    @Test
    void otherFormsOfTheSameContentAreRefused() {
        byte[] entry = new CborWriter().list(2).bytes(key(1)).raw(value(1)).toBytes();
        int place = place(key(1), 0);
        refused(
                "empty bucket",
                root(1 << place, new CborWriter().list(1).list(0).toBytes()));
        refused("place that its hash", root(1 << (place + 1) % 32, bucket(entry)));
        refused("1 items where 0 must be", root(0, bucket(entry)));
        refused("out of order", root(1 << place, bucket(entry, entry)));
        refused(
                "19 is not in 18..18",
                new CborWriter()
                        .map(3)
                        .key("hamt")
                        .raw(node(0, list()))
                        .key("hashAlg")
                        .integer(19)
                        .key("bucketSize")
                        .integer(3)
                        .toBytes());
        refused(
                "8 bytes where 4 must be",
                new CborWriter()
                        .map(3)
                        .key("hamt")
                        .list(2)
                        .bytes(new byte[8])
                        .list(0)
                        .key("hashAlg")
                        .integer(18)
                        .key("bucketSize")
                        .integer(3)
                        .toBytes());
        byte[] good = root(1 << place, bucket(entry));
        assertArrayEquals(
                value(1), Hamt.load(Cid.hash(good), cid -> good).get(key(1)).orElseThrow(), "and the good form is not");
    }

    @Test
    void aNodeOfTooFewEntriesIsRefused() {
        byte[] entry = new CborWriter().list(2).bytes(key(1)).raw(value(1)).toBytes();
        byte[] child = node(1 << place(key(1), 1), bucket(entry));
        byte[] root = root(
                1 << place(key(1), 0),
                new CborWriter().list(1).link(Cid.hash(child)).toBytes());
        Map<Cid, byte[]> blocks = Map.of(Cid.hash(child), child, Cid.hash(root), root);
        MalformedException refused =
                assertThrows(MalformedException.class, () -> Hamt.load(Cid.hash(root), blocks::get));
        assertTrue(refused.getMessage().contains("bucket of its parent"), refused.getMessage());
        assertThrows(MalformedException.class, () -> Hamt.verify(Cid.hash(root), key(1), List.of(root, child)));
    }

    @Test
    void aTreeThatLeadsInACircleOfFalseNamesEnds() {
        // No real block can link to itself, but a source that lies about one must be caught at its first lie.
        byte[] child =
                node(1, new CborWriter().list(1).link(Cid.of(new byte[32])).toBytes());
        byte[] root =
                root(1, new CborWriter().list(1).link(Cid.of(new byte[32])).toBytes());
        assertThrows(
                MalformedException.class,
                () -> Hamt.load(Cid.hash(root), cid -> cid.equals(Cid.hash(root)) ? root : child));
    }

    @Property(tries = 30)
    void everyValueAndAbsenceIsProven(@ForAll @IntRange(max = 1500) int size) {
        Hamt hamt = build(range(size));
        for (int i = -20; i < size; i += 1 + size / 50) {
            List<byte[]> proof = hamt.prove(key(i));
            Optional<byte[]> value = Hamt.verify(hamt.root(), key(i), proof);
            assertEquals(i >= 0, value.isPresent());
            if (i >= 0) {
                assertArrayEquals(value(i), value.orElseThrow());
            }
        }
    }

    @Test
    void aTamperedProofProvesNothing() {
        Hamt hamt = build(range(1500));
        Cid other = hamt.put(key(0), value(77)).root();
        Random random = new Random(7);
        for (int i = -10; i < 100; i++) {
            byte[] key = key(i);
            List<byte[]> proof = hamt.prove(key);
            assertThrows(MalformedException.class, () -> Hamt.verify(other, key, proof));
            assertThrows(
                    MalformedException.class, () -> Hamt.verify(hamt.root(), key, proof.subList(0, proof.size() - 1)));
            List<byte[]> longer = new ArrayList<>(proof);
            longer.add(proof.getLast());
            assertThrows(MalformedException.class, () -> Hamt.verify(hamt.root(), key, longer));
            for (int at = 0; at < proof.size(); at++) {
                List<byte[]> changed = new ArrayList<>(proof);
                byte[] block = proof.get(at).clone();
                block[random.nextInt(block.length)] ^= (byte) (1 << random.nextInt(8));
                changed.set(at, block);
                assertThrows(MalformedException.class, () -> Hamt.verify(hamt.root(), key, changed));
            }
        }
    }

    @Test
    void limitsOfKeysAndValuesHold() {
        byte[] longest = new byte[Hamt.KEY_BYTES_MAX];
        Hamt hamt = Hamt.empty().put(longest, value(1)).put(new byte[0], value(2));
        assertArrayEquals(value(2), hamt.get(new byte[0]).orElseThrow());
        assertEquals(2, Hamt.load(hamt.root(), blocks(hamt)::get).size());
        assertThrows(IllegalArgumentException.class, () -> hamt.put(new byte[65], value(1)));
        assertThrows(IllegalArgumentException.class, () -> hamt.get(new byte[65]));
        assertThrows(MalformedException.class, () -> hamt.put(longest, new byte[] {0x18, 0}));
        assertThrows(MalformedException.class, () -> hamt.put(longest, new byte[] {0, 0}));
        Hamt deep = hamt.put(longest, nested(Hamt.VALUE_DEPTH_MAX));
        assertEquals(2, Hamt.load(deep.root(), blocks(deep)::get).size());
        assertThrows(MalformedException.class, () -> hamt.put(longest, nested(Hamt.VALUE_DEPTH_MAX + 1)));
    }

    @Test
    void nobodyCanChangeAMapFromOutside() {
        byte[] key = {1};
        byte[] value = value(1);
        Hamt hamt = Hamt.empty().put(key, value);
        key[0] = 2;
        value[0] = 0;
        hamt.get(new byte[] {1}).orElseThrow()[0] = 0;
        hamt.forEach((k, v) -> {
            k[0] = 3;
            v[0] = 3;
        });
        assertArrayEquals(value(1), hamt.get(new byte[] {1}).orElseThrow());
    }

    private static byte[] nested(int depth) {
        byte[] lists = new byte[depth];
        Arrays.fill(lists, (byte) 0x81);
        lists[depth - 1] = (byte) 0x80;
        return lists;
    }

    private static void refused(String reason, byte[] root) {
        MalformedException refused =
                assertThrows(MalformedException.class, () -> Hamt.load(Cid.hash(root), cid -> root));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    private static byte[] root(int bitmap, byte[] data) {
        return new CborWriter()
                .map(3)
                .key("hamt")
                .raw(node(bitmap, data))
                .key("hashAlg")
                .integer(18)
                .key("bucketSize")
                .integer(3)
                .toBytes();
    }

    private static byte[] node(int bitmap, byte[] data) {
        byte[] map = {(byte) bitmap, (byte) (bitmap >>> 8), (byte) (bitmap >>> 16), (byte) (bitmap >>> 24)};
        return new CborWriter().list(2).bytes(map).raw(data).toBytes();
    }

    private static byte[] list() {
        return new CborWriter().list(0).toBytes();
    }

    private static byte[] bucket(byte[]... entries) {
        CborWriter writer = new CborWriter().list(1).list(entries.length);
        for (byte[] entry : entries) {
            writer.raw(entry);
        }
        return writer.toBytes();
    }

    /** Five bits of the key's hash, from the left, for the depths 0 and 1. */
    private static int place(byte[] key, int depth) {
        byte[] hash = Sha256.hash(key);
        int bits = (hash[0] & 0xff) << 8 | hash[1] & 0xff;
        return bits >>> 11 - 5 * depth & 31;
    }

    private static void assertSameEntries(Map<byte[], byte[]> model, Hamt hamt) {
        Map<byte[], byte[]> seen = new TreeMap<>(Arrays::compareUnsigned);
        hamt.forEach(seen::put);
        assertEquals(model.size(), seen.size());
        model.forEach((key, value) -> {
            assertArrayEquals(value, seen.get(key));
            assertArrayEquals(value, hamt.get(key).orElseThrow());
        });
        assertFalse(hamt.get(key(-1)).isPresent());
    }

    private static Hamt of(Map<byte[], byte[]> entries) {
        Hamt hamt = Hamt.empty();
        for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
            hamt = hamt.put(entry.getKey(), entry.getValue());
        }
        return hamt;
    }

    private static Hamt build(List<Integer> numbers) {
        Hamt hamt = Hamt.empty();
        for (int i : numbers) {
            hamt = hamt.put(key(i), value(i));
        }
        return hamt;
    }

    private static List<Integer> range(int size) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static Map<Cid, byte[]> blocks(Hamt hamt) {
        Map<Cid, byte[]> blocks = new LinkedHashMap<>();
        hamt.blocks(blocks::put);
        return blocks;
    }

    private static byte[] key(int i) {
        return new CborWriter().integer(i).toBytes();
    }

    private static byte[] value(int i) {
        return new CborWriter().list(2).integer(i).text("value").toBytes();
    }
}
