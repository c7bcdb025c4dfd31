// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

/** Signs with one private key that never leaves its owner. */
public interface Signer {

    /** The key that checks the signatures. */
    PublicKey key();

    /**
     * Ed25519 (RFC 8032) over the bytes as they are; the domain tag is already in front.
     *
     * @throws IllegalStateException if the key has been locked again
     */
    Signature sign(byte[] message);
}
