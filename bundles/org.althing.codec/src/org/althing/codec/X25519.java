// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;

/**
 * Diffie-Hellman on Curve25519 by the JDK, over raw keys.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7748">RFC 7748</a>
 */
public final class X25519 {

    /** Size of a key, secret or public, and of what two keys agree on, in bytes. */
    public static final int KEY_BYTES = 32;

    /** What stands before the raw key in its DER form (RFC 8410, section 4). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b656e032100");

    private static final byte[] BASE_POINT = Arrays.copyOf(new byte[] {9}, KEY_BYTES);

    private X25519() {}

    /** The public key of a secret one. */
    public static byte[] open(byte[] secret) {
        return agree(secret, BASE_POINT);
    }

    /**
     * The shared secret.
     *
     * @throws IllegalArgumentException if the other's key is of small order, so that the secret would be everybody's
     */
    public static byte[] agree(byte[] secret, byte[] other) {
        try {
            KeyFactory keys = KeyFactory.getInstance("X25519");
            PrivateKey ours = keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret));
            byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
            System.arraycopy(other, 0, encoded, X509_PREFIX.length, KEY_BYTES);
            PublicKey theirs = keys.generatePublic(new X509EncodedKeySpec(encoded));
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(ours);
            agreement.doPhase(theirs, true);
            return agreement.generateSecret();
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("a key of small order", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform is without X25519", e);
        }
    }
}
