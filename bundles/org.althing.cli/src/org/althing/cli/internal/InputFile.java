// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file that the user names. */
final class InputFile {

    private InputFile() {}

    /**
     * The path that somebody wrote.
     *
     * @param where names the place in messages
     */
    static Path path(String where, String text) throws Failure {
        if (text.isEmpty()) {
            throw Failure.usage(where + ": the name of the file is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw Failure.usage(where + ": '" + Words.clean(text) + "' is no name of a file: " + e.getReason());
        }
    }

    /** Refuses what is missing, a folder or a device. */
    static Path regular(Path file) throws Failure {
        readable(file);
        if (!Files.isRegularFile(file)) {
            throw Failure.usage(file + " is no regular file");
        }
        return file;
    }

    private static void readable(Path file) throws Failure {
        if (file.toString().isEmpty()) {
            throw Failure.usage("the name of a file is empty; name a file");
        }
        if (!Files.exists(file)) {
            throw Failure.usage(file + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw Failure.usage(file + " is a folder; name a file");
        }
    }

    /** What a small file or a pipe holds; never reads more than that and one byte. */
    static byte[] bytes(Path file, int sizeMaxBytes) throws Failure, IOException {
        readable(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(sizeMaxBytes + 1);
            if (bytes.length > sizeMaxBytes) {
                throw Failure.usage(file + " is larger than " + sizeMaxBytes + " bytes");
            }
            return bytes;
        }
    }

    /** {@link #bytes} as text. */
    static String text(Path file, int sizeMaxBytes) throws Failure, IOException {
        return utf8(file.toString(), bytes(file, sizeMaxBytes));
    }

    /** @param where names the bytes in messages */
    static String utf8(String where, byte[] bytes) throws Failure {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notText(where);
        }
    }

    static Failure notText(Object where) {
        return Failure.usage(where + " is not UTF-8 text; save it as UTF-8");
    }
}
