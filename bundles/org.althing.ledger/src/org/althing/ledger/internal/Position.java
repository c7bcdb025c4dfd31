// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

/** Where a frame lies, in one long: segment, offset of the frame in it, length of its payload. */
final class Position {

    static final int LENGTH_BITS = 19;
    static final int OFFSET_BITS = 28;
    static final int SEGMENT_BITS = 17;

    /** 32 TiB a DAO. */
    static final int SEGMENTS_MAX = 1 << SEGMENT_BITS;

    /** The frame is lost: what it held is known only from others. A frame at offset 0 would lie on the file's header. */
    static final long NONE = 0;

    private Position() {}

    static long of(int segment, long offset, int length) {
        return (long) segment << OFFSET_BITS + LENGTH_BITS | offset << LENGTH_BITS | length;
    }

    static int segment(long position) {
        return (int) (position >>> OFFSET_BITS + LENGTH_BITS);
    }

    static int offset(long position) {
        return (int) (position >>> LENGTH_BITS) & (1 << OFFSET_BITS) - 1;
    }

    static int length(long position) {
        return (int) position & (1 << LENGTH_BITS) - 1;
    }
}
