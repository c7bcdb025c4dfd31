// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.althing.api.tally.BallotFiles;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a text file, one at a time, so that a file of any size takes the memory of its longest line. Lines end with LF, CR LF or
 * the file; a byte-order mark is passed over.
 */
final class TextLines {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in;
    /** Takes the place of UTF-8 for a line that is none, or null if such a line is an error. */
    private final @Nullable Charset fallback;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    private byte[] line = new byte[256];
    private int lineNumber;

    TextLines(InputStream in) {
        this(in, null);
    }

    TextLines(InputStream in, @Nullable Charset fallback) {
        this.in = in;
        this.fallback = fallback;
    }

    /** Number of the line read last, from 1. */
    int number() {
        return lineNumber;
    }

    /** The next line, or null at the end. */
    @Nullable
    String next() throws IOException, UnreadableException {
        int length = fill();
        if (length < 0) {
            return null;
        }
        lineNumber++;
        String text = decode(length);
        return lineNumber == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** Collects the bytes of a line; the result is its length, or -1 at the end of the file. */
    private int fill() throws IOException, UnreadableException {
        int length = 0;
        for (boolean isEmpty = true; ; isEmpty = false) {
            if (next == end && !refill()) {
                return isEmpty ? -1 : length;
            }
            int from = next;
            while (next < end && buffer[next] != '\n') {
                next++;
            }
            length = append(from, length);
            if (next < end) {
                next++;
                return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
            }
        }
    }

    private boolean refill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private int append(int from, int length) throws UnreadableException {
        int more = next - from;
        if (length + more > BallotFiles.LINE_BYTES_MAX) {
            throw new UnreadableException("line " + (lineNumber + 1) + " is longer than " + BallotFiles.LINE_BYTES_MAX
                    + " bytes; put one ballot on a line");
        }
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
        }
        System.arraycopy(buffer, from, line, length, more);
        return length + more;
    }

    private String decode(int length) throws UnreadableException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            if (fallback != null) {
                return new String(line, 0, length, fallback);
            }
            throw new UnreadableException("line " + lineNumber + " is not UTF-8 text; save the file as UTF-8");
        }
    }
}
