// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NoiseTest {

    private final Random random = new Random(7);

    @Test
    void x25519AgreesWithTheVectorsOfRfc7748() {
        HexFormat hex = HexFormat.of();
        byte[] scalar = hex.parseHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
        byte[] point = hex.parseHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
        assertEquals(
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
                hex.formatHex(X25519.agree(scalar, point)));
    }

    @Test
    void aKeyOfSmallOrderIsRefused() {
        Violation refused = assertThrows(
                Violation.class, () -> X25519.agree(Keys.pair(random).secret(), new byte[32]));
        assertEquals(End.HANDSHAKE, refused.end());
    }

    @Test
    void bothSidesOfAHandshakeCarryPayloadsAndThenTalk() {
        NoiseHandshake initiator = new NoiseHandshake(true, Keys.pair(random), Keys.pair(random));
        NoiseHandshake responder = new NoiseHandshake(false, Keys.pair(random), Keys.pair(random));
        byte[] said = {1, 2, 3};
        assertArrayEquals(new byte[0], responder.read(initiator.write(new byte[0])));
        assertArrayEquals(said, initiator.read(responder.write(said)));
        assertArrayEquals(said, responder.read(initiator.write(said)));
        assertTrue(initiator.isDone() && responder.isDone());
        NoiseHandshake.Ciphers ours = initiator.split();
        NoiseHandshake.Ciphers theirs = responder.split();
        for (int i = 0; i < 100; i++) {
            assertArrayEquals(said, decrypt(theirs.receiving(), encrypt(ours.sending(), said)));
            assertArrayEquals(said, decrypt(ours.receiving(), encrypt(theirs.sending(), said)));
        }
    }

    @Test
    void aHandshakeMessageThatIsShortOrChangedIsRefused() {
        for (int message = 0; message < NoiseHandshake.MESSAGES; message++) {
            for (boolean isShort : new boolean[] {false, true}) {
                NoiseHandshake initiator = new NoiseHandshake(true, Keys.pair(random), Keys.pair(random));
                NoiseHandshake responder = new NoiseHandshake(false, Keys.pair(random), Keys.pair(random));
                for (int i = 0; i < message; i++) {
                    (i % 2 == 0 ? responder : initiator).read((i % 2 == 0 ? initiator : responder).write(new byte[0]));
                }
                byte[] sent = (message % 2 == 0 ? initiator : responder).write(new byte[0]);
                NoiseHandshake reader = message % 2 == 0 ? responder : initiator;
                byte[] changed = sent.clone();
                changed[changed.length - 1] ^= 1;
                byte[] bad = isShort ? Arrays.copyOf(sent, sent.length - 1) : changed;
                if (message == 0 && !isShort) {
                    // A key is any 32 bytes; the first message proves nothing, and the second cannot be read.
                    reader.read(bad);
                    byte[] answer = reader.write(new byte[0]);
                    assertThrows(Violation.class, () -> initiator.read(answer));
                } else {
                    assertThrows(Violation.class, () -> reader.read(bad), "message " + message);
                }
            }
        }
    }

    @Test
    void aTamperedReplayedOrDroppedMessageIsRefused() {
        byte[] key = new byte[NoiseCipher.KEY_BYTES];
        NoiseCipher sender = new NoiseCipher(key);
        byte[] first = encrypt(sender, new byte[] {1});
        byte[] second = encrypt(sender, new byte[] {2});
        NoiseCipher receiver = new NoiseCipher(key);
        for (int i = 0; i < first.length; i++) {
            byte[] tampered = first.clone();
            tampered[i] ^= 0x40;
            assertThrows(Violation.class, () -> decrypt(new NoiseCipher(key), tampered));
        }
        assertThrows(Violation.class, () -> decrypt(new NoiseCipher(key), second), "a message lost before it");
        assertThrows(Violation.class, () -> decrypt(new NoiseCipher(key), new byte[NoiseCipher.TAG_BYTES - 1]));
        assertArrayEquals(new byte[] {1}, decrypt(receiver, first));
        assertEquals(
                End.CIPHERTEXT,
                assertThrows(Violation.class, () -> decrypt(receiver, first)).end());
    }

    @Test
    void theLastNonceIsNeverUsed() {
        byte[] key = new byte[NoiseCipher.KEY_BYTES];
        NoiseCipher sender = new NoiseCipher(key, -2);
        byte[] last = encrypt(sender, new byte[] {1});
        assertThrows(Violation.class, () -> encrypt(sender, new byte[] {1}));
        NoiseCipher receiver = new NoiseCipher(key, -2);
        assertArrayEquals(new byte[] {1}, decrypt(receiver, last));
        assertThrows(Violation.class, () -> decrypt(receiver, last));
    }

    @Test
    void messagesComeWholeHoweverTheBytesAreCut() {
        byte[] key = new byte[NoiseCipher.KEY_BYTES];
        NoiseTransport sender = transport(key);
        NoiseTransport receiver = transport(key);
        byte[] wire = new byte[200_000];
        int at = 0;
        int[] sizes = {0, 1, 300, NoiseTransport.PLAIN_MAX_BYTES, 7};
        for (int size : sizes) {
            byte[] content = new byte[size];
            Arrays.fill(content, (byte) size);
            at += sender.seal(content, size, wire, at);
        }
        int found = 0;
        for (int from = 0; from < at; ) {
            int cut = Math.min(at, from + 1 + random.nextInt(1000));
            ByteBuffer in = ByteBuffer.wrap(wire, from, cut - from);
            for (ByteBuffer content = receiver.open(in); content != null; content = receiver.open(in)) {
                assertEquals(sizes[found], content.remaining());
                assertTrue(sizes[found] == 0 || content.get(content.limit() - 1) == (byte) sizes[found]);
                found++;
            }
            from = cut;
        }
        assertEquals(sizes.length, found);
        assertNull(receiver.open(ByteBuffer.allocate(0)));
    }

    private static NoiseTransport transport(byte[] key) {
        NoiseCipher one = new NoiseCipher(key);
        NoiseCipher other = new NoiseCipher(key);
        return new NoiseTransport(
                new NoiseHandshake.Ciphers(one, other), new NoiseFrames(), new byte[NoiseTransport.PLAIN_MAX_BYTES]);
    }

    private static byte[] encrypt(NoiseCipher cipher, byte[] plain) {
        byte[] out = new byte[plain.length + NoiseCipher.TAG_BYTES];
        cipher.encrypt(new byte[0], plain, 0, plain.length, out, 0);
        return out;
    }

    private static byte[] decrypt(NoiseCipher cipher, byte[] bytes) {
        byte[] plain = new byte[Math.max(0, bytes.length - NoiseCipher.TAG_BYTES)];
        cipher.decrypt(new byte[0], bytes, 0, bytes.length, plain, 0);
        return plain;
    }
}
