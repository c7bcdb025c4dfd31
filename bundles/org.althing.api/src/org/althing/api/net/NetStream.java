// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

/**
 * A conversation with one peer in one protocol, in whole frames (on the wire: a {@link Uvarint} length before each). The peer's identity has
 * been proved by its key. Safe for use by many threads.
 *
 * <p>Memory is bounded on both sides: what is sent and not yet taken by the peer waits here up to about {@link #SEND_QUEUE_MAX_BYTES}; what arrives
 * while reading is paused stays with the peer, but for one window.
 */
public interface NetStream {

    /** The largest frame any protocol may ask for, in bytes. */
    int FRAME_SIZE_LIMIT_BYTES = 8 << 20;

    /** A frame is taken as long as less than this waits to be sent, in bytes; so this and one frame are the most that waits. */
    int SEND_QUEUE_MAX_BYTES = 1 << 20;

    /** Who is on the other side. */
    PeerId peer();

    /** The protocol agreed on. */
    String protocol();

    /**
     * Hands over a frame to be sent in order; nobody may change the array after that. The same array may be given to several streams.
     *
     * @return whether it was taken; if not, it waits for nothing: either the stream is ending, or its queue is full and
     *     {@link Receiver#writable} will tell when there is room
     * @throws IllegalArgumentException for a frame of more than {@link #FRAME_SIZE_LIMIT_BYTES}
     */
    boolean send(byte[] frame);

    /** Frames taken and not yet handed to the network, in bytes. */
    long queuedBytes();

    /** Stops or resumes the delivery of frames. One that is being delivered may still come. */
    void setReading(boolean reading);

    /** Says that no more frames will be sent, after those taken. Idempotent. */
    void finish();

    /** Ends both directions at once; what waits is dropped. Idempotent. */
    void reset();

    /**
     * What happens to a stream, told one call at a time, in order, on a thread of the transport; a call must return soon. An exception out of
     * it resets the stream.
     */
    interface Receiver {

        /** A whole frame came, at most as large as was agreed to. The array is the receiver's. */
        void frame(NetStream stream, byte[] frame);

        /** A frame was refused for want of room, and there is room again. */
        default void writable(NetStream stream) {}

        /** The peer has finished: no more frames will come. */
        default void finished(NetStream stream) {}

        /**
         * The stream is over, for whatever reason; the last call, and made once. Not called for a stream that never opened.
         *
         * @param reason one short line, for a log
         */
        default void closed(NetStream stream, String reason) {}
    }
}
