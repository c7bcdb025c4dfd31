// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Other projects' elections with their published outcomes. They are not part of this project (their licences differ): the folder is named
 * by the system property or the environment variable ALTHING_DATA, or found as shared/data beside a folder above.
 */
final class ReferenceData {

    private static final String NAME = "ALTHING_DATA";

    private ReferenceData() {}

    /** A folder or file of the data; a test that asks for one that is absent is skipped by name. */
    static Path path(String name) {
        Path path = root().resolve(name);
        assumeTrue(Files.exists(path), "reference data absent: " + name + "; set " + NAME + " to its folder");
        return path;
    }

    /** The files of a folder with an ending, in the order of their names. */
    static List<Path> files(String folder, String ending) {
        try (Stream<Path> files = Files.list(path(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        String named = System.getProperty(NAME, System.getenv().getOrDefault(NAME, ""));
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path data = folder.resolve("shared/data");
            if (Files.isDirectory(data)) {
                return data;
            }
        }
        return Path.of("shared/data");
    }
}
