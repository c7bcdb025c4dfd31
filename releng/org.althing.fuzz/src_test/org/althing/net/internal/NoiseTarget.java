// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.althing.codec.Ed25519;
import org.althing.fuzz.FuzzTarget;

/** What is read before and after the keys are agreed on: frames, handshake messages, the payload in them, encrypted messages. */
public final class NoiseTarget {

    private static final Ed25519 ED25519 = Ed25519.fastest();
    private static final X25519.Pair OURS = pair(1);
    private static final X25519.Pair THEIRS = pair(2);
    private static final X25519.Pair EPHEMERAL = pair(3);
    private static final HostKey HOST = new HostKey(filled(4, Ed25519.SEED_BYTES), ED25519);

    private NoiseTarget() {}

    public static List<byte[]> seeds() {
        byte[] payload = NoisePayload.of(HOST, THEIRS.open(), List.of("/yamux/1.0.0", "/mplex/6.7.0"));
        NoiseHandshake dialler = new NoiseHandshake(true, THEIRS, EPHEMERAL);
        NoiseHandshake listener = new NoiseHandshake(false, OURS, EPHEMERAL);
        List<byte[]> messages = new ArrayList<>();
        messages.add(dialler.write(new byte[0]));
        listener.read(messages.getLast());
        messages.add(listener.write(payload));
        dialler.read(messages.getLast());
        messages.add(dialler.write(payload));
        byte[] sealed = new NoiseTransport(ciphers(true), new NoiseFrames(), plain()).seal(new byte[] {1, 2, 3});
        return List.of(
                FuzzTarget.forDecoder(0, payload),
                FuzzTarget.forDecoder(1, messages.get(0)),
                FuzzTarget.forDecoder(2, messages.get(1)),
                FuzzTarget.forDecoder(3, messages.get(2)),
                FuzzTarget.forDecoder(4, sealed),
                FuzzTarget.forDecoder(5, new byte[] {0, 2, 7, 7, 0, 0, 0, 1, 9}));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        try {
            switch (input[0]) {
                case 0 -> {
                    NoisePayload read = NoisePayload.read(bytes, THEIRS.open(), ED25519);
                    FuzzTarget.require(read.peer().equals(HOST.peer()), "nobody else can have signed this");
                }
                case 1 -> new NoiseHandshake(false, OURS, EPHEMERAL).read(bytes);
                case 2 -> {
                    NoiseHandshake dialler = new NoiseHandshake(true, THEIRS, EPHEMERAL);
                    dialler.write(new byte[0]);
                    dialler.read(bytes);
                }
                case 3 -> {
                    NoiseHandshake listener = new NoiseHandshake(false, OURS, EPHEMERAL);
                    listener.read(EPHEMERAL.open());
                    listener.write(new byte[0]);
                    listener.read(bytes);
                }
                case 4 -> open(bytes);
                default ->
                    FuzzTarget.require(frames(bytes, bytes.length).equals(frames(bytes, 1)), "cuts make no difference");
            }
        } catch (Violation e) {
            // Refused, as declared.
        }
    }

    private static void open(byte[] bytes) {
        NoiseTransport transport = new NoiseTransport(ciphers(false), new NoiseFrames(), plain());
        ByteBuffer in = ByteBuffer.wrap(bytes);
        for (ByteBuffer content = transport.open(in); content != null; content = transport.open(in)) {
            FuzzTarget.require(content.remaining() <= NoiseTransport.PLAIN_MAX_BYTES, "a message is bounded");
        }
    }

    private static List<String> frames(byte[] bytes, int cut) {
        NoiseFrames frames = new NoiseFrames();
        List<String> read = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += cut) {
            ByteBuffer in = ByteBuffer.wrap(bytes, at, Math.min(cut, bytes.length - at));
            for (ByteBuffer frame = frames.next(in); frame != null; frame = frames.next(in)) {
                byte[] copy = new byte[frame.remaining()];
                frame.get(copy);
                read.add(Arrays.toString(copy));
            }
        }
        return read;
    }

    private static NoiseHandshake.Ciphers ciphers(boolean first) {
        NoiseCipher one = new NoiseCipher(filled(5, NoiseCipher.KEY_BYTES));
        NoiseCipher other = new NoiseCipher(filled(6, NoiseCipher.KEY_BYTES));
        return first ? new NoiseHandshake.Ciphers(one, other) : new NoiseHandshake.Ciphers(other, one);
    }

    private static byte[] plain() {
        return new byte[NoiseTransport.PLAIN_MAX_BYTES];
    }

    private static X25519.Pair pair(int number) {
        return X25519.Pair.of(filled(number, X25519.KEY_BYTES));
    }

    private static byte[] filled(int number, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}
