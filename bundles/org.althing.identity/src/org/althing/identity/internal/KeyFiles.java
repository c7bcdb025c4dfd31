// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.althing.api.AlthingException;
import org.althing.api.files.FileMessages;
import org.althing.api.files.PrivateFiles;

/** Writes and reads files of keys; what goes wrong tells the user what to do. */
final class KeyFiles {

    /** Ours have some 400 bytes; nothing larger is read into memory. */
    static final int SIZE_MAX_BYTES = 16 << 10;

    private KeyFiles() {}

    /** As {@link PrivateFiles#create}. */
    static void create(Path file, byte[] content) throws AlthingException {
        try {
            PrivateFiles.create(file, content);
        } catch (FileAlreadyExistsException e) {
            throw new AlthingException(file + " exists already and is not overwritten; choose another name", e);
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot write " + file + " (" + FileMessages.of(e) + "); check the folder and the disk", e);
        }
    }

    /** Refuses a file that others may read or change. */
    static void requirePrivate(Path file) throws AlthingException {
        try {
            if (Files.exists(file) && !PrivateFiles.isPrivate(file)) {
                throw new AlthingException(file + " can be read or changed by other users; type: chmod 600 " + file);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws AlthingException if it is absent or too large to be ours
     */
    static byte[] read(Path file) throws AlthingException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > SIZE_MAX_BYTES) {
                throw new AlthingException(file + " is too large to be a key file; check the name");
            }
            ByteBuffer content = ByteBuffer.allocate((int) channel.size());
            while (content.hasRemaining() && channel.read(content) >= 0) {}
            return content.array();
        } catch (NoSuchFileException e) {
            throw new AlthingException(
                    "there is no file " + file + "; check the name, or make an identity with 'althing key new'", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static AlthingException unreadable(Path file, IOException e) {
        return new AlthingException("cannot read " + file + " (" + FileMessages.of(e) + "); check who may read it", e);
    }
}
