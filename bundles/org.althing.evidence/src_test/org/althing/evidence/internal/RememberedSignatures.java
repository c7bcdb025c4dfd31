// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.codec.Ed25519;

/** A provider that asks another only once for the same signature: tests verify one file with small changes ten thousands of times. */
final class RememberedSignatures implements Ed25519.Provider {

    private final Ed25519.Provider provider;
    private final Map<Asked, Boolean> verdicts = new ConcurrentHashMap<>();

    private record Asked(PublicKey key, Cid message, Signature signature) {}

    RememberedSignatures(Ed25519.Provider provider) {
        this.provider = provider;
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public boolean verify(PublicKey key, byte[] message, Signature signature) {
        return verdicts.computeIfAbsent(
                new Asked(key, Cid.hash(message), signature), asked -> provider.verify(key, message, signature));
    }

    @Override
    public Signature sign(byte[] seed32, byte[] message) {
        return provider.sign(seed32, message);
    }
}
