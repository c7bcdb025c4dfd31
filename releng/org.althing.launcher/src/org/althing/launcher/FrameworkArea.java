package org.althing.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * A copy of the framework's resolved state that one process may write to, in a folder that goes with the process. What a
 * killed process has left is swept away by the next: a lock on a file in it tells whether its owner is still there.
 */
final class FrameworkArea implements AutoCloseable {

    private static final String PREFIX = "althing-node-";
    private static final String LOCK = "lock";

    /** A folder is locked moments after it is made; one that is younger than this is left alone. */
    private static final Duration SWEEP_AGE_MIN = Duration.ofMinutes(1);

    private final Path folder;
    private final FileChannel lock;

    private FrameworkArea(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Copies the resolved state into the folder for temporary files, and sweeps there. */
    static FrameworkArea copyOf(Path resolved, Path temporary) throws IOException {
        Path folder;
        try {
            folder = Files.createTempDirectory(temporary, PREFIX);
        } catch (IOException e) {
            throw new IOException(
                    "cannot write to " + temporary + "; set TMPDIR to a folder that you can write to (" + e + ")", e);
        }
        FileChannel lock =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        sweep(temporary, folder, Instant.now().minus(SWEEP_AGE_MIN));
        copy(resolved, folder);
        return new FrameworkArea(folder, lock);
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            lock.close();
            RunFolder.delete(folder);
        } catch (IOException | UncheckedIOException e) {
            // The next node sweeps it away.
        }
    }

    static void sweep(Path temporary, Path own, Instant madeBefore) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path folder : folders) {
                if (!folder.equals(own)) {
                    sweepOne(folder, own, madeBefore);
                }
            }
        }
    }

    private static boolean isOfOwnerOf(Path own, Path other) throws IOException {
        return Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getOwner(own, LinkOption.NOFOLLOW_LINKS));
    }

    private static void sweepOne(Path folder, Path own, Instant madeBefore) {
        try {
            Path file = folder.resolve(LOCK);
            if (!isOfOwnerOf(own, folder)
                    || Files.getLastModifiedTime(file).toInstant().isAfter(madeBefore)) {
                return;
            }
            boolean abandoned;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                FileLock gained = channel.tryLock();
                abandoned = gained != null;
            }
            if (abandoned) {
                RunFolder.delete(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            // Another process swept it first.
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!Files.isDirectory(file)) {
                    Files.copy(file, target);
                } else if (!target.equals(to)) {
                    Files.createDirectories(target);
                }
            }
        }
    }
}
