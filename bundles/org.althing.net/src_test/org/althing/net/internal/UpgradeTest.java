// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.althing.api.net.PeerId;
import org.junit.jupiter.api.Test;

class UpgradeTest {

    private final Random random = new Random(11);

    /** One side: the state machine, what it has sent, and what it is left with at the end. */
    private final class Side {
        final Upgrade upgrade;
        final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteBuffer early;

        Side(HostKey key, boolean dialler, Optional<PeerId> expected) {
            upgrade = new Upgrade(
                    key,
                    dialler,
                    expected,
                    Keys.pair(random),
                    Keys.pair(random),
                    new byte[NoiseTransport.PLAIN_MAX_BYTES]);
        }

        void take(Side from, int cutMaxBytes) {
            byte[] bytes = from.sent.toByteArray();
            from.sent.reset();
            for (int at = 0; at < bytes.length; ) {
                int cut = Math.min(bytes.length, at + 1 + random.nextInt(cutMaxBytes));
                ByteBuffer in = ByteBuffer.wrap(bytes, at, cut - at);
                while (early == null && in.hasRemaining()) {
                    early = upgrade.feed(in, sent::writeBytes);
                }
                at = cut;
            }
        }
    }

    @Test
    void bothSidesKnowEachOtherAndCanTalkHoweverTheBytesAreCut() {
        for (int cut : new int[] {1, 3, 100, 10_000}) {
            Side dialler = new Side(Keys.host(1), true, Optional.of(Keys.host(2).peer()));
            Side listener = new Side(Keys.host(2), false, Optional.empty());
            run(dialler, listener, cut);
            assertEquals(Keys.host(2).peer(), dialler.upgrade.peer());
            assertEquals(Keys.host(1).peer(), listener.upgrade.peer());
            byte[] sealed = dialler.upgrade.transport().seal("hello".getBytes(StandardCharsets.US_ASCII));
            ByteBuffer opened = listener.upgrade.transport().open(ByteBuffer.wrap(sealed));
            assertNotNull(opened);
            assertEquals("hello", StandardCharsets.US_ASCII.decode(opened).toString());
        }
    }

    @Test
    void aPeerThatIsNotTheOneDialledIsLeft() {
        Side dialler = new Side(Keys.host(1), true, Optional.of(Keys.host(3).peer()));
        Side listener = new Side(Keys.host(2), false, Optional.empty());
        Violation other = assertThrows(Violation.class, () -> run(dialler, listener, 100));
        assertEquals(End.IDENTITY, other.end());
    }

    @Test
    void aDialToOurselvesIsNoticed() {
        Side dialler = new Side(Keys.host(1), true, Optional.empty());
        Side listener = new Side(Keys.host(1), false, Optional.empty());
        assertEquals(
                End.SELF,
                assertThrows(Violation.class, () -> run(dialler, listener, 100)).end());
    }

    @Test
    void aPayloadThatProvesNothingIsRefused() {
        byte[] staticKey = Keys.pair(random).open();
        byte[] good = NoisePayload.of(Keys.host(1), staticKey, List.of(Upgrade.MUXER));
        assertEquals(
                new NoisePayload(Keys.host(1).peer(), List.of(Upgrade.MUXER)),
                NoisePayload.read(good, staticKey, Keys.ED25519));
        byte[] otherKey = Keys.pair(random).open();
        assertEquals(
                End.IDENTITY,
                assertThrows(Violation.class, () -> NoisePayload.read(good, otherKey, Keys.ED25519))
                        .end());
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= (byte) (1 + random.nextInt(255));
            try {
                NoisePayload read = NoisePayload.read(changed, staticKey, Keys.ED25519);
                assertEquals(Keys.host(1).peer(), read.peer(), "only the list of multiplexers is unsigned");
                assertTrue(i >= good.length - Upgrade.MUXER.length() - 5, "byte " + i);
            } catch (Violation refused) {
                assertEquals(End.IDENTITY, refused.end());
            }
        }
    }

    @Test
    void aPeerWithoutEarlyNegotiationAgreesOnTheMultiplexerAfterwards() {
        Side listener = new Side(Keys.host(2), false, Optional.empty());
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        new Multistream.Dialler(List.of(Upgrade.SECURITY)).start(wire::writeBytes);
        listener.upgrade.feed(ByteBuffer.wrap(wire.toByteArray()), listener.sent::writeBytes);
        listener.sent.reset();
        X25519.Pair statics = Keys.pair(random);
        NoiseHandshake plainPeer = new NoiseHandshake(true, statics, Keys.pair(random));
        NoiseFrames frames = new NoiseFrames();
        listener.upgrade.feed(framed(plainPeer.write(new byte[0])), listener.sent::writeBytes);
        ByteBuffer answer = frames.next(ByteBuffer.wrap(listener.sent.toByteArray()));
        listener.sent.reset();
        byte[] message = new byte[answer.remaining()];
        answer.get(message);
        plainPeer.read(message);
        listener.upgrade.feed(
                framed(plainPeer.write(NoisePayload.of(Keys.host(1), statics.open(), List.of()))),
                listener.sent::writeBytes);
        NoiseTransport secure = new NoiseTransport(plainPeer.split(), frames, new byte[NoiseTransport.PLAIN_MAX_BYTES]);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        new Multistream.Dialler(List.of(Upgrade.MUXER)).start(lines::writeBytes);
        lines.writeBytes("early".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer rest =
                listener.upgrade.feed(ByteBuffer.wrap(secure.seal(lines.toByteArray())), listener.sent::writeBytes);
        assertNotNull(rest);
        assertEquals("early", StandardCharsets.US_ASCII.decode(rest).toString());
    }

    private static ByteBuffer framed(byte[] message) {
        byte[] framed = new byte[2 + message.length];
        framed[0] = (byte) (message.length >> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return ByteBuffer.wrap(framed);
    }

    private static void run(Side dialler, Side listener, int cut) {
        dialler.upgrade.start(dialler.sent::writeBytes);
        for (int i = 0; i < 10 && (dialler.early == null || listener.early == null); i++) {
            listener.take(dialler, cut);
            dialler.take(listener, cut);
        }
        assertNotNull(dialler.early);
        assertNotNull(listener.early);
    }
}
