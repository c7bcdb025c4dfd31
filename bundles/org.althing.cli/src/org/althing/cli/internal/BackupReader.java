// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.althing.api.files.PrivateFiles;
import org.althing.codec.Sha256;

/** Reads a backup and trusts nothing in it: what is not as its description says is refused. */
final class BackupReader implements Closeable {

    private final Path file;
    private final ZipFile zip;
    private final BackupFile backup;

    BackupReader(Path file) throws Failure, IOException {
        this.file = InputFile.regular(file);
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw Failure.usage(file + " is no backup, or was cut off (" + e.getMessage() + "); restore another");
        }
        try {
            backup = describe();
        } catch (Failure | IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private BackupFile describe() throws Failure, IOException {
        ZipEntry entry = zip.getEntry(BackupFile.NAME);
        if (entry == null) {
            throw Failure.usage(file + " is no backup; make one with `althing backup FILE`");
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(BackupFile.SIZE_MAX_BYTES + 1);
        } catch (ZipException e) {
            throw damaged(BackupFile.NAME + " in it cannot be read");
        }
        if (bytes.length > BackupFile.SIZE_MAX_BYTES) {
            throw damaged(BackupFile.NAME + " in it has more than " + BackupFile.SIZE_MAX_BYTES + " bytes");
        }
        BackupFile found = BackupFile.decode(file.toString(), bytes);
        if (zip.size() != found.files().size() + 1) {
            throw damaged("it holds " + (zip.size() - 1) + " files instead of "
                    + found.files().size());
        }
        return found;
    }

    BackupFile backup() {
        return backup;
    }

    /** Writes one file to where there is none, durable on return; never more bytes than it should have. */
    void extract(BackupFile.Item item, Path target) throws Failure, IOException {
        ZipEntry entry = zip.getEntry(item.path());
        if (entry == null) {
            throw damaged(item.path() + " is missing");
        }
        MessageDigest digest = Sha256.begin();
        long sizeBytes = 0;
        try (InputStream in = zip.getInputStream(entry);
                FileChannel out = PrivateFiles.begin(target)) {
            byte[] buffer = new byte[BackupFile.COPY_BUFFER_BYTES];
            for (int length = read(in, buffer, item); length >= 0; length = read(in, buffer, item)) {
                sizeBytes += length;
                if (sizeBytes > item.sizeBytes()) {
                    break;
                }
                digest.update(buffer, 0, length);
                for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length); bytes.hasRemaining(); ) {
                    out.write(bytes);
                }
            }
            out.force(true);
        }
        if (sizeBytes != item.sizeBytes() || !BackupWriter.hex(digest).equals(item.sha256())) {
            throw damaged(item.path() + " does not match its SHA-256");
        }
    }

    /** Only here may the bytes of the backup be at fault; elsewhere it is the disk. */
    private int read(InputStream in, byte[] buffer, BackupFile.Item item) throws Failure {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw damaged(item.path() + " cannot be read (" + e.getMessage() + ")");
        }
    }

    private Failure damaged(String reason) {
        return BackupFile.damaged(file.toString(), reason);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
