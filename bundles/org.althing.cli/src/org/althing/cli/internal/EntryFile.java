// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.files.PrivateFiles;
import org.althing.codec.Car;
import org.althing.codec.CborReader;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;

/** Signed entries in a file: one after the other (a CBOR sequence, RFC 8742), or among the blocks of a CARv1 file. */
final class EntryFile {

    /** The largest file that is read, in bytes. */
    static final long FILE_SIZE_MAX_BYTES = 512L * 1024 * 1024;
    /** As many as such a file can hold. */
    private static final long BLOCKS_MAX = FILE_SIZE_MAX_BYTES / Cid.BYTES;

    private EntryFile() {}

    /** Complete bytes of the entries in a file, in their order. */
    static List<byte[]> read(Path file) throws Failure, IOException {
        long size = Files.size(InputFile.regular(file));
        if (size == 0 || size > FILE_SIZE_MAX_BYTES) {
            throw Failure.usage(file
                    + (size == 0
                            ? " is empty"
                            : " is larger than " + FILE_SIZE_MAX_BYTES + " bytes; import it in parts"));
        }
        byte[] bytes = Files.readAllBytes(file);
        try {
            return isSequence(bytes) ? readSequence(bytes) : readCar(bytes);
        } catch (MalformedException e) {
            throw Failure.usage(file + " holds no signed entries: " + e.getMessage());
        }
    }

    /**
     * Opens a file to append to, making it if there is none.
     *
     * @return closing it takes away a file that was made here and stayed empty
     */
    static Target append(Path file) throws Failure, IOException {
        boolean isNew = !Files.exists(file);
        if (isNew) {
            OutputFile.vacant(file);
        } else {
            InputFile.regular(file);
        }
        return new Target(file, isNew, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    /** A file that entries are appended to. */
    static final class Target implements Closeable {

        private final Path file;
        private final boolean isNew;
        private final FileChannel channel;

        private Target(Path file, boolean isNew, FileChannel channel) {
            this.file = file;
            this.isNew = isNew;
            this.channel = channel;
        }

        /** Appends a signed entry; it is there whole and durable, or not at all. */
        void add(byte[] entry) throws IOException {
            long sizeBytes = channel.size();
            try {
                channel.position(sizeBytes);
                for (ByteBuffer rest = ByteBuffer.wrap(entry); rest.hasRemaining(); ) {
                    channel.write(rest);
                }
                channel.force(true);
                if (isNew) {
                    PrivateFiles.forceFolder(file.toAbsolutePath().getParent());
                }
            } catch (IOException e) {
                channel.truncate(sizeBytes).force(true);
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            boolean isEmpty = channel.size() == 0;
            channel.close();
            if (isNew && isEmpty) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** An entry is a list of two whose first item is a map of nine. */
    private static boolean isSequence(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == (byte) 0x82 && bytes[1] == (byte) 0xa9;
    }

    private static List<byte[]> readSequence(byte[] bytes) {
        List<byte[]> entries = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            CborReader in = new CborReader(bytes, at, bytes.length);
            byte[] entry = in.slice();
            EntryCodec.decode(entry);
            entries.add(entry);
            at += entry.length;
        }
        return entries;
    }

    private static List<byte[]> readCar(byte[] bytes) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        try (Car.Reader in = Car.read(new ByteArrayInputStream(bytes), BLOCKS_MAX)) {
            for (Car.Block block = in.next(); block != null; block = in.next()) {
                if (isEntry(block.bytes())) {
                    entries.add(block.bytes());
                }
            }
        }
        if (entries.isEmpty()) {
            throw new MalformedException(0, "a CAR file without entries");
        }
        return entries;
    }

    private static boolean isEntry(byte[] block) {
        if (block.length > Entry.EQUIVOCATION_SIZE_MAX_BYTES || !isSequence(block)) {
            return false;
        }
        try {
            EntryCodec.decode(block);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }
}
