// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.althing.api.assembly.Assembly.Authoring;
import org.althing.api.files.PrivateFiles;

/**
 * Remembers beside an identity what it signed but did not hand in, so that no sequence number is ever signed twice: that would freeze the
 * key.
 */
final class OfflineChain {

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
        JsonNode entry = read().path(name(authoring));
        boolean open = entry.path("sequence").canConvertToLong()
                && entry.path("sequence").asLong() >= authoring.sequence()
                && entry.path("entry").isTextual();
        return open
                ? Optional.of(new Last(
                        entry.path("sequence").asLong(),
                        entry.path("entry").asText(),
                        entry.path("target").asText()))
                : Optional.empty();
    }

    /** Remembers; to be called before the entry leaves this program. */
    void remember(Authoring authoring, Last last) throws Failure, IOException {
        ObjectNode all = read();
        all.putObject(name(authoring))
                .put("sequence", last.sequence())
                .put("entry", last.entry())
                .put("target", last.target());
        Path next = file.resolveSibling(file.getFileName() + ".new");
        // On the disk before the entry that it tells of leaves: what is forgotten would be signed twice.
        Files.writeString(
                next,
                all.toString(),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        PrivateFiles.forceFolder(file.toAbsolutePath().getParent());
    }

    private ObjectNode read() throws Failure, IOException {
        if (!Files.exists(file)) {
            return Json.object();
        }
        try {
            if (Json.parse(Files.readString(file)) instanceof ObjectNode all) {
                return all;
            }
        } catch (JsonProcessingException e) {
            // Told below: what was signed offline is unknown then, and guessing could freeze the key.
        }
        throw Failure.environment(
                file
                        + " is damaged; it says what this key signed offline: hand those files in with `althing import`, then delete it");
    }

    private static String name(Authoring authoring) {
        return authoring.dao() + " " + authoring.key();
    }
}
