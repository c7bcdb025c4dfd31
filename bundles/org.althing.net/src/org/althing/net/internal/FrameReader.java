// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts the bytes of a stream into frames, each behind its length as a varint. Allocates as bytes come, not as lengths promise. For one thread. */
final class FrameReader {

    /** What is allocated at once for a frame, in bytes. */
    private static final int STEP_BYTES = 64 << 10;

    /** A varint for the largest frame takes so many bytes. */
    private static final int PREFIX_MAX_BYTES = 4;

    private final int frameSizeMaxBytes;
    private int length;
    private int prefixBytes;
    private byte @Nullable [] partial;
    private int filled;

    FrameReader(int frameSizeMaxBytes) {
        this.frameSizeMaxBytes = frameSizeMaxBytes;
    }

    /** What is kept of a frame that has not all come, in bytes. */
    int heldBytes() {
        return partial == null ? 0 : partial.length;
    }

    /** Whether a frame has begun and not all come. */
    boolean isInside() {
        return partial != null || prefixBytes > 0;
    }

    /**
     * The next whole frame; null if it has not all come.
     *
     * @throws Violation for a frame that is too large
     */
    byte @Nullable [] next(ByteBuffer in) {
        if (partial == null) {
            if (!readLength(in)) {
                return null;
            }
            partial = new byte[length <= in.remaining() ? length : Math.min(length, STEP_BYTES)];
            filled = 0;
        }
        byte[] frame = partial;
        while (filled < length && in.hasRemaining()) {
            if (filled == frame.length) {
                frame = Arrays.copyOf(frame, (int) Math.min(length, 2L * frame.length));
                partial = frame;
            }
            int take = Math.min(frame.length - filled, in.remaining());
            in.get(frame, filled, take);
            filled += take;
        }
        if (filled < length) {
            return null;
        }
        partial = null;
        return frame;
    }

    private boolean readLength(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte next = in.get();
            length = prefixBytes == 0 ? next & 0x7f : length | (next & 0x7f) << 7 * prefixBytes;
            prefixBytes++;
            if (next >= 0) {
                require(next > 0 || prefixBytes == 1, "a length that is longer than it needs");
                require(length <= frameSizeMaxBytes, "a frame of " + length + " bytes");
                prefixBytes = 0;
                return true;
            }
            require(prefixBytes < PREFIX_MAX_BYTES, "a frame of more than 256 MiB");
        }
        return false;
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new Violation(End.FRAME, reason);
        }
    }
}
