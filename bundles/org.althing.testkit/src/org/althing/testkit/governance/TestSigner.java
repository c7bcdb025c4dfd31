// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.governance;

import java.nio.charset.StandardCharsets;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.codec.Ed25519;

/** A key pair that follows from its name. */
public final class TestSigner implements Signer {

    private final String name;
    private final Ed25519 signatures;
    private final byte[] seed;
    private final PublicKey key;

    public TestSigner(String name, Ed25519 signatures) {
        this.name = name;
        this.signatures = signatures;
        this.seed = Cid.hash(name.getBytes(StandardCharsets.UTF_8)).digest();
        this.key = signatures.publicKey(seed);
    }

    @Override
    public PublicKey key() {
        return key;
    }

    @Override
    public Signature sign(byte[] message) {
        return signatures.provider().sign(seed, message);
    }

    @Override
    public String toString() {
        return name;
    }
}
