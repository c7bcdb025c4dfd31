// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.althing.api.net.Uvarint;
import org.junit.jupiter.api.Test;

class FrameReaderTest {

    @Property(tries = 200)
    void framesComeWholeHoweverTheBytesAreCut(@ForAll long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        List<byte[]> sent = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            byte[] frame = new byte[random.nextInt(random.nextBoolean() ? 4 : 200_000)];
            random.nextBytes(frame);
            sent.add(frame);
            byte[] prefix = new byte[Uvarint.size(frame.length)];
            Uvarint.write(frame.length, prefix, 0);
            wire.writeBytes(prefix);
            wire.writeBytes(frame);
        }
        FrameReader reader = new FrameReader(200_000);
        byte[] bytes = wire.toByteArray();
        int found = 0;
        for (int from = 0; from < bytes.length; ) {
            int cut = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 3 : 100_000));
            ByteBuffer in = ByteBuffer.wrap(bytes, from, cut - from);
            for (byte[] frame = reader.next(in); frame != null; frame = reader.next(in)) {
                assertArrayEquals(sent.get(found++), frame);
            }
            from = cut;
        }
        assertEquals(sent.size(), found);
    }

    @Test
    void aLengthIsNotBelievedBeforeItsBytesCome() {
        FrameReader reader = new FrameReader(8 << 20);
        byte[] prefix = new byte[4];
        Uvarint.write(8 << 20, prefix, 0);
        assertNull(reader.next(ByteBuffer.wrap(prefix)));
        assertTrue(reader.heldBytes() <= 64 << 10);
        assertTrue(reader.isInside());
    }

    @Test
    void lengthsThatAreTooLargeOrTooLongAreRefused() {
        for (String hex : new String[] {"65", "8000", "ffffffff", "ffffff7f"}) {
            assertThrows(
                    Violation.class,
                    () -> new FrameReader(100)
                            .next(ByteBuffer.wrap(HexFormat.of().parseHex(hex))),
                    hex);
        }
        assertArrayEquals(new byte[0], new FrameReader(100).next(ByteBuffer.wrap(new byte[1])));
    }
}
