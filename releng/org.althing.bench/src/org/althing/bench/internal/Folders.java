// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.althing.api.AlthingException;

/** Folders for the data of a benchmark. */
final class Folders {

    private Folders() {}

    static Path temporary() throws AlthingException {
        try {
            return Files.createTempDirectory("althing-bench-");
        } catch (IOException e) {
            throw new AlthingException(
                    "no folder for the benchmark (" + e + "); make " + System.getProperty("java.io.tmpdir")
                            + " writable",
                    e);
        }
    }

    static void delete(Path folder) throws AlthingException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AlthingException("could not remove " + folder + " (" + e + "); remove it by hand", e);
        }
    }
}
