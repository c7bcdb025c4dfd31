// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.HexFormat;

/** Keys of a Noise handshake. */
final class X25519 {

    static final int KEY_BYTES = org.althing.codec.X25519.KEY_BYTES;

    private X25519() {}

    /** A pair of raw keys. */
    record Pair(byte[] secret, byte[] open) {

        static Pair of(byte[] secret) {
            return new Pair(secret, org.althing.codec.X25519.open(secret));
        }

        /** Without the secret, which must not reach a log. */
        @Override
        public String toString() {
            return HexFormat.of().formatHex(open);
        }
    }

    /**
     * The shared secret.
     *
     * @throws Violation if the peer's key is of small order, so that the secret would be everybody's
     */
    static byte[] agree(byte[] secret, byte[] peer) {
        try {
            return org.althing.codec.X25519.agree(secret, peer);
        } catch (IllegalArgumentException e) {
            throw new Violation(End.HANDSHAKE, "a key of small order");
        }
    }
}
