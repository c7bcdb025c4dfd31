// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.althing.api.entry.Body;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Tally;
import org.junit.jupiter.api.Test;

/** The reader of choices that counting uses, against the reader of whole entries. */
class BallotReaderTest {

    private static final int SEEDS = 2_000;
    private static final int DAMAGES = 40;

    /** What the paper held before; nothing of it may show through. */
    private final BallotPaper paper = BallotPaper.of(
            new Choice.Weights(List.of(1, 2, 3), List.of(4L, 5L, 6L)),
            BigInteger.TWO.pow(64).add(BigInteger.TEN),
            3);

    private Optional<Choice> lean(byte[] bytes, int from, int to) {
        try {
            BallotReader.readEntry(bytes, from, to, paper);
            return Optional.of(paper.choice());
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static Optional<Choice> strict(byte[] bytes) {
        try {
            return EntryCodec.decode(bytes).body() instanceof Body.Ballot ballot
                    ? Optional.of(ballot.choice())
                    : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    @Test
    void givenRandomBallotEntries_whenRead_thenTheChoiceIsThatOfTheWholeEntry() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SampleEntries samples = new SampleEntries(seed);
            Choice choice = samples.choice();
            byte[] entry = samples.entry(new Body.Ballot(samples.cid(), 3, choice));
            assertThat(strict(entry)).as("seed %d", seed).contains(choice);
            assertThat(lean(entry, 0, entry.length)).as("seed %d", seed).contains(choice);
            // In the middle of others.
            byte[] among = new byte[entry.length + 200];
            Arrays.fill(among, (byte) 0x81);
            System.arraycopy(entry, 0, among, 100, entry.length);
            assertThat(lean(among, 100, 100 + entry.length)).as("seed %d", seed).contains(choice);
        }
        assertThat(paper.powerLow()).isEqualTo(10);
        assertThat(paper.powerHigh()).isEqualTo(1);
        assertThat(paper.copies()).isEqualTo(3);
    }

    @Test
    void givenLongSequenceNumbers_whenRead_thenTheChoiceIsFound() {
        SampleEntries samples = new SampleEntries(7);
        Choice choice = samples.choice();
        byte[] sample = samples.entry(new Body.Ballot(samples.cid(), 3, choice));
        var entry = EntryCodec.decode(sample);
        for (long sequence : new long[] {0, 1, 23, 24, 255, 256, 65_535, 65_536, 1L << 32, Long.MAX_VALUE}) {
            byte[] bytes = EntryCodec.encode(new org.althing.api.entry.Entry(
                    entry.cid(),
                    entry.sizeBytes(),
                    entry.dao(),
                    entry.key(),
                    sequence,
                    sequence == 0 ? null : samples.cid(),
                    entry.seen(),
                    entry.timeMillis(),
                    entry.body(),
                    entry.signature()));
            assertThat(strict(bytes)).contains(choice);
            assertThat(lean(bytes, 0, bytes.length)).contains(choice);
        }
    }

    @Test
    void givenDamagedEntries_whenTheStrictReaderStillTakesThem_thenBothReadTheSame() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SampleEntries samples = new SampleEntries(seed);
            Random random = new Random(seed);
            byte[] entry = samples.entry(new Body.Ballot(samples.cid(), 3, samples.choice()));
            for (int i = 0; i < DAMAGES; i++) {
                byte[] damaged = entry.clone();
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                Optional<Choice> read = lean(damaged, 0, damaged.length);
                strict(damaged).ifPresent(choice -> assertThat(read).contains(choice));
            }
        }
    }

    @Test
    void givenEntriesCutShort_whenRead_thenNothingIsReadBeyondTheCut() {
        SampleEntries samples = new SampleEntries(4);
        Choice choice = new Choice.Ranking(List.of(List.of(3), List.of(0, 700), List.of(24)));
        byte[] entry = samples.entry(new Body.Ballot(samples.cid(), 3, choice));
        int end = 0;
        while (lean(entry, 0, end).isEmpty()) {
            end++;
        }
        assertThat(lean(entry, 0, end)).contains(choice);
        // The first length that is enough ends with the choice: the key of the proposal follows.
        assertThat(new String(entry, end + 1, 8, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("proposal");
    }

    @Test
    void givenDamagedChoices_whenTaken_thenTheyAreCanonical() {
        int taken = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            CborWriter out = new CborWriter();
            ChoiceCodec.write(out, new SampleEntries(seed).choice());
            byte[] choice = out.toBytes();
            for (int i = 0; i < DAMAGES; i++) {
                byte[] damaged = choice.clone();
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                try {
                    int end = BallotReader.read(damaged, 0, damaged.length, paper);
                    CborWriter again = new CborWriter();
                    ChoiceCodec.write(again, paper.choice());
                    assertThat(again.toBytes()).as("seed %d", seed).isEqualTo(Arrays.copyOf(damaged, end));
                    taken++;
                } catch (MalformedException refused) {
                    continue;
                }
            }
        }
        assertThat(taken).isPositive();
    }

    @Test
    void givenAnotherEntry_whenRead_thenItIsRefused() {
        byte[] other = new SampleEntries(1).entry(new Body.Sponsorship(new SampleEntries(1).cid()));
        assertThatThrownBy(() -> BallotReader.readEntry(other, 0, other.length, paper))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void givenAPowerBeyondItsBounds_whenSet_thenItIsRefused() {
        BigInteger most = Tally.POWER_MAX;
        paper.setPower(most, 1);
        assertThat(paper.powerHigh()).isEqualTo((1L << 56) - 1);
        paper.setPower(-1, (1L << 56) - 1);
        for (long high : new long[] {1L << 56, -1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> paper.setPower(0, high)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> paper.setPower(most.add(BigInteger.ONE), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> paper.setPower(BigInteger.ONE.negate(), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> paper.setPower(BigInteger.ONE, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> paper.setPower(most, 65)).isInstanceOf(IllegalArgumentException.class);
    }
}
