// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Merkle;
import org.althing.codec.SealCodec;
import org.jspecify.annotations.Nullable;

/** A chain of seals with random bytes for entries: to the plumbing, entries are bytes with a hash. Certificates bear no signatures. */
final class TestChain {

    /** The keys that are said to sign; several sets, one after the other. */
    private static final List<List<PublicKey>> SETS = List.of(keys(1), keys(4), keys(7));

    private final Cid dao = Cid.hash(new byte[] {1, 2, 3});
    private final List<Seal> seals = new ArrayList<>();
    private final List<List<byte[]>> entries = new ArrayList<>();
    private final List<List<PublicKey>> sets = new ArrayList<>();
    private int set;
    private @Nullable Cid head;

    Cid dao() {
        return dao;
    }

    List<PublicKey> firstSet() {
        return SETS.getFirst();
    }

    /** The keys of a set of this chain. */
    static List<PublicKey> set(Cid hash) {
        return SETS.stream()
                .filter(keys -> hashOf(keys).equals(hash))
                .findFirst()
                .orElseThrow();
    }

    int size() {
        return seals.size();
    }

    Seal seal(int height) {
        return seals.get(height);
    }

    List<byte[]> entries(int height) {
        return entries.get(height);
    }

    /** The keys that sign the seal above this height. */
    List<PublicKey> setAfter(int height) {
        return sets.get(height);
    }

    /** Adds a seal of random entries. */
    TestChain add(Random random, int count, int sizeMaxBytes, boolean newNotaries) {
        List<byte[]> added = IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] entry = new byte[40 + random.nextInt(sizeMaxBytes)];
                    random.nextBytes(entry);
                    return entry;
                })
                .toList();
        return add(added, newNotaries);
    }

    private TestChain add(List<byte[]> added, boolean newNotaries) {
        List<Cid> cids = added.stream().map(Cid::hash).toList();
        Cid signing = hashOf(SETS.get(set));
        set = newNotaries ? (set + 1) % SETS.size() : set;
        SealHeader header = new SealHeader(
                dao,
                0,
                seals.size(),
                seals.size(),
                head,
                1_000L * seals.size(),
                cids.size(),
                Merkle.root(cids.stream().map(Cid::toBytes).toList()),
                dao,
                signing,
                hashOf(SETS.get(set)));
        byte[] bytes = SealCodec.encode(header);
        head = Cid.hash(bytes);
        byte[] certificate =
                SealCodec.encode(new Certificate(Certificate.Kind.FINALIZE, dao, 0, header.view(), head, List.of()));
        seals.add(new Seal(header.height(), bytes, cids, certificate));
        entries.add(added);
        sets.add(SETS.get(set));
        return this;
    }

    long entryCount() {
        return entries.stream().mapToLong(List::size).sum();
    }

    /** What a certificate must be in this chain. */
    static SealVerifier verifier() {
        return (certificate, header, cid, notaries) -> certificate.header().equals(cid)
                ? java.util.Optional.empty()
                : java.util.Optional.of("the certificate is for another seal");
    }

    private static Cid hashOf(List<PublicKey> keys) {
        return org.althing.codec.RulesCodec.setHash(SealVerifier.withoutAddresses(keys));
    }

    private static List<PublicKey> keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] raw = new byte[PublicKey.BYTES];
                    raw[0] = (byte) (16 * count + i);
                    return PublicKey.of(raw);
                })
                .toList();
    }
}
