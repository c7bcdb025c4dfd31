// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Body;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.codec.EntryCodec;

/**
 * Ballot entries as a ledger yields them: complete canonical entries of distinct voters with random choices and powers. Signatures are
 * random, since a count does not look at them.
 */
final class RandomBallots implements TallyEngine.BallotSource {

    private static final int PARTS = 16;
    private static final long POWER_MAX_VOTES = 1_000_000;

    private final byte[][] entries;
    private final BigInteger[] powers;

    RandomBallots(Class<? extends Choice> form, int ballots, int options, long seed) {
        entries = new byte[ballots][];
        powers = new BigInteger[ballots];
        Random random = new Random(seed);
        Cid dao = Cid.of(bytes(random, Cid.DIGEST_BYTES));
        Cid proposal = Cid.of(bytes(random, Cid.DIGEST_BYTES));
        for (int i = 0; i < ballots; i++) {
            entries[i] = entry(random, dao, new Body.Ballot(proposal, 0, choice(random, form, options)));
            powers[i] = Tally.VOTE
                    .multiply(BigInteger.valueOf(1 + random.nextLong(POWER_MAX_VOTES)))
                    .add(BigInteger.valueOf(random.nextLong(1L << 59)));
        }
    }

    @Override
    public int parts() {
        return PARTS;
    }

    @Override
    public void read(int part, TallyEngine.Sink sink) {
        int from = (int) ((long) entries.length * part / PARTS);
        int to = (int) ((long) entries.length * (part + 1) / PARTS);
        for (int i = from; i < to; i++) {
            sink.accept(EntryCodec.ballotChoice(entries[i]), powers[i]);
        }
    }

    private static Choice choice(Random random, Class<? extends Choice> form, int options) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, options).boxed().toList());
        if (form == Choice.Single.class) {
            return new Choice.Single(random.nextInt(options));
        }
        if (form == Choice.Weights.class) {
            return new Choice.Weights(
                    order,
                    order.stream().map(option -> 1 + random.nextLong(100)).toList());
        }
        Collections.shuffle(order, random);
        if (form == Choice.Approval.class) {
            return new Choice.Approval(order.subList(0, 1 + random.nextInt(options)).stream()
                    .sorted()
                    .toList());
        }
        return new Choice.Ranking(order.stream().map(List::of).toList());
    }

    private static byte[] entry(Random random, Cid dao, Body.Ballot body) {
        PublicKey key = PublicKey.of(bytes(random, PublicKey.BYTES));
        Signer unsigned = new Signer() {
            @Override
            public PublicKey key() {
                return key;
            }

            @Override
            public Signature sign(byte[] message) {
                return Signature.of(bytes(random, Signature.BYTES));
            }
        };
        return EntryCodec.sign(new EntryCodec.Draft(dao, key, 0, null, dao, 1_700_000_000_000L, body), unsigned);
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
