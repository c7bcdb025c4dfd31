// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.api.tally.Choice;
import org.junit.jupiter.api.Test;

class EntryCodecTest {

    private static final int SEEDS = 100;
    private static final Ed25519 SIGNATURES = Ed25519.fastest();

    @Test
    void whatIsWrittenIsReadAndRewrittenToTheSameBytes() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SampleEntries samples = new SampleEntries(seed);
            for (var body : samples.bodies()) {
                byte[] bytes = samples.entry(body.apply(samples));
                Entry entry = EntryCodec.decode(bytes);
                assertThat(EntryCodec.encode(entry)).as("seed %d", seed).isEqualTo(bytes);
                assertThat(entry.cid()).isEqualTo(Cid.hash(bytes));
                assertThat(entry.sizeBytes()).isEqualTo(bytes.length);
            }
        }
    }

    @Test
    void theSignatureCoversThePayload() {
        SampleEntries samples = new SampleEntries(1);
        byte[] bytes = samples.entry(new Body.Sponsorship(samples.cid()));
        Entry entry = EntryCodec.decode(bytes);
        assertThat(SIGNATURES.verify(entry.key(), EntryCodec.signedMessage(bytes), entry.signature()))
                .isTrue();
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertThat(isGood(changed)).as("byte %d", i).isFalse();
        }
    }

    private static boolean isGood(byte[] bytes) {
        try {
            Entry entry = EntryCodec.decode(bytes);
            return SIGNATURES.verify(entry.key(), EntryCodec.signedMessage(bytes), entry.signature());
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void anyChangedByteIsRefusedOrReadAsAnotherEntryOfTheVeryBytes() {
        Random random = new Random(7);
        for (long seed = 0; seed < SEEDS; seed++) {
            SampleEntries samples = new SampleEntries(seed);
            for (var body : samples.bodies()) {
                byte[] bytes = samples.entry(body.apply(samples));
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                try {
                    assertThat(EntryCodec.encode(EntryCodec.decode(bytes)))
                            .as("seed %d", seed)
                            .isEqualTo(bytes);
                } catch (MalformedException refused) {
                    assertThat(refused).hasMessageContaining("byte ");
                }
            }
        }
    }

    @Test
    void anEntryCutShortOrPaddedIsRefused() {
        SampleEntries samples = new SampleEntries(2);
        byte[] bytes = samples.entry(new Body.Sponsorship(samples.cid()));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> EntryCodec.decode(cut)).isInstanceOf(MalformedException.class);
        }
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> EntryCodec.decode(padded)).hasMessageContaining("trailing");
    }

    @Test
    void anEntryTooLargeIsNeitherWrittenNorRead() {
        SampleEntries samples = new SampleEntries(3);
        int around = samples.entry(proposal(0)).length;
        // Entries of the same body differ by a link and the lengths of numbers.
        int spread = 100;
        assertThat(samples.entry(proposal(Entry.SIZE_MAX_BYTES - around - spread)))
                .hasSizeLessThanOrEqualTo(Entry.SIZE_MAX_BYTES);
        Body large = proposal(Entry.SIZE_MAX_BYTES - around + spread);
        assertThatThrownBy(() -> samples.entry(large)).hasMessageContaining("65536");
        Entry small = EntryCodec.decode(samples.entry(proposal(1)));
        Entry grown = new Entry(
                small.cid(),
                0,
                small.dao(),
                small.key(),
                small.sequence(),
                small.previous(),
                small.seen(),
                small.timeMillis(),
                large,
                small.signature());
        assertThatThrownBy(() -> EntryCodec.decode(EntryCodec.encode(grown))).hasMessageContaining("65536");
        assertThatThrownBy(() -> EntryCodec.decode(new byte[Entry.EQUIVOCATION_SIZE_MAX_BYTES + 1]))
                .hasMessageContaining("132096");
    }

    /** A proposal of 200 options of 100 bytes and a text. */
    private static Body proposal(int textBytes) {
        return new Body.Proposal(
                "t",
                "x".repeat(textBytes),
                Collections.nCopies(200, "o".repeat(100)),
                "basic",
                1,
                1,
                false,
                List.of(),
                Terms.NONE);
    }

    @Test
    void aProofHoldsTwoEntriesOfAnySize() {
        SampleEntries samples = new SampleEntries(3);
        byte[] largest = new byte[Entry.SIZE_MAX_BYTES];
        byte[] proof = samples.entry(new Body.Equivocation(largest, largest));
        assertThat(proof).hasSizeLessThanOrEqualTo(Entry.EQUIVOCATION_SIZE_MAX_BYTES);
        assertThat(((Body.Equivocation) EntryCodec.decode(proof).body()).second())
                .isEqualTo(largest);
        Body tooLarge = new Body.Equivocation(largest, new byte[Entry.SIZE_MAX_BYTES + 1]);
        assertThatThrownBy(() -> EntryCodec.decode(samples.entry(tooLarge))).isInstanceOf(MalformedException.class);
    }

    @Test
    void onlyACharterStandsAlone() {
        SampleEntries samples = new SampleEntries(4);
        byte[] ballot = samples.entry(new Body.Ballot(samples.cid(), 0, new Choice.Blank()));
        Entry entry = EntryCodec.decode(ballot);
        Entry orphan = new Entry(
                entry.cid(),
                entry.sizeBytes(),
                null,
                entry.key(),
                entry.sequence(),
                entry.previous(),
                entry.seen(),
                entry.timeMillis(),
                entry.body(),
                entry.signature());
        assertThatThrownBy(() -> EntryCodec.decode(EntryCodec.encode(orphan))).hasMessageContaining("charter");
        Entry blind = new Entry(
                entry.cid(),
                entry.sizeBytes(),
                entry.dao(),
                entry.key(),
                entry.sequence(),
                entry.previous(),
                null,
                entry.timeMillis(),
                entry.body(),
                entry.signature());
        assertThatThrownBy(() -> EntryCodec.decode(EntryCodec.encode(blind))).hasMessageContaining("charter");
        Entry rootless = new Entry(
                entry.cid(),
                entry.sizeBytes(),
                entry.dao(),
                entry.key(),
                1,
                null,
                entry.seen(),
                entry.timeMillis(),
                entry.body(),
                entry.signature());
        assertThatThrownBy(() -> EntryCodec.decode(EntryCodec.encode(rootless))).hasMessageContaining("first entry");
    }

    @Test
    void aCommentWithOneFieldTooManyOrTooFewIsRefused() {
        SampleEntries samples = new SampleEntries(6);
        byte[] short1 = new CborWriter().map(1).key("text").text("a").toBytes();
        byte[] stranger = new CborWriter()
                .map(3)
                .key("text")
                .text("a")
                .key("stranger")
                .nil()
                .key("proposalX")
                .nil()
                .toBytes();
        byte[] missing = new CborWriter()
                .map(2)
                .key("text")
                .text("a")
                .key("parent")
                .link(samples.cid())
                .toBytes();
        for (byte[] comment : List.of(short1, stranger, missing)) {
            assertThatThrownBy(() -> BodyCodec.read(new CborReader(comment), "comment"))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void setsOutOfOrderAreRefused() {
        byte[] descending = new CborWriter()
                .map(1)
                .key("approve")
                .list(2)
                .integer(3)
                .integer(1)
                .toBytes();
        assertThatThrownBy(() -> ChoiceCodec.read(new CborReader(descending))).isInstanceOf(MalformedException.class);
        byte[] twice = new CborWriter()
                .map(1)
                .key("approve")
                .list(2)
                .integer(3)
                .integer(3)
                .toBytes();
        assertThatThrownBy(() -> ChoiceCodec.read(new CborReader(twice))).isInstanceOf(MalformedException.class);
    }

    @Test
    void negativeHugeAndBrokenWeightsAreRefused() {
        for (long weight : new long[] {-1, Choice.WEIGHT_MAX + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            byte[] choice = new CborWriter()
                    .map(1)
                    .key("weigh")
                    .list(1)
                    .list(2)
                    .integer(0)
                    .integer(weight)
                    .toBytes();
            assertThatThrownBy(() -> ChoiceCodec.read(new CborReader(choice))).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void powersBeyond120BitsAndPaddedPowersAreRefused() {
        byte[] large = new CborWriter()
                .bytes(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                .toBytes();
        assertThatThrownBy(() -> RulesCodec.readPower(new CborReader(large))).isInstanceOf(MalformedException.class);
        byte[] padded = new CborWriter().bytes(new byte[] {0, 1}).toBytes();
        assertThatThrownBy(() -> RulesCodec.readPower(new CborReader(padded))).isInstanceOf(MalformedException.class);
    }

    @Test
    void fractionsNotInLowestTermsOrAboveOneAreRefused() {
        for (long[] parts : List.of(
                new long[] {2, 4}, new long[] {3, 2}, new long[] {0, 2}, new long[] {1, 0}, new long[] {-1, 2})) {
            byte[] fraction =
                    new CborWriter().list(2).integer(parts[0]).integer(parts[1]).toBytes();
            assertThatThrownBy(() -> RulesCodec.readPart(new CborReader(fraction)))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void headersAndCertificatesSurviveTheRoundTrip() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SampleEntries samples = new SampleEntries(seed);
            SealHeader header = samples.header();
            byte[] headerBytes = SealCodec.encode(header);
            assertThat(SealCodec.encode(SealCodec.decodeHeader(headerBytes)))
                    .as("seed %d", seed)
                    .isEqualTo(headerBytes);
            Certificate certificate = samples.certificate();
            byte[] bytes = SealCodec.encode(certificate);
            assertThat(SealCodec.decodeCertificate(bytes)).as("seed %d", seed).isEqualTo(certificate);
        }
    }
}
