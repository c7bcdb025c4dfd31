// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.identity.Keystore;
import org.althing.api.ledger.Ledger;
import org.althing.api.ledger.Ledger.DurableFile;
import org.althing.api.node.AssemblyClients;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.Plugins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The node only tells how far its files are durable; what it tells never changes again, so they are copied here, and neither the node nor its
 * members wait.
 */
@Command(
        name = "backup",
        description = {
            "Write a backup of the data folder into a file, also while the node runs.",
            "It holds all that was acknowledged before, and the notary's key: keep it secret. Members' identities stay"
                    + " out unless asked for."
        },
        footerHeading = "%nExample:%n",
        footer = "  althing backup ferry-monday.backup")
final class BackupCommand implements Callable<Integer> {

    /** How often the record of the plugins is looked at until it stays the same. */
    private static final int PLUGINS_READINGS_MAX = 5;

    private final Session session;

    @Parameters(paramLabel = "FILE", description = "Where to; must not exist.")
    Path file = Path.of("");

    @Option(
            names = "--with-identities",
            description = "Also the members' identities in this folder, under their passphrases.")
    boolean identities;

    BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure, AlthingException, IOException {
        OutputFile.vacant(file);
        Path data = session.data();
        if (!Files.isDirectory(data)) {
            throw Failure.usage("there is no data folder " + data + "; name it with --data");
        }
        // Before the files are looked at: what is acknowledged from now on may be missing.
        long createdMillis = session.surroundings().clock().millis();
        List<DurableFile> files = durableFiles(data);
        try (BackupWriter writer = new BackupWriter(file.toAbsolutePath())) {
            writer.addIfThere(NodeSettings.NOTARY_KEY_FILE, data.resolve(NodeSettings.NOTARY_KEY_FILE));
            writer.addIfThere(NodeSettings.READING_KEY_FILE, data.resolve(NodeSettings.READING_KEY_FILE));
            addFolder(writer, data, NodeSettings.GROUPS_FOLDER, "*.keys");
            addFolder(writer, data, NodeSettings.FORKS_FOLDER, "[!.]*");
            writer.addIfThere(ConfigFile.NAME, data.resolve(ConfigFile.NAME));
            addPlugins(writer, data);
            if (identities) {
                for (Path identity : new Identities(session).list()) {
                    writer.addIfThere(Identities.FOLDER + "/" + identity.getFileName(), identity);
                }
            }
            for (DurableFile part : files) {
                writer.add(part.path(), data.resolve(part.path()), part.sizeBytes());
            }
            tell(writer.finish(CommandTree.version(), createdMillis, notary(data)));
        } catch (IOException e) {
            throw OutputFile.unwritable(file, e);
        }
        return ExitCode.FINE.code();
    }

    /** Group keys and proofs of forks: each file is replaced as a whole, under a name that is none of these until it is written. */
    private static void addFolder(BackupWriter writer, Path data, String name, String files)
            throws IOException, Failure {
        Path folder = data.resolve(name);
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, files)) {
            for (Path file : found) {
                writer.addIfThere(name + "/" + file.getFileName(), file);
            }
        }
    }

    /**
     * A jar is there from before the record names it until after the record names it no more. So the record holds together with the jars if
     * it is the same after they were copied; one that is named no more does no harm.
     */
    private static void addPlugins(BackupWriter writer, Path data) throws IOException, Failure {
        Path folder = data.resolve(Plugins.FOLDER);
        if (!Files.isDirectory(folder)) {
            return;
        }
        Path record = folder.resolve(Plugins.ACCEPTED_FILE);
        Set<String> copied = new HashSet<>();
        for (int reading = 0; reading < PLUGINS_READINGS_MAX; reading++) {
            byte[] before = bytesIfThere(record);
            for (Path jar : jars(folder)) {
                String name = String.valueOf(jar.getFileName());
                if (!copied.contains(name) && writer.addIfThere(Plugins.FOLDER + "/" + name, jar)) {
                    copied.add(name);
                }
            }
            if (Arrays.equals(before, bytesIfThere(record))) {
                if (before.length > 0) {
                    writer.add(Plugins.FOLDER + "/" + Plugins.ACCEPTED_FILE, before);
                }
                return;
            }
        }
        throw Failure.environment("the plugins changed " + PLUGINS_READINGS_MAX + " times while they were copied; make"
                + " the backup again when no plugin is being added");
    }

    private static byte[] bytesIfThere(Path source) throws Failure {
        try {
            return Files.readAllBytes(source);
        } catch (NoSuchFileException e) {
            return new byte[0];
        } catch (IOException e) {
            throw BackupWriter.unreadable(source, e);
        }
    }

    private static List<Path> jars(Path folder) throws Failure {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            jars.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw BackupWriter.unreadable(folder, e instanceof IOException io ? io : (IOException) e.getCause());
        }
        return found;
    }

    /** From the node that serves the folder, else by taking the folder; nobody writes to it meanwhile then. */
    private List<DurableFile> durableFiles(Path data) throws Failure, AlthingException {
        AssemblyClients.Connection node;
        try {
            node = session.connect();
        } catch (AlthingException e) {
            return durableFilesOfNobody(data);
        }
        try (node) {
            return node.durableFiles();
        }
    }

    private List<DurableFile> durableFilesOfNobody(Path data) throws Failure, AlthingException {
        if (!Files.exists(data.resolve(NodeSettings.NOTARY_KEY_FILE))) {
            throw Failure.usage("no node has ever run on " + data + ", so there is nothing to back up; name the folder"
                    + " with --data");
        }
        try (Ledger.Folder folder =
                session.services().require(Ledger.class, "the ledger").open(data)) {
            return folder.durableFiles();
        }
    }

    private String notary(Path data) throws Failure, AlthingException {
        Path key = data.resolve(NodeSettings.NOTARY_KEY_FILE);
        return Files.exists(key)
                ? session.services()
                        .require(Keystore.class, "the keystore")
                        .notaryKey(key)
                        .key()
                        .toString()
                : "";
    }

    private void tell(BackupFile backup) throws IOException {
        long sizeBytes = Files.size(file);
        boolean hasKey = backup.files().stream().anyMatch(item -> item.path().equals(NodeSettings.NOTARY_KEY_FILE));
        if (session.json()) {
            ObjectNode answer = Json.object()
                    .put("file", file.toAbsolutePath().toString())
                    .put("sizeBytes", sizeBytes)
                    .put("files", backup.files().size())
                    .put("createdMillis", backup.createdMillis())
                    .put("notary", backup.notary())
                    .put("notaryKey", hasKey)
                    .put("identities", identities);
            session.print(answer);
            return;
        }
        session.line("Backup of " + session.data());
        session.line("  in " + file + ", " + sizeBytes + " bytes, mode 0600");
        if (hasKey) {
            session.line("  It holds the secret key of notary " + backup.notary() + ": whoever has the file can seal"
                    + " in its name");
        }
        session.line("  restore it with `althing restore " + file + " --data DIR`");
    }
}
