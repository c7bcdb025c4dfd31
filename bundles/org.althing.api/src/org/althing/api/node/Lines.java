// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The framing of the {@link LocalDoor}: lines of bounded length from and to a socket. Memory grows with the line that arrives, up to the bound.
 * One thread may read while another writes; no more.
 */
public final class Lines {

    private static final int BUFFER_SIZE_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final int lineMaxBytes;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE_BYTES).limit(0);

    /** The other side sent a line that is too long; nothing after it can be understood. */
    public static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException(int lineMaxBytes) {
            super("a line has at most " + lineMaxBytes + " bytes");
        }
    }

    /**
     * @param lineMaxBytes longest line that is read, its end not counted
     */
    public Lines(SocketChannel channel, int lineMaxBytes) {
        this.channel = channel;
        this.lineMaxBytes = lineMaxBytes;
    }

    /**
     * The next line without its end; empty if there are no more.
     *
     * @param onBegin runs when the first byte of the line is there
     * @throws TooLongException if the line is longer than the bound
     */
    public Optional<byte[]> read(Runnable onBegin) throws IOException {
        byte @Nullable [] line = null;
        int length = 0;
        while (true) {
            if (!buffer.hasRemaining() && !fill()) {
                return Optional.empty(); // A line without an end is none.
            }
            if (line == null) {
                onBegin.run();
                line = new byte[Math.min(BUFFER_SIZE_BYTES, lineMaxBytes)];
            }
            int take = untilEnd();
            boolean complete = take < buffer.remaining();
            if (length + take > lineMaxBytes) {
                throw new TooLongException(lineMaxBytes);
            }
            if (length + take > line.length) {
                line = Arrays.copyOf(line, Math.min(lineMaxBytes, Math.max(length + take, 2 * line.length)));
            }
            buffer.get(line, length, take);
            length += take;
            if (complete) {
                buffer.get();
                return Optional.of(Arrays.copyOf(line, length));
            }
        }
    }

    private boolean fill() throws IOException {
        buffer.clear();
        int read = channel.read(buffer);
        buffer.flip();
        return read > 0;
    }

    private int untilEnd() {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            if (buffer.get(i) == '\n') {
                return i - buffer.position();
            }
        }
        return buffer.remaining();
    }

    /** Writes a line, which must not hold an end of line itself, and its end. */
    public void write(byte[] line) throws IOException {
        ByteBuffer out =
                ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }
}
