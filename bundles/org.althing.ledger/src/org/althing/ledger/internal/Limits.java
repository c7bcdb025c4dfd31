// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

/**
 * The sizes that bound a store; tests make them small.
 *
 * @param segmentSizeMaxBytes where a file of the log ends and the next begins
 * @param queueSizeMaxBytes bytes accepted and not yet being written; whoever adds more waits
 */
record Limits(int segmentSizeMaxBytes, int queueSizeMaxBytes) {

    /** 256 MiB a segment: some 650 000 entries, and the most that a scan has to resynchronise within. */
    static final Limits DEFAULT = new Limits(256 << 20, 4 << 20);

    /** What a position can hold, see {@link Position}. */
    static final int SEGMENT_SIZE_LIMIT_BYTES = 1 << Position.OFFSET_BITS;

    /** What a segment must hold in any case: a header, the largest frame and a commit. */
    static final int SEGMENT_SIZE_MIN_BYTES = FileHeader.BYTES + Frame.SIZE_MAX_BYTES + Frame.HEADER_BYTES;

    Limits {
        if (segmentSizeMaxBytes < SEGMENT_SIZE_MIN_BYTES || segmentSizeMaxBytes > SEGMENT_SIZE_LIMIT_BYTES) {
            throw new IllegalArgumentException("a segment of " + segmentSizeMaxBytes + " bytes");
        }
        if (queueSizeMaxBytes < 1) {
            throw new IllegalArgumentException("a queue of " + queueSizeMaxBytes + " bytes");
        }
    }
}
