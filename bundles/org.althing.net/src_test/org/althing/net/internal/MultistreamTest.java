// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MultistreamTest {

    private final ByteArrayOutputStream toListener = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toDialler = new ByteArrayOutputStream();

    @Test
    void aLineIsThatOfTheSpecification() {
        assertEquals("036e610a", HexFormat.of().formatHex(Multistream.line(Multistream.NOT_AVAILABLE)));
        assertEquals(
                "132f6d756c746973747265616d2f312e302e300a",
                HexFormat.of().formatHex(Multistream.line(Multistream.VERSION)));
    }

    @Test
    void theFirstProtocolBothHaveIsAgreedOnHoweverTheBytesAreCut() {
        Multistream.Dialler dialler = new Multistream.Dialler(List.of("/a", "/b", "/c"));
        Multistream.Listener listener = new Multistream.Listener(List.of("/c", "/b")::contains);
        dialler.start(toListener::writeBytes);
        assertNull(feedByByte(listener, toListener, toDialler));
        assertNull(feedByByte(dialler, toDialler, toListener));
        assertEquals("/b", feedByByte(listener, toListener, toDialler));
        assertEquals("/b", feedByByte(dialler, toDialler, toListener));
        assertEquals(0, toListener.size());
    }

    @Test
    void whatALazyDiallerSendsAtOnceStaysInTheInput() {
        Multistream.Dialler dialler = new Multistream.Dialler(List.of("/a"));
        dialler.start(toListener::writeBytes);
        toListener.writeBytes("data".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer in = ByteBuffer.wrap(toListener.toByteArray());
        assertEquals("/a", new Multistream.Listener("/a"::equals).feed(in, toDialler::writeBytes));
        assertEquals("data", StandardCharsets.US_ASCII.decode(in).toString());
    }

    @Test
    void aDiallerWithoutACommonProtocolEnds() {
        Multistream.Dialler dialler = new Multistream.Dialler(List.of("/a"));
        dialler.start(toListener::writeBytes);
        new Multistream.Listener("/b"::equals).feed(ByteBuffer.wrap(toListener.toByteArray()), toDialler::writeBytes);
        Violation none =
                assertThrows(Violation.class, () -> dialler.feed(ByteBuffer.wrap(toDialler.toByteArray()), line -> {}));
        assertEquals(End.NEGOTIATION, none.end());
    }

    @Test
    void aPeerThatAsksForEverEnds() {
        ByteArrayOutputStream asked = new ByteArrayOutputStream();
        asked.writeBytes(Multistream.line(Multistream.VERSION));
        for (int i = 0; i <= Multistream.PROPOSALS_MAX; i++) {
            asked.writeBytes(Multistream.line("/" + i));
        }
        Multistream.Listener listener = new Multistream.Listener(protocol -> false);
        assertThrows(Violation.class, () -> listener.feed(ByteBuffer.wrap(asked.toByteArray()), line -> {}));
    }

    @Test
    void whatIsNoNegotiationIsRefused() {
        for (String hex : new String[] {
            "00",
            "0141",
            "036e6120",
            "ffff",
            "818000",
            "8100",
            "8108",
            "022f0a",
            "1300000000000000000000000000000000000000"
        }) {
            assertThrows(
                    Violation.class,
                    () -> new Multistream.Listener(p -> true)
                            .feed(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), line -> {}),
                    hex);
        }
    }

    @Property(tries = 2_000)
    void noBytesBreakItOtherwise(@ForAll @Size(max = 60) byte[] bytes) {
        for (Multistream side : List.of(new Multistream.Listener(p -> true), new Multistream.Dialler(List.of("/a")))) {
            try {
                side.feed(ByteBuffer.wrap(Multistream.line(Multistream.VERSION)), line -> {});
                side.feed(ByteBuffer.wrap(bytes), line -> {});
            } catch (Violation refused) {
                assertEquals(End.NEGOTIATION, refused.end());
            }
        }
    }

    private static String feedByByte(Multistream side, ByteArrayOutputStream in, ByteArrayOutputStream out) {
        byte[] bytes = in.toByteArray();
        in.reset();
        String agreed = null;
        for (byte next : bytes) {
            assertNull(agreed);
            agreed = side.feed(ByteBuffer.wrap(new byte[] {next}), out::writeBytes);
        }
        return agreed;
    }
}
