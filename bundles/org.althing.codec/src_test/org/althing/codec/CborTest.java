// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.althing.api.Cid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {

    private static final String CID = "01711220" + "00".repeat(32);

    @Provide
    net.jqwik.api.Arbitrary<Node> nodes() {
        return Nodes.any();
    }

    @Property
    void everyTreeReadsBack(@ForAll("nodes") Node node) {
        byte[] block = node.encode();
        assertEquals(node, Node.decode(block));
        assertArrayEquals(block, Node.decode(block).encode());
    }

    @Property
    void slicesAndSkipsAgreeWithReading(@ForAll("nodes") Node node) {
        byte[] block = node.encode();
        byte[] around = new byte[block.length + 7];
        System.arraycopy(block, 0, around, 3, block.length);
        CborReader reader = new CborReader(around, 3, 3 + block.length);
        assertArrayEquals(block, reader.slice());
        reader.finish();
    }

    @Property(tries = 300)
    void aChangedByteIsRefusedOrIsItselfCanonical(@ForAll("nodes") Node node, @ForAll Random random) {
        byte[] block = node.encode();
        for (int i = 0; i < 50; i++) {
            byte[] changed = block.clone();
            changed[random.nextInt(block.length)] = (byte) random.nextInt(256);
            refusedOrCanonical(changed);
        }
    }

    @Property(tries = 300)
    void whatIsCutOffOrDoubledIsRefusedOrIsItselfCanonical(@ForAll("nodes") Node node, @ForAll Random random) {
        byte[] block = node.encode();
        for (int length = 0; length < block.length; length++) {
            byte[] cut = Arrays.copyOf(block, length);
            assertThrows(MalformedException.class, () -> Node.decode(cut));
        }
        byte[] longer = Arrays.copyOf(block, block.length + 1);
        assertThrows(MalformedException.class, () -> Node.decode(longer));
        int from = random.nextInt(block.length);
        byte[] twice = Arrays.copyOf(block, 2 * block.length - from);
        System.arraycopy(block, from, twice, block.length, block.length - from);
        refusedOrCanonical(twice);
    }

    @Property
    void randomBytesAreRefusedOrCanonical(@ForAll byte[] bytes) {
        refusedOrCanonical(bytes);
    }

    private static void refusedOrCanonical(byte[] bytes) {
        Node node;
        try {
            node = Node.decode(bytes);
        } catch (MalformedException refused) {
            assertTrue(refused.offset() >= 0 && refused.offset() <= bytes.length, refused.getMessage());
            assertThrows(MalformedException.class, () -> skip(bytes), "skipping must be as strict as reading");
            return;
        }
        assertArrayEquals(bytes, node.encode());
        skip(bytes);
    }

    private static void skip(byte[] bytes) {
        CborReader reader = new CborReader(bytes);
        reader.skip();
        reader.finish();
    }

    /** Examples of RFC 8949, appendix A, that DAG-CBOR has too. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "23, 17",
        "24, 1818",
        "255, 18ff",
        "256, 190100",
        "1000000, 1a000f4240",
        "4294967295, 1affffffff",
        "4294967296, 1b0000000100000000",
        "9223372036854775807, 1b7fffffffffffffff",
        "18446744073709551615, 1bffffffffffffffff",
        "-1, 20",
        "-24, 37",
        "-25, 3818",
        "-100, 3863",
        "-1000, 3903e7",
        "-9223372036854775808, 3b7fffffffffffffff",
        "-18446744073709551616, 3bffffffffffffffff"
    })
    void integersHaveTheirShortestForm(BigInteger value, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertArrayEquals(bytes, new CborWriter().integer(value).toBytes());
        assertEquals(new Node.IntNode(value), Node.decode(bytes));
        if (value.bitLength() < Long.SIZE) {
            assertArrayEquals(
                    bytes, new CborWriter().integer(value.longValueExact()).toBytes());
            assertEquals(value.longValueExact(), new CborReader(bytes).readLong());
        } else {
            assertThrows(MalformedException.class, () -> new CborReader(bytes).readLong());
        }
    }

    @Test
    void integersBeyond64BitsAreRefused() {
        BigInteger tooGreat = BigInteger.ONE.shiftLeft(64);
        assertThrows(IllegalArgumentException.class, () -> new CborWriter().integer(tooGreat));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CborWriter().integer(tooGreat.negate().subtract(BigInteger.ONE)));
        assertThrows(IllegalArgumentException.class, () -> new Node.IntNode(tooGreat));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1817 | shortest",
                "1900ff | shortest",
                "1a0000ffff | shortest",
                "1b00000000ffffffff | shortest",
                "3800 | shortest",
                "5801ff | shortest",
                "780161 | shortest",
                "9800 | shortest",
                "b800 | shortest",
                "d82a00 | bytes",
                "1c | reserved",
                "1d | reserved",
                "1e | reserved",
                "1f | indefinite",
                "5f4100ff | indefinite",
                "7f6161ff | indefinite",
                "9fff | indefinite",
                "bfff | indefinite",
                "f90000 | float",
                "fa00000000 | float",
                "fb0000000000000000 | float",
                "f7 | simple",
                "e0 | simple",
                "f820 | simple",
                "f3 | simple",
                "ff | break",
                "c100 | 42",
                "d82b00 | 42",
                "a2616200616100 | unsorted",
                "a262616100616200 | unsorted",
                "a2616100616100 | doubled",
                "a10000 | text",
                "a1414100 | text",
                "61ff | UTF-8",
                "62c080 | UTF-8",
                "63eda080 | UTF-8",
                "64f4908080 | UTF-8",
                "61c3 | UTF-8",
                "a161ff00 | UTF-8",
                "0000 | trailing",
                "8200 | more items",
                "820000f6 | trailing",
                "9b7fffffffffffffff | more items",
                "9bffffffffffffffff | more items",
                "bb7fffffffffffffff | more items",
                "5affffffff | longer",
                "5bffffffffffffffff | longer",
                "7b7fffffffffffffff | longer",
                "'' | ends",
                "18 | ends",
                "1900 | ends",
                "a1 | more items",
                "a16161 | ends",
                "d82a | ends"
            })
    void whatIsNotCanonicalIsRefusedWithTheReason(String hex, String reason) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        MalformedException refused = assertThrows(MalformedException.class, () -> Node.decode(bytes));
        assertTrue(refused.reason().contains(reason), refused.getMessage());
        assertThrows(MalformedException.class, () -> skip(bytes));
    }

    /** D stands for a digest of zeros; the good form is d82a58250001711220D. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "d82a58250101711220D",
                "d82a582401711220D",
                "d82a58260001711220D00",
                "d82a58250000711220D",
                "d82a58250001701220D",
                "d82a58250001711320D",
                "d82a5825000171121fD",
                "d82a78250001711220D",
                "d82a58220001711220",
                "d82a5822001220D",
                "d82a1825",
                "d9002a58250001711220D"
            })
    void malformedLinksAreRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace("D", "00".repeat(32)));
        assertThrows(MalformedException.class, () -> Node.decode(bytes));
        assertThrows(MalformedException.class, () -> skip(bytes));
    }

    @Test
    void aLinkIsWrittenAsDagCborWantsIt() {
        byte[] expected = HexFormat.of().parseHex("d82a582500" + CID);
        assertArrayEquals(expected, new CborWriter().link(Cid.of(new byte[32])).toBytes());
        assertEquals(new Node.Link(Cid.of(new byte[32])), Node.decode(expected));
    }

    @Test
    void nestingEndsAtTheLimit() {
        byte[] deepest = new byte[CborReader.DEPTH_MAX];
        Arrays.fill(deepest, (byte) 0x81);
        deepest[deepest.length - 1] = (byte) 0x80;
        assertArrayEquals(deepest, Node.decode(deepest).encode());

        byte[] tooDeep = new byte[CborReader.DEPTH_MAX + 1];
        Arrays.fill(tooDeep, (byte) 0x81);
        tooDeep[tooDeep.length - 1] = (byte) 0x80;
        assertThrows(MalformedException.class, () -> Node.decode(tooDeep));
        CborWriter writer = new CborWriter();
        for (int i = 0; i < CborReader.DEPTH_MAX; i++) {
            writer.list(1);
        }
        assertThrows(IllegalStateException.class, () -> writer.list(0));
    }

    @Test
    void limitsOfTheCallerHold() {
        byte[] text = new CborWriter().text("abc").toBytes();
        byte[] bytes = new CborWriter().bytes(new byte[3]).toBytes();
        byte[] list = new CborWriter().list(3).nil().nil().nil().toBytes();
        assertEquals("abc", new CborReader(text).readText(3));
        assertThrows(MalformedException.class, () -> new CborReader(text).readText(2));
        assertThrows(MalformedException.class, () -> new CborReader(bytes).readBytes(2));
        assertThrows(MalformedException.class, () -> new CborReader(bytes).readBytesExactly(2));
        assertThrows(MalformedException.class, () -> new CborReader(list).readList(2));
        assertThrows(MalformedException.class, () -> new CborReader(list).readListExactly(4));
        assertThrows(MalformedException.class, () -> new CborReader(new byte[] {5}).readLong(6, 9));
    }

    @Test
    void aRecordIsReadKeyByKey() {
        byte[] block = new CborWriter()
                .map(3)
                .key("b")
                .integer(1)
                .key("aa")
                .list(1)
                .bool(true)
                .key("ab")
                .text("x")
                .toBytes();
        CborReader reader = new CborReader(block);
        reader.readMapExactly(3);
        reader.expectKey("b");
        assertEquals(1, reader.readLong());
        reader.expectKey("aa");
        assertArrayEquals(HexFormat.of().parseHex("81f5"), reader.slice());
        assertEquals("ab", reader.readKey(2));
        assertEquals("x", reader.readText(1));
        reader.finish();
    }

    @Test
    void aRecordThatIsAnotherThanTheFormatIsMalformedNeverABug() {
        byte[] block =
                new CborWriter().map(2).key("a").integer(1).key("b").nil().toBytes();
        assertThrows(MalformedException.class, () -> open(block).expectKey("b"));
        assertThrows(MalformedException.class, () -> open(block).readLong());
        assertThrows(MalformedException.class, () -> open(block).readText(9));
        assertThrows(MalformedException.class, () -> open(block).finish());
        CborReader reader = open(block);
        reader.expectKey("a");
        assertThrows(MalformedException.class, () -> reader.expectKey("b"));
        CborReader spent = new CborReader(new byte[] {0});
        spent.skip();
        assertThrows(MalformedException.class, spent::readLong);
        assertThrows(MalformedException.class, spent::skip);
        assertThrows(MalformedException.class, () -> spent.expectKey("a"));
    }

    private static CborReader open(byte[] block) {
        CborReader reader = new CborReader(block);
        reader.readMapExactly(2);
        return reader;
    }

    @Test
    void theWriterRefusesWhatWouldNotBeCanonical() {
        assertThrows(
                IllegalStateException.class,
                () -> new CborWriter().map(2).key("b").nil().key("a"));
        assertThrows(
                IllegalStateException.class,
                () -> new CborWriter().map(2).key("a").nil().key("a"));
        assertThrows(
                IllegalStateException.class,
                () -> new CborWriter().map(2).key("aa").nil().key("b"));
        assertThrows(IllegalStateException.class, () -> new CborWriter().map(1).nil());
        assertThrows(
                IllegalStateException.class,
                () -> new CborWriter().map(1).key("a").key("b"));
        assertThrows(IllegalStateException.class, () -> new CborWriter().list(1).key("a"));
        assertThrows(IllegalStateException.class, () -> new CborWriter().list(1).toBytes());
        assertThrows(IllegalStateException.class, () -> new CborWriter().toBytes());
        assertThrows(IllegalStateException.class, () -> new CborWriter().nil().nil());
        assertThrows(IllegalArgumentException.class, () -> new CborWriter().list(-1));
        assertThrows(IllegalArgumentException.class, () -> new CborWriter().text("\ud800"));
        assertThrows(IllegalArgumentException.class, () -> new CborWriter().text("é\udc00é"));
        assertThrows(
                IllegalArgumentException.class, () -> new CborWriter().map(1).key("\udc00"));
    }

    @Test
    void aWriterStartsAfreshAfterReset() {
        CborWriter writer = new CborWriter(1);
        writer.map(1).key("a");
        assertArrayEquals(new byte[] {7}, writer.reset().integer(7).toBytes());
    }

    @Test
    void embeddedItemsKeepTheirBytes() {
        byte[] inner = new CborWriter().list(2).integer(1).text("é").toBytes();
        byte[] outer = new CborWriter().list(2).raw(inner).nil().toBytes();
        Node expected = new Node.ListNode(java.util.List.of(Node.decode(inner), new Node.Null()));
        assertEquals(expected, Node.decode(outer));
    }
}
