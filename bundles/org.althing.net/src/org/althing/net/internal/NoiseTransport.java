// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes after the handshake: encrypted and cut into Noise messages on one side, put together and decrypted on the other. For one thread. */
final class NoiseTransport {

    /** What fits into one message, in bytes. */
    static final int PLAIN_MAX_BYTES = NoiseHandshake.MESSAGE_MAX_BYTES - NoiseCipher.TAG_BYTES;

    /** What a message is longer than its content, with the length before it, in bytes. */
    static final int OVERHEAD_BYTES = NoiseFrames.PREFIX_BYTES + NoiseCipher.TAG_BYTES;

    private static final byte[] NO_DATA = {};

    private final NoiseHandshake.Ciphers ciphers;
    private final NoiseFrames frames;
    private final byte[] plain;

    /**
     * @param frames may hold the beginning of a message that has come
     * @param plain where messages are decrypted to, {@link #PLAIN_MAX_BYTES} long; may serve others between two calls
     */
    NoiseTransport(NoiseHandshake.Ciphers ciphers, NoiseFrames frames, byte[] plain) {
        this.ciphers = ciphers;
        this.frames = frames;
        this.plain = plain;
    }

    /**
     * The content of the next message, valid until the next call; null if it has not all come.
     *
     * @param in with an array
     * @throws Violation if it was not the peer who encrypted it, or not as the next one
     */
    @Nullable
    ByteBuffer open(ByteBuffer in) {
        ByteBuffer message = frames.next(in);
        if (message == null) {
            return null;
        }
        int from = message.arrayOffset() + message.position();
        int length = ciphers.receiving().decrypt(NO_DATA, message.array(), from, message.remaining(), plain, 0);
        return ByteBuffer.wrap(plain, 0, length);
    }

    /**
     * Encrypts as one message.
     *
     * @param length at most {@link #PLAIN_MAX_BYTES}
     * @return bytes written: {@link #OVERHEAD_BYTES} more than read
     */
    int seal(byte[] content, int length, byte[] out, int at) {
        int sealed = length + NoiseCipher.TAG_BYTES;
        out[at] = (byte) (sealed >> 8);
        out[at + 1] = (byte) sealed;
        return NoiseFrames.PREFIX_BYTES
                + ciphers.sending().encrypt(NO_DATA, content, 0, length, out, at + NoiseFrames.PREFIX_BYTES);
    }

    /** Encrypts a few bytes as one message of its own. */
    byte[] seal(byte[] content) {
        byte[] out = new byte[content.length + OVERHEAD_BYTES];
        seal(content, content.length, out, 0);
        return out;
    }
}
