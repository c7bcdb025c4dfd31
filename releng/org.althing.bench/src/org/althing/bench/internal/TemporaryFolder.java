// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.althing.api.AlthingException;

/** A folder that goes with its benchmark. */
record TemporaryFolder(Path path) implements AutoCloseable {

    static TemporaryFolder make() throws AlthingException {
        try {
            return new TemporaryFolder(Files.createTempDirectory("althing-bench-"));
        } catch (IOException e) {
            throw new AlthingException(
                    "no folder for the benchmark (" + e + "); make " + System.getProperty("java.io.tmpdir")
                            + " writable",
                    e);
        }
    }

    @Override
    public void close() throws AlthingException {
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> files = all.sorted(Comparator.reverseOrder()).toList();
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AlthingException("could not remove " + path + " (" + e + "); remove it by hand", e);
        }
    }
}
