// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.ledger.DamagedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Power cuts, bad sectors and old copies: no vote that was acknowledged or read is ever missing, and one file is enough. */
final class VoteLogTest {

    private static final List<String> CAST = List.of("vote 1", "vote 2", "vote 3");
    private static final List<String> MORE = List.of("vote 4", "vote 5".repeat(90), "vote 6");
    /** The first time nothing is lost, as when a process is killed; then some of what was not forced. */
    private static final int LOSSES = Boolean.getBoolean("althing.soak") ? 40 : 3;

    @TempDir
    Path temporary;

    private final Random random = new Random(seed());
    private SimulatedDisk disk = new SimulatedDisk();
    private Path folder;
    /** Either file as it is when all votes but MORE are cast. */
    private byte[] whole;
    /** With MORE. */
    private byte[] longer;

    private static long seed() {
        long seed = Long.getLong("althing.seed", System.nanoTime());
        System.out.println("VoteLogTest: -Dalthing.seed=" + seed);
        return seed;
    }

    @BeforeEach
    void write() throws Exception {
        folder = Files.createDirectory(temporary.resolve("votes-of-a-dao"));
        for (String vote : CAST) {
            append(List.of(vote));
        }
        whole = Files.readAllBytes(first());
        append(MORE);
        longer = Files.readAllBytes(first());
        assertThat(Files.readAllBytes(second())).isEqualTo(longer);
    }

    private Path first() {
        return folder.resolve(VoteLog.FILE_NAME);
    }

    private Path second() {
        return folder.resolve(VoteLog.COPY_NAME);
    }

    private VoteLog open(long votesOnce) throws IOException {
        VoteLog log = new VoteLog(disk, folder, random::nextLong);
        log.settle(votesOnce);
        return log;
    }

    private void append(List<String> votes) throws IOException {
        try (VoteLog log = open(0)) {
            log.write(votes.stream().map(String::getBytes).toList(), 0);
        }
    }

    private List<String> read() throws IOException, AlthingException {
        try (VoteLog log = open(0)) {
            return read(log);
        }
    }

    private static List<String> read(VoteLog log) throws IOException, AlthingException {
        return log.votes(log.durableEnd()).stream().map(String::new).toList();
    }

    /** Files as given; null for none. A new disk, so that nothing waits to be forced. */
    private void put(byte[] bytesOfFirst, byte[] bytesOfSecond) throws IOException {
        replace(first(), bytesOfFirst);
        replace(second(), bytesOfSecond);
        disk = new SimulatedDisk();
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        if (bytes == null) {
            Files.deleteIfExists(file);
        } else {
            Files.write(file, bytes);
        }
    }

    private static List<String> all(List<String> one, List<String> two) {
        return Stream.concat(one.stream(), two.stream()).toList();
    }

    private static byte[] flipped(byte[] bytes, int at, int bit) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << bit);
        return flipped;
    }

    /** Appends votes, cuts the power at every step of it, and looks what is there. */
    private void cutEverywhere(byte[] before, List<String> cast, List<String> inFlight) throws Exception {
        boolean completed = false;
        for (long steps = 0; !completed; steps++) {
            for (int loss = 0; loss < LOSSES; loss++) {
                String where = "cut after " + steps + " steps, loss " + loss;
                put(before, before);
                completed = appendUntil(steps, inFlight);
                if (loss > 0) {
                    disk.losePower(random);
                }
                disk.stopAfter(Long.MAX_VALUE);
                List<String> found = read();
                assertThat(found).as(where).hasSizeGreaterThanOrEqualTo(cast.size());
                assertThat(found).as(where).isEqualTo(all(cast, inFlight).subList(0, found.size()));
                if (completed) {
                    assertThat(found).as(where).isEqualTo(all(cast, inFlight));
                }
                append(List.of("afterwards"));
                assertThat(read()).as(where).isEqualTo(all(found, List.of("afterwards")));
                assertThat(first()).as(where).hasSameBinaryContentAs(second());
            }
        }
    }

    private boolean appendUntil(long steps, List<String> votes) throws IOException {
        try (VoteLog log = open(0)) {
            disk.stopAfter(steps);
            log.write(votes.stream().map(String::getBytes).toList(), 0);
            return true;
        } catch (IOException e) {
            assertThat(disk.isStopped()).isTrue();
            return false;
        }
    }

    @Test
    void givenPowerLostAtAnyStepOfAnAppend_thenAcknowledgedVotesAreThereAndTheLogWorks() throws Exception {
        cutEverywhere(whole, CAST, MORE);
    }

    @Test
    void givenPowerLostAtAnyStepOfTheFirstVote_thenTheLogWorks() throws Exception {
        cutEverywhere(null, List.of(), List.of("the first vote"));
    }

    @Test
    void givenPowerLostAtAnyStepOfHealing_thenVotesAreThereAndTheLogWorks() throws Exception {
        byte[] torn = Arrays.copyOf(longer, longer.length - 10);
        heal(torn, whole);
        heal(whole, torn);
        heal(longer, Arrays.copyOf(longer, whole.length + 10));
        heal(flipped(longer, whole.length - 10, 1), longer);
        heal(longer, null);
    }

    private void heal(byte[] bytesOfFirst, byte[] bytesOfSecond) throws Exception {
        boolean completed = false;
        for (long steps = 0; !completed; steps += 1 + random.nextInt(5)) {
            for (int loss = 0; loss < LOSSES; loss++) {
                String where = "cut after " + steps + " steps, loss " + loss;
                put(bytesOfFirst, bytesOfSecond);
                disk.stopAfter(steps);
                List<String> served = CAST;
                try (VoteLog log = open(0)) {
                    completed = log.damage() == null;
                    served = completed ? read(log) : served;
                }
                if (loss > 0) {
                    disk.losePower(random);
                }
                disk.stopAfter(Long.MAX_VALUE);
                List<String> found = read();
                assertThat(found).as(where).startsWith(served.toArray(String[]::new));
                assertThat(all(CAST, MORE)).as(where).startsWith(found.toArray(String[]::new));
                if (completed) {
                    checkEachFileHolds(served, where);
                }
            }
        }
    }

    private void checkEachFileHolds(List<String> votes, String where) throws Exception {
        byte[] bytesOfFirst = Files.readAllBytes(first());
        byte[] bytesOfSecond = Files.readAllBytes(second());
        put(bytesOfFirst, null);
        assertThat(read()).as(where + ", the first file alone").isEqualTo(votes);
        put(null, bytesOfSecond);
        assertThat(read()).as(where + ", the second file alone").isEqualTo(votes);
    }

    @Test
    void givenAnAcknowledgedVote_whenPowerIsLost_thenEitherFileAloneHoldsIt() throws Exception {
        for (int loss = 0; loss < 20; loss++) {
            put(whole, whole);
            append(MORE);
            disk.losePower(random);
            byte[] bytesOfFirst = Files.readAllBytes(first());
            byte[] bytesOfSecond = Files.readAllBytes(second());
            assertThat(bytesOfFirst).isEqualTo(longer);
            assertThat(bytesOfSecond).isEqualTo(longer);
        }
    }

    @Test
    void givenVotesOfAKilledProcess_whenTheyWereReadAndPowerIsLost_thenEitherFileAloneHoldsThem() throws Exception {
        int size = longer.length - whole.length;
        for (int unforced : new int[] {size, 2 * size + 1}) { // all of the first file; all of both
            for (int loss = 0; loss < 20; loss++) {
                put(whole, whole);
                assertThat(appendUntil(unforced, MORE)).isFalse();
                disk.stopAfter(Long.MAX_VALUE);
                assertThat(read()).isEqualTo(all(CAST, MORE));
                disk.losePower(random);
                assertThat(Files.readAllBytes(first())).isEqualTo(longer);
                assertThat(Files.readAllBytes(second())).isEqualTo(longer);
            }
        }
    }

    @Test
    void givenOneFileCutOrFlippedAnywhere_whenOpened_thenItIsHealedFromTheOther() throws Exception {
        for (int at = 0; at < longer.length; at++) {
            checkHealed(flipped(longer, at, random.nextInt(8)), "flip at " + at);
            checkHealed(Arrays.copyOf(longer, at), "cut at " + at);
        }
        checkHealed(Arrays.copyOf(longer, longer.length + 1), "a byte more");
        checkHealed(null, "missing, as in a folder that an older version wrote");
    }

    private void checkHealed(byte[] damaged, String where) throws Exception {
        for (boolean isFirst : new boolean[] {true, false}) {
            put(isFirst ? damaged : longer, isFirst ? longer : damaged);
            try (VoteLog log = open(all(CAST, MORE).size())) {
                assertThat(log.damage()).as(where).isNull();
                assertThat(read(log)).as(where).isEqualTo(all(CAST, MORE));
            }
            assertThat(Files.readAllBytes(first())).as(where).isEqualTo(longer);
            assertThat(Files.readAllBytes(second())).as(where).isEqualTo(longer);
        }
    }

    @Test
    void givenAFileThatTheDiskDoesNotGiveBack_whenOpened_thenItIsHealedFromTheOther() throws Exception {
        disk.failReads(first());
        try (VoteLog log = open(0)) {
            assertThat(log.damage()).isNull();
        }
        disk = new SimulatedDisk();
        assertThat(read()).isEqualTo(all(CAST, MORE));
    }

    @Test
    void givenAnOldFile_whenTheOtherIsTorn_thenTheTornOnesWholeVotesStay() throws Exception {
        put(Arrays.copyOf(longer, whole.length + 10), Arrays.copyOf(whole, FileHeader.BYTES));
        assertThat(read()).isEqualTo(CAST);
        assertThat(first()).hasSameBinaryContentAs(second());
    }

    @Test
    void givenBothFilesDamaged_whenOpened_thenItRefusesAndLeavesThemAsTheyAre() throws Exception {
        for (int round = 0; round < longer.length; round++) {
            byte[] damagedFirst = flipped(longer, round, random.nextInt(8));
            int at = random.nextInt(longer.length);
            checkRefused(damagedFirst, flipped(longer, at, random.nextInt(8)), "votes-copy: ");
            checkRefused(Arrays.copyOf(longer, longer.length - 1), damagedFirst, "votes-copy: ");
            checkRefused(damagedFirst, null, "votes-copy: it is missing");
            checkRefused(null, damagedFirst, "votes: it is missing");
        }
    }

    private void checkRefused(byte[] bytesOfFirst, byte[] bytesOfSecond, String reason) throws Exception {
        checkRefused(0, bytesOfFirst, bytesOfSecond, reason);
    }

    private void checkRefused(long votesOnce, byte[] bytesOfFirst, byte[] bytesOfSecond, String reason)
            throws Exception {
        put(bytesOfFirst, bytesOfSecond);
        try (VoteLog log = open(votesOnce)) {
            assertThatThrownBy(() -> read(log))
                    .isInstanceOf(DamagedException.class)
                    .hasMessageContaining(reason)
                    .hasMessageContaining("new key");
        }
        assertThat(disk.diary()).isEmpty();
    }

    @Test
    void givenDifferentVotesAtOneNumber_whenOpened_thenItRefuses() throws Exception {
        put(whole, whole);
        byte[] header = Arrays.copyOf(whole, FileHeader.BYTES);
        append(List.of("one way"));
        byte[] one = Files.readAllBytes(first());
        put(whole, whole);
        append(List.of("another", "and on"));
        byte[] another = Files.readAllBytes(first());
        checkRefused(one, another, "hold different votes");
        checkRefused(another, one, "hold different votes");
        checkRefused(Arrays.copyOf(another, another.length - 1), one, "hold different votes");
        put(null, null);
        append(CAST);
        checkRefused(Files.readAllBytes(first()), header, "hold different votes"); // of another log
    }

    @Test
    void givenFewerVotesThanOnce_whenOpened_thenItRefuses() throws Exception {
        checkRefused(4, whole, whole, "it holds 3 votes of at least 4");
        checkRefused(4, Arrays.copyOf(whole, whole.length + 5), whole, "it holds 3 votes of at least 4");
        checkRefused(4, whole, null, "it holds 3 votes of at least 4");
        checkRefused(1, null, null, "it holds 0 votes of at least 1");
    }

    @Test
    void givenATornFileOnAFullDisk_whenOpened_thenItRefusesUntilThereIsSpace() throws Exception {
        put(longer, whole);
        disk.freeBytes(100);
        try (VoteLog log = open(0)) {
            assertThatThrownBy(() -> read(log)).hasMessageContaining("Free some space");
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
        disk.freeBytes(Long.MAX_VALUE);
        assertThat(read()).isEqualTo(all(CAST, MORE));
    }

    @Test
    void givenOneFileDamagedWhileOpen_thenVotesAreReadFromTheOtherAndTheDamageIsReported() throws Exception {
        for (Path file : List.of(first(), second())) {
            put(longer, longer);
            try (VoteLog log = open(0)) {
                Files.write(file, flipped(longer, 100, 1));
                assertThat(read(log)).isEqualTo(all(CAST, MORE));
                DamageList found = new DamageList();
                log.scrub(log.durableEnd(), found);
                assertThat(found.items())
                        .singleElement()
                        .satisfies(item -> assertThat(item.file())
                                .isEqualTo(file.getFileName().toString()));
                Files.write(first(), flipped(longer, 90, 1));
                Files.write(second(), flipped(longer, 90, 1));
                assertThatThrownBy(() -> read(log)).hasMessageContaining("new key");
                assertThat(log.damage()).isNotNull();
            }
        }
    }
}
