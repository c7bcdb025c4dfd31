// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import java.util.Arrays;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.codec.Ed25519;

/** Signs with a key that it holds until it is locked. Safe for use by many threads. */
final class KeySigner implements Signer {

    private final Ed25519 ed25519;
    private final PublicKey key;
    private final byte[] secret;
    private boolean locked;

    /** Takes the private key over. */
    KeySigner(Ed25519 ed25519, byte[] secret) {
        this.ed25519 = ed25519;
        this.key = ed25519.publicKey(secret);
        this.secret = secret;
    }

    @Override
    public PublicKey key() {
        return key;
    }

    @Override
    public Signature sign(byte[] message) {
        byte[] copy;
        synchronized (this) {
            if (locked) {
                throw new IllegalStateException("the key " + key + " is locked; open the identity again");
            }
            copy = secret.clone();
        }
        try {
            return ed25519.provider().sign(copy, message);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** Wipes the key. */
    synchronized void lock() {
        locked = true;
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public String toString() {
        return "signer of " + key;
    }
}
