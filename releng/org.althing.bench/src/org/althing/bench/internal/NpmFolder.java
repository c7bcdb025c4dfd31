// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;

/** A folder of a checkout with peers from npm. */
record NpmFolder(Path path) {

    private static final long INSTALL_TIMEOUT_MINUTES = 10;

    /** Installs the packages when they are missing or others than its lock file names; the mark is that of the start script. */
    static NpmFolder installed(Path checkout, String name) throws AlthingException {
        Path folder = checkout.resolve("releng").resolve(name);
        Path lock = folder.resolve("package-lock.json");
        Path mark = folder.resolve("node_modules").resolve(".installed");
        if (!Files.isRegularFile(lock)) {
            throw new AlthingException("the peers are described in releng/" + name + " of a checkout, which " + checkout
                    + " is not; run this benchmark from a checkout");
        }
        try {
            if (!Files.exists(mark) || Files.mismatch(lock, mark) >= 0) {
                install(folder);
                Files.copy(lock, mark, StandardCopyOption.REPLACE_EXISTING);
            }
            return new NpmFolder(folder);
        } catch (IOException e) {
            throw new AlthingException("cannot install the peers; install Node.js and npm (Debian: nodejs npm)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
    }

    private static void install(Path folder) throws IOException, InterruptedException, AlthingException {
        Process process = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(INSTALL_TIMEOUT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AlthingException("npm ci failed in " + folder + "; run it there by hand to see why");
        }
    }
}
