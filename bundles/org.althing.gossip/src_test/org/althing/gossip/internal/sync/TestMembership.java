// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Membership;
import org.althing.codec.Sha256;
import org.althing.codec.X25519;

/** A node's part in a private DAO; who reads is told by the test. */
final class TestMembership implements Membership {

    final List<byte[]> readers = new ArrayList<>();
    final List<byte[]> keys = new ArrayList<>();
    final Map<Cid, byte[]> mailbox = new LinkedHashMap<>();
    boolean takesMessages = true;
    int broughtCount;
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
    public List<byte[]> readers() {
        return List.copyOf(readers);
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
    public void bring(PeerId from, List<byte[]> given) {
        given.stream()
                .filter(key -> keys.stream().noneMatch(each -> Arrays.equals(each, key)))
                .forEach(keys::add);
        lacksKeys &= given.isEmpty();
    }

    @Override
    public Mail mail(long from, int max) {
        List<Cid> names = mailbox.keySet().stream().skip(from).limit(max).toList();
        return new Mail(from + names.size(), names);
    }

    @Override
    public List<byte[]> messages(List<Cid> names) {
        return names.stream().filter(mailbox::containsKey).map(mailbox::get).toList();
    }

    @Override
    public List<Cid> lackingMessages(List<Cid> names) {
        return names.stream().filter(name -> !mailbox.containsKey(name)).toList();
    }

    @Override
    public CompletionStage<Boolean> bringMessages(List<byte[]> messages) {
        broughtCount += messages.size();
        if (takesMessages) {
            messages.forEach(this::keep);
        }
        return CompletableFuture.completedFuture(takesMessages);
    }

    void keep(byte[] message) {
        mailbox.put(Cid.hash(message), message);
    }

    @Override
    public boolean lacksKeys() {
        return lacksKeys;
    }
}
