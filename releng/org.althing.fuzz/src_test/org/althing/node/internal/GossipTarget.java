// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.entry.Body;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.Replica.Fork;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.althing.codec.SealCodec;
import org.althing.fuzz.FuzzTarget;
import org.althing.testkit.governance.TestSigner;

/** Seals and forks that come by gossip. */
public final class GossipTarget {

    private static final Cid DAO = Cid.hash(new byte[] {1});

    private GossipTarget() {}

    public static List<byte[]> seeds() {
        List<Cid> entries = List.of(DAO, Cid.hash(new byte[] {2}));
        byte[] root = Merkle.root(entries.stream().map(Cid::toBytes).toList());
        SealHeader header = new SealHeader(DAO, 1, 9, 7, DAO, 1_700_000_000_000L, 2, root, DAO, DAO, DAO);
        byte[] encoded = SealCodec.encode(header);
        byte[] certificate = SealCodec.encode(new Certificate(
                Certificate.Kind.FINALIZE,
                DAO,
                1,
                9,
                Cid.hash(encoded),
                List.of(new Certificate.Vote(
                        PublicKey.of(new byte[PublicKey.BYTES]), Signature.of(new byte[Signature.BYTES])))));
        List<byte[]> halves = Stream.of("one", "other")
                .map(GossipTarget::entry)
                .sorted((a, b) -> Cid.hash(a).compareTo(Cid.hash(b)))
                .toList();
        return List.of(
                FuzzTarget.forDecoder(0, GossipCodec.encode(new Seal(7, encoded, entries, certificate))),
                FuzzTarget.forDecoder(1, GossipCodec.encode(new Fork(halves.get(0), halves.get(1)))));
    }

    private static byte[] entry(String reason) {
        TestSigner author = new TestSigner("a", Ed25519.fastest());
        Body body = new Body.Veto(DAO, reason);
        return EntryCodec.sign(new EntryCodec.Draft(DAO, author.key(), 1, DAO, DAO, 1_700_000_000_000L, body), author);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        try {
            if (input[0] == 0) {
                GossipCodec.Announced announced = GossipCodec.decodeSeal(bytes);
                FuzzTarget.require(
                        announced.body().isEmpty() || Arrays.equals(GossipCodec.encode(announced.seal()), bytes),
                        "a seal has one form");
            } else {
                GossipCodec.Halves halves = GossipCodec.decodeFork(bytes, DAO);
                FuzzTarget.require(Arrays.equals(GossipCodec.encode(halves.proof()), bytes), "a fork has one form");
            }
        } catch (MalformedException e) {
            // Refused, as declared.
        }
    }
}
