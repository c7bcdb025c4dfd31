// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ProtobufTest {

    @Test
    void theExamplesOfTheEncodingGuideReadAndWrite() {
        assertEquals("089601", hex(new ProtobufWriter().integer(1, 150)));
        assertEquals("120774657374696e67", hex(new ProtobufWriter().text(2, "testing")));
        assertEquals("1a03089601", hex(new ProtobufWriter().message(3, new ProtobufWriter().integer(1, 150))));
        ProtobufReader in = read("1a03089601");
        assertEquals(3, in.next());
        ProtobufReader inner = in.message(3);
        assertEquals(0, in.next());
        assertEquals(1, inner.next());
        assertEquals(150, inner.integer());
        assertEquals(0, inner.next());
    }

    @Property
    void whatWasWrittenReadsBack(
            @ForAll @IntRange(min = 1, max = ProtobufReader.FIELD_MAX) int field,
            @ForAll long number,
            @ForAll @Size(max = 300) byte[] bytes) {
        byte[] message = new ProtobufWriter(0)
                .integer(field, number)
                .bytes(field, bytes)
                .bool(field, true)
                .toBytes();
        ProtobufReader in = new ProtobufReader(message);
        assertEquals(field, in.next());
        assertEquals(number, in.integer());
        assertEquals(field, in.next());
        assertArrayEquals(bytes, in.bytes(300));
        assertEquals(field, in.next());
        assertTrue(in.bool());
        assertEquals(0, in.next());
    }

    @Test
    void everyKindOfValueCanBeSkipped() {
        ProtobufReader in = read("089601" + "120774657374696e67" + "1d01020304" + "210102030405060708" + "2801");
        for (int field = 1; field <= 4; field++) {
            assertEquals(field, in.next());
            in.skip();
        }
        assertEquals(5, in.next());
        assertTrue(in.bool());
    }

    @Test
    void boundsAreCheckedBeforeAnythingIsAllocated() {
        assertThrows(MalformedException.class, () -> begun("0affffffff07").bytes(Integer.MAX_VALUE));
        assertThrows(MalformedException.class, () -> begun("0a03616263").bytes(2));
        assertThrows(MalformedException.class, () -> begun("0a03616263").text(2));
        assertThrows(MalformedException.class, () -> begun("0a03616263").message(2));
        assertThrows(MalformedException.class, () -> begun("089601").integer(149));
        assertThrows(MalformedException.class, () -> begun("0802").bool());
        assertEquals(150, begun("089601").integer(150));
    }

    @Test
    void whatIsNotStrictProtobufIsRefused() {
        for (String hex : new String[] {
            "00",
            "07",
            "0b",
            "0c",
            "0e",
            "80",
            "8000",
            "08",
            "0880",
            "088000",
            "08ffffffffffffffffff02",
            "08ffffffffffffffffffff01",
            "0a",
            "0a02ff",
            "0d010203",
            "0901020304050607",
            "0affffffffffffffffff01",
            "808080801001"
        }) {
            assertThrows(MalformedException.class, () -> begun(hex).skip(), hex);
        }
        assertThrows(MalformedException.class, () -> begun("0a02c328").text(9));
        assertThrows(MalformedException.class, () -> begun("0801").bytes(9), "an integer is no bytes");
        assertThrows(MalformedException.class, () -> begun("0a0101").integer(), "bytes are no integer");
    }

    @Property(tries = 5_000)
    void noBytesBreakTheReaderOtherwise(@ForAll @Size(max = 40) byte[] bytes) {
        ProtobufReader in = new ProtobufReader(bytes);
        try {
            int fields = 0;
            while (in.next() != 0) {
                in.skip();
                fields++;
            }
            assertTrue(fields <= bytes.length / 2);
        } catch (MalformedException refused) {
            assertTrue(refused.offset() <= bytes.length);
        }
    }

    private static ProtobufReader begun(String hex) {
        ProtobufReader in = read(hex);
        in.next();
        return in;
    }

    private static ProtobufReader read(String hex) {
        return new ProtobufReader(HexFormat.of().parseHex(hex));
    }

    private static String hex(ProtobufWriter message) {
        return HexFormat.of().formatHex(message.toBytes());
    }
}
