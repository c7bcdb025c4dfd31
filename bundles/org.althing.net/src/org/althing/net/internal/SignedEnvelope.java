// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.net.Uvarint;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.ProtobufReader;
import org.althing.codec.ProtobufWriter;

/**
 * Bytes of some type, signed by an Ed25519 key for one purpose. What {@link #open} returns has a good signature.
 *
 * @param key whose signature it is
 * @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0002-signed-envelopes.md">libp2p RFC 0002: signed envelopes</a>
 */
record SignedEnvelope(PublicKey key, byte[] payload) {

    private static final int FIELD_KEY = 1;
    private static final int FIELD_TYPE = 2;
    private static final int FIELD_PAYLOAD = 3;
    private static final int FIELD_SIGNATURE = 5;

    private static final int KEY_MESSAGE_MAX_BYTES = 64;

    /**
     * What a signature is for.
     *
     * @param domain names the purpose; is signed and not sent
     * @param payloadType a multicodec
     */
    record Purpose(String domain, byte[] payloadType) {}

    /** The envelope as it is sent. */
    static byte[] seal(HostKey key, Purpose purpose, byte[] payload) {
        return new ProtobufWriter(256)
                .bytes(FIELD_KEY, NoisePayload.keyMessage(key.key()))
                .bytes(FIELD_TYPE, purpose.payloadType)
                .bytes(FIELD_PAYLOAD, payload)
                .bytes(FIELD_SIGNATURE, key.sign(signed(purpose, payload)).toBytes())
                .toBytes();
    }

    /**
     * Reads an envelope and checks its signature.
     *
     * @param bytes at most as many as the caller has agreed to read
     * @return empty if it is none, of another type, of another kind of key, or its signature is wrong
     */
    static Optional<SignedEnvelope> open(byte[] bytes, Purpose purpose, Ed25519 ed25519) {
        byte[] keyMessage = {};
        byte[] type = {};
        byte[] payload = {};
        byte[] signature = {};
        try {
            ProtobufReader in = new ProtobufReader(bytes);
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case FIELD_KEY -> keyMessage = in.bytes(KEY_MESSAGE_MAX_BYTES);
                    case FIELD_TYPE -> type = in.bytes(purpose.payloadType.length);
                    case FIELD_PAYLOAD -> payload = in.bytes(bytes.length);
                    case FIELD_SIGNATURE -> signature = in.bytes(Signature.BYTES);
                    default -> in.skip();
                }
            }
            PublicKey key = NoisePayload.readKey(keyMessage);
            boolean isSigned = Arrays.equals(type, purpose.payloadType)
                    && signature.length == Signature.BYTES
                    && ed25519.verify(key, signed(purpose, payload), Signature.of(signature));
            return isSigned ? Optional.of(new SignedEnvelope(key, payload)) : Optional.empty();
        } catch (MalformedException | Violation e) {
            return Optional.empty();
        }
    }

    private static byte[] signed(Purpose purpose, byte[] payload) {
        byte[][] parts = {purpose.domain.getBytes(StandardCharsets.UTF_8), purpose.payloadType, payload};
        int size = 0;
        for (byte[] part : parts) {
            size += Uvarint.size(part.length) + part.length;
        }
        byte[] signed = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            at = Uvarint.write(part.length, signed, at);
            System.arraycopy(part, 0, signed, at, part.length);
            at += part.length;
        }
        return signed;
    }
}
