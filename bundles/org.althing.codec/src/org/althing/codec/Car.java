// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.Cid;
import org.jspecify.annotations.Nullable;

/**
 * CAR files of version 1: a header that names the roots, then blocks, each with its CID in front.
 *
 * <p>Both directions stream and hold one block at a time. A block has at most {@value #BLOCK_BYTES_MAX} bytes, a header at
 * most {@value #ROOTS_MAX} roots.
 *
 * @see <a href="https://ipld.io/specs/transport/car/carv1/">CARv1 specification</a>
 */
public final class Car {

    /** The largest block, in bytes: 8 MiB. */
    public static final int BLOCK_BYTES_MAX = 8 * 1024 * 1024;

    /** The most roots. */
    public static final int ROOTS_MAX = 1024;

    private static final int HEADER_BYTES_MAX = 64 + ROOTS_MAX * 41;
    private static final int VERSION = 1;

    private Car() {}

    /** A block and its name. The bytes are not copied: whoever changes them keeps no block of that name. */
    public record Block(Cid cid, byte[] bytes) {}

    /**
     * Opens a CAR file and reads its header.
     *
     * @param blocksMax how many blocks the file may have; one more is malformed
     * @throws MalformedException if the header is not that of a CAR file of version 1, with the offset in the stream
     * @throws IOException if the stream fails
     */
    public static Reader read(InputStream in, long blocksMax) throws IOException {
        return new Reader(in, blocksMax);
    }

    /**
     * Begins a CAR file and writes its header.
     *
     * @throws IllegalArgumentException for more than {@value #ROOTS_MAX} roots
     * @throws IOException if the stream fails
     */
    public static Writer write(OutputStream out, List<Cid> roots) throws IOException {
        return new Writer(out, roots);
    }

    /**
     * Reads the blocks of a CAR file in their order, each checked against its name. Closing it closes the stream. Not safe
     * for use by several threads at once.
     */
    public static final class Reader implements Closeable {

        private final InputStream in;
        private final long blocksMax;
        private final List<Cid> roots;
        private long blocks;
        private long position;

        private Reader(InputStream in, long blocksMax) throws IOException {
            this.in = in;
            this.blocksMax = blocksMax;
            this.roots = readHeader();
        }

        /** The roots that the header names, in its order; they need not be in the file. */
        public List<Cid> roots() {
            return roots;
        }

        /** The offset in the stream of the next unread byte. */
        public long position() {
            return position;
        }

        /**
         * Reads the next block.
         *
         * @return null at the end of the file
         * @throws MalformedException if the file ends within a block, a block is too large or of a kind unknown here, its
         *         bytes are not those that it is named for, or there are too many; with the offset in the stream
         * @throws IOException if the stream fails
         */
        public @Nullable Block next() throws IOException {
            long at = position;
            int length = readLength(Cid.BYTES + BLOCK_BYTES_MAX);
            if (length < 0) {
                return null;
            }
            if (blocks++ == blocksMax) {
                throw new MalformedException(at, "more than " + blocksMax + " blocks");
            }
            if (length < Cid.BYTES) {
                throw new MalformedException(at, "too short for a CID");
            }
            Cid cid = readCid();
            byte[] bytes = readFully(length - Cid.BYTES);
            if (!cid.names(bytes)) {
                throw new MalformedException(at, "the block is not the one that " + cid + " names");
            }
            return new Block(cid, bytes);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }

        private List<Cid> readHeader() throws IOException {
            int length = readLength(HEADER_BYTES_MAX);
            if (length < 0) {
                throw new MalformedException(0, "an empty file");
            }
            long at = position;
            byte[] header = readFully(length);
            try {
                return parseHeader(new CborReader(header));
            } catch (MalformedException e) {
                throw new MalformedException(at + e.offset(), "header: " + e.reason());
            }
        }

        private static List<Cid> parseHeader(CborReader header) {
            header.readMapExactly(2);
            header.expectKey("roots");
            int count = header.readList(ROOTS_MAX);
            List<Cid> roots = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                roots.add(header.readLink());
            }
            header.expectKey("version");
            header.readLong(VERSION, VERSION);
            header.finish();
            return List.copyOf(roots);
        }

        private Cid readCid() throws IOException {
            long at = position;
            try {
                return Cid.fromBytes(readFully(Cid.BYTES));
            } catch (IllegalArgumentException e) {
                throw new MalformedException(at, String.valueOf(e.getMessage()));
            }
        }

        /** Reads an unsigned varint in its shortest form; -1 if the stream ends before it. */
        private int readLength(int max) throws IOException {
            long at = position;
            int length = 0;
            for (int shift = 0; shift < 28; shift += 7) {
                int next = in.read();
                if (next < 0 && shift == 0) {
                    return -1;
                }
                if (next < 0) {
                    throw endsEarly();
                }
                position++;
                length |= (next & 0x7f) << shift;
                if (next == 0 && shift > 0) {
                    throw new MalformedException(at, "a length not in its shortest form");
                }
                if (next < 0x80) {
                    return requireLength(at, length, max);
                }
            }
            throw new MalformedException(at, "a length beyond " + max);
        }

        private static int requireLength(long at, int length, int max) {
            if (length == 0 || length > max) {
                throw new MalformedException(at, "a length of " + length + " bytes where 1 to " + max + " may be");
            }
            return length;
        }

        private byte[] readFully(int length) throws IOException {
            // readNBytes grows its buffer with what arrives, so a false length alone costs no memory.
            byte[] bytes = in.readNBytes(length);
            position += bytes.length;
            if (bytes.length < length) {
                throw endsEarly();
            }
            return bytes;
        }

        private MalformedException endsEarly() {
            return new MalformedException(position, "the file ends too early");
        }
    }

    /**
     * Writes the blocks of a CAR file. Closing it closes the stream. Not safe for use by several threads at once.
     */
    public static final class Writer implements Closeable {

        private final OutputStream out;

        private Writer(OutputStream out, List<Cid> roots) throws IOException {
            if (roots.size() > ROOTS_MAX) {
                throw new IllegalArgumentException(
                        "a CAR file has at most " + ROOTS_MAX + " roots, not " + roots.size());
            }
            this.out = out;
            CborWriter header = new CborWriter().map(2).key("roots").list(roots.size());
            roots.forEach(header::link);
            byte[] bytes = header.key("version").integer(VERSION).toBytes();
            writeLength(bytes.length);
            out.write(bytes);
        }

        /**
         * Writes a block.
         *
         * @throws IllegalArgumentException if the block is too large, or not the one that the CID names
         * @throws IOException if the stream fails
         */
        public void write(Cid cid, byte[] block) throws IOException {
            if (block.length > BLOCK_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "a block has at most " + BLOCK_BYTES_MAX + " bytes, not " + block.length);
            }
            if (!cid.names(block)) {
                throw new IllegalArgumentException("the block is not the one that " + cid + " names");
            }
            writeLength(Cid.BYTES + block.length);
            out.write(cid.toBytes());
            out.write(block);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }

        private void writeLength(int length) throws IOException {
            int rest = length;
            while (rest >= 0x80) {
                out.write(rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
    }
}
