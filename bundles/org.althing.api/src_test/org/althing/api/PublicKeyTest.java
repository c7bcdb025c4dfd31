// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PublicKeyTest {

    /** The first example of the did:key specification, section "Ed25519". */
    private static final String DID = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";

    private static final String RAW = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";

    @Test
    void readsAndWritesTheExampleOfTheSpecification() {
        PublicKey key = PublicKey.of(HexFormat.of().parseHex(RAW));
        assertEquals(DID, key.toString());
        assertEquals(key, PublicKey.parse(DID));
    }

    @Test
    void everyKeyReadsBack() {
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            byte[] raw = new byte[32];
            random.nextBytes(raw);
            Arrays.fill(raw, 0, i % 33, (byte) (i % 2 == 0 ? 0 : 0xff));
            PublicKey key = PublicKey.of(raw);
            assertEquals(key, PublicKey.parse(key.toString()));
            assertArrayEquals(raw, key.toBytes());
        }
    }

    @Test
    void anyOtherTextIsRefusedOrIsAnotherKey() {
        PublicKey key = PublicKey.parse(DID);
        for (int i = 0; i < DID.length(); i++) {
            for (char c : "12zZ0OIl ".toCharArray()) {
                String text = DID.substring(0, i) + c + DID.substring(i + 1);
                if (text.equals(DID)) {
                    continue;
                }
                try {
                    PublicKey other = PublicKey.parse(text);
                    assertNotEquals(key, other);
                    assertEquals(text, other.toString());
                } catch (IllegalArgumentException expected) {
                    assertNotEquals("", expected.getMessage());
                }
            }
        }
        assertThrows(IllegalArgumentException.class, () -> PublicKey.parse(DID + "1"));
        assertThrows(IllegalArgumentException.class, () -> PublicKey.parse(DID.substring(0, DID.length() - 1)));
        assertThrows(IllegalArgumentException.class, () -> PublicKey.parse("did:web:example.org"));
        assertThrows(IllegalArgumentException.class, () -> PublicKey.parse("did:key:z" + "1".repeat(47)));
    }

    @Test
    void orderIsThatOfUnsignedBytes() {
        byte[] high = new byte[32];
        high[0] = (byte) 0x80;
        byte[] low = new byte[32];
        low[0] = 0x7f;
        assertEquals(1, Integer.signum(PublicKey.of(high).compareTo(PublicKey.of(low))));
    }

    @Test
    void valuesHaveTheirLengthsAndCannotBeChanged() {
        assertThrows(IllegalArgumentException.class, () -> PublicKey.of(new byte[33]));
        assertThrows(IllegalArgumentException.class, () -> Signature.of(new byte[63]));
        byte[] raw = new byte[64];
        Signature signature = Signature.of(raw);
        raw[0] = 1;
        signature.toBytes()[1] = 1;
        assertEquals(Signature.of(new byte[64]), signature);
        assertEquals("00".repeat(64), signature.toString());
    }
}
