// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.assembly.Assembly.Authoring;
import org.althing.api.files.PrivateFiles;

/**
 * Remembers beside an identity what it signed but did not hand in, so that no sequence number is ever signed twice: that would freeze the
 * key.
 */
final class OfflineChain {

    private static final int SIZE_MAX_BYTES = 1 << 20;
    private static final List<String> FIELDS = List.of("sequence", "entry", "target");

    private final Path file;

    /** @param identity file of the identity */
    OfflineChain(Path identity) {
        file = identity.resolveSibling(Identities.name(identity) + ".offline");
    }

    /**
     * The last entry of a key that the node does not know yet.
     *
     * @param target the file that it was written to
     */
    record Last(long sequence, String entry, String target) {}

    /** What of this key is not handed in; empty if the node knows all. */
    Optional<Last> last(Authoring authoring) throws Failure, IOException {
        return Optional.ofNullable(read().get(name(authoring))).filter(last -> last.sequence() >= authoring.sequence());
    }

    /** Remembers; to be called before the entry leaves this program. */
    void remember(Authoring authoring, Last last) throws Failure, IOException {
        Map<String, Last> all = read();
        all.put(name(authoring), last);
        write(all);
    }

    /** Takes back what was remembered of an entry that did not leave this program. */
    void forget(Authoring authoring, Optional<Last> before) throws Failure, IOException {
        Map<String, Last> all = read();
        all.remove(name(authoring));
        before.ifPresent(last -> all.put(name(authoring), last));
        write(all);
    }

    private void write(Map<String, Last> all) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        // On the disk before the entry that it tells of leaves: what is forgotten would be signed twice.
        Files.writeString(
                next,
                Json.of(all).toString(),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        PrivateFiles.forceFolder(file.toAbsolutePath().getParent());
    }

    private Map<String, Last> read() throws Failure, IOException {
        Map<String, Last> all = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return all;
        }
        try {
            Map<String, JsonFields.Field> keys = JsonFields.read(file.toString(), InputFile.text(file, SIZE_MAX_BYTES))
                    .all();
            for (Map.Entry<String, JsonFields.Field> key : keys.entrySet()) {
                JsonFields last = key.getValue().fields().requireNoneBut(FIELDS);
                all.put(
                        key.getKey(),
                        new Last(
                                last.get("sequence").largeNumber(),
                                last.get("entry").text(),
                                last.get("target").text()));
            }
            return all;
        } catch (Failure e) {
            // What was signed offline is unknown then, and guessing could freeze the key.
            throw Failure.environment(
                    e.getMessage() + "; the file is damaged and says what this key signed offline: hand"
                            + " those files in with `althing import`, then delete it");
        }
    }

    private static String name(Authoring authoring) {
        return authoring.dao() + " " + authoring.key();
    }
}
