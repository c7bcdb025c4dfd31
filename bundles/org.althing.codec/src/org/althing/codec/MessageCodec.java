// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Message;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;

/**
 * Messages between two members: HPKE (RFC 9180) in base mode, with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20Poly1305, signed by the author; see
 * "Messages" in docs/formats/althing.cddl. What is encrypted is bound to DAO, author, addressee and time, so nobody can sign it as their own.
 */
public final class MessageCodec {

    private static final byte[] INFO = "althing-message-1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT_VERSION = 1;

    private MessageCodec() {}

    private static HPKE hpke() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
    }

    /**
     * Encrypts and signs a text; gives the complete bytes of the message.
     *
     * @param author a device key of the author
     * @throws IllegalArgumentException if the text is too long, or the reading key is none
     */
    public static byte[] write(Cid dao, ReadingKey to, long timeMillis, String text, Signer author) {
        byte[] words = text.getBytes(StandardCharsets.UTF_8);
        if (words.length > Message.TEXT_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the text has " + words.length + " bytes; at most " + Message.TEXT_MAX_BYTES + " are allowed");
        }
        byte[] plain = new CborWriter(words.length + 8).list(1).text(text).toBytes();
        byte[] padded = Padding.pad(plain);
        HPKE hpke = hpke();
        byte[][] sealed;
        try {
            sealed = hpke.seal(
                    hpke.deserializePublicKey(to.toBytes()),
                    INFO,
                    place(dao, author.key(), to, timeMillis),
                    padded,
                    null,
                    null,
                    null);
        } catch (InvalidCipherTextException | RuntimeException e) {
            throw new IllegalArgumentException("nothing can be encrypted for reading key " + to, e);
        }
        byte[] payload = payload(dao, author.key(), to, timeMillis, sealed[1], sealed[0]);
        return new CborWriter(payload.length + 72)
                .list(2)
                .raw(payload)
                .bytes(author.sign(Tag.MESSAGE.prefix(payload)).toBytes())
                .toBytes();
    }

    /** What the encryption is bound to. */
    private static byte[] place(Cid dao, PublicKey author, ReadingKey to, long timeMillis) {
        return new CborWriter(160)
                .list(4)
                .link(dao)
                .bytes(author.toBytes())
                .bytes(to.toBytes())
                .integer(timeMillis)
                .toBytes();
    }

    private static byte[] payload(
            Cid dao, PublicKey author, ReadingKey to, long timeMillis, byte[] encapsulated, byte[] box) {
        return new CborWriter(box.length + 256)
                .map(7)
                .key("v")
                .integer(FORMAT_VERSION)
                .key("to")
                .bytes(to.toBytes())
                .key("box")
                .bytes(box)
                .key("dao")
                .link(dao)
                .key("enc")
                .bytes(encapsulated)
                .key("key")
                .bytes(author.toBytes())
                .key("time")
                .integer(timeMillis)
                .toBytes();
    }

    /**
     * Reads a message; its signature is not checked.
     *
     * @throws MalformedException if the bytes are not the canonical encoding of a message, or too many
     */
    public static Message decode(byte[] bytes) {
        if (bytes.length > Message.SIZE_MAX_BYTES) {
            throw new MalformedException(
                    Message.SIZE_MAX_BYTES, "a message has at most " + Message.SIZE_MAX_BYTES + " bytes");
        }
        CborReader in = new CborReader(bytes);
        in.readListExactly(2);
        in.readMapExactly(7);
        in.expectKey("v");
        in.readLong(FORMAT_VERSION, FORMAT_VERSION);
        in.expectKey("to");
        ReadingKey to = ReadingKey.of(in.readBytesExactly(ReadingKey.BYTES));
        in.expectKey("box");
        byte[] box = in.readBytes(Message.SIZE_MAX_BYTES);
        in.expectKey("dao");
        Cid dao = in.readLink();
        in.expectKey("enc");
        byte[] encapsulated = in.readBytesExactly(X25519.KEY_BYTES);
        in.expectKey("key");
        PublicKey key = RulesCodec.readKey(in);
        in.expectKey("time");
        long time = in.readLong(0, Entry.TIME_MAX_MILLIS);
        Signature signature = Signature.of(in.readBytesExactly(Signature.BYTES));
        in.finish();
        return new Message(Cid.hash(bytes), bytes.length, dao, key, to, time, encapsulated, box, signature);
    }

    /** Whether its author has signed it. */
    public static boolean isSigned(Message message, Ed25519 signatures) {
        byte[] payload = payload(
                message.dao(),
                message.key(),
                message.to(),
                message.timeMillis(),
                message.encapsulated(),
                message.box());
        return signatures.verify(Tag.MESSAGE, message.key(), payload, message.signature());
    }

    /** The text of a message, for its addressee; empty if this is not the key that it is for, or it was never made right. */
    public static Optional<String> open(Message message, byte[] readingSecret) {
        HPKE hpke = hpke();
        try {
            byte[] padded = hpke.open(
                    message.encapsulated(),
                    hpke.deserializePrivateKey(readingSecret, message.to().toBytes()),
                    INFO,
                    place(message.dao(), message.key(), message.to(), message.timeMillis()),
                    message.box(),
                    null,
                    null,
                    null);
            CborReader in = new CborReader(padded);
            in.readListExactly(1);
            String text = in.readText(Message.TEXT_MAX_BYTES);
            return Padding.isPadded(padded, in.position()) ? Optional.of(text) : Optional.empty();
        } catch (InvalidCipherTextException | RuntimeException e) {
            return Optional.empty(); // A runtime exception tells of a bad point.
        }
    }
}
