// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Base58Test {

    /** The test vectors of draft-msporny-base58, section 5. */
    @Test
    void writesTheVectorsOfTheDraft() {
        assertEquals("2NEpo7TZRRrLZSi2U", Base58.encode("Hello World!".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(
                "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
                Base58.encode("The quick brown fox jumps over the lazy dog.".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("11233QC4", Base58.encode(HexFormat.of().parseHex("0000287fb4cd")));
    }

    @Test
    void anyBytesReadBack() {
        Random random = new Random(1);
        for (int size = 1; size < 100; size++) {
            for (int zeros = 0; zeros <= size; zeros++) {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                Arrays.fill(bytes, 0, zeros, (byte) 0);
                assertArrayEquals(bytes, Base58.decode(Base58.encode(bytes)));
            }
        }
    }
}
