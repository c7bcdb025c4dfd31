// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.althing.api.sync.Membership;
import org.althing.codec.Sha256;
import org.althing.codec.X25519;

/** A node's part in a private DAO; who reads is told by the test. */
final class TestMembership implements Membership {

    final List<byte[]> readers = new ArrayList<>();
    final List<byte[]> keys = new ArrayList<>();
    final List<byte[]> kept = new ArrayList<>();
    final List<byte[]> received = new ArrayList<>();
    boolean lacksKeys;
    private final byte[] secret;

    TestMembership(int seed) {
        secret = Sha256.hash(new byte[] {(byte) seed});
    }

    @Override
    public byte[] reader() {
        return X25519.open(secret);
    }

    @Override
    public byte[] agree(byte[] other) {
        return X25519.agree(secret, other);
    }

    @Override
    public boolean isReader(byte[] reader) {
        return readers.stream().anyMatch(each -> Arrays.equals(each, reader));
    }

    @Override
    public List<byte[]> groupKeys() {
        return List.copyOf(keys);
    }

    @Override
    public void bring(List<byte[]> given) {
        given.stream()
                .filter(key -> keys.stream().noneMatch(each -> Arrays.equals(each, key)))
                .forEach(keys::add);
        lacksKeys &= given.isEmpty();
    }

    @Override
    public List<byte[]> messagesFor(byte[] reader) {
        return kept;
    }

    @Override
    public void bringMessages(List<byte[]> messages) {
        received.addAll(messages);
    }

    @Override
    public boolean lacksKeys() {
        return lacksKeys;
    }
}
