// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.althing.api.files.FileMessages;
import org.althing.api.files.PrivateFiles;
import org.althing.codec.Sha256;

/** Writes a backup. It gets its name when it is whole and durable; until then it lies beside it. */
final class BackupWriter implements Closeable {

    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private final ZipOutputStream zip;
    private final List<BackupFile.Item> items = new ArrayList<>();
    private boolean done;

    /** Begins a file that must not exist. */
    BackupWriter(Path file) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        channel = PrivateFiles.begin(part);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BackupFile.COPY_BUFFER_BYTES);
        zip = new ZipOutputStream(out);
        // Entries are mostly hashes and signatures: more effort gains nothing.
        zip.setLevel(Deflater.BEST_SPEED);
    }

    /** Adds the beginning of a file. */
    void add(String path, Path source, long sizeBytes) throws IOException, Failure {
        try (FileChannel in = open(source)) {
            add(path, source, in, sizeBytes);
        } catch (NoSuchFileException e) {
            throw unreadable(source, e);
        }
    }

    /** Adds a whole file; false if there is none. */
    boolean addIfThere(String path, Path source) throws IOException, Failure {
        try (FileChannel in = open(source)) {
            add(path, source, in, sizeBytes(source, in));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Adds a file that was read before. */
    void add(String path, byte[] bytes) throws IOException, Failure {
        MessageDigest digest = begin(path);
        write(digest, bytes, bytes.length);
        end(path, bytes.length, digest);
    }

    private void add(String path, Path source, FileChannel in, long sizeBytes) throws IOException, Failure {
        MessageDigest digest = begin(path);
        byte[] buffer = new byte[BackupFile.COPY_BUFFER_BYTES];
        for (long left = sizeBytes; left > 0; ) {
            int length = read(source, in, ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, left)));
            if (length < 0) {
                throw Failure.environment(source + " ends " + left + " bytes too early; check the disk");
            }
            write(digest, buffer, length);
            left -= length;
        }
        end(path, sizeBytes, digest);
    }

    private MessageDigest begin(String path) throws IOException, Failure {
        if (items.size() >= BackupFile.FILES_MAX) {
            throw Failure.usage("the data folder has more than " + BackupFile.FILES_MAX + " files, too many for one"
                    + " backup; stop the node and copy the folder");
        }
        zip.putNextEntry(new ZipEntry(path));
        return Sha256.begin();
    }

    private void write(MessageDigest digest, byte[] bytes, int length) throws IOException {
        digest.update(bytes, 0, length);
        zip.write(bytes, 0, length);
    }

    private void end(String path, long sizeBytes, MessageDigest digest) throws IOException {
        zip.closeEntry();
        items.add(new BackupFile.Item(path, sizeBytes, hex(digest)));
    }

    private static FileChannel open(Path source) throws NoSuchFileException, Failure {
        try {
            return FileChannel.open(source, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    private static long sizeBytes(Path source, FileChannel in) throws Failure {
        try {
            return in.size();
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    private static int read(Path source, FileChannel in, ByteBuffer buffer) throws Failure {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    /** The source is at fault, not the backup. */
    static Failure unreadable(Path source, IOException problem) {
        return Failure.environment(
                "cannot read " + source + " (" + FileMessages.of(problem)
                        + "), so there is no backup; check its permissions and the disk",
                problem);
    }

    /** Completes the file; it is durable on return. */
    BackupFile finish(String version, long createdMillis, String notary) throws IOException {
        BackupFile backup = new BackupFile(version, createdMillis, notary, items);
        zip.putNextEntry(new ZipEntry(BackupFile.NAME));
        zip.write(backup.encode());
        zip.closeEntry();
        zip.finish();
        zip.flush();
        channel.force(true);
        zip.close();
        PrivateFiles.name(part, file);
        done = true;
        return backup;
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Leaves nothing behind of a backup that was not finished. */
    @Override
    public void close() throws IOException {
        if (!done) {
            channel.close();
            Files.deleteIfExists(part);
        }
    }
}
