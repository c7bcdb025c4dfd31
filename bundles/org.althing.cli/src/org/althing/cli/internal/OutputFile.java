// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.althing.api.files.FileMessages;

/** A file that the user names, to be made. */
final class OutputFile {

    private OutputFile() {}

    /** Refuses a name that is taken, or in no folder. */
    static Path vacant(Path file) throws Failure {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.exists(file)) {
            throw taken(file);
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw Failure.usage(folder + " is no folder; make it first");
        }
        return file;
    }

    /** Writes a text that others may read; where that fails, nothing is left of it. */
    static void write(Path file, String text) throws Failure, IOException {
        try {
            Files.createFile(vacant(file));
        } catch (FileAlreadyExistsException e) {
            throw taken(file);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
        try {
            Files.writeString(file, text, StandardOpenOption.WRITE);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw unwritable(file, e);
        }
    }

    static Failure unwritable(Path file, IOException problem) {
        return Failure.environment(
                "cannot write " + file + " (" + FileMessages.of(problem) + "); check the folder and the free space",
                problem);
    }

    private static Failure taken(Path file) {
        return Failure.usage(file + " exists already; name another file");
    }
}
