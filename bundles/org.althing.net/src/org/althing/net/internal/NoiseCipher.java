// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * ChaCha20-Poly1305 under one key, message by message in one direction. For one thread.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-cipherstate-object">Noise, section 5.1</a>
 */
final class NoiseCipher {

    static final int KEY_BYTES = 32;
    static final int TAG_BYTES = 16;

    private static final int NONCE_BYTES = 12;

    /** The last nonce of 64 bits is never used, section 5.1. */
    private static final long NONCE_RESERVED = -1;

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private long next;

    NoiseCipher(byte[] key32) {
        this(key32, 0);
    }

    /** @param next the nonce to begin with, 64 bits without sign */
    NoiseCipher(byte[] key32, long next) {
        try {
            this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform is without ChaCha20-Poly1305", e);
        }
        this.key = new SecretKeySpec(key32, "ChaCha20");
        this.next = next;
    }

    /**
     * Encrypts a message.
     *
     * @return bytes written: {@link #TAG_BYTES} more than read
     * @throws Violation if the nonces are used up
     */
    int encrypt(byte[] associated, byte[] in, int from, int length, byte[] out, int at) {
        return run(Cipher.ENCRYPT_MODE, associated, in, from, length, out, at);
    }

    /**
     * Decrypts the next message.
     *
     * @return bytes written: {@link #TAG_BYTES} fewer than read
     * @throws Violation if it is not the next message that the peer encrypted, or the nonces are used up
     */
    int decrypt(byte[] associated, byte[] in, int from, int length, byte[] out, int at) {
        if (length < TAG_BYTES) {
            throw new Violation(End.CIPHERTEXT, "a message shorter than its tag");
        }
        return run(Cipher.DECRYPT_MODE, associated, in, from, length, out, at);
    }

    private int run(int mode, byte[] associated, byte[] in, int from, int length, byte[] out, int at) {
        if (next == NONCE_RESERVED) {
            throw new Violation(End.CIPHERTEXT, "the nonces are used up");
        }
        long rest = next;
        for (int i = NONCE_BYTES - Long.BYTES; i < NONCE_BYTES; i++) {
            nonce[i] = (byte) rest;
            rest >>>= 8;
        }
        try {
            cipher.init(mode, key, new IvParameterSpec(nonce));
            cipher.updateAAD(associated);
            int written = cipher.doFinal(in, from, length, out, at);
            next++;
            return written;
        } catch (AEADBadTagException e) {
            throw new Violation(End.CIPHERTEXT, "a forged, replayed or lost message");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ChaCha20-Poly1305 failed", e);
        }
    }
}
