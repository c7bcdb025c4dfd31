// SPDX-License-Identifier: EPL-2.0
package org.althing.api.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Makes files of mode 0600 and folders of mode 0700: their owner's alone from the first moment on. Where the file system knows no modes
 * (Windows, a memory stick), none are set and every file counts as private. Safe for use by many threads and processes.
 */
public final class PrivateFiles {

    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
    private static final boolean FOLDERS_OPEN = java.io.File.separatorChar != '\\'; // not on Windows

    private PrivateFiles() {}

    /**
     * Writes a file, and the folders above it that are missing. It appears whole and durable, or not at all.
     *
     * @throws FileAlreadyExistsException if something has this name, also if it came meanwhile; it is left as it is
     */
    public static void create(Path file, byte[] content) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = folder(target);
        requireVacant(target);
        createFolders(folder);
        Path fresh = Files.createTempFile(folder, "." + target.getFileName(), ".new", mode(folder, FILE_MODE));
        try {
            write(fresh, content);
            name(fresh, target);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * Puts a file in the place of the one of that name, if there is one, and makes the folders above it that are missing. It is the old one or the new one at
     * any time; on return it is the new one for good. For one writer at a time.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = folder(target);
        createFolders(folder);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.deleteIfExists(part);
        begin(part).close();
        write(part, content);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(folder);
    }

    /** Opens a file that must not exist, in a folder that does, for writing and reading; until it is closed, its owner may see how far it is. */
    public static FileChannel begin(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ),
                mode(folder(file.toAbsolutePath()), FILE_MODE));
    }

    /**
     * Gives a file, which is durable, its final name in the same folder, for good on return.
     *
     * @throws FileAlreadyExistsException if something has this name, also if it came meanwhile; both are left as they are
     */
    public static void name(Path fresh, Path target) throws IOException {
        if (link(fresh, target)) {
            Files.delete(fresh);
        } else {
            requireVacant(target);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        }
        forceFolder(folder(target.toAbsolutePath()));
    }

    /** A second name is refused by the system itself if it is taken, a rename is not; but not every file system has second names. */
    private static boolean link(Path fresh, Path target) throws FileAlreadyExistsException {
        try {
            Files.createLink(target, fresh);
            return true;
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            return false;
        }
    }

    /** Makes a folder and whatever is missing above it; one that exists stays as it is. */
    public static void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, mode(nearestFolder(folder.toAbsolutePath()), FOLDER_MODE));
        }
    }

    /** Makes the names in a folder durable, where the system can. */
    public static void forceFolder(Path folder) throws IOException {
        if (FOLDERS_OPEN) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Whether nobody but its owner may read or change a file. */
    public static boolean isPrivate(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null || view.readAttributes().permissions().stream().noneMatch(OTHERS::contains);
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private static void requireVacant(Path file) throws FileAlreadyExistsException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
    }

    private static Path folder(Path file) {
        Path folder = file.getParent();
        return folder == null ? file : folder;
    }

    private static Path nearestFolder(Path folder) {
        Path nearest = folder;
        while (!Files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        return nearest;
    }

    private static FileAttribute<?>[] mode(Path folder, Set<PosixFilePermission> mode) throws IOException {
        boolean hasModes = Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class);
        return hasModes ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)} : new FileAttribute<?>[0];
    }
}
