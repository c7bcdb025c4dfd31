// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.althing.api.Cid;
import org.jspecify.annotations.Nullable;

/** Walks the frames of one log file, over damage where there is any. */
final class LogScanner {

    /** Room for the largest frame, and large enough that the disk reads in long runs. */
    private static final int WINDOW_BYTES = 4 << 20;

    private final Disk.File file;
    private final long marker;
    private final long end;
    private final byte[] window;
    private long windowStart;
    private int windowLength;

    /** What a scan comes across, in order. {@code at} is where in {@code source} the frame begins, {@code offset} where in the file. */
    interface Visitor {

        /** A frame that is whole. */
        void frame(Frame frame, byte[] source, int at, long offset);

        /** An entry that is whole behind a damaged header. */
        void entryBehindDamagedHeader(byte[] digest, int length, long offset, long sequence);

        /** A frame with a whole header and a damaged payload. */
        void damagedPayload(Frame frame, byte[] source, int at, long offset);

        /**
         * Bytes that are no frame any more, or frames that are not there.
         *
         * @param firstSequence of what is lost
         * @param nextSequence of the frame that follows; 0 if none does
         */
        void lost(long offset, long endOffset, long firstSequence, long nextSequence);
    }

    LogScanner(Disk.File file, long marker) throws IOException {
        this(file, marker, Long.MAX_VALUE);
    }

    /** @param endMax bytes behind it are not looked at, since they are still being written */
    LogScanner(Disk.File file, long marker, long endMax) throws IOException {
        this.file = file;
        this.marker = marker;
        this.end = Math.min(endMax, file.size());
        this.window = new byte[Math.clamp(end, Frame.HEADER_BYTES, WINDOW_BYTES)];
    }

    /**
     * Visits the frames from an offset on.
     *
     * @param sequence of the frame that should be there
     * @param committedEnd before it what cannot be read is damage, behind it a torn write
     * @return where the torn write begins, or the end of the file
     */
    long scan(long from, long sequence, long committedEnd, Visitor visitor) throws IOException {
        long offset = from;
        long expected = sequence;
        while (offset < end) {
            Frame frame = frameAt(offset, expected);
            if (frame == null) {
                if (offset >= committedEnd) {
                    return offset;
                }
                long next = nextFrame(offset + 1, expected);
                Frame nextFrame = headerAt(next, expected);
                long nextSequence = nextFrame == null ? 0 : nextFrame.sequence();
                reportLoss(offset, next, expected, nextSequence, visitor);
                offset = next;
                expected = Math.max(expected, nextSequence);
                continue;
            }
            int at = load(offset, frame.size());
            boolean whole = frame.isPayloadWhole(window, at);
            if (!whole && offset >= committedEnd) {
                return offset;
            }
            if (frame.sequence() > expected) {
                visitor.lost(offset, offset, expected, frame.sequence());
            }
            if (whole) {
                visitor.frame(frame, window, at, offset);
            } else {
                visitor.damagedPayload(frame, window, at, offset);
            }
            offset += frame.size();
            expected = frame.sequence() + 1;
        }
        return offset;
    }

    /** A frame whose header is whole, that ends within the file, and that does not come from the past. */
    private @Nullable Frame frameAt(long offset, long expected) throws IOException {
        Frame frame = headerAt(offset, expected);
        return frame != null && offset + frame.size() <= end ? frame : null;
    }

    private @Nullable Frame headerAt(long offset, long expected) throws IOException {
        if (offset + Frame.HEADER_BYTES > end) {
            return null;
        }
        Frame frame = Frame.readHeader(window, load(offset, Frame.HEADER_BYTES), marker);
        // An old sector that shows up again in a new place holds valid frames of the past: they are not what was
        // written here.
        return frame != null && frame.sequence() >= expected ? frame : null;
    }

    private long nextFrame(long from, long expected) throws IOException {
        for (long offset = from; offset + Frame.HEADER_BYTES <= end; offset++) {
            int at = load(offset, Frame.HEADER_BYTES);
            if (Frame.getLong(window, at) == marker && headerAt(offset, expected) != null) {
                return offset;
            }
        }
        return end;
    }

    /** If just one frame is unreadable, only its header may be damaged: its own digest or CRC then vouches for the payload. */
    private void reportLoss(long offset, long next, long expected, long nextSequence, Visitor visitor)
            throws IOException {
        long length = next - offset - Frame.HEADER_BYTES;
        if (nextSequence == expected + 1 && length > 0 && length <= Frame.PAYLOAD_SIZE_MAX_BYTES) {
            int at = load(offset, (int) (next - offset));
            int payloadAt = at + Frame.HEADER_BYTES;
            byte[] payload = Arrays.copyOfRange(window, payloadAt, payloadAt + (int) length);
            byte[] digest = Cid.hash(payload).digest();
            boolean named = Arrays.equals(
                    digest, 0, Cid.DIGEST_BYTES, window, at + Frame.NAME_AT, at + Frame.NAME_AT + Frame.NAME_BYTES);
            if (named
                    || Frame.looksLikeEntry(window, at)
                            && Frame.storedPayloadCrc(window, at) == Frame.crc(payload, 0, payload.length)) {
                visitor.entryBehindDamagedHeader(digest, (int) length, offset, expected);
                return;
            }
        }
        visitor.lost(offset, next, expected, nextSequence);
    }

    /** Brings the bytes into the window and returns where they begin in it. */
    private int load(long offset, int length) throws IOException {
        if (offset < windowStart || offset + length > windowStart + windowLength) {
            windowStart = offset;
            windowLength = file.read(ByteBuffer.wrap(window), offset);
            if (windowLength < length) {
                throw new IOException(
                        "the file ends at " + (windowStart + windowLength) + " although it has " + end + " bytes");
            }
        }
        return (int) (offset - windowStart);
    }

    /** Where the last whole commit ends, or {@code from} if there is none behind it. */
    long lastCommitEnd(long from) throws IOException {
        long chunkEnd = end;
        while (chunkEnd - from >= Frame.HEADER_BYTES) {
            long start = Math.max(from, chunkEnd - window.length);
            int base = load(start, (int) (chunkEnd - start));
            for (int at = base + (int) (chunkEnd - start) - Frame.HEADER_BYTES; at >= base; at--) {
                if (Frame.getLong(window, at) != marker) {
                    continue;
                }
                Frame frame = Frame.readHeader(window, at, marker);
                if (frame != null && frame.kind() == Frame.Kind.COMMIT) {
                    return start + (at - base) + Frame.HEADER_BYTES;
                }
            }
            if (start == from) {
                break;
            }
            chunkEnd = start + Frame.HEADER_BYTES - 1; // a header may lie across the border
        }
        return from;
    }
}
