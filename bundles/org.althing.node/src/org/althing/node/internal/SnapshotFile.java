// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.althing.api.files.PrivateFiles;
import org.althing.api.governance.Governance;
import org.althing.codec.MalformedException;
import org.althing.codec.Sha256;

/**
 * A file of items, each after its length, that ends in the SHA-256 of all before (docs/formats/snapshot.cddl). It appears whole and durable, or
 * the one before stays. Neither writing nor reading holds more in memory than one item.
 */
final class SnapshotFile {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int DIGEST_BYTES = 32;

    private final Path file;

    SnapshotFile(Path file) {
        this.file = file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Puts what the content gives in the place of what was there, unless the content says that it is not whole. */
    void write(Predicate<Consumer<byte[]>> content) throws IOException {
        PrivateFiles.createFolders(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling("." + file.getFileName() + ".next");
        Files.deleteIfExists(fresh); // of a process that was killed
        try (FileChannel channel = PrivateFiles.begin(fresh)) {
            MessageDigest sha256 = Sha256.begin();
            OutputStream raw = Channels.newOutputStream(channel);
            DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(raw, sha256), BUFFER_BYTES));
            boolean whole = content.test(item -> {
                try {
                    out.writeInt(item.length);
                    out.write(item);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            if (!whole) {
                return;
            }
            out.flush();
            raw.write(sha256.digest());
            channel.force(true);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            PrivateFiles.forceFolder(file.toAbsolutePath().getParent());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Opens what is there. */
    Reader open() throws IOException {
        return new Reader(Files.newInputStream(file), Files.size(file));
    }

    /** Items, one after the other. Nothing of them is certain before {@link #finish} has returned. */
    static final class Reader implements Supplier<byte[]>, AutoCloseable {

        private final MessageDigest sha256 = Sha256.begin();
        private final InputStream file;
        private final DataInputStream in;
        private long leftBytes;

        private Reader(InputStream file, long sizeBytes) {
            // The digest takes what the buffer takes, so the last bytes, which it does not cover, are kept from the
            // buffer.
            this.file = file;
            this.leftBytes = sizeBytes - DIGEST_BYTES;
            this.in = new DataInputStream(new BufferedInputStream(
                    new DigestInputStream(new Bounded(file, Math.max(0, leftBytes)), sha256), BUFFER_BYTES));
        }

        /**
         * The next item.
         *
         * @throws MalformedException if there is none, or it is larger than the file or {@link Governance#ITEM_SIZE_MAX_BYTES}
         * @throws UncheckedIOException if the disk fails
         */
        @Override
        public byte[] get() {
            try {
                if (leftBytes < Integer.BYTES) {
                    throw new MalformedException(0, "the file ends too early");
                }
                int length = in.readInt();
                leftBytes -= Integer.BYTES;
                if (length < 0 || length > Math.min(leftBytes, Governance.ITEM_SIZE_MAX_BYTES)) {
                    throw new MalformedException(0, "an item of " + length + " bytes where " + leftBytes + " are left");
                }
                byte[] item = new byte[length];
                in.readFully(item);
                leftBytes -= length;
                return item;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /**
         * Ends the reading.
         *
         * @throws MalformedException if there are more items, or bytes are not as they were written
         */
        void finish() throws IOException {
            if (leftBytes != 0) {
                throw new MalformedException(0, leftBytes + " bytes too many");
            }
            if (!Arrays.equals(sha256.digest(), file.readNBytes(DIGEST_BYTES))) {
                throw new MalformedException(0, "its bytes are not those that were written");
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** So many bytes of a stream. */
    private static final class Bounded extends InputStream {

        private final InputStream in;
        private long leftBytes;

        Bounded(InputStream in, long leftBytes) {
            this.in = in;
            this.leftBytes = leftBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (leftBytes == 0) {
                return -1;
            }
            int count = in.read(target, from, (int) Math.min(length, leftBytes));
            leftBytes -= Math.max(0, count);
            return count;
        }
    }
}
