// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.function.Function;
import org.althing.api.Cid;
import org.althing.codec.Car;
import org.jspecify.annotations.Nullable;

/** Writes each block when it is first asked for, and so in the order in which a verifier will ask for it. */
final class WritingBlocks implements Blocks, Closeable {

    private static final int BUFFER_SIZE_BYTES = 1 << 18;

    private final Function<Cid, byte @Nullable []> source;
    private final FileChannel file;
    private final Buffer buffer = new Buffer();
    private final Car.Writer writer;

    /**
     * Begins a file.
     *
     * @param file empty, open for reading and writing
     * @param source gives the block of a name, or null
     */
    WritingBlocks(FileChannel file, Cid root, Function<Cid, byte @Nullable []> source) throws IOException {
        this.source = source;
        this.file = file;
        this.writer = Car.write(buffer, List.of(root));
    }

    @Override
    public Block next(Cid cid) {
        byte[] bytes = source.apply(cid);
        if (bytes == null || !cid.names(bytes)) {
            throw new Stopped(ClaimKind.FILE, "block " + cid + " is missing or damaged here");
        }
        try {
            writer.write(cid, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Block(bytes, Spot.of(buffer.position() - bytes.length, bytes.length));
    }

    @Override
    public byte[] again(long spot) {
        try {
            if (Spot.offset(spot) + Spot.length(spot) > buffer.flushed) {
                buffer.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return EvidenceFile.read(file, spot);
    }

    /** Bytes written so far. */
    long sizeBytes() {
        return buffer.position();
    }

    /** Puts everything on the disk. */
    void force() throws IOException {
        buffer.flush();
        file.force(true);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** A buffered stream that knows how much of it is in the file already. */
    private final class Buffer extends OutputStream {

        private final ByteBuffer waiting = ByteBuffer.allocate(BUFFER_SIZE_BYTES);
        private long flushed;

        long position() {
            return flushed + waiting.position();
        }

        @Override
        public void write(int single) throws IOException {
            if (!waiting.hasRemaining()) {
                flush();
            }
            waiting.put((byte) single);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int done = 0;
            while (done < length) {
                if (!waiting.hasRemaining()) {
                    flush();
                }
                int part = Math.min(waiting.remaining(), length - done);
                waiting.put(bytes, from + done, part);
                done += part;
            }
        }

        @Override
        public void flush() throws IOException {
            waiting.flip();
            while (waiting.hasRemaining()) {
                flushed += file.write(waiting);
            }
            waiting.clear();
        }
    }
}
