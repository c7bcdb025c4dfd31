// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.althing.codec.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The three messages of {@code Noise_XX_25519_ChaChaPoly_SHA256}, without a prologue. The initiator writes the first. For one thread.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-handshakestate-object">Noise, section 5.3</a>
 */
final class NoiseHandshake {

    /** The largest message of Noise, in bytes. */
    static final int MESSAGE_MAX_BYTES = 65_535;

    static final int MESSAGES = 3;

    private static final byte[] NAME = "Noise_XX_25519_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = {};

    private final boolean initiator;
    private final X25519.Pair statics;
    private final X25519.Pair ephemeral;
    private byte @Nullable [] remoteStatic;
    private byte @Nullable [] remoteEphemeral;
    private byte[] hash;
    private byte[] chaining;
    private @Nullable NoiseCipher cipher;
    private int messages;

    /** What encrypts and decrypts after the handshake. */
    record Ciphers(NoiseCipher sending, NoiseCipher receiving) {}

    /**
     * @param statics our static keys
     * @param ephemeral keys of this handshake alone
     */
    NoiseHandshake(boolean initiator, X25519.Pair statics, X25519.Pair ephemeral) {
        this.initiator = initiator;
        this.statics = statics;
        this.ephemeral = ephemeral;
        // The name has just the length of a hash, so it is not hashed (section 5.2); the prologue is empty.
        this.chaining = NAME;
        this.hash = Sha256.hash(NAME);
    }

    /** How many messages were written and read. */
    int messages() {
        return messages;
    }

    /** Whether the next message is ours to write. */
    boolean isWriter() {
        return messages < MESSAGES && messages % 2 == (initiator ? 0 : 1);
    }

    boolean isDone() {
        return messages == MESSAGES;
    }

    /** The peer's static key. */
    byte[] remoteStatic() {
        return known(remoteStatic);
    }

    /** Writes the next message with this payload in it. */
    byte[] write(byte[] payload) {
        require(isWriter());
        byte[] message = NONE;
        switch (messages++) {
            case 0 -> message = writeEphemeral();
            case 1 -> {
                message = writeEphemeral();
                mixEphemerals();
                message = join(message, encryptAndHash(statics.open()));
                mixKey(X25519.agree(statics.secret(), known(remoteEphemeral)));
            }
            default -> {
                message = encryptAndHash(statics.open());
                mixKey(X25519.agree(statics.secret(), known(remoteEphemeral)));
            }
        }
        return join(message, encryptAndHash(payload));
    }

    /**
     * Reads the peer's next message.
     *
     * @return the payload in it
     * @throws Violation unless it is one
     */
    byte[] read(byte[] message) {
        require(!isWriter() && !isDone());
        int at = 0;
        switch (messages++) {
            case 0 -> at = readEphemeral(message);
            case 1 -> {
                at = readEphemeral(message);
                mixEphemerals();
                at = readStatic(message, at);
                mixKey(X25519.agree(ephemeral.secret(), known(remoteStatic)));
            }
            default -> {
                at = readStatic(message, at);
                mixKey(X25519.agree(ephemeral.secret(), known(remoteStatic)));
            }
        }
        return decryptAndHash(Arrays.copyOfRange(message, at, message.length));
    }

    /** The ciphers for what follows. */
    Ciphers split() {
        require(isDone());
        byte[][] keys = hkdf(NONE);
        NoiseCipher first = new NoiseCipher(keys[0]);
        NoiseCipher second = new NoiseCipher(keys[1]);
        return initiator ? new Ciphers(first, second) : new Ciphers(second, first);
    }

    private byte[] writeEphemeral() {
        mixHash(ephemeral.open());
        return ephemeral.open();
    }

    private int readEphemeral(byte[] message) {
        remoteEphemeral = take(message, 0, X25519.KEY_BYTES);
        mixHash(remoteEphemeral);
        return X25519.KEY_BYTES;
    }

    private int readStatic(byte[] message, int at) {
        int length = X25519.KEY_BYTES + NoiseCipher.TAG_BYTES;
        remoteStatic = decryptAndHash(take(message, at, length));
        return at + length;
    }

    private void mixEphemerals() {
        mixKey(X25519.agree(ephemeral.secret(), known(remoteEphemeral)));
    }

    private void mixHash(byte[] data) {
        hash = Sha256.hash(join(hash, data));
    }

    private void mixKey(byte[] secret) {
        byte[][] keys = hkdf(secret);
        chaining = keys[0];
        cipher = new NoiseCipher(keys[1]);
    }

    private byte[] encryptAndHash(byte[] plain) {
        byte[] out = plain;
        if (cipher != null) {
            out = new byte[plain.length + NoiseCipher.TAG_BYTES];
            cipher.encrypt(hash, plain, 0, plain.length, out, 0);
        }
        mixHash(out);
        return out;
    }

    private byte[] decryptAndHash(byte[] in) {
        byte[] plain = in;
        if (cipher != null) {
            plain = new byte[Math.max(0, in.length - NoiseCipher.TAG_BYTES)];
            cipher.decrypt(hash, in, 0, in.length, plain, 0);
        }
        mixHash(in);
        return plain;
    }

    /** Two keys from the chaining key and this secret (section 4.3). */
    private byte[][] hkdf(byte[] secret) {
        byte[] temporary = hmac(chaining, secret);
        byte[] first = hmac(temporary, new byte[] {1});
        return new byte[][] {first, hmac(temporary, join(first, new byte[] {2}))};
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform is without HMAC-SHA-256", e);
        }
    }

    private static byte[] take(byte[] message, int at, int length) {
        if (message.length - at < length) {
            throw new Violation(End.HANDSHAKE, "a handshake message of " + message.length + " bytes");
        }
        return Arrays.copyOfRange(message, at, at + length);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] known(byte @Nullable [] key) {
        if (key == null) {
            throw new IllegalStateException("the peer's key has not come");
        }
        return key;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("not our turn in the handshake");
        }
    }
}
