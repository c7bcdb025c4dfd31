// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are slow, full or broken. */
final class DiskFailureTest {

    private static final int WAIT_MAX_SECONDS = 30;

    @TempDir
    Path temporary;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final LogLedger provider = Store.provider(disk, new Random(1));

    @Test
    void givenAForceThatHangs_whenWritten_thenTheFutureWaitsAndReadersDoNot() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (Ledger.Folder folder = provider.open(temporary)) {
            DaoLedger dao = folder.dao(Store.DAO);
            dao.add(List.of(Store.entry(0))).get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            disk.beforeForce(() -> {
                reached.countDown();
                awaitUninterruptibly(released);
            });
            CompletableFuture<Void> write = dao.add(List.of(Store.entry(1)));
            assertThat(reached.await(WAIT_MAX_SECONDS, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> again = dao.add(List.of(Store.entry(1)));
            CompletableFuture<Void> seal = dao.seal(Store.seal(0, 0, 2));
            CompletableFuture<Void> vote = dao.vote("vote".getBytes());
            assertThat(dao.entry(Store.cid(1))).hasValue(Store.entry(1));
            assertThat(dao.seal(0)).isPresent();
            assertThat(dao.votes()).hasSize(1);
            assertThat(dao.pending()).isEmpty();
            assertThat(List.of(write, again, seal, vote)).noneMatch(CompletableFuture::isDone);
            released.countDown();
            CompletableFuture.allOf(write, again, seal, vote).get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFutureCompletesAfterTheForceOfItsBytes() throws Exception {
        try (Ledger.Folder folder = provider.open(temporary)) {
            DaoLedger dao = folder.dao(Store.DAO);
            disk.clearDiary();
            dao.add(List.of(Store.entry(0))).get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(disk.diary())
                    .endsWith("force log-00000000")
                    .containsSubsequence(
                            "create log-00000000.new",
                            "force log-00000000.new",
                            "rename log-00000000",
                            "force folder",
                            "write log-00000000 " + (Store.entry(0).length + 2 * Frame.HEADER_BYTES));
            disk.clearDiary();
            dao.add(List.of(Store.entry(1)));
            dao.vote("vote".getBytes()).get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(disk.diary())
                    .as("the entry is durable before the vote is written")
                    .containsSubsequence(
                            "force log-00000000",
                            "write votes.new 64",
                            "write votes-copy.new 64",
                            "write votes 64",
                            "force votes",
                            "write votes-copy 64")
                    .endsWith("force votes-copy");
        }
    }

    @Test
    void manyWritesShareAForce() throws Exception {
        try (Ledger.Folder folder = provider.open(temporary)) {
            DaoLedger dao = folder.dao(Store.DAO);
            CountDownLatch released = new CountDownLatch(1);
            disk.beforeForce(() -> awaitUninterruptibly(released));
            List<CompletableFuture<Void>> writes = new ArrayList<>();
            for (int number = 0; number < 500; number++) {
                writes.add(dao.add(List.of(Store.entry(number))));
            }
            released.countDown();
            CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(disk.diary().stream()
                            .filter("force log-00000000"::equals)
                            .count())
                    .isBetween(1L, 3L);
        }
    }

    @Test
    void givenADiskThatFillsUp_whenSpaceIsMade_thenAllThatWasAcknowledgedIsThereAndItGoesOn() throws Exception {
        Random random = new Random(7);
        for (int free = 200; free < 6000; free += 97) {
            Path data = temporary.resolve("free-" + free);
            int acknowledged = 0;
            try (Ledger.Folder folder = provider.open(data)) {
                DaoLedger dao = folder.dao(Store.DAO);
                disk.freeBytes(free);
                AlthingException failure = null;
                while (failure == null) {
                    int next = acknowledged + 1 + random.nextInt(5);
                    failure = failure(dao.add(Store.entries(acknowledged, next)));
                    acknowledged = failure == null ? next : acknowledged;
                }
                assertThat(failure)
                        .hasMessageContaining("the disk is full")
                        .hasMessageContaining("free some space, then start again");
                assertThat(failure(dao.add(List.of(Store.entry(1000))))).isSameAs(failure);
                assertThat(failure(dao.vote(new byte[1]))).isSameAs(failure);
                assertAllThere(dao, acknowledged);
            }
            try (Ledger.Folder stillFull = provider.open(data)) {
                assertAllThere(stillFull.dao(Store.DAO), acknowledged);
            }
            disk.freeBytes(Long.MAX_VALUE);
            try (Ledger.Folder folder = provider.open(data)) {
                DaoLedger dao = folder.dao(Store.DAO);
                assertThat(dao.damage()).isEmpty();
                assertAllThere(dao, acknowledged);
                assertThat(failure(dao.add(Store.entries(0, 50)))).isNull();
                assertAllThere(dao, 50);
            }
        }
    }

    private static org.althing.api.AlthingException failure(CompletableFuture<Void> write) throws Exception {
        try {
            write.get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return (AlthingException) e.getCause();
        }
    }

    private static void assertAllThere(DaoLedger dao, int entries) throws AlthingException {
        for (int number = 0; number < entries; number++) {
            assertThat(dao.entry(Store.cid(number))).as("entry %d", number).hasValue(Store.entry(number));
        }
    }

    @Test
    void givenAForceThatFails_whenWritten_thenTheStoreTakesNoMoreButStillReads() throws Exception {
        try (Ledger.Folder folder = provider.open(temporary)) {
            DaoLedger dao = folder.dao(Store.DAO);
            dao.add(Store.entries(0, 5)).get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            disk.failForces();
            CompletableFuture<Void> write = dao.add(List.of(Store.entry(6)));
            assertThatThrownBy(() -> write.get(WAIT_MAX_SECONDS, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(AlthingException.class)
                    .hasMessageContaining("the disk failed")
                    .hasMessageContaining("Input/output error");
            assertThat(dao.add(List.of(Store.entry(7)))).isCompletedExceptionally();
            assertThat(dao.drop(Store.cid(1))).isCompletedExceptionally();
            assertThat(dao.seal(Store.seal(0, 0, 1))).isCompletedExceptionally();
            assertAllThere(dao, 5);
        }
    }

    @Test
    void givenMoreThanTheQueueHolds_whenTheDiskFails_thenWhoeverWaitsIsTold() throws Exception {
        try (Ledger.Folder folder = provider.open(temporary)) {
            DaoLedger dao = folder.dao(Store.DAO);
            CountDownLatch released = new CountDownLatch(1);
            disk.beforeForce(() -> {
                awaitUninterruptibly(released);
                throw new IllegalStateException("the disk is gone");
            });
            CompletableFuture<AlthingException> waiting = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            AlthingException failure = null;
                            for (int i = 0; failure == null; i++) {
                                CompletableFuture<Void> write =
                                        dao.add(List.of(new byte[DaoLedger.ENTRY_SIZE_MAX_BYTES - i]));
                                if (i == 5) {
                                    released.countDown();
                                }
                                failure = i < 50 ? null : failure(write);
                            }
                            return failure;
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task).start());
            assertThat(waiting.get(WAIT_MAX_SECONDS, TimeUnit.SECONDS)).hasMessageContaining("the disk is gone");
        }
    }

    @Test
    void givenAReaderThatIsInterrupted_thenTheStoreGoesOn() throws Exception {
        try (Ledger.Folder folder = new LogLedger().open(temporary)) {
            DaoLedger dao = folder.dao(Store.DAO);
            dao.add(Store.entries(0, 100)).get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            for (int number = 0; number < 100; number++) {
                Thread.currentThread().interrupt();
                assertThat(dao.entry(Store.cid(number))).isPresent();
                assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            }
            dao.add(Store.entries(100, 101)).get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(dao.scrub()).isEmpty();
        }
    }

    /** The real thing: the kernel refuses to let a file grow. */
    @Test
    void givenALimitOnFileSizes_whenItIsReached_thenTheStoreRefusesAndRecovers() throws Exception {
        Path data = temporary.resolve("data");
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 64; exec \"$@\"", "bash"));
        command.addAll(Child.command("fill", data, 1));
        Process child = Child.start(command);
        List<String> lines;
        try (BufferedReader output = Child.output(child)) {
            lines = output.lines().toList();
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(lines).hasSizeGreaterThan(4);
        assertThat(lines.subList(lines.size() - 2, lines.size())).containsExactly("readable true", "then true");
        assertThat(lines.get(lines.size() - 3)).startsWith("failed the disk is full");
        int acknowledged = Integer.parseInt(lines.get(lines.size() - 4).split(" ")[1]);
        try (Ledger.Folder folder = provider.open(data)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThat(dao.damage()).isEmpty();
            assertAllThere(dao, acknowledged);
            assertThat(failure(dao.add(Store.entries(0, acknowledged + 100)))).isNull();
            assertAllThere(dao, acknowledged + 100);
        }
    }
}
