// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReconcileTest {

    /** What one message can bring on: each brings at least one list of ids, or parts a range. */
    private static final int ROUNDS_MAX = 2_000;

    @Property(tries = 200)
    void anyTwoSetsAreReconciledToTheirExactDifferences(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 32) int ours,
            @ForAll @IntRange(min = 2, max = 32) int theirs) {
        Random random = new Random(seed);
        Set<Item> left = new TreeSet<>();
        Set<Item> right = new TreeSet<>();
        fill(random, left, right);
        int frame = random.nextBoolean()
                ? Parameters.FRAME_SIZE_LIMIT_BYTES
                : Parameters.FRAME_SIZE_MIN_BYTES + random.nextInt(2_000);
        int otherFrame = random.nextBoolean() ? Parameters.FRAME_SIZE_LIMIT_BYTES : Parameters.FRAME_SIZE_MIN_BYTES;
        check(left, right, new Parameters(ours, frame, ROUNDS_MAX), new Parameters(theirs, otherFrame, ROUNDS_MAX));
    }

    /** Sets that are equal, disjoint, empty, or differ here and there. */
    private static void fill(Random random, Set<Item> left, Set<Item> right) {
        int common = size(random);
        int leftOnly = size(random);
        int rightOnly = size(random);
        boolean near = random.nextBoolean();
        long timeMax = 1 + random.nextLong(1L << random.nextInt(62));
        for (int i = 0; i < common + leftOnly + rightOnly; i++) {
            Item item = near ? Sets.near(random) : Sets.any(random, timeMax);
            if (i < common || i < common + leftOnly) {
                left.add(item);
            }
            if (i < common || i >= common + leftOnly) {
                right.add(item);
            }
        }
        // A list of ids tells no times, so one id has one time, as it has where ids are hashes.
        Set<Item> ids = new TreeSet<>();
        Set<Item> all = new TreeSet<>(left);
        all.addAll(right);
        for (Item item : all) {
            if (!ids.add(item.timeless())) {
                left.remove(item);
                right.remove(item);
            }
        }
    }

    private static int size(Random random) {
        return random.nextInt(1 + new int[] {0, 1, 40, 3_000}[random.nextInt(4)]);
    }

    private static void check(Set<Item> left, Set<Item> right, Parameters ours, Parameters theirs) {
        Sets.Heard heard = new Sets.Heard();
        Initiator initiator = new Initiator(Sets.tree(left), ours, heard);
        Responder responder = new Responder(Sets.tree(right), theirs);
        Optional<byte[]> message = Optional.of(initiator.begin());
        while (message.isPresent()) {
            assertThat(message.get().length).isLessThanOrEqualTo(ours.frameSizeMaxBytes());
            byte[] answer = responder.answer(message.get());
            assertThat(answer.length).isLessThanOrEqualTo(theirs.frameSizeMaxBytes());
            message = initiator.next(answer);
        }
        assertThat(initiator.rounds()).as("rounds").isLessThan(ROUNDS_MAX);
        assertThat(heard.have).isEqualTo(Sets.without(Sets.ids(left), Sets.ids(right)));
        assertThat(heard.need).isEqualTo(Sets.without(Sets.ids(right), Sets.ids(left)));
    }

    @Example
    void equalSetsTakeOneRound() {
        Random random = new Random(1);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            items.add(Sets.any(random, 1_000));
        }
        Initiator initiator = new Initiator(Sets.tree(items), Parameters.USUAL, new Sets.Heard());
        byte[] answer = new Responder(Sets.tree(items), Parameters.USUAL).answer(initiator.begin());
        assertThat(HexFormat.of().formatHex(answer)).isEqualTo("61");
        assertThat(initiator.next(answer)).isEmpty();
    }

    @Example
    void theBytesAreThoseOfTheSpecification() {
        byte[] id = HexFormat.of().parseHex("00".repeat(31) + "05");
        Initiator initiator =
                new Initiator(Sets.tree(List.of(Item.of(7, id))), new Parameters(2, 4096, 4), new Sets.Heard());
        assertThat(HexFormat.of().formatHex(initiator.begin()))
                // version; infinity with no prefix, a list, of one id
                .isEqualTo("61" + "00" + "00" + "02" + "01" + "00".repeat(31) + "05");
        // Up to (300, 0x09): a fingerprint of nothing; nothing more is told about the rest.
        byte[] question = HexFormat.of().parseHex("61" + "822d" + "01" + "09" + "01" + "00".repeat(16));
        byte[] answer = new Responder(Sets.tree(List.of(Item.of(7, id))), Parameters.USUAL).answer(question);
        assertThat(HexFormat.of().formatHex(answer))
                .isEqualTo("61" + "822d" + "01" + "09" + "02" + "01" + "00".repeat(31) + "05");
    }

    @Example
    void aMessageOfAnotherVersionIsAnsweredWithOurs() {
        byte[] answer = new Responder(new ItemTree(), Parameters.USUAL).answer(new byte[] {0x62, 1, 2, 3});
        assertThat(answer).containsExactly(0x61);
    }

    @Example
    void anInitiatorGivesUpAfterItsRounds() {
        Random random = new Random(2);
        ItemTree set = new ItemTree();
        for (int i = 0; i < 1_000; i++) {
            set.add(Sets.any(random, 10));
        }
        Initiator initiator = new Initiator(set, new Parameters(16, 4096, 5), new Sets.Heard());
        initiator.begin();
        // A liar to whom everything always differs.
        byte[] liar = HexFormat.of().parseHex("61" + "0000" + "01" + "ee".repeat(16));
        int messages = 1;
        while (initiator.next(liar).isPresent()) {
            messages++;
        }
        assertThat(messages).isEqualTo(5);
        assertThat(initiator.rounds()).isEqualTo(5);
    }
}
