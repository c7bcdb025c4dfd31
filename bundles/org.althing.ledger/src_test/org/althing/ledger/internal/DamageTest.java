// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ledger.DamagedException;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Damage;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.ledger.Ledger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are cut off, flipped, zeroed, lost or old: what was acknowledged is served as it was or reported, never wrong or forgotten. */
final class DamageTest {

    private static final int ENTRIES = 12;
    private static final int SEALS = 2;
    private static final int VOTES = 3;
    /** What costs more is done at every so manieth place only, from a random one on; in a soak at every place. */
    private static final int STEP = Boolean.getBoolean("althing.soak") ? 1 : 5;

    @TempDir
    Path temporary;

    private final Random random = new Random(seed());
    private Path original;
    private Path copy;
    /** Size of the log when each entry or seal had been acknowledged. */
    private final long[] entryEnds = new long[ENTRIES];

    private final long[] sealEnds = new long[SEALS];

    private static long seed() {
        long seed = Long.getLong("althing.seed", System.nanoTime());
        System.out.println("DamageTest: -Dalthing.seed=" + seed);
        return seed;
    }

    private LogLedger provider() {
        return Store.provider(new SimulatedDisk(), random);
    }

    /** Entries in batches of 1, 2 and 3, a drop, two seals, three votes; without an index, as after a crash. */
    @BeforeEach
    void write() throws Exception {
        original = temporary.resolve("original");
        copy = temporary.resolve("copy");
        try (Ledger.Folder folder = provider().open(original)) {
            DaoLedger dao = folder.dao(Store.DAO);
            add(dao, 0, 1);
            add(dao, 1, 3);
            dao.vote("vote 1".getBytes()).join();
            add(dao, 3, 6);
            seal(dao, Store.seal(0, 0, 4));
            add(dao, 6, 9);
            dao.drop(Store.cid(8)).join();
            dao.vote("vote 2".getBytes()).join();
            dao.vote("vote 3".getBytes()).join();
            seal(dao, Store.seal(1, 4, 6));
            add(dao, 9, 12);
        }
        Files.copy(index(original), temporary.resolve("index"));
        Files.delete(index(original));
    }

    private static Path index(Path folder) {
        return Store.daoFolder(folder).resolve(Checkpoint.FILE_NAME);
    }

    private static Path votes(Path folder) {
        return Store.daoFolder(folder).resolve(VoteLog.FILE_NAME);
    }

    private static Path votesCopy(Path folder) {
        return Store.daoFolder(folder).resolve(VoteLog.COPY_NAME);
    }

    private void add(DaoLedger dao, int from, int to) throws Exception {
        dao.add(Store.entries(from, to)).join();
        Arrays.fill(entryEnds, from, to, Files.size(Store.log(original, 0)));
    }

    private void seal(DaoLedger dao, Seal seal) throws Exception {
        dao.seal(seal).join();
        sealEnds[(int) seal.height()] = Files.size(Store.log(original, 0));
    }

    private void copyWithLog(byte[] log) throws IOException {
        Store.delete(copy);
        Store.copy(original, copy);
        Files.write(Store.log(copy, 0), log);
    }

    @Test
    void givenALogCutAnywhere_whenOpened_thenAllBeforeIsThereAndTheTornTailIsDropped() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        Files.delete(votes(original)); // its votes tell of records behind the cut
        Files.delete(votesCopy(original));
        for (int size = 0; size <= log.length; size++) {
            copyWithLog(Arrays.copyOf(log, size));
            try (Ledger.Folder folder = provider().open(copy)) {
                DaoLedger dao = folder.dao(Store.DAO);
                for (int number = 0; number < ENTRIES; number++) {
                    Optional<byte[]> entry = dao.entry(Store.cid(number));
                    assertThat(entry.isPresent() || entryEnds[number] > size)
                            .as("entry %d, cut at %d", number, size)
                            .isTrue();
                    assertThat(entry.map(String::new))
                            .isIn(Optional.empty(), Optional.of(new String(Store.entry(number))));
                }
                for (int height = 0; height < SEALS; height++) {
                    assertThat(dao.seal(height).isPresent() || sealEnds[height] > size)
                            .as("seal %d, cut at %d", height, size)
                            .isTrue();
                }
                List<Damage> logDamage = dao.damage().stream()
                        .filter(item -> !item.file().equals(VoteLog.FILE_NAME))
                        .toList();
                assertThat(logDamage.isEmpty() || size < FileHeader.BYTES)
                        .as("cut at %d: %s", size, logDamage)
                        .isTrue();
                if (random.nextInt(STEP) != 0) {
                    continue;
                }
                dao.add(Store.entries(0, ENTRIES + 3)).join();
            }
            try (Ledger.Folder folder = provider().open(copy)) {
                DaoLedger dao = folder.dao(Store.DAO);
                assertThat(dao.entries()).isEqualTo(ENTRIES + 3);
                for (int number = 0; number < ENTRIES + 3; number++) {
                    assertThat(dao.entry(Store.cid(number)))
                            .as("entry %d after cut at %d", number, size)
                            .isPresent();
                }
            }
        }
    }

    @Test
    void givenBytesBehindTheLastRecord_whenOpened_thenTheyAreTakenOffTheFile() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        copyWithLog(Arrays.copyOf(log, log.length + 100));
        try (Ledger.Folder folder = provider().open(copy)) {
            assertThat(folder.dao(Store.DAO).damage()).isEmpty();
            assertThat(Files.readAllBytes(Store.log(copy, 0))).isEqualTo(log);
        }
    }

    @Test
    void givenALogThatIsShorterThanItsVotesKnow_whenOpened_thenTheLossIsReported() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        copyWithLog(Arrays.copyOf(log, (int) entryEnds[0]));
        try (Ledger.Folder folder = provider().open(copy)) {
            assertThat(folder.dao(Store.DAO).damage())
                    .anyMatch(item -> item.reason().contains("the vote log was written after them"));
        }
    }

    @Test
    void givenALogThatIsShorterThanItsIndexKnows_whenOpened_thenTheLossIsReported() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        copyWithLog(Arrays.copyOf(log, log.length - 1));
        Files.copy(temporary.resolve("index"), index(copy));
        try (Ledger.Folder folder = provider().open(copy)) {
            assertThat(folder.dao(Store.DAO).damage())
                    .anyMatch(item -> item.reason().contains("the checkpoint was written after them"));
        }
    }

    @Test
    void givenAnyByteFlipped_whenOpenedFromTheLog_thenAllIsServedOrReported() throws Exception {
        flipEveryByte(false);
    }

    @Test
    void givenAnyByteFlipped_whenOpenedWithAnIndex_thenAllIsServedOrReported() throws Exception {
        flipEveryByte(true);
    }

    private void flipEveryByte(boolean withIndex) throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        for (int at = withIndex ? random.nextInt(STEP) : 0; at < log.length; at += withIndex ? STEP : 1) {
            byte[] flipped = log.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            copyWithLog(flipped);
            if (withIndex) {
                Files.copy(temporary.resolve("index"), index(copy));
            }
            // The last commit protects nothing behind it: without an index, damage there looks like a torn write and
            // costs nothing.
            boolean inLastCommit = at >= log.length - Frame.HEADER_BYTES;
            checkServedOrReported("flip at " + at, !inLastCommit || withIndex);
        }
    }

    @Test
    void givenAStretchOfZeros_whenOpened_thenAllIsServedOrReported() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        for (int at = 0; at < log.length - Frame.HEADER_BYTES - 300; at += 7) {
            byte[] damaged = log.clone();
            Arrays.fill(damaged, at, at + 1 + random.nextInt(300), (byte) 0);
            copyWithLog(damaged);
            checkServedOrReported("zeros from " + at, !Arrays.equals(log, damaged));
        }
    }

    private void checkServedOrReported(String where, boolean mustBeReported) throws Exception {
        try (Ledger.Folder folder = provider().open(copy)) {
            DaoLedger dao = folder.dao(Store.DAO);
            List<Damage> atOpening = dao.damage();
            for (int number = 0; number < ENTRIES; number++) {
                checkEntry(dao, number, !atOpening.isEmpty(), where);
            }
            for (int height = 0; height < SEALS; height++) {
                checkSeal(dao, height, !atOpening.isEmpty(), where);
            }
            List<Damage> scrubbed = dao.scrub();
            if (mustBeReported) {
                assertThat(atOpening.isEmpty() && dao.damage().isEmpty() && scrubbed.isEmpty())
                        .as(where)
                        .isFalse();
            }
            if (random.nextInt(STEP) != 0) {
                return;
            }
            heal(dao);
            checkAll(dao, where + ", healed");
        }
        try (Ledger.Folder folder = provider().open(copy)) {
            checkAll(folder.dao(Store.DAO), where + ", healed and opened again");
        }
    }

    private static void checkEntry(DaoLedger dao, int number, boolean reported, String where) throws AlthingException {
        try {
            Optional<byte[]> entry = dao.entry(Store.cid(number));
            if (entry.isPresent()) {
                assertThat(entry.get()).as("entry %d, %s", number, where).isEqualTo(Store.entry(number));
            } else {
                assertThat(reported)
                        .as("entry %d is silently missing, %s", number, where)
                        .isTrue();
            }
        } catch (DamagedException e) {
            assertThat(dao.damage())
                    .as(where)
                    .anyMatch(item -> item.what().equals(Store.cid(number).toString()));
            assertThat(dao.has(Store.cid(number))).isFalse();
        }
    }

    private static void checkSeal(DaoLedger dao, int height, boolean reported, String where) throws AlthingException {
        Seal expected = expectedSeal(height);
        try {
            Optional<Seal> seal = dao.seal(height);
            if (seal.isPresent()) {
                assertThat(Store.equal(seal.get(), expected))
                        .as("seal %d, %s", height, where)
                        .isTrue();
            } else {
                assertThat(reported)
                        .as("seal %d is silently missing, %s", height, where)
                        .isTrue();
            }
        } catch (DamagedException e) {
            assertThat(dao.damage()).as(where).anyMatch(item -> item.what().equals("seal " + height));
        }
    }

    private static Seal expectedSeal(int height) {
        return height == 0 ? Store.seal(0, 0, 4) : Store.seal(1, 4, 6);
    }

    /** As a node does that fetches what it lacks from its peers. */
    private static void heal(DaoLedger dao) {
        dao.add(Store.entries(0, ENTRIES)).join();
        for (int height = 0; height < SEALS; height++) {
            try {
                if (dao.seal(height).isEmpty()) {
                    dao.seal(expectedSeal(height)).join();
                }
            } catch (AlthingException e) {
                dao.seal(expectedSeal(height)).join();
            }
        }
    }

    private static void checkAll(DaoLedger dao, String where) throws AlthingException {
        for (int number = 0; number < ENTRIES; number++) {
            assertThat(dao.entry(Store.cid(number)))
                    .as("entry %d, %s", number, where)
                    .hasValue(Store.entry(number));
        }
        for (int height = 0; height < SEALS; height++) {
            assertThat(Store.equal(dao.seal(height).orElseThrow(), expectedSeal(height)))
                    .as("seal %d, %s", height, where)
                    .isTrue();
        }
        assertThat(dao.sealedAt(Store.cid(5))).as(where).hasValue(1);
        assertThat(dao.pending())
                .as(where)
                .contains(Store.cid(6), Store.cid(11))
                .doesNotContain(Store.cid(3));
    }

    @Test
    void givenADamagedEntry_whenOpened_thenItIsNamedByItsCid() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        log[FileHeader.BYTES + Frame.HEADER_BYTES] ^= 1;
        copyWithLog(log);
        try (Ledger.Folder folder = provider().open(copy)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThat(dao.damage()).singleElement().satisfies(item -> {
                assertThat(item.what()).isEqualTo(Store.cid(0).toString());
                assertThat(item.file()).isEqualTo("log-00000000");
                assertThat(item.offsetBytes()).isEqualTo(FileHeader.BYTES);
            });
            assertThatThrownBy(() -> dao.entry(Store.cid(0)))
                    .isInstanceOf(DamagedException.class)
                    .hasMessageContaining(Store.cid(0).toString());
            dao.add(List.of(Store.entry(0))).join();
            assertThat(dao.damage()).isEmpty();
            assertThat(dao.sealedAt(Store.cid(0))).hasValue(0);
        }
        try (Ledger.Folder folder = provider().open(copy)) {
            assertThat(folder.dao(Store.DAO).damage()).isEmpty();
            assertThat(folder.dao(Store.DAO).scrub()).isEmpty();
        }
    }

    @Test
    void givenAnEntryThatContainsAFalseFrame_whenItsRecordIsDamaged_thenTheFalseFrameIsNotTakenUp() throws Exception {
        byte[] inner = Store.entry(99);
        byte[] frame = Arrays.copyOf(new byte[Frame.HEADER_BYTES], Frame.HEADER_BYTES + inner.length);
        System.arraycopy(inner, 0, frame, Frame.HEADER_BYTES, inner.length);
        Frame.writeHeader(frame, 0, 4711, 40, Frame.Kind.ENTRY, Store.cid(99).digest(), inner.length);
        long at = Files.size(Store.log(original, 0));
        try (Ledger.Folder folder = provider().open(original)) {
            folder.dao(Store.DAO).add(List.of(frame, Store.entry(50))).join();
        }
        Files.delete(index(original));
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        log[(int) at + 50] ^= 1;
        copyWithLog(log);
        try (Ledger.Folder folder = provider().open(copy)) {
            assertThat(folder.dao(Store.DAO).has(Store.cid(99))).isFalse();
            assertThat(folder.dao(Store.DAO).has(Store.cid(50))).isTrue();
        }
    }

    @Test
    void givenAnOldSectorInANewPlace_whenOpened_thenItsRecordsAreNotTakenForWhatWasWrittenThere() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        byte[] misplaced = log.clone();
        int dropAt = (int)
                entryEnds[8]; // the drop of entry 8 and its commit; the first batch, entry 0 and its commit, is longer
        int length = 2 * Frame.HEADER_BYTES;
        System.arraycopy(log, FileHeader.BYTES, misplaced, dropAt, length);
        copyWithLog(misplaced);
        try (Ledger.Folder folder = provider().open(copy)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThat(dao.damage()).anyMatch(item -> item.offsetBytes() == dropAt);
            assertThat(dao.pending()).contains(Store.cid(8));
            assertThat(dao.height()).isEqualTo(1);
        }
    }

    @Test
    void givenBothVoteFilesCutOrFlippedAnywhere_whenOpened_thenTheLogRefuses() throws Exception {
        byte[] log = Files.readAllBytes(votes(original));
        for (int at = 0; at < log.length; at++) {
            byte[] flipped = log.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            checkVotesRefused(flipped, "flip at " + at);
            checkVotesRefused(Arrays.copyOf(log, at), "cut at " + at);
        }
        checkVotesRefused(Arrays.copyOf(log, log.length + 1), "a byte more");
        checkVotesRefused(null, "missing");
    }

    private void checkVotesRefused(byte[] log, String where) throws Exception {
        copyWithLog(Files.readAllBytes(Store.log(original, 0)));
        Files.delete(votes(copy));
        Files.delete(votesCopy(copy));
        if (log != null) {
            Files.write(votes(copy), log);
            Files.write(votesCopy(copy), log);
        }
        try (Ledger.Folder folder = provider().open(copy)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThatThrownBy(dao::votes)
                    .as(where)
                    .isInstanceOf(DamagedException.class)
                    .hasMessageContaining("new key");
            assertThat(dao.vote(new byte[1])).as(where).isCompletedExceptionally();
            assertThat(dao.damage()).as(where).anyMatch(item -> item.file().equals(VoteLog.FILE_NAME));
            assertThat(dao.entry(Store.cid(3))).as(where).isPresent();
            dao.add(List.of(Store.entry(77))).join();
        }
        if (log != null) {
            assertThat(Files.readAllBytes(votes(copy))).as("never repaired").isEqualTo(log);
            assertThat(Files.readAllBytes(votesCopy(copy))).as("never repaired").isEqualTo(log);
        }
    }

    @Test
    void givenOneVoteFileTorn_whenOpened_thenTheDaoGoesOn() throws Exception {
        copyWithLog(Files.readAllBytes(Store.log(original, 0)));
        byte[] log = Files.readAllBytes(votes(original));
        Files.write(votes(copy), Arrays.copyOf(log, log.length - 1));
        try (Ledger.Folder folder = provider().open(copy)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThat(dao.damage()).isEmpty();
            assertThat(dao.votes()).hasSize(VOTES);
            dao.vote("vote 4".getBytes()).join();
            assertThat(dao.scrub()).isEmpty();
            Files.write(votesCopy(copy), log);
            assertThat(dao.scrub())
                    .singleElement()
                    .satisfies(item -> assertThat(item.file()).isEqualTo(VoteLog.COPY_NAME));
        }
        try (Ledger.Folder folder = provider().open(copy)) {
            assertThat(folder.dao(Store.DAO).damage()).isEmpty();
            assertThat(folder.dao(Store.DAO).votes()).hasSize(VOTES + 1);
        }
    }

    @Test
    void givenAnIndexThatIsMissingDamagedOrOld_whenOpened_thenItIsMadeAnew() throws Exception {
        Store.View expected = Store.view(provider(), original, ENTRIES);
        byte[] index = Files.readAllBytes(temporary.resolve("index"));
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        for (int at = random.nextInt(STEP); at < index.length; at += STEP) {
            byte[] flipped = index.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            copyWithLog(log);
            Files.write(index(copy), random.nextBoolean() ? flipped : Arrays.copyOf(index, at));
            assertThat(Store.view(provider(), copy, ENTRIES)).as("at %d", at).isEqualTo(expected);
        }
    }

    @Test
    void givenAGoodIndex_whenOpened_thenWhatItCoversIsNotReadAgain() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        log[FileHeader.BYTES + Frame.HEADER_BYTES] ^= 1;
        copyWithLog(log);
        Files.copy(temporary.resolve("index"), index(copy));
        try (Ledger.Folder folder = provider().open(copy)) {
            assertThat(folder.dao(Store.DAO).damage()).isEmpty();
            assertThatThrownBy(() -> folder.dao(Store.DAO).entry(Store.cid(0))).isInstanceOf(DamagedException.class);
            assertThat(folder.dao(Store.DAO).damage()).hasSize(1);
        }
    }

    @Test
    void givenAnIndexThatIsBehindItsLog_whenOpened_thenTheRestIsReadFromTheLog() throws Exception {
        copyWithLog(Files.readAllBytes(Store.log(original, 0)));
        Files.copy(temporary.resolve("index"), index(copy));
        try (Ledger.Folder folder = provider().open(copy)) {
            DaoLedger dao = folder.dao(Store.DAO);
            dao.add(Store.entries(20, 30)).join();
            dao.seal(Store.seal(2, 6, 8)).join();
        }
        Store.View expected = Store.view(provider(), copy, 30);
        Files.copy(temporary.resolve("index"), index(copy), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(Store.view(provider(), copy, 30)).isEqualTo(expected);
        Files.delete(index(copy));
        assertThat(Store.view(provider(), copy, 30)).isEqualTo(expected);
    }

    @Test
    void givenAnIndexOfAnotherHistory_whenOpened_thenItIsNotBelieved() throws Exception {
        byte[] one = "history one"
                .getBytes(); // of one length, so that both logs end at the same place with the same number of records
        byte[] two = "history two".getBytes();
        Path other = temporary.resolve("other");
        Store.copy(original, other);
        try (Ledger.Folder folder = provider().open(original)) {
            folder.dao(Store.DAO).add(List.of(one)).join();
        }
        try (Ledger.Folder folder = provider().open(other)) {
            folder.dao(Store.DAO).add(List.of(two)).join();
        }
        Files.copy(index(original), index(other), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (Ledger.Folder folder = provider().open(other)) {
            assertThat(folder.dao(Store.DAO).has(Cid.hash(two))).isTrue();
            assertThat(folder.dao(Store.DAO).has(Cid.hash(one))).isFalse();
        }
    }

    @Test
    void givenManySegments_whenOneIsDamagedOrMissing_thenTheOthersAreServed() throws Exception {
        int count = 3000;
        try (Ledger.Folder folder = provider().open(original)) {
            DaoLedger dao = folder.dao(Store.DAO);
            for (int number = ENTRIES; number < count; number += 100) {
                dao.add(Store.entries(number, number + 100));
            }
            for (int i = 0; i < 40; i++) {
                dao.add(List.of(new byte[DaoLedger.ENTRY_SIZE_MAX_BYTES - i])).join();
            }
            dao.add(Store.entries(5000, 5010)).join();
        }
        assertThat(Store.log(original, 2)).exists();
        Files.delete(index(original));
        Files.delete(Store.log(original, 1));
        try (Ledger.Folder folder = provider().open(original)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThat(dao.damage())
                    .anyMatch(item ->
                            item.file().equals("log-00000001") && item.reason().contains("missing"));
            assertThat(dao.has(Store.cid(0))).isTrue();
            assertThat(dao.has(Store.cid(5009))).isTrue();
        }
    }

    @Test
    void givenAFileHeaderThatIsGone_whenThereAreOtherSegments_thenItsRecordsAreStillFound() throws Exception {
        byte[] log = Files.readAllBytes(Store.log(original, 0));
        Arrays.fill(log, 0, FileHeader.BYTES, (byte) 0);
        copyWithLog(log);
        Files.copy(temporary.resolve("index"), index(copy)); // knows the marker
        try (Ledger.Folder folder = provider().open(copy)) {
            assertThat(folder.dao(Store.DAO).entry(Store.cid(11))).isPresent();
            assertThat(folder.dao(Store.DAO).scrub()).isNotEmpty();
        }
        Files.delete(index(copy));
        try (Ledger.Folder folder = provider().open(copy)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThat(dao.damage()).isNotEmpty();
            dao.add(Store.entries(0, ENTRIES)).join();
            assertThat(dao.entry(Store.cid(11))).isPresent();
        }
        assertThat(Files.readAllBytes(Store.log(copy, 0))).as("kept in place").isEqualTo(log);
    }

    @Test
    void givenPowerLostAtRandom_whenOpened_thenAllThatWasAcknowledgedIsThere() throws Exception {
        int rounds = Boolean.getBoolean("althing.soak") ? 3000 : 300;
        for (int round = 0; round < rounds; round++) {
            long seed = random.nextLong();
            try {
                losePower(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("round " + round + " with seed " + seed, e);
            }
        }
    }

    private void losePower(Random dice) throws Exception {
        Store.delete(copy);
        SimulatedDisk disk = new SimulatedDisk();
        int acknowledged = 0;
        int votes = 0;
        for (int life = 0; life < 3; life++) {
            try (Ledger.Folder folder = Store.provider(disk, dice).open(copy)) {
                DaoLedger dao = folder.dao(Store.DAO);
                for (int number = 0; number < acknowledged; number++) {
                    assertThat(dao.entry(Store.cid(number)))
                            .as("entry %d", number)
                            .hasValue(Store.entry(number));
                }
                assertThat(dao.damage()).isEmpty();
                assertThat(dao.votes()).hasSizeGreaterThanOrEqualTo(votes);
                for (int batch = dice.nextInt(4); batch > 0; batch--) {
                    int next = acknowledged + 1 + dice.nextInt(20);
                    dao.add(Store.entries(acknowledged, next)).join();
                    acknowledged = next;
                    if (dice.nextInt(3) == 0) {
                        dao.vote("vote".getBytes()).join();
                        votes++;
                    }
                }
                disk.failForces(); // what comes now is never acknowledged
                dao.add(Store.entries(acknowledged, acknowledged + dice.nextInt(30)));
                if (dice.nextInt(4) == 0) {
                    dao.vote("unacknowledged".getBytes());
                }
            }
            disk.losePower(dice);
            disk = new SimulatedDisk();
        }
    }

    @Test
    void votesAreKept() throws Exception {
        try (Ledger.Folder folder = provider().open(original)) {
            List<String> votes = new ArrayList<>();
            folder.dao(Store.DAO).votes().forEach(vote -> votes.add(new String(vote)));
            assertThat(votes).hasSize(VOTES).containsExactly("vote 1", "vote 2", "vote 3");
        }
    }
}
