// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Action;
import org.althing.api.tally.Tally;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;

/** A member of the demo with keys of its own; they live in memory and die with the demo. */
record Voter(String name, Signer root, Signer device) {

    private static final List<String> ROLES = List.of("member");

    /** So many members with fresh keys. */
    static List<Voter> make(int count, RandomGenerator random) {
        Ed25519 ed25519 = Ed25519.fastest();
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++) {
            byte[] seed = new byte[Ed25519.SEED_BYTES];
            random.nextBytes(seed);
            seeds.add(seed);
        }
        List<Signer> signers = seeds.parallelStream()
                .<Signer>map(seed -> SeedSigner.of(ed25519, seed))
                .toList();
        List<Voter> voters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            voters.add(new Voter(
                    String.format(Locale.ROOT, "Voter %03d", i + 1), signers.get(2 * i), signers.get(2 * i + 1)));
        }
        return voters;
    }

    /** One's admission with one vote. */
    Action.Admit admission(Cid dao) {
        return new Action.Admit(
                name,
                root.key(),
                device.key(),
                Consent.ofDevice(dao, root.key(), device),
                Consent.ofMember(dao, device.key(), root),
                new TreeSet<>(ROLES),
                Tally.VOTE);
    }

    /** Signs with a seed in memory. */
    private record SeedSigner(Ed25519 ed25519, byte[] seed, PublicKey key) implements Signer {

        static SeedSigner of(Ed25519 ed25519, byte[] seed) {
            return new SeedSigner(ed25519, seed, ed25519.publicKey(seed));
        }

        @Override
        public Signature sign(byte[] message) {
            return ed25519.provider().sign(seed, message);
        }
    }
}
