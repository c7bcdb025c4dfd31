// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The first {@value #BYTES} bytes of a log file: the same {@value #COPY_BYTES} bytes twice, each with a CRC of its own, since without the
 * marker no frame can be found.
 *
 * @param marker begins every frame of the file
 * @param number of the segment; 0 in a vote log
 * @param firstSequence of the first frame
 */
record FileHeader(long marker, int number, long firstSequence) {

    static final int BYTES = 64;
    static final int COPY_BYTES = 32;

    /** "ALTHLOG1": the version is the last character. */
    private static final long MAGIC = 0x414c5448_4c4f4731L;

    private static final int CRC_AT = 28;

    /**
     * What a file begins with.
     *
     * @param header null if neither copy is whole
     * @param whole whether both copies are
     */
    record Found(@Nullable FileHeader header, boolean whole) {}

    static Found read(Disk.File file) throws IOException {
        byte[] bytes = new byte[BYTES];
        file.read(ByteBuffer.wrap(bytes), 0);
        FileHeader first = readCopy(bytes, 0);
        FileHeader second = readCopy(bytes, COPY_BYTES);
        return new Found(first != null ? first : second, first != null && first.equals(second));
    }

    private static @Nullable FileHeader readCopy(byte[] bytes, int at) {
        if (Frame.getLong(bytes, at) != MAGIC || Frame.getInt(bytes, at + CRC_AT) != Frame.crc(bytes, at, CRC_AT)) {
            return null;
        }
        return new FileHeader(
                Frame.getLong(bytes, at + 8), Frame.getInt(bytes, at + 16), Frame.getLong(bytes, at + 20));
    }

    private byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        for (int at = 0; at < BYTES; at += COPY_BYTES) {
            Frame.putLong(bytes, at, MAGIC);
            Frame.putLong(bytes, at + 8, marker);
            Frame.putInt(bytes, at + 16, number);
            Frame.putLong(bytes, at + 20, firstSequence);
            Frame.putInt(bytes, at + CRC_AT, Frame.crc(bytes, at, CRC_AT));
        }
        return bytes;
    }

    /** Makes a file that has this header and nothing else. It appears under its name whole or not at all, so a header is never torn. */
    Disk.File createFile(Disk disk, Path path) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        disk.deleteIfExists(fresh);
        try (Disk.File file = disk.create(fresh)) {
            file.write(ByteBuffer.wrap(toBytes()), 0);
            file.force();
        }
        disk.rename(fresh, path);
        disk.forceFolder(path.toAbsolutePath().getParent());
        return disk.open(path);
    }
}
