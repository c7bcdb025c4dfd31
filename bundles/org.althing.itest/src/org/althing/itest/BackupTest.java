// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.itest.cli.Typed;
import org.althing.testkit.governance.TestDao;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code althing backup} of a node at work, {@code althing restore} of that and of what somebody has spoiled. */
@Timeout(120)
class BackupTest {

    private static final int MEMBERS = 3;
    private static final int BACKUPS = 4;
    private static final int BALLOTS_BETWEEN = 15;
    private static final String MANIFEST = "backup.json";

    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private Path backup(String name, String... more) {
        Path file = folder.resolve(name);
        List<String> line = new ArrayList<>(List.of("backup", file.toString(), "--data", data().toString()));
        line.addAll(Arrays.asList(more));
        Typed.type(line.toArray(String[]::new)).fine();
        return file;
    }

    private static Typed restore(Path file, Path target) {
        return Typed.type("restore", file.toString(), "--data", target.toString(), "--json");
    }

    @Test
    void givenBallotsThatComeInAllTheTime_whenBackupsAreRestored_thenTheChainIsTheSameUpToThere() throws Exception {
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        List<List<String>> before = new ArrayList<>();
        AtomicBoolean stop = new AtomicBoolean();
        try (Community community = Community.founded(data(), MEMBERS)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            List<CompletableFuture<Void>> voters = new ArrayList<>();
            for (int member = 0; member < MEMBERS; member++) {
                int voter = member;
                voters.add(CompletableFuture.runAsync(() -> vote(community, voter, proposal, stop, acknowledged)));
            }
            for (int i = 0; i < BACKUPS; i++) {
                int wanted = acknowledged.size() + BALLOTS_BETWEEN;
                Community.await(() -> acknowledged.size() >= wanted
                        || voters.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
                before.add(List.copyOf(acknowledged));
                backup("backup-" + i);
            }
            stop.set(true);
            voters.forEach(CompletableFuture::join);
            for (int i = 0; i < BACKUPS; i++) {
                Path restored = folder.resolve("restored-" + i);
                Typed typed = restore(folder.resolve("backup-" + i), restored);
                assertThat(typed.exit()).isZero();
                assertThat(typed.err())
                        .contains("may sign twice", community.node().notary().toString())
                        .hasLineCount(1);
                long height = typed.json().path("daos").path(0).path("height").asLong();
                requireSame(community, restored, height, before.get(i));
            }
        }
    }

    private static void vote(
            Community community, int voter, Cid proposal, AtomicBoolean stop, List<String> acknowledged) {
        try {
            for (int revision = 0; !stop.get(); revision++) {
                Submission answer =
                        community.say(community.device(voter), TestDao.ballot(proposal, revision, revision % 2));
                assertThat(answer.state()).isEqualTo("sealed");
                acknowledged.add(answer.entry());
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void requireSame(Community community, Path restored, long height, List<String> before)
            throws Exception {
        Cid dao = Cid.parse(community.dao);
        try (Ledger.Folder open = Installed.service(Ledger.class).open(restored)) {
            DaoLedger ledger = open.dao(dao);
            assertThat(ledger.height()).isEqualTo(height);
            assertThat(ledger.damage()).isEmpty();
            // The restored notary knows what it has sealed.
            assertThat(ledger.votes()).isNotEmpty();
            for (String entry : before) {
                assertThat(ledger.sealedAt(Cid.parse(entry))).isPresent();
            }
        }
        try (RunningNode node = Installed.service(NodeLauncher.class)
                .start(new NodeSettings(restored, Optional.of(new ManualTimer(community.timer.millis()))))) {
            assertThat(node.notary()).isEqualTo(community.node().notary());
            assertThat(node.assembly().status().problems()).isEmpty();
            int count = Math.toIntExact(height + 1);
            List<Assembly.SealView> seals = node.assembly().seals(community.dao, 0, count);
            assertThat(seals).hasSize(count);
            assertThat(seals).isEqualTo(community.assembly().seals(community.dao, 0, count));
        }
    }

    @Test
    void givenAStoppedNode_thenItsFolderIsBackedUpToo() throws Exception {
        Community community = Community.founded(data(), 1);
        String root = community.stateRoot();
        community.close();
        Files.writeString(data().resolve("althing.conf"), "http = none\n");
        Path restored = folder.resolve("restored");
        assertThat(restore(backup("backup"), restored).exit()).isZero();
        assertThat(restored.resolve("althing.conf")).hasContent("http = none\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(restored)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(restored.resolve("notary.key"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("backup"))))
                .isEqualTo("rw-------");
        try (RunningNode node = Installed.service(NodeLauncher.class).start(NodeSettings.of(restored))) {
            assertThat(node.assembly().dao(community.dao).stateRoot()).isEqualTo(root);
        }
        // A file or folder that has something in it is nobody's to overwrite.
        Typed.type("backup", folder.resolve("backup").toString(), "--data", data().toString())
                .fails(2, "exists already");
        Typed.type("restore", folder.resolve("backup").toString(), "--data", restored.toString())
                .fails(2, "is not an empty folder");
        Typed.type("backup", folder.resolve("other").toString(), "--data", folder.toString())
                .fails(2, "nothing to back up");
    }

    @Test
    void identitiesAreInABackupOnlyWhenAskedFor() throws Exception {
        Community.founded(data(), 1).close();
        Path passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse\n");
        Typed.type(
                        "key",
                        "new",
                        "--name",
                        "Asta",
                        "--passphrase-file",
                        passphrase.toString(),
                        "--data",
                        data().toString())
                .fine();
        assertThat(read(backup("without")).keySet()).contains("notary.key").doesNotContain("identity/asta.key");
        Path with = backup("with", "--with-identities");
        assertThat(read(with)).containsKey("identity/asta.key");
        Path restored = folder.resolve("restored");
        assertThat(restore(with, restored).exit()).isZero();
        assertThat(Files.readAllBytes(restored.resolve("identity/asta.key")))
                .isEqualTo(Files.readAllBytes(data().resolve("identity/asta.key")));
    }

    @Test
    void givenAFileThatCannotBeRead_thenItIsNamedAndThereIsNoBackup() throws Exception {
        Community.founded(data(), 1).close();
        // Whoever runs the tests as root may read everything but this.
        Path config = Files.createDirectory(data().resolve("althing.conf"));
        Path file = folder.resolve("none");
        Typed.type("backup", file.toString(), "--data", data().toString()).fails(3, "cannot read " + config);
        assertThat(file).doesNotExist();
        assertThat(folder.resolve("none.part")).doesNotExist();
    }

    @Test
    void whatWasSpoiledIsRefusedInOneLineAndLeavesNothing() throws Exception {
        Community.founded(data(), 1).close();
        Path whole = backup("whole");
        Map<String, byte[]> files = read(whole);
        String log = files.keySet().stream()
                .filter(name -> name.contains("log-"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(whole);

        refused(Arrays.copyOf(bytes, bytes.length / 2), "is no backup, or was cut off");
        refused("no archive".getBytes(StandardCharsets.UTF_8), "is no backup, or was cut off");

        Map<String, byte[]> tampered = new LinkedHashMap<>(files);
        byte[] changed = files.get(log).clone();
        changed[changed.length / 2] ^= 1;
        tampered.put(log, changed);
        refused(tampered, log + " does not match its SHA-256");

        Map<String, byte[]> incomplete = new LinkedHashMap<>(files);
        incomplete.remove(log);
        refused(incomplete, "instead of");

        Map<String, byte[]> longer = new LinkedHashMap<>(files);
        longer.put(log, Arrays.copyOf(files.get(log), 1 << 20));
        refused(longer, log + " does not match its SHA-256");

        String manifest = new String(files.get(MANIFEST), StandardCharsets.UTF_8);
        refused(
                described(files, manifest.replace("althing-backup 1", "althing-backup 2")),
                "has the backup format 2, this version reads 1; restore it with Althing");
        refused(described(files, manifest.replace("althing-backup 1", "another 1")), "is no backup");
        refused(described(files, "{"), "is damaged: backup.json in it, line 1: this is not JSON");
        refused(described(files, manifest + " {}"), "something follows the closing brace");
        refused(described(files, manifest.replace("\"version\":", "\"colour\":1,\"version\":")), "'colour'");
        refused(described(files, manifest.replace("\"createdMillis\":", "\"createdMillis\":0.")), "'createdMillis'");
        for (String path : List.of("../evil", "/tmp/evil", "a//evil", "a/../../evil", ".", "", "snapshots/x")) {
            Map<String, byte[]> escaping = described(files, manifest.replace("\"" + log + "\"", "\"" + path + "\""));
            refused(escaping, "names a file that no backup has");
        }
        // Another format of the folder, and a hash that fits: whoever opens it says so.
        byte[] format = "althing-ledger 2\n".getBytes(StandardCharsets.US_ASCII);
        Map<String, byte[]> newer = described(files, manifest.replace(sha256(files.get("format")), sha256(format)));
        newer.put("format", format);
        refused(newer, "cannot be restored by this version");
    }

    @Test
    void givenABackupWhoseVotesWereTakenOut_whenRestored_thenItIsToldAndTheNodeSealsNoMore() throws Exception {
        try (Community community = Community.founded(data(), 1)) {
            community.say(community.device(0), TestDao.question("single-choice", 1, "A", "B"));
            community.say(community.device(0), TestDao.question("single-choice", 1, "C", "D"));
        }
        Map<String, byte[]> files = read(backup("whole"));
        JsonNode manifest = new ObjectMapper().readTree(files.get(MANIFEST));
        Iterator<JsonNode> items = manifest.path("files").elements();
        while (items.hasNext()) {
            String path = items.next().path("path").asText();
            if (path.contains("/votes")) {
                items.remove();
                files.remove(path);
            }
        }
        Path restored = folder.resolve("restored");
        Typed typed = restore(write(described(files, manifest.toString())), restored);
        assertThat(typed.exit()).isEqualTo(1);
        assertThat(typed.json().path("daos").path(0).path("damage").path(0).asText())
                .contains("the vote log", "votes of at least");
        try (RunningNode node = Installed.service(NodeLauncher.class).start(NodeSettings.of(restored))) {
            // The notary begins on a thread of its own, after the node has.
            Community.await(() -> problems(node).stream().anyMatch(problem -> problem.contains("vote log")));
        }
    }

    private static List<String> problems(RunningNode node) {
        try {
            return node.assembly().status().problems();
        } catch (AlthingException e) {
            throw new AssertionError(e);
        }
    }

    private void refused(Map<String, byte[]> files, String reason) throws IOException {
        refused(Files.readAllBytes(write(files)), reason);
    }

    private void refused(byte[] backup, String reason) throws IOException {
        Path file = Files.write(folder.resolve("spoiled"), backup);
        Path missing = folder.resolve("a").resolve("b");
        Typed.type("restore", file.toString(), "--data", missing.toString()).fails(2, reason);
        assertThat(folder.resolve("a")).doesNotExist();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Typed.type("restore", file.toString(), "--data", empty.toString()).fails(2, reason);
        assertThat(empty).isEmptyDirectory();
    }

    private static Map<String, byte[]> described(Map<String, byte[]> files, String manifest) {
        Map<String, byte[]> all = new LinkedHashMap<>(files);
        all.put(MANIFEST, manifest.getBytes(StandardCharsets.UTF_8));
        return all;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static Map<String, byte[]> read(Path backup) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(backup.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return files;
    }

    private Path write(Map<String, byte[]> files) throws IOException {
        Path file = folder.resolve("rewritten");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return file;
    }
}
