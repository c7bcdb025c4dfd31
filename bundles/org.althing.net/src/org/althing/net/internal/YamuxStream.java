// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One stream of a {@link Yamux} session: bytes both ways, each within the window that its receiver gives. For the thread of the session. */
final class YamuxStream {

    /** Who is told what happens to a stream. */
    interface Sink {

        /** Bytes came, valid during the call; {@link YamuxStream#consumed} must be told when they take no memory any more. */
        void data(ByteBuffer bytes);

        /** The peer will send no more. */
        void finished();

        /** What was written has been moved into the connection, down to this much. */
        void drained(long pendingBytes);

        /** The stream is over; the last call. */
        void ended(End end, String reason);
    }

    private final Yamux session;
    private final int id;
    private final Deque<ByteBuffer> pending = new ArrayDeque<>();
    private final boolean inbound;
    private long pendingBytes;
    private int sendWindow = Yamux.WINDOW_INITIAL_BYTES;
    /** What the peer may send at most before we have taken it. */
    private int window;

    private int receiveWindow;
    private int consumedBytes;
    private boolean acknowledged;
    private boolean waiting;
    private boolean finishing;
    private boolean finSent;
    private boolean finReceived;
    private boolean over;

    @Nullable
    Sink sink;

    YamuxStream(Yamux session, int id, boolean outbound) {
        this.session = session;
        this.id = id;
        this.inbound = !outbound;
        // The larger window of a stream of ours is told as it opens, that of a peer's stream as we accept it.
        this.window = outbound ? Yamux.WINDOW_BYTES : Yamux.WINDOW_INITIAL_BYTES;
        this.receiveWindow = window;
    }

    int id() {
        return id;
    }

    boolean isInbound() {
        return inbound;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    boolean isOver() {
        return over;
    }

    Sink sink() {
        if (sink == null) {
            throw new IllegalStateException("a stream without an owner");
        }
        return sink;
    }

    /** Sends these bytes, which must not change any more, when there is room. */
    void write(ByteBuffer bytes) {
        if (over || finishing || !bytes.hasRemaining()) {
            return;
        }
        if (inbound && !acknowledged) {
            acknowledged = true;
            session.put(Yamux.WINDOW_UPDATE, Yamux.ACK, id, Yamux.WINDOW_BYTES - Yamux.WINDOW_INITIAL_BYTES);
            receiveWindow += Yamux.WINDOW_BYTES - window;
            window = Yamux.WINDOW_BYTES;
        }
        pending.addLast(bytes);
        pendingBytes += bytes.remaining();
        beReady();
    }

    /** Sends nothing after what was written. */
    void finish() {
        if (!over && !finishing) {
            finishing = true;
            beReady();
        }
    }

    /** Ends the stream at once; the sink is told. */
    void reset(End end, String reason) {
        if (!over) {
            session.drop(this, true);
            ended(end, reason);
        }
    }

    /** So many received bytes take no memory any more; the peer may send as many again. */
    void consumed(int bytes) {
        consumedBytes += bytes;
        if (consumedBytes >= window / 2 && !over && !finReceived) {
            session.put(Yamux.WINDOW_UPDATE, 0, id, consumedBytes);
            receiveWindow += consumedBytes;
            consumedBytes = 0;
        }
    }

    // What the session tells.

    boolean isReady() {
        return waiting = !over && (pendingBytes > 0 && sendWindow > 0 || finishing && !finSent && pendingBytes == 0);
    }

    private void beReady() {
        if (!waiting && isReady()) {
            session.makeReady(this);
        }
    }

    /** Writes a frame of at most so many bytes of data, and the end if nothing comes after it. */
    void fill(ByteBuffer target, int dataMaxBytes) {
        int length = (int) Math.min(Math.min(pendingBytes, sendWindow), dataMaxBytes);
        if (length > 0) {
            Yamux.putHeader(target, Yamux.DATA, 0, id, length);
            move(length, target);
            pendingBytes -= length;
            sendWindow -= length;
            sink().drained(pendingBytes);
        }
        // The end has a frame of its own: js-libp2p (yamux 8) loses data that comes together with it.
        if (finishing && !finSent && pendingBytes == 0 && target.remaining() >= Yamux.HEADER_BYTES) {
            Yamux.putHeader(target, Yamux.WINDOW_UPDATE, Yamux.FIN, id, 0);
            finSent = true;
            endIfDone();
        }
    }

    private void move(int length, ByteBuffer target) {
        for (int left = length; left > 0; ) {
            ByteBuffer first = pending.getFirst();
            int take = Math.min(left, first.remaining());
            target.put(first.slice(first.position(), take));
            first.position(first.position() + take);
            left -= take;
            if (!first.hasRemaining()) {
                pending.removeFirst();
            }
        }
    }

    void acknowledged() {
        if (!inbound && !acknowledged) {
            acknowledged = true;
            session.accepted();
        }
    }

    void addWindow(long bytes, int max) {
        sendWindow = (int) Math.min(max, sendWindow + bytes);
        beReady();
    }

    /** Whether so much may come. */
    boolean takeWindow(int bytes) {
        if (finReceived || bytes > receiveWindow) {
            return false;
        }
        receiveWindow -= bytes;
        return true;
    }

    /** What the peer may still send. */
    int windowLeft() {
        return finReceived ? 0 : receiveWindow;
    }

    void peerFinished() {
        if (!finReceived && !over) {
            finReceived = true;
            sink().finished();
            endIfDone();
        }
    }

    private void endIfDone() {
        if (finSent && finReceived && !over) {
            session.drop(this, false);
            ended(End.LOCAL, "both sides have finished");
        }
    }

    void ended(End end, String reason) {
        if (!over) {
            over = true;
            pending.clear();
            pendingBytes = 0;
            sink().ended(end, reason);
        }
    }
}
