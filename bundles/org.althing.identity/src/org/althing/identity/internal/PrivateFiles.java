// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.althing.api.AlthingException;

/** Files that only their owner may read. Where the file system knows no modes (Windows, a memory stick), none are set and none are checked. */
final class PrivateFiles {

    /** Ours have some 400 bytes; nothing larger is read into memory. */
    static final int SIZE_MAX_BYTES = 16 << 10;

    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private PrivateFiles() {}

    /**
     * Writes a file that must not exist: it appears whole and durable, or not at all.
     *
     * @throws AlthingException if it exists or cannot be written
     */
    static void create(Path file, byte[] content) throws AlthingException {
        Path target = file.toAbsolutePath();
        try {
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Path folder = target.getParent();
            Files.createDirectories(folder, mode(nearestFolder(folder), FOLDER_MODE));
            Path fresh = Files.createTempFile(folder, "." + target.getFileName(), ".new", mode(folder, FILE_MODE));
            try {
                write(fresh, content);
                moveWithoutReplacing(fresh, target);
            } finally {
                Files.deleteIfExists(fresh);
            }
            force(folder);
        } catch (FileAlreadyExistsException e) {
            throw new AlthingException(file + " exists already and is not overwritten; choose another name", e);
        } catch (IOException e) {
            throw new AlthingException("cannot write " + file + " (" + e + "); check the folder and the disk", e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** A second name for the file is refused by the system itself if somebody else has taken that name meanwhile; a rename is not. */
    private static void moveWithoutReplacing(Path fresh, Path target) throws IOException {
        try {
            Files.createLink(target, fresh);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void force(Path folder) throws IOException {
        if (java.io.File.separatorChar == '\\') {
            return; // Windows opens no folders
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path nearestFolder(Path folder) {
        Path nearest = folder;
        while (nearest != null && !Files.exists(nearest)) {
            nearest = nearest.getParent();
        }
        return nearest == null ? folder.getRoot() : nearest;
    }

    private static FileAttribute<?>[] mode(Path where, Set<PosixFilePermission> mode) throws IOException {
        boolean hasModes = Files.getFileStore(where).supportsFileAttributeView(PosixFileAttributeView.class);
        return hasModes ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)} : new FileAttribute<?>[0];
    }

    /**
     * Reads a file.
     *
     * @param mayBeLoose whether its mode may let others read it
     * @throws AlthingException if it is absent, too large to be ours, or its mode lets others read it
     */
    static byte[] read(Path file, boolean mayBeLoose) throws AlthingException {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (!mayBeLoose
                    && view != null
                    && view.readAttributes().permissions().stream().anyMatch(OTHERS::contains)) {
                throw new AlthingException(file + " can be read or changed by other users; type: chmod 600 " + file);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                if (channel.size() > SIZE_MAX_BYTES) {
                    throw new AlthingException(file + " is too large to be a key file; check the name");
                }
                ByteBuffer content = ByteBuffer.allocate((int) channel.size());
                while (content.hasRemaining() && channel.read(content) >= 0) {}
                return content.array();
            }
        } catch (NoSuchFileException e) {
            throw new AlthingException(
                    "there is no file " + file + "; check the name, or make an identity with 'althing key new'", e);
        } catch (IOException e) {
            throw new AlthingException("cannot read " + file + " (" + e + "); check who may read it", e);
        }
    }
}
