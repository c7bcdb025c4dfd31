// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.ledger.Ledger;

/** What the tests of the store share: a data folder with one DAO whose entries are made from their numbers. */
final class Store {

    static final Cid DAO = Cid.hash("the charter".getBytes(StandardCharsets.UTF_8));

    private Store() {}

    static LogLedger provider(Disk disk, RandomGenerator random) {
        return new LogLedger(disk, new Limits(2 * Limits.SEGMENT_SIZE_MIN_BYTES, 1 << 20), random::nextLong);
    }

    static Path daoFolder(Path folder) {
        return folder.resolve("daos").resolve(DAO.toString());
    }

    static Path log(Path folder, int segment) {
        return daoFolder(folder).resolve(EntryLog.fileName(segment));
    }

    /** Between 20 and some 2000 bytes, the same for the same number. */
    static byte[] entry(long number) {
        int padding = (int) (number * 7919 % 97) * (number % 11 == 0 ? 20 : 1);
        return ("the entry with number " + number + " " + "x".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    }

    static Cid cid(long number) {
        return Cid.hash(entry(number));
    }

    static List<byte[]> entries(long from, long to) {
        List<byte[]> list = new ArrayList<>();
        for (long number = from; number < to; number++) {
            list.add(entry(number));
        }
        return list;
    }

    static Seal seal(long height, long from, long to) {
        List<Cid> cids = new ArrayList<>();
        for (long number = from; number < to; number++) {
            cids.add(cid(number));
        }
        return new Seal(
                height,
                ("header " + height).getBytes(StandardCharsets.UTF_8),
                cids,
                ("certificate " + height).getBytes(StandardCharsets.UTF_8));
    }

    static boolean equal(Seal one, Seal other) {
        return one.height() == other.height()
                && java.util.Arrays.equals(one.header(), other.header())
                && one.entries().equals(other.entries())
                && java.util.Arrays.equals(one.certificate(), other.certificate());
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that a reader can see. */
    record View(long entries, long height, List<Cid> pending, List<String> seals, List<String> votes) {}

    static View view(DaoLedger dao, long numbers) throws AlthingException {
        List<String> seals = new ArrayList<>();
        for (long height = 0; height <= dao.height(); height++) {
            Seal seal = dao.seal(height).orElseThrow();
            seals.add(seal.cid() + " " + seal.entries());
        }
        for (long number = 0; number < numbers; number++) {
            seals.add(number + " " + dao.sealedAt(cid(number)) + " "
                    + dao.entry(cid(number)).map(String::new));
        }
        return new View(
                dao.entries(),
                dao.height(),
                dao.pending(),
                seals,
                dao.votes().stream().map(String::new).toList());
    }

    static View view(Ledger provider, Path folder, long numbers) throws AlthingException {
        try (Ledger.Folder open = provider.open(folder)) {
            return view(open.dao(DAO), numbers);
        }
    }
}
