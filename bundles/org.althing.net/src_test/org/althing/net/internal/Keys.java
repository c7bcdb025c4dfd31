// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.Arrays;
import java.util.Random;
import org.althing.codec.Ed25519;

/** Keys for tests, each from a number. */
final class Keys {

    static final Ed25519 ED25519 = Ed25519.fastest();

    private Keys() {}

    static HostKey host(int number) {
        byte[] seed = new byte[Ed25519.SEED_BYTES];
        Arrays.fill(seed, (byte) number);
        return new HostKey(seed, ED25519);
    }

    static X25519.Pair pair(Random random) {
        byte[] secret = new byte[X25519.KEY_BYTES];
        random.nextBytes(secret);
        return X25519.Pair.of(secret);
    }
}
