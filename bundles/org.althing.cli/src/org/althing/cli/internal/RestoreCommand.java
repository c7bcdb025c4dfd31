// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.files.PrivateFiles;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = {
            "Make a data folder from a backup.",
            "The folder must be empty or not exist. Exit code 1: the backup is as it was written, but what it was made of"
                    + " was damaged already."
        },
        footerHeading = "%nExample:%n",
        footer = "  althing restore ferry-monday.backup --data /srv/ferry")
final class RestoreCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(paramLabel = "FILE", description = "The backup.")
    Path file = Path.of("");

    RestoreCommand(Session session) {
        this.session = session;
    }

    /** A DAO as it was restored. */
    private record Restored(Cid dao, long height, long entries, List<String> damage) {}

    @Override
    public Integer call() throws Failure, AlthingException, IOException {
        Path data = session.data();
        if (Files.exists(data) && !isEmptyFolder(data)) {
            throw Failure.usage(data + " is not an empty folder; restore into another with --data");
        }
        Path highest = highestMissing(data);
        try (BackupReader reader = new BackupReader(file)) {
            List<Restored> daos;
            try {
                extract(reader, data);
                daos = open(data);
            } catch (Failure | IOException | AlthingException | RuntimeException e) {
                clear(data, highest);
                throw e;
            }
            tell(reader.backup(), daos);
            boolean whole = daos.stream().allMatch(dao -> dao.damage().isEmpty());
            return (whole ? ExitCode.FINE : ExitCode.NO).code();
        }
    }

    private static boolean isEmptyFolder(Path data) throws IOException {
        if (!Files.isDirectory(data)) {
            return false;
        }
        try (Stream<Path> children = Files.list(data)) {
            return children.findAny().isEmpty();
        }
    }

    private static @Nullable Path highestMissing(Path data) {
        Path missing = null;
        for (Path path = data; path != null && !Files.exists(path); path = path.getParent()) {
            missing = path;
        }
        return missing;
    }

    private static void extract(BackupReader reader, Path data) throws Failure, IOException {
        PrivateFiles.createFolders(data);
        TreeSet<Path> folders = new TreeSet<>(List.of(data));
        // In the order of the backup: the last makes the folder one that a node starts on.
        for (BackupFile.Item item : reader.backup().files()) {
            Path target = data.resolve(item.path());
            Path folder = target.getParent();
            PrivateFiles.createFolders(folder);
            for (Path path = folder; !path.equals(data); path = path.getParent()) {
                folders.add(path);
            }
            reader.extract(item, target);
        }
        for (Path folder : folders) {
            PrivateFiles.forceFolder(folder);
        }
    }

    /** Whether this version can read it, and what is in it. */
    private List<Restored> open(Path data) throws Failure, AlthingException {
        Ledger ledger = session.services().require(Ledger.class, "the ledger");
        try (Ledger.Folder folder = open(ledger, data)) {
            List<Restored> daos = new ArrayList<>();
            for (Cid dao : folder.daos()) {
                DaoLedger store = folder.dao(dao);
                daos.add(new Restored(
                        dao,
                        store.height(),
                        store.entries(),
                        store.damage().stream()
                                .map(damage -> damage.what() + " (" + damage.file() + "): " + damage.reason())
                                .toList()));
            }
            daos.sort(Comparator.comparing(Restored::dao));
            return daos;
        }
    }

    private Ledger.Folder open(Ledger ledger, Path data) throws Failure {
        try {
            return ledger.open(data);
        } catch (AlthingException e) {
            throw Failure.usage(file + " cannot be restored by this version: " + e.getMessage());
        }
    }

    /** Takes away what this command made. */
    private static void clear(Path data, @Nullable Path highest) throws IOException {
        Path from = highest == null ? data : highest;
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                if (highest != null || !path.equals(data)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (NoSuchFileException e) {
            // Nothing was made yet.
        }
    }

    private String warning(BackupFile backup) {
        String time = Instant.ofEpochMilli(backup.createdMillis())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        return "warning: this is notary " + backup.notary() + " as of " + time + "; if it has sealed or voted since,"
                + " a node on this folder may sign twice, which anybody can prove: start it only if the original has"
                + " stopped for good and there is no later backup";
    }

    private void tell(BackupFile backup, List<Restored> daos) {
        if (session.json()) {
            ArrayNode list = Json.array();
            for (Restored dao : daos) {
                ObjectNode one = list.addObject()
                        .put("dao", dao.dao().toString())
                        .put("height", dao.height())
                        .put("entries", dao.entries());
                one.set("damage", Json.of(dao.damage()));
            }
            ObjectNode answer = Json.object()
                    .put("data", session.data().toString())
                    .put("createdMillis", backup.createdMillis())
                    .put("version", backup.version())
                    .put("notary", backup.notary())
                    .put("warning", warning(backup));
            session.print(answer.set("daos", list));
        } else {
            session.line("Restored " + session.data() + ", written by Althing " + backup.version());
            for (Restored dao : daos) {
                session.line("  DAO " + dao.dao() + ", height " + dao.height() + ", " + dao.entries() + " entries");
                dao.damage().forEach(damage -> session.line("    damaged: " + Words.clean(damage)));
            }
        }
        session.remark("althing: " + warning(backup));
    }
}
