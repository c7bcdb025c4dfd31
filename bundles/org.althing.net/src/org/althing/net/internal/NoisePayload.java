// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.net.PeerId;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.ProtobufReader;
import org.althing.codec.ProtobufWriter;

/**
 * What a peer says inside the Noise handshake: who it is, with the proof that the static key is its own, and the multiplexers it has.
 *
 * @param muxers in order of preference; empty where the peer does not negotiate so early
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">noise-libp2p, the handshake payload</a>
 */
record NoisePayload(PeerId peer, List<String> muxers) {

    private static final int KEY_MAX_BYTES = 4096;
    private static final int EXTENSIONS_MAX_BYTES = 4096;
    private static final int MUXERS_MAX = 16;
    private static final int MUXER_MAX_BYTES = 140;

    private static final byte[] TAG = "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

    /** What we say. */
    static byte[] of(HostKey key, byte[] staticKey, List<String> muxers) {
        ProtobufWriter extensions = new ProtobufWriter();
        for (String muxer : muxers) {
            extensions.text(2, muxer);
        }
        return new ProtobufWriter(256)
                .bytes(1, keyMessage(key.key()))
                .bytes(2, key.sign(tagged(staticKey)).toBytes())
                .message(4, extensions)
                .toBytes();
    }

    /** libp2p's PublicKey message. */
    static byte[] keyMessage(PublicKey key) {
        return new ProtobufWriter()
                .integer(1, HostKey.ED25519)
                .bytes(2, key.toBytes())
                .toBytes();
    }

    /**
     * Reads and checks what a peer says.
     *
     * @throws Violation unless it proves its identity
     */
    static NoisePayload read(byte[] payload, byte[] staticKey, Ed25519 ed25519) {
        byte[] keyMessage = {};
        byte[] signature = {};
        List<String> muxers = new ArrayList<>();
        try {
            ProtobufReader in = new ProtobufReader(payload);
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 1 -> keyMessage = in.bytes(KEY_MAX_BYTES);
                    case 2 -> signature = in.bytes(KEY_MAX_BYTES);
                    case 4 -> readExtensions(in.message(EXTENSIONS_MAX_BYTES), muxers);
                    default -> in.skip();
                }
            }
            PublicKey key = readKey(keyMessage);
            boolean isProved = signature.length == Signature.BYTES
                    && ed25519.verify(key, tagged(staticKey), Signature.of(signature));
            if (!isProved) {
                throw new Violation(End.IDENTITY, "the peer's static key is not signed by its identity");
            }
            return new NoisePayload(PeerId.of(key), List.copyOf(muxers));
        } catch (MalformedException e) {
            throw new Violation(End.IDENTITY, "no handshake payload: " + e.getMessage());
        }
    }

    private static void readExtensions(ProtobufReader in, List<String> muxers) {
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 2 && muxers.size() < MUXERS_MAX) {
                muxers.add(in.text(MUXER_MAX_BYTES));
            } else {
                in.skip();
            }
        }
    }

    /**
     * Reads libp2p's PublicKey message.
     *
     * @throws Violation unless it is an Ed25519 key
     */
    static PublicKey readKey(byte[] keyMessage) {
        ProtobufReader in = new ProtobufReader(keyMessage);
        long type = -1;
        byte[] data = {};
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> type = in.integer();
                case 2 -> data = in.bytes(KEY_MAX_BYTES);
                default -> in.skip();
            }
        }
        if (type != HostKey.ED25519 || data.length != PublicKey.BYTES) {
            throw new Violation(End.IDENTITY, "the peer's identity is no Ed25519 key");
        }
        return PublicKey.of(data);
    }

    private static byte[] tagged(byte[] staticKey) {
        byte[] message = Arrays.copyOf(TAG, TAG.length + staticKey.length);
        System.arraycopy(staticKey, 0, message, TAG.length, staticKey.length);
        return message;
    }
}
