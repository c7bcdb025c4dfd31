// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.UnreachableException;
import org.althing.api.net.Uvarint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream as its handler sees it: agrees on the protocol, then cuts bytes into frames and puts frames into bytes. Handlers call from any thread;
 * everything else happens on the thread of the connection.
 */
final class StreamShell implements NetStream, YamuxStream.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(StreamShell.class);

    private final Connection connection;
    private final boolean inbound;
    private final Queue<byte[]> outbox = new ConcurrentLinkedQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private final AtomicBoolean dirty = new AtomicBoolean();
    private volatile boolean refused;
    private volatile boolean reading = true;
    private volatile boolean finishing;
    private volatile boolean resetting;
    private volatile boolean over;
    private volatile @Nullable String protocol;

    // Of the thread of the connection alone.
    private final Deque<ByteBuffer> backlog = new ArrayDeque<>();
    private final @Nullable CompletableFuture<NetStream> opening;
    private @Nullable YamuxStream stream;
    private @Nullable Multistream negotiation;
    private @Nullable Receiver receiver;
    private @Nullable FrameReader frames;
    private @Nullable Runnable endOfNegotiation;
    private long pendingBytes;
    private long heldBytes;
    private boolean raw;
    private boolean peerFinished;
    private boolean delivering;

    /** A stream that the peer opens. */
    StreamShell(Connection connection) {
        this.connection = connection;
        this.inbound = true;
        this.opening = null;
        this.negotiation =
                new Multistream.Listener(name -> connection.handlers().find(name) != null);
    }

    /** A stream that we open; the future completes when the protocol is agreed on, or at once if that is sure. */
    StreamShell(Connection connection, Receiver receiver, int frameSizeMaxBytes, CompletableFuture<NetStream> opening) {
        this.connection = connection;
        this.inbound = false;
        this.receiver = receiver;
        this.frames = new FrameReader(frameSizeMaxBytes);
        this.opening = opening;
    }

    /** Begins a stream of the peer. */
    void begin(YamuxStream accepted, Runnable whenNegotiated) {
        this.stream = accepted;
        this.endOfNegotiation = whenNegotiated;
    }

    /**
     * Begins a stream of ours.
     *
     * @param lazily whether the peer is known to have the one protocol, so that nothing need be waited for
     */
    void begin(YamuxStream opened, List<String> protocols, boolean lazily, Runnable whenNegotiated) {
        this.stream = opened;
        this.endOfNegotiation = whenNegotiated;
        Multistream.Dialler asking = new Multistream.Dialler(protocols);
        negotiation = asking;
        asking.start(this::write);
        if (lazily) {
            agreed(protocols.getFirst());
        }
    }

    @Override
    public PeerId peer() {
        return connection.peer();
    }

    @Override
    public String protocol() {
        String agreed = protocol;
        if (agreed == null) {
            throw new IllegalStateException("no protocol is agreed on");
        }
        return agreed;
    }

    boolean isInbound() {
        return inbound;
    }

    Connection connection() {
        return connection;
    }

    boolean isAgreed() {
        return protocol != null;
    }

    @Override
    public boolean send(byte[] frame) {
        if (frame.length > FRAME_SIZE_LIMIT_BYTES) {
            throw new IllegalArgumentException("a frame of " + frame.length + " bytes");
        }
        if (over || finishing || resetting) {
            return false;
        }
        int size = sizeOnWire(frame);
        long before = queued.getAndAdd(size);
        if (before >= SEND_QUEUE_MAX_BYTES) {
            queued.addAndGet(-size);
            refused = true;
            // What was queued may have gone meanwhile, with nobody left to tell; so somebody looks once more.
            touch();
            return false;
        }
        outbox.add(frame);
        connection.counters().framesOut.increment();
        touch();
        return true;
    }

    private int sizeOnWire(byte[] frame) {
        return raw ? frame.length : Uvarint.size(frame.length) + frame.length;
    }

    @Override
    public long queuedBytes() {
        return queued.get();
    }

    @Override
    public void setReading(boolean wanted) {
        reading = wanted;
        if (wanted) {
            touch();
        }
    }

    @Override
    public void finish() {
        finishing = true;
        touch();
    }

    @Override
    public void reset() {
        resetting = true;
        touch();
    }

    private void touch() {
        if (dirty.compareAndSet(false, true)) {
            connection.touch(this);
        }
    }

    // On the thread of the connection.

    /** Does what other threads have asked for. */
    void work() {
        dirty.set(false);
        if (over || stream == null) {
            return;
        }
        if (resetting) {
            end(End.LOCAL, "reset by its handler");
            return;
        }
        boolean isLast = finishing;
        for (byte[] frame = outbox.poll(); frame != null; frame = outbox.poll()) {
            pendingBytes += sizeOnWire(frame);
            if (!raw) {
                byte[] prefix = new byte[Uvarint.size(frame.length)];
                Uvarint.write(frame.length, prefix, 0);
                stream.write(ByteBuffer.wrap(prefix));
            }
            stream.write(ByteBuffer.wrap(frame));
        }
        if (isLast) {
            stream.finish();
        }
        if (reading && !delivering && (!backlog.isEmpty() || peerFinished)) {
            deliverBacklog();
        }
        tellWritable();
    }

    private void write(byte[] line) {
        queued.addAndGet(line.length);
        pendingBytes += line.length;
        known().write(ByteBuffer.wrap(line));
    }

    @Override
    public void drained(long nowPendingBytes) {
        queued.addAndGet(nowPendingBytes - pendingBytes);
        pendingBytes = nowPendingBytes;
        if (refused && queued.get() <= SEND_QUEUE_MAX_BYTES / 2) {
            touch();
        }
    }

    private void tellWritable() {
        Receiver told = receiver;
        if (refused && told != null && !over && queued.get() <= SEND_QUEUE_MAX_BYTES / 2) {
            refused = false;
            call(() -> told.writable(this));
        }
    }

    @Override
    public void data(ByteBuffer bytes) {
        try {
            int before = bytes.remaining();
            if (negotiation != null && !negotiate(bytes)) {
                known().consumed(before);
                return;
            }
            known().consumed(before - bytes.remaining());
            if (reading && backlog.isEmpty() && !over) {
                deliver(bytes);
            }
            if (bytes.hasRemaining() && !over) {
                keep(bytes);
            }
        } catch (Violation e) {
            end(e.end(), e.reason());
        }
    }

    private boolean negotiate(ByteBuffer bytes) {
        String name = negotiation == null ? protocol : negotiation.feed(bytes, this::write);
        if (name == null) {
            return false;
        }
        negotiation = null;
        if (protocol == null) {
            agreed(name);
        }
        negotiated();
        return true;
    }

    private void negotiated() {
        if (endOfNegotiation != null) {
            endOfNegotiation.run();
            endOfNegotiation = null;
        }
    }

    private void agreed(String name) {
        if (inbound) {
            Handlers.Entry entry = connection.handlers().find(name);
            if (entry == null) {
                throw new Violation(End.HANDLER, name + " is not answered any more");
            }
            if (!connection.mayAnswer(name, entry.handler().streamsPerPeerMax())) {
                throw new Violation(End.STREAM_LIMIT, "too many streams of " + name);
            }
            raw = entry.raw();
            frames = new FrameReader(entry.handler().frameSizeMaxBytes());
            protocol = name;
            call(() -> receiver = entry.handler().accept(this));
        } else {
            protocol = name;
            if (opening != null && !opening.complete(this)) {
                end(End.LOCAL, "opened too late");
            }
        }
    }

    /** As many frames as are there and wanted. */
    private void deliver(ByteBuffer bytes) {
        Receiver to = receiver;
        FrameReader reader = frames;
        if (to == null || reader == null) {
            return;
        }
        int before = bytes.remaining();
        delivering = true;
        try {
            while (reading && !over && bytes.hasRemaining()) {
                byte[] frame = raw ? rest(bytes) : reader.next(bytes);
                if (frame != null) {
                    connection.counters().framesIn.increment();
                    call(() -> to.frame(this, frame));
                }
            }
        } finally {
            delivering = false;
        }
        known().consumed(before - bytes.remaining());
        hold(reader.heldBytes());
    }

    private static byte[] rest(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        return all;
    }

    private void keep(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.wrap(rest(bytes));
        if (!connection.budget().take(copy.remaining())) {
            throw new Violation(End.STREAM_LIMIT, "too much is waiting to be read");
        }
        backlog.addLast(copy);
    }

    private void hold(int bytes) {
        if (over) {
            return;
        }
        if (!connection.budget().take(bytes - heldBytes)) {
            throw new Violation(End.STREAM_LIMIT, "too many frames have begun");
        }
        heldBytes = bytes;
    }

    private void deliverBacklog() {
        try {
            while (reading && !over && !backlog.isEmpty()) {
                ByteBuffer first = backlog.getFirst();
                int before = first.remaining();
                deliver(first);
                if (!over) {
                    connection.budget().take(first.remaining() - before);
                    if (!first.hasRemaining()) {
                        backlog.removeFirst();
                    }
                }
            }
            if (peerFinished && backlog.isEmpty() && reading && !over) {
                tellFinished();
            }
        } catch (Violation e) {
            end(e.end(), e.reason());
        }
    }

    @Override
    public void finished() {
        peerFinished = true;
        if (negotiation != null && protocol == null) {
            end(End.NEGOTIATION, "the peer finished before agreeing on a protocol");
        } else if (backlog.isEmpty() && reading) {
            tellFinished();
        }
    }

    private void tellFinished() {
        peerFinished = false;
        Receiver told = receiver;
        if (frames != null && frames.isInside()) {
            end(End.FRAME, "the peer finished within a frame");
        } else if (told != null) {
            call(() -> told.finished(this));
        }
    }

    /** Ends the stream at once. */
    void end(End end, String reason) {
        if (stream != null) {
            stream.reset(end, reason);
        }
    }

    @Override
    public void ended(End end, String reason) {
        if (over) {
            return;
        }
        boolean wasOpen = protocol != null;
        over = true;
        negotiated();
        long waiting = backlog.stream().mapToLong(ByteBuffer::remaining).sum();
        backlog.clear();
        connection.budget().take(-waiting - heldBytes);
        outbox.clear();
        queued.set(0);
        connection.gone(this, end);
        if (opening != null) {
            opening.completeExceptionally(new UnreachableException(connection.peer() + ": " + reason));
        }
        Receiver told = receiver;
        if (told != null && wasOpen) {
            try {
                told.closed(this, reason);
            } catch (RuntimeException e) {
                logFailure(e);
            }
        }
    }

    /** Calls a handler, whose faults end its stream alone. */
    private void call(Runnable handler) {
        try {
            handler.run();
        } catch (RuntimeException e) {
            logFailure(e);
            end(End.HANDLER, "its handler failed");
        }
    }

    private void logFailure(RuntimeException e) {
        LOG.warn("A handler of {} failed: {}", protocol, e.toString());
    }

    private YamuxStream known() {
        if (stream == null) {
            throw new IllegalStateException("not begun");
        }
        return stream;
    }
}
