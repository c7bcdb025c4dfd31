// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Body;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.codec.BallotReader;
import org.althing.codec.EntryCodec;

/**
 * Ballot entries as a ledger yields them: complete canonical entries of distinct voters with random choices and powers, in a
 * file, from which every count reads them anew. Signatures are random, since a count does not look at them.
 */
final class RandomBallots implements TallyEngine.BallotSource {

    /** Ballots that one thread reads at a time: some 90 KB, so that they are still in its cache when they are decoded. */
    private static final int PART_BALLOTS = 256;

    private static final int WRITE_BUFFER_BYTES = 1 << 20;
    private static final long POWER_MAX_VOTES = 1_000_000;

    private final MappedByteBuffer entries;
    /** Where each entry ends in the file. */
    private final int[] ends;

    private final long[] powersLow;
    private final long[] powersHigh;
    /** Buffers for one part each; as many as there are threads. */
    private final Queue<byte[]> buffers = new ConcurrentLinkedQueue<>();

    private final int partMaxBytes;

    RandomBallots(Class<? extends Choice> form, int ballots, int options, long seed) throws IOException {
        ends = new int[ballots];
        powersLow = new long[ballots];
        powersHigh = new long[ballots];
        Path file = Files.createTempFile("althing-bench", ".ballots");
        try {
            write(file, form, options, new Random(seed));
            try (FileChannel channel = FileChannel.open(file)) {
                entries = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            }
        } finally {
            Files.delete(file);
        }
        int most = 0;
        for (int part = 0; part < parts(); part++) {
            most = Math.max(most, end(lastBallot(part)) - end(firstBallot(part)));
        }
        partMaxBytes = most;
    }

    private void write(Path file, Class<? extends Choice> form, int options, Random random) throws IOException {
        Cid dao = Cid.of(bytes(random, Cid.DIGEST_BYTES));
        Cid proposal = Cid.of(bytes(random, Cid.DIGEST_BYTES));
        int end = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), WRITE_BUFFER_BYTES)) {
            for (int i = 0; i < ends.length; i++) {
                byte[] entry = entry(random, dao, new Body.Ballot(proposal, 0, choice(random, form, options)));
                out.write(entry);
                end = Math.addExact(end, entry.length);
                ends[i] = end;
                BigInteger power = Tally.VOTE
                        .multiply(BigInteger.valueOf(1 + random.nextLong(POWER_MAX_VOTES)))
                        .add(BigInteger.valueOf(random.nextLong(1L << 59)));
                powersLow[i] = PowerSums.low(power);
                powersHigh[i] = PowerSums.high(power);
            }
        }
    }

    @Override
    public int parts() {
        return Math.ceilDiv(ends.length, PART_BALLOTS);
    }

    private int firstBallot(int part) {
        return part * PART_BALLOTS;
    }

    private int lastBallot(int part) {
        return Math.min(ends.length, firstBallot(part) + PART_BALLOTS);
    }

    /** Where the entries before this one end. */
    private int end(int ballot) {
        return ballot == 0 ? 0 : ends[ballot - 1];
    }

    @Override
    public void read(int part, TallyEngine.Sink sink) {
        byte[] given = buffers.poll();
        byte[] buffer = given == null ? new byte[partMaxBytes] : given;
        int start = end(firstBallot(part));
        entries.get(start, buffer, 0, end(lastBallot(part)) - start);
        BallotPaper paper = new BallotPaper();
        for (int i = firstBallot(part); i < lastBallot(part); i++) {
            BallotReader.readEntry(buffer, end(i) - start, ends[i] - start, paper);
            paper.setPower(powersLow[i], powersHigh[i]);
            sink.accept(paper);
        }
        buffers.add(buffer);
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
