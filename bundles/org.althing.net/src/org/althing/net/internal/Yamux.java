// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many streams over one connection. Bytes of the peer go in by {@link #feed}; what is to be sent is taken out by {@link #fill}, as much as there
 * is room for, so that nothing piles up here but what streams hold. For one thread.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/yamux/README.md">libp2p: yamux</a>
 */
final class Yamux {

    static final int HEADER_BYTES = 12;

    /** Window that each side has for a stream at first, by the specification. */
    static final int WINDOW_INITIAL_BYTES = 256 << 10;

    /** Window that we give: what a peer may send before a stream's owner has taken it. */
    static final int WINDOW_BYTES = 1 << 20;

    /** Window that we use of what the peer gives; more is not remembered. */
    private static final int WINDOW_MAX_BYTES = 16 << 20;

    /** Streams that the peer may have open at once; more are reset. */
    static final int STREAMS_INBOUND_MAX = 256;

    /** Streams of ours that the peer has not accepted yet. */
    static final int BACKLOG_MAX = 256;

    /** Streams that we may have open at once. */
    static final int STREAMS_OUTBOUND_MAX = 1024;

    /** What a stream may send before it is another's turn. */
    private static final int TURN_BYTES = 32 << 10;

    /** Answers that wait to be sent; a peer that asks more and reads less is closed. */
    static final int CONTROL_MAX_BYTES = 64 << 10;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    static final int GO_AWAY_NORMAL = 0;
    static final int GO_AWAY_PROTOCOL_ERROR = 1;

    private final Owner owner;
    private final boolean dialler;
    private final Map<Integer, YamuxStream> streams = new HashMap<>();
    private final Deque<YamuxStream> ready = new ArrayDeque<>();
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    private final ByteBuffer control = ByteBuffer.allocate(CONTROL_MAX_BYTES);
    private int nextId;
    private int inbound;
    private int backlog;
    /** Bytes that the peer may still send to streams we have dropped. */
    private long forgivenBytes;
    /** The stream whose data is coming; null while it is nobody's. */
    private @Nullable YamuxStream receiver;

    private int dataLeft;
    private boolean finAfterData;
    private boolean saidGoodbye;

    /** Who owns the session. Called by {@link #feed}. */
    interface Owner {

        /**
         * The peer wants to open a stream, which it may not get.
         *
         * @throws Violation if it asks too often
         */
        default void opening() {}

        /** The peer opens a stream; whoever is returned is told what happens to it. */
        YamuxStream.Sink opened(YamuxStream stream);

        /** The peer answers a ping. */
        void pong(int id);

        /** The peer ends the session. */
        void goodbye(int code);
    }

    Yamux(boolean dialler, Owner owner) {
        this.dialler = dialler;
        this.owner = owner;
        this.nextId = dialler ? 1 : 2;
    }

    /**
     * Opens a stream.
     *
     * @return null if there are too many
     */
    @Nullable
    YamuxStream open(YamuxStream.Sink sink) {
        boolean isFull = backlog >= BACKLOG_MAX || streams.size() - inbound >= STREAMS_OUTBOUND_MAX || nextId < 0;
        if (isFull || saidGoodbye) {
            return null;
        }
        YamuxStream stream = new YamuxStream(this, nextId, true);
        nextId += 2;
        backlog++;
        stream.sink = sink;
        streams.put(stream.id(), stream);
        put(WINDOW_UPDATE, SYN, stream.id(), WINDOW_BYTES - WINDOW_INITIAL_BYTES);
        return stream;
    }

    /** Asks the peer for a sign of life. */
    void ping(int id) {
        put(PING, SYN, 0, id);
    }

    /** Tells the peer that the session ends. */
    void goodbye(int code) {
        if (!saidGoodbye && control.remaining() >= HEADER_BYTES) {
            saidGoodbye = true;
            put(GO_AWAY, 0, 0, code);
        }
    }

    /** Ends all streams; nothing is sent any more. */
    void end(End end, String reason) {
        List<YamuxStream> all = new ArrayList<>(streams.values());
        streams.clear();
        ready.clear();
        receiver = null;
        saidGoodbye = true;
        all.forEach(stream -> stream.ended(end, reason));
    }

    /** Open streams. */
    int size() {
        return streams.size();
    }

    /** Whether there is something to send now. */
    boolean hasOutput() {
        return control.position() > 0 || !ready.isEmpty();
    }

    /** Moves what is to be sent into the target, answers first, then the streams in turn. */
    void fill(ByteBuffer target) {
        control.flip();
        int whole = Math.min(control.remaining(), target.remaining() / HEADER_BYTES * HEADER_BYTES);
        target.put(control.slice(0, whole));
        control.position(whole).compact();
        while (!ready.isEmpty() && target.remaining() > HEADER_BYTES) {
            YamuxStream stream = ready.removeFirst();
            stream.fill(target, Math.min(TURN_BYTES, target.remaining() - HEADER_BYTES));
            if (stream.isReady()) {
                ready.addLast(stream);
            }
        }
    }

    /**
     * Takes bytes of the peer, all of them.
     *
     * @throws Violation if they are no yamux, or more than allowed; the session must end
     */
    void feed(ByteBuffer in) {
        while (in.hasRemaining()) {
            if (dataLeft > 0) {
                feedData(in);
            } else {
                while (header.hasRemaining() && in.hasRemaining()) {
                    header.put(in.get());
                }
                if (!header.hasRemaining()) {
                    header.flip();
                    readHeader();
                    header.clear();
                }
            }
        }
    }

    private void feedData(ByteBuffer in) {
        int take = Math.min(dataLeft, in.remaining());
        dataLeft -= take;
        ByteBuffer part = in.slice(in.position(), take);
        in.position(in.position() + take);
        YamuxStream to = receiver;
        if (to != null && streams.get(to.id()) == to) {
            to.sink().data(part);
        }
        if (dataLeft == 0) {
            finishData();
        }
    }

    private void finishData() {
        YamuxStream to = receiver;
        receiver = null;
        if (finAfterData && to != null) {
            to.peerFinished();
        }
    }

    private void readHeader() {
        int version = header.get();
        int type = header.get();
        int flags = header.getShort();
        int id = header.getInt();
        int length = header.getInt();
        require(version == 0, "version " + version);
        require((flags & ~(SYN | ACK | FIN | RST)) == 0, "unknown flags");
        switch (type) {
            case DATA, WINDOW_UPDATE -> {
                require(id != 0, "data for no stream");
                readStreamFrame(type, flags, id, length);
            }
            case PING -> {
                require(id == 0 && (flags == SYN || flags == ACK), "a ping for a stream");
                if (flags == SYN) {
                    put(PING, ACK, 0, length);
                } else {
                    owner.pong(length);
                }
            }
            case GO_AWAY -> {
                require(id == 0, "a farewell for a stream");
                owner.goodbye(length);
            }
            default -> throw new Violation(End.YAMUX, "frame type " + type);
        }
    }

    private void readStreamFrame(int type, int flags, int id, int length) {
        boolean isPeers = (id & 1) == (dialler ? 0 : 1);
        YamuxStream stream = streams.get(id);
        if ((flags & SYN) != 0) {
            require(isPeers && stream == null, "a stream opened under a number that is not free");
            stream = accept(id);
        }
        if (stream == null) {
            // Peers tell late of windows and ends of what we have already dropped.
            require(isPeers || id < nextId, "a frame for a stream that never was");
            if (type == DATA) {
                receive(null, length, false);
            }
            return;
        }
        if ((flags & ACK) != 0) {
            stream.acknowledged();
        }
        if ((flags & RST) != 0) {
            require(type == WINDOW_UPDATE || length == 0, "data with a reset");
            drop(stream, false);
            stream.ended(End.PEER, "the peer reset the stream");
        } else if (type == DATA) {
            receive(stream, length, (flags & FIN) != 0);
        } else {
            stream.addWindow(Integer.toUnsignedLong(length), WINDOW_MAX_BYTES);
            if ((flags & FIN) != 0) {
                stream.peerFinished();
            }
        }
    }

    private void receive(@Nullable YamuxStream stream, int length, boolean fin) {
        // No window is that large; and what is forgiven can add up to more than a length that counts as one.
        require(length >= 0, "more data than any window");
        if (stream == null) {
            forgivenBytes -= length;
            require(forgivenBytes >= 0, "data for no stream");
        } else {
            require(stream.takeWindow(length), "more data than the window allows");
        }
        receiver = stream;
        dataLeft = length;
        finAfterData = fin;
        if (length == 0) {
            finishData();
        }
    }

    private @Nullable YamuxStream accept(int id) {
        owner.opening();
        if (inbound >= STREAMS_INBOUND_MAX || saidGoodbye) {
            forgivenBytes += WINDOW_INITIAL_BYTES;
            put(WINDOW_UPDATE, RST, id, 0);
            return null;
        }
        YamuxStream stream = new YamuxStream(this, id, false);
        streams.put(id, stream);
        inbound++;
        stream.sink = owner.opened(stream);
        return stream;
    }

    // What streams ask of their session.

    void accepted() {
        backlog--;
    }

    void makeReady(YamuxStream stream) {
        ready.addLast(stream);
    }

    /** A stream is over for us. */
    void drop(YamuxStream stream, boolean tellPeer) {
        if (!streams.remove(stream.id(), stream)) {
            return;
        }
        if (stream.isInbound()) {
            inbound--;
        } else if (!stream.isAcknowledged()) {
            backlog--;
        }
        ready.remove(stream);
        if (tellPeer) {
            forgivenBytes += stream.windowLeft();
            put(WINDOW_UPDATE, RST, stream.id(), 0);
        }
    }

    void put(int type, int flags, int id, int length) {
        if (control.remaining() < HEADER_BYTES) {
            throw new Violation(End.SILENT, "the peer does not read what we answer");
        }
        putHeader(control, type, flags, id, length);
    }

    static void putHeader(ByteBuffer target, int type, int flags, int id, int length) {
        target.put((byte) 0).put((byte) type).putShort((short) flags).putInt(id).putInt(length);
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new Violation(End.YAMUX, reason);
        }
    }
}
