// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.althing.api.AlthingException;
import org.althing.api.ledger.DamagedException;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backup copies. */
final class DurableFilesTest {

    private static final int COPIES = 12;
    private static final int ENTRIES_BETWEEN = 200;

    @TempDir
    Path temporary;

    private final LogLedger provider = Store.provider(new FileDisk(), new Random(1));

    private static void copy(Path data, List<Ledger.DurableFile> files, Path target) throws Exception {
        for (Ledger.DurableFile file : files) {
            Path copied = target.resolve(file.path());
            Files.createDirectories(copied.getParent());
            try (InputStream in = Files.newInputStream(data.resolve(file.path()))) {
                byte[] bytes = in.readNBytes(Math.toIntExact(file.sizeBytes()));
                assertThat(bytes).hasSize(Math.toIntExact(file.sizeBytes()));
                Files.write(copied, bytes);
            }
        }
    }

    @Test
    void givenWritesWithoutPause_whenTheDurableFilesAreCopied_thenEachCopyHoldsAllThatWasAcknowledgedAndIsWhole()
            throws Exception {
        Path data = temporary.resolve("data");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong acknowledged = new AtomicLong();
        try (Ledger.Folder folder = provider.open(data)) {
            DaoLedger dao = folder.dao(Store.DAO);
            // Entry n, the seal n that names it, the vote n: a copy with a vote must have what the vote is for.
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (long n = 0; !stop.get(); n++) {
                    dao.add(List.of(Store.entry(n)));
                    dao.seal(Store.seal(n, n, n + 1));
                    CompletableFuture<Void> vote = dao.vote(vote(n));
                    if (n % 8 == 0) {
                        vote.join();
                        acknowledged.set(n + 1);
                    }
                }
            });
            for (int i = 0; i < COPIES; i++) {
                long wanted = acknowledged.get() + ENTRIES_BETWEEN;
                while (acknowledged.get() < wanted && !writer.isDone()) {
                    Thread.onSpinWait();
                }
                long before = acknowledged.get();
                List<Ledger.DurableFile> files = folder.durableFiles();
                assertThat(files.getLast().path()).isEqualTo("format");
                Path copied = temporary.resolve("copy-" + i);
                copy(data, files, copied);
                requireWhole(copied, before);
            }
            stop.set(true);
            writer.join();
        }
    }

    private static byte[] vote(long number) {
        return ("vote " + number).getBytes(StandardCharsets.UTF_8);
    }

    private void requireWhole(Path copied, long before) throws AlthingException {
        try (Ledger.Folder folder = provider.open(copied)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThat(dao.damage()).isEmpty();
            assertThat(dao.height()).isGreaterThanOrEqualTo(before - 1);
            List<byte[]> votes = dao.votes();
            assertThat((long) votes.size()).isBetween(before, dao.height() + 1);
            for (int n = 0; n < votes.size(); n++) {
                assertThat(votes.get(n)).isEqualTo(vote(n));
                assertThat(dao.sealedAt(Store.cid(n))).hasValue(n);
            }
            assertThat(dao.scrub()).isEmpty();
        }
    }

    @Test
    void givenANewerLog_whenItsVotesComeFromAnOlderCopy_thenTheyAreRefused() throws Exception {
        Path data = temporary.resolve("data");
        Path old = temporary.resolve("old");
        Path copied = temporary.resolve("copied");
        try (Ledger.Folder folder = provider.open(data)) {
            DaoLedger dao = folder.dao(Store.DAO);
            dao.add(List.of(Store.entry(0))).join();
            dao.vote(vote(0)).join();
            copy(data, folder.durableFiles(), old);
            dao.vote(vote(1)).join();
            dao.add(List.of(Store.entry(1))).join();
            copy(data, folder.durableFiles(), copied);
        }
        for (String name : List.of(VoteLog.FILE_NAME, VoteLog.COPY_NAME)) {
            Files.copy(
                    Store.daoFolder(old).resolve(name),
                    Store.daoFolder(copied).resolve(name),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        try (Ledger.Folder folder = provider.open(copied)) {
            DaoLedger dao = folder.dao(Store.DAO);
            assertThatThrownBy(dao::votes)
                    .isInstanceOf(DamagedException.class)
                    .hasMessageContaining("it holds 1 votes of at least 2");
            // Nor is there a backup of it, which might hide that.
            assertThatThrownBy(folder::durableFiles).isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void givenATornWriteBehindTheEnd_whenCopied_thenItIsLeftOut() throws Exception {
        try (Ledger.Folder folder = provider.open(temporary)) {
            folder.dao(Store.DAO).add(List.of(Store.entry(0))).join();
            Files.write(Store.log(temporary, 0), new byte[100], StandardOpenOption.APPEND);
            Path copied = temporary.resolve("copied");
            copy(temporary, folder.durableFiles(), copied);
            assertThat(Files.size(Store.log(copied, 0))).isEqualTo(Files.size(Store.log(temporary, 0)) - 100);
        }
    }
}
