// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Ed25519 keys from a seed, by paths of hardened steps.
 *
 * @see <a href="https://github.com/satoshilabs/slips/blob/master/slip-0010.md">SLIP-0010</a>
 */
final class Slip10 {

    /**
     * The path of the root key, m/1634497640'/0'. The purpose (BIP-43) is the ASCII text "alth": no BIP will ever have such a number, so no
     * wallet that is given the same words derives this key for another use. The second step numbers the identity; there is one.
     */
    private static final int[] ROOT_PATH = {0x616c7468, 0};

    private static final int HARDENED = 0x80000000;
    private static final int KEY_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA512";

    private Slip10() {}

    /** The private key (RFC 8032: seed) of the member's root, 32 bytes. */
    static byte[] rootKey(byte[] seed) {
        return derive(seed, ROOT_PATH);
    }

    /** The private key at a path; every step is hardened, as Ed25519 needs it. */
    static byte[] derive(byte[] seed, int... path) {
        byte[] node = hmac("ed25519 seed".getBytes(StandardCharsets.US_ASCII), seed);
        for (int step : path) {
            ByteBuffer data = ByteBuffer.allocate(1 + KEY_BYTES + Integer.BYTES);
            data.put((byte) 0).put(node, 0, KEY_BYTES).putInt(step | HARDENED);
            byte[] chainCode = Arrays.copyOfRange(node, KEY_BYTES, node.length);
            byte[] next = hmac(chainCode, data.array());
            wipe(node, chainCode, data.array());
            node = next;
        }
        byte[] key = Arrays.copyOf(node, KEY_BYTES);
        wipe(node);
        return key;
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA512", e);
        }
    }

    private static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
