// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.network;

/**
 * What a link does to messages. Links are streams: nothing arrives out of order, and what is lost comes again, later.
 *
 * @param latencyMinMicros one way; each link has its own, between the two
 * @param bytesPerSecond each way
 * @param lossPerMille how many of a thousand messages have to be sent again
 */
public record LinkQuality(long latencyMinMicros, long latencyMaxMicros, long bytesPerSecond, int lossPerMille) {

    /** When something lost is sent again. */
    public static final long RETRANSMISSION_MICROS = 200_000;

    /** A receive window and a send queue: what may be under way on a link, in bytes. */
    public static final int UNDER_WAY_MAX_BYTES = (256 + 1024) * 1024;

    /** Homes and servers of one continent. */
    public static LinkQuality wide() {
        return new LinkQuality(5_000, 60_000, 1_250_000, 1);
    }
}
