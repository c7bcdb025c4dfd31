// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.ledger.Ledger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Ledger} promises. */
public abstract class LedgerContract {

    protected static final Cid DAO = Cid.hash(bytes("the charter"));
    private static final int WAIT_MAX_SECONDS = 30;

    @TempDir
    protected Path temporary;

    private Ledger ledger;
    private Path path;
    private Ledger.Folder folder;
    private DaoLedger dao;

    /** A provider; called once a test. */
    protected abstract Ledger provider();

    @BeforeEach
    void open() throws AlthingException {
        ledger = provider();
        path = temporary.resolve("data").resolve("folder");
        folder = ledger.open(path);
        dao = folder.dao(DAO);
    }

    @AfterEach
    void close() throws AlthingException {
        folder.close();
    }

    private void reopen() throws AlthingException {
        folder.close();
        folder = ledger.open(path);
        dao = folder.dao(DAO);
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Cid cid(String entry) {
        return Cid.hash(bytes(entry));
    }

    private static void await(CompletableFuture<Void> write) throws Exception {
        write.get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
    }

    private void add(String... entries) throws Exception {
        List<byte[]> list = new ArrayList<>();
        for (String entry : entries) {
            list.add(bytes(entry));
        }
        await(dao.add(list));
    }

    private static Seal seal(long height, String... entries) {
        List<Cid> cids = new ArrayList<>();
        for (String entry : entries) {
            cids.add(cid(entry));
        }
        return new Seal(height, bytes("header " + height), cids, bytes("certificate " + height));
    }

    private static void assertSealEquals(Seal expected, Seal actual) {
        assertEquals(expected.height(), actual.height());
        assertArrayEquals(expected.header(), actual.header());
        assertEquals(expected.entries(), actual.entries());
        assertArrayEquals(expected.certificate(), actual.certificate());
    }

    private static void assertFails(CompletableFuture<Void> write, String messagePart) {
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> write.get(WAIT_MAX_SECONDS, TimeUnit.SECONDS));
        AlthingException cause = assertInstanceOf(AlthingException.class, failure.getCause());
        assertTrue(cause.getMessage().contains(messagePart), cause.getMessage());
    }

    @Test
    void aNewLedgerIsEmpty() throws AlthingException {
        assertEquals(DAO, dao.dao());
        assertEquals(0, dao.entries());
        assertEquals(-1, dao.height());
        assertEquals(List.of(), dao.pending());
        assertFalse(dao.has(cid("a")));
        assertTrue(dao.entry(cid("a")).isEmpty());
        assertTrue(dao.seal(0).isEmpty());
        assertTrue(dao.seal(-1).isEmpty());
        assertEquals(List.of(), dao.votes());
        assertEquals(List.of(), dao.damage());
        assertEquals(List.of(), dao.scrub());
    }

    @Test
    void anAddedEntryIsThereAtOnceAndPendingInOrderOfArrival() throws Exception {
        CompletableFuture<Void> write = dao.add(List.of(bytes("c"), bytes("a"), bytes("b")));
        assertTrue(dao.has(cid("a")));
        assertArrayEquals(bytes("a"), dao.entry(cid("a")).orElseThrow());
        assertEquals(List.of(cid("c"), cid("a"), cid("b")), dao.pending());
        assertEquals(3, dao.entries());
        await(write);
        assertArrayEquals(bytes("a"), dao.entry(cid("a")).orElseThrow());
    }

    @Test
    void addingAgainChangesNothing() throws Exception {
        add("a", "b");
        add("b", "a", "a");
        assertEquals(List.of(cid("a"), cid("b")), dao.pending());
        assertEquals(2, dao.entries());
        add();
    }

    @Test
    void anEntryIsCopied() throws Exception {
        byte[] entry = bytes("a");
        CompletableFuture<Void> write = dao.add(List.of(entry));
        entry[0] = 'x';
        await(write);
        assertArrayEquals(bytes("a"), dao.entry(cid("a")).orElseThrow());
        dao.entry(cid("a")).orElseThrow()[0] = 'x';
        assertArrayEquals(bytes("a"), dao.entry(cid("a")).orElseThrow());
    }

    @Test
    void entriesOfAllSizesUpToTheLimitAreKept() throws Exception {
        byte[] largest = new byte[DaoLedger.ENTRY_SIZE_MAX_BYTES];
        await(dao.add(List.of(new byte[0], new byte[1], largest)));
        reopen();
        assertArrayEquals(new byte[0], dao.entry(Cid.hash(new byte[0])).orElseThrow());
        assertArrayEquals(new byte[1], dao.entry(Cid.hash(new byte[1])).orElseThrow());
        assertArrayEquals(largest, dao.entry(Cid.hash(largest)).orElseThrow());
    }

    @Test
    void aLargerEntryIsRefusedAndNoneOfItsListKept() {
        byte[] larger = new byte[DaoLedger.ENTRY_SIZE_MAX_BYTES + 1];
        assertThrows(IllegalArgumentException.class, () -> dao.add(List.of(bytes("a"), larger)));
        assertEquals(0, dao.entries());
    }

    @Test
    void aSealTakesItsEntriesFromThePending() throws Exception {
        add("a", "b", "c");
        await(dao.seal(seal(0, "c", "a")));
        assertEquals(List.of(cid("b")), dao.pending());
        assertEquals(OptionalLong.of(0), dao.sealedAt(cid("a")));
        assertEquals(OptionalLong.empty(), dao.sealedAt(cid("b")));
        assertEquals(OptionalLong.empty(), dao.sealedAt(cid("unknown")));
        assertEquals(0, dao.height());
        assertSealEquals(seal(0, "c", "a"), dao.seal(0).orElseThrow());
        assertTrue(dao.seal(1).isEmpty());
        assertEquals(3, dao.entries());
    }

    @Test
    void sealsFollowEachOther() throws Exception {
        add("a");
        assertThrows(IllegalArgumentException.class, () -> dao.seal(seal(1, "a")));
        await(dao.seal(seal(0, "a")));
        assertThrows(IllegalArgumentException.class, () -> dao.seal(seal(0)));
        assertThrows(IllegalArgumentException.class, () -> dao.seal(seal(2)));
        await(dao.seal(seal(1)));
        assertEquals(1, dao.height());
    }

    @Test
    void aSealNamesEntriesThatAreHereOnceAndInNoOtherSeal() throws Exception {
        add("a", "b");
        assertThrows(IllegalArgumentException.class, () -> dao.seal(seal(0, "a", "unknown")));
        assertThrows(IllegalArgumentException.class, () -> dao.seal(seal(0, "a", "a")));
        assertEquals(List.of(cid("a"), cid("b")), dao.pending());
        await(dao.seal(seal(0, "a")));
        assertThrows(IllegalArgumentException.class, () -> dao.seal(seal(1, "b", "a")));
        assertEquals(List.of(cid("b")), dao.pending());
    }

    @Test
    void aSealLargerThanTheLimitsIsRefused() {
        Seal header = new Seal(0, new byte[DaoLedger.HEADER_SIZE_MAX_BYTES + 1], List.of(), new byte[0]);
        Seal certificate = new Seal(0, new byte[0], List.of(), new byte[DaoLedger.CERTIFICATE_SIZE_MAX_BYTES + 1]);
        List<Cid> many = new ArrayList<>();
        for (int i = 0; i <= DaoLedger.SEAL_ENTRIES_MAX; i++) {
            many.add(cid("entry " + i));
        }
        assertThrows(IllegalArgumentException.class, () -> dao.seal(header));
        assertThrows(IllegalArgumentException.class, () -> dao.seal(certificate));
        assertThrows(IllegalArgumentException.class, () -> dao.seal(new Seal(0, new byte[0], many, new byte[0])));
    }

    @Test
    void theLargestSealIsKept() throws Exception {
        List<Cid> cids = new ArrayList<>();
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < DaoLedger.SEAL_ENTRIES_MAX; i++) {
            entries.add(bytes("entry " + i));
            cids.add(cid("entry " + i));
        }
        Seal largest = new Seal(
                0, new byte[DaoLedger.HEADER_SIZE_MAX_BYTES], cids, new byte[DaoLedger.CERTIFICATE_SIZE_MAX_BYTES]);
        dao.add(entries);
        await(dao.seal(largest));
        reopen();
        assertSealEquals(largest, dao.seal(0).orElseThrow());
        assertEquals(OptionalLong.of(0), dao.sealedAt(cids.get(4095)));
    }

    @Test
    void aDroppedEntryIsReadableAndPendingNoMore() throws Exception {
        add("a", "b");
        await(dao.drop(cid("a")));
        await(dao.drop(cid("a")));
        add("a");
        assertEquals(List.of(cid("b")), dao.pending());
        assertTrue(dao.has(cid("a")));
        assertEquals(OptionalLong.empty(), dao.sealedAt(cid("a")));
        assertThrows(IllegalArgumentException.class, () -> dao.drop(cid("unknown")));
        reopen();
        assertEquals(List.of(cid("b")), dao.pending());
        await(dao.seal(seal(0, "a")));
        assertEquals(OptionalLong.of(0), dao.sealedAt(cid("a")));
        await(dao.drop(cid("a")));
        assertEquals(OptionalLong.of(0), dao.sealedAt(cid("a")));
    }

    @Test
    void votesAreKeptInOrder() throws Exception {
        CompletableFuture<Void> first = dao.vote(bytes("first"));
        assertArrayEquals(bytes("first"), dao.votes().get(0));
        await(first);
        await(dao.vote(bytes("second")));
        await(dao.vote(bytes("second")));
        reopen();
        await(dao.vote(new byte[0]));
        List<String> votes = dao.votes().stream()
                .map(vote -> new String(vote, StandardCharsets.UTF_8))
                .toList();
        assertEquals(List.of("first", "second", "second", ""), votes);
        assertThrows(IllegalArgumentException.class, () -> dao.vote(new byte[DaoLedger.VOTE_SIZE_MAX_BYTES + 1]));
    }

    @Test
    void allIsThereAfterReopening() throws Exception {
        add("a", "b", "c", "d");
        await(dao.seal(seal(0, "b")));
        await(dao.drop(cid("c")));
        await(dao.seal(seal(1, "d")));
        reopen();
        assertEquals(4, dao.entries());
        assertEquals(1, dao.height());
        assertEquals(List.of(cid("a")), dao.pending());
        assertSealEquals(seal(0, "b"), dao.seal(0).orElseThrow());
        assertSealEquals(seal(1, "d"), dao.seal(1).orElseThrow());
        assertEquals(OptionalLong.of(1), dao.sealedAt(cid("d")));
        assertArrayEquals(bytes("c"), dao.entry(cid("c")).orElseThrow());
        assertEquals(List.of(), dao.damage());
        assertEquals(List.of(), dao.scrub());
        assertEquals(List.of(DAO), folder.daos());
    }

    @Test
    void daosAreKeptApart() throws Exception {
        Cid other = cid("another charter");
        add("a");
        DaoLedger otherDao = folder.dao(other);
        assertFalse(otherDao.has(cid("a")));
        await(otherDao.add(List.of(bytes("b"))));
        assertFalse(dao.has(cid("b")));
        assertEquals(Set.of(DAO, other), new HashSet<>(folder.daos()));
        assertSame(dao, folder.dao(DAO));
    }

    @Test
    void aBlockOfAnotherCodecIsNoEntry() throws Exception {
        add("a");
        Cid raw = Cid.hash(Cid.RAW, bytes("a"));
        assertFalse(dao.has(raw));
        assertTrue(dao.entry(raw).isEmpty());
        assertThrows(
                IllegalArgumentException.class, () -> dao.seal(new Seal(0, bytes("header"), List.of(raw), bytes(""))));
    }

    @Test
    void aFolderIsHeldOnceUntilItIsClosed() throws AlthingException {
        AlthingException refusal = assertThrows(AlthingException.class, () -> ledger.open(path));
        assertTrue(refusal.getMessage().contains("this process holds the data folder"), refusal.getMessage());
        reopen();
        assertThrows(AlthingException.class, () -> ledger.open(path));
    }

    @Test
    void closingTwiceIsFineAndWritingAfterwardsFails() throws Exception {
        add("a");
        DaoLedger closed = dao;
        folder.close();
        folder.close();
        assertFails(closed.add(List.of(bytes("b"))), "is closed");
        assertFails(closed.seal(seal(0, "a")), "is closed");
        assertFails(closed.drop(cid("a")), "is closed");
        assertFails(closed.vote(bytes("vote")), "is closed");
        assertThrows(AlthingException.class, () -> folder.dao(DAO));
        assertThrows(AlthingException.class, () -> folder.daos());
    }

    @Test
    void closingCompletesWhatIsUnderWay() throws Exception {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            writes.add(dao.add(List.of(bytes("entry " + i))));
        }
        reopen();
        for (CompletableFuture<Void> write : writes) {
            await(write);
        }
        assertEquals(1000, dao.entries());
    }

    @Test
    void manyThreadsWriteAndReadAtOnce() throws Exception {
        int threads = 8;
        int each = 300;
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int number = thread;
            workers.add(CompletableFuture.runAsync(() -> writeAndRead(number, each), task -> new Thread(task).start()));
        }
        for (CompletableFuture<Void> worker : workers) {
            await(worker);
        }
        assertEquals((long) threads * each, dao.entries());
        reopen();
        assertEquals((long) threads * each, dao.entries());
        assertEquals(List.of(), dao.scrub());
    }

    private void writeAndRead(int thread, int count) {
        try {
            CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
            for (int i = 0; i < count; i++) {
                byte[] entry = bytes("thread " + thread + " entry " + i);
                last = dao.add(List.of(entry, bytes("thread 0 entry " + i)));
                assertArrayEquals(entry, dao.entry(Cid.hash(entry)).orElseThrow());
                if (i % 50 == 0) {
                    await(last);
                }
            }
            await(last);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
