// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

/**
 * What a side of a reconciliation may choose for itself; the other side need not know.
 *
 * @param branching into how many ranges one that differs is split; one with fewer than twice as many items is sent as a list
 * @param frameSizeMaxBytes no message that this side sends is larger
 * @param roundsMax messages that an initiator sends before it gives up on the rest
 */
public record Parameters(int branching, int frameSizeMaxBytes, int roundsMax) {

    public static final int BRANCHING_MAX = 32;
    /** One split or list, and what is around it, fits with room to spare: so every message gets further. */
    public static final int FRAME_SIZE_MIN_BYTES = 4096;
    /** What either side sends, whatever its parameters. */
    public static final int FRAME_SIZE_LIMIT_BYTES = 1024 * 1024;

    public static final Parameters USUAL = new Parameters(16, 60 * 1024, 256);

    public Parameters {
        if (branching < 2 || branching > BRANCHING_MAX) {
            throw new IllegalArgumentException("branching is 2 to " + BRANCHING_MAX + ", not " + branching);
        }
        if (frameSizeMaxBytes < FRAME_SIZE_MIN_BYTES || frameSizeMaxBytes > FRAME_SIZE_LIMIT_BYTES) {
            throw new IllegalArgumentException("a frame has " + FRAME_SIZE_MIN_BYTES + " to " + FRAME_SIZE_LIMIT_BYTES
                    + " bytes, not " + frameSizeMaxBytes);
        }
        if (roundsMax < 1) {
            throw new IllegalArgumentException("without a round nothing is learned");
        }
    }
}
