// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The files of the log, {@code log-00000000} and on. Reads are safe for many threads; the rest is for one thread at a time. */
final class EntryLog implements Closeable {

    private static final String PREFIX = "log-";
    private static final int NUMBER_DIGITS = 8;

    private final Disk disk;
    private final Path folder;
    private final ConcurrentSkipListMap<Integer, Disk.File> segments = new ConcurrentSkipListMap<>();

    EntryLog(Disk disk, Path folder) throws IOException {
        this.disk = disk;
        this.folder = folder;
        try {
            for (Map.Entry<Integer, Path> found : list(folder).entrySet()) {
                segments.put(found.getKey(), disk.open(found.getValue()));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static NavigableMap<Integer, Path> list(Path folder) throws IOException {
        NavigableMap<Integer, Path> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                String digits = file.getFileName().toString().substring(PREFIX.length());
                if (digits.length() == NUMBER_DIGITS && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    found.put(Integer.parseInt(digits), file);
                }
            }
        }
        return found;
    }

    static String fileName(int segment) {
        String number = Integer.toString(segment);
        return PREFIX + "0".repeat(NUMBER_DIGITS - number.length()) + number;
    }

    NavigableMap<Integer, Disk.File> segments() {
        return segments;
    }

    /** Takes away a file in which nothing was ever written. */
    void remove(int segment) throws IOException {
        Disk.File file = segments.remove(segment);
        if (file != null) {
            file.close();
            disk.deleteIfExists(folder.resolve(fileName(segment)));
            disk.forceFolder(folder);
        }
    }

    /** Writes a batch and forces it. */
    void write(Batch batch, long marker) throws IOException {
        Disk.File file = segments.get(batch.segment());
        if (file == null) {
            if (batch.segment() >= Position.SEGMENTS_MAX) {
                throw new IOException("a log has at most " + Position.SEGMENTS_MAX + " segments");
            }
            FileHeader header = new FileHeader(marker, batch.segment(), batch.firstSequence());
            file = header.createFile(disk, folder.resolve(fileName(batch.segment())));
            segments.put(batch.segment(), file);
        }
        file.write(ByteBuffer.wrap(batch.bytes(), 0, batch.size()), batch.start());
        file.force();
    }

    /** The bytes of a frame as they are on the disk now: unchecked, and fewer if the file ends before. */
    byte[] read(long position) throws IOException {
        Disk.File file = segments.get(Position.segment(position));
        if (file == null) {
            return new byte[0];
        }
        byte[] frame = new byte[Frame.HEADER_BYTES + Position.length(position)];
        int length = file.read(ByteBuffer.wrap(frame), Position.offset(position));
        return length == frame.length ? frame : Arrays.copyOf(frame, length);
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Disk.File file : segments.values()) {
            try {
                file.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
