// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CidTest {

    /** The CID of the empty DAG-CBOR map, known from IPLD's own fixtures. */
    private static final String EMPTY_MAP = "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua";

    @Test
    void namesTheEmptyMapAsEveryoneDoes() {
        Cid cid = Cid.hash(new byte[] {(byte) 0xa0});
        assertEquals(EMPTY_MAP, cid.toString());
        assertEquals(cid, Cid.parse(EMPTY_MAP));
        assertTrue(cid.names(new byte[] {(byte) 0xa0}));
        assertFalse(cid.names(new byte[] {(byte) 0xa1}));
    }

    @Test
    void namesRawBlocks() {
        Cid cid = Cid.hash(Cid.RAW, "hello".getBytes(StandardCharsets.US_ASCII));
        assertEquals("bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq", cid.toString());
        assertEquals(Cid.RAW, Cid.parse(cid.toString()).codec());
    }

    @Test
    void everyFormReadsBackForManyCids() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            Cid cid = Cid.of(i % 2 == 0 ? Cid.DAG_CBOR : Cid.RAW, digest(random));
            assertEquals(cid, Cid.parse(cid.toString()));
            assertEquals(cid, Cid.fromBytes(cid.toBytes()));
            assertEquals(cid.hashCode(), Cid.fromBytes(cid.toBytes()).hashCode());
        }
    }

    @Test
    void anyOtherTextIsRefusedOrNamesAnotherBlock() {
        Cid cid = Cid.parse(EMPTY_MAP);
        for (int i = 0; i < EMPTY_MAP.length(); i++) {
            for (char c : "abz27A1 =é".toCharArray()) {
                String text = EMPTY_MAP.substring(0, i) + c + EMPTY_MAP.substring(i + 1);
                if (text.equals(EMPTY_MAP)) {
                    continue;
                }
                try {
                    Cid other = Cid.parse(text);
                    assertNotEquals(cid, other);
                    assertEquals(text, other.toString());
                } catch (IllegalArgumentException expected) {
                    assertFalse(expected.getMessage().isBlank());
                }
            }
        }
    }

    @Test
    void otherFormsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Cid.parse(""));
        assertThrows(IllegalArgumentException.class, () -> Cid.parse("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"));
        assertThrows(IllegalArgumentException.class, () -> Cid.parse(EMPTY_MAP + "a"));
        assertThrows(IllegalArgumentException.class, () -> Cid.parse(EMPTY_MAP.toUpperCase()));
        byte[] binary = Cid.parse(EMPTY_MAP).toBytes();
        assertThrows(IllegalArgumentException.class, () -> Cid.fromBytes(Arrays.copyOf(binary, 37)));
        assertThrows(IllegalArgumentException.class, () -> Cid.fromBytes(Arrays.copyOf(binary, 35)));
        for (int i = 0; i < 4; i++) {
            byte[] changed = binary.clone();
            changed[i]++;
            assertThrows(IllegalArgumentException.class, () -> Cid.fromBytes(changed));
        }
        assertThrows(IllegalArgumentException.class, () -> Cid.of(0x70, new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> Cid.of(new byte[31]));
    }

    @Test
    void orderIsThatOfTheBinaryForms() {
        Random random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            Cid a = Cid.of(random.nextBoolean() ? Cid.DAG_CBOR : Cid.RAW, digest(random));
            Cid b = Cid.of(random.nextBoolean() ? Cid.DAG_CBOR : Cid.RAW, digest(random));
            int expected = Arrays.compareUnsigned(a.toBytes(), b.toBytes());
            assertEquals(Integer.signum(expected), Integer.signum(a.compareTo(b)));
        }
    }

    @Test
    void nobodyCanChangeACid() {
        byte[] digest = new byte[32];
        Cid cid = Cid.of(digest);
        digest[0] = 1;
        cid.digest()[0] = 1;
        cid.toBytes()[4] = 1;
        assertArrayEquals(new byte[32], cid.digest());
    }

    private static byte[] digest(Random random) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return digest;
    }
}
