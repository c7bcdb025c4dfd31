// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class UvarintTest {

    @Property
    void everyValueReadsBackAndNoBeginningOfItDoes(@ForAll @LongRange(max = Long.MAX_VALUE) long value) {
        byte[] bytes = new byte[Uvarint.size(value)];
        assertEquals(bytes.length, Uvarint.write(value, bytes, 0));
        assertEquals(value, Uvarint.read(ByteBuffer.wrap(bytes)));
        ByteBuffer cut = ByteBuffer.wrap(bytes, 0, bytes.length - 1);
        assertEquals(-1, Uvarint.read(cut));
        assertEquals(0, cut.position());
    }

    @Test
    void theExamplesOfTheSpecificationReadAndWrite() {
        String[] examples = {"01", "7f", "8001", "ff01", "ac02", "808001"};
        long[] values = {1, 127, 128, 255, 300, 16_384};
        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], Uvarint.read(ByteBuffer.wrap(HexFormat.of().parseHex(examples[i]))));
            byte[] bytes = new byte[Uvarint.size(values[i])];
            Uvarint.write(values[i], bytes, 0);
            assertEquals(examples[i], HexFormat.of().formatHex(bytes));
        }
    }

    @Test
    void longerFormsAndValuesPast63BitsAreRefused() {
        for (String hex : new String[] {"8000", "ff00", "81808000", "ffffffffffffffffff01", "808080808080808080"}) {
            ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
            assertThrows(IllegalArgumentException.class, () -> Uvarint.read(bytes), hex);
        }
        assertThrows(IllegalArgumentException.class, () -> Uvarint.size(-1));
    }
}
