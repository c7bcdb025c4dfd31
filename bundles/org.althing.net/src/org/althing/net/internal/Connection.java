// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.althing.api.net.ConnectedPeer.Direction;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.UnreachableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection: carries bytes between a socket and the state machines, keeps time, and ends at the first violation. Everything happens on the one
 * event loop of its channel, unless said otherwise.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Yamux.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Between two pings; a peer that has not answered the last when the next is due is gone. */
    static final long PING_INTERVAL_MILLIS = 15_000;

    /** From the opening of a stream until its protocol is agreed on. */
    static final long NEGOTIATION_TIMEOUT_MILLIS = 10_000;

    /** Streams that the peer may open in a second, and at once, however soon it resets them. */
    static final int STREAMS_PER_SECOND = 256;

    static final int STREAMS_BURST = 1024;

    private static final long NANOS_PER_MICRO = 1_000;

    private final Shared shared;
    private final Direction direction;
    private final Multiaddr address;
    private final ConnectionManager.Slot slot;
    private final Function<byte[], Upgrade> upgrades;
    private final long sinceMillis;
    private final Rate opening;
    private final CompletableFuture<PeerId> established = new CompletableFuture<>();
    private final Budget budget;
    private final Queue<StreamShell> touched = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean pumping = new AtomicBoolean();
    private final Set<StreamShell> streams = new HashSet<>();
    private final Map<String, Integer> answering = new HashMap<>();
    private volatile @Nullable Channel channel;
    private volatile @Nullable PeerId peer;
    private volatile long roundTripMicros = -1;
    private volatile boolean over;
    private @Nullable Upgrade upgrade;
    private @Nullable Yamux yamux;
    private @Nullable Future<?> timer;
    private @Nullable String farewell;
    private int pingId;
    private long pingNanos;
    private boolean pingOpen;

    /** What a connection needs of its host. */
    interface Shared {

        Settings settings();

        Counters counted();

        Handlers handlers();

        Budget budget();

        Scratch scratch();

        long nowMillis();

        /**
         * The peer has proved who it is.
         *
         * @throws Violation if it is not wanted
         */
        void established(Connection connection);

        /** The connection is over; told once, whether it was established or not. */
        void ended(Connection connection, End end, String reason);
    }

    /** @param upgrades makes the upgrade, given where to decrypt to */
    Connection(
            Shared shared,
            Direction direction,
            Multiaddr address,
            ConnectionManager.Slot slot,
            Function<byte[], Upgrade> upgrades) {
        this.shared = shared;
        this.direction = direction;
        this.address = address;
        this.slot = slot;
        this.upgrades = upgrades;
        this.sinceMillis = shared.nowMillis();
        this.opening = new Rate(STREAMS_PER_SECOND, STREAMS_BURST, sinceMillis);
        this.budget = new Budget(Budget.CONNECTION_MAX_BYTES, shared.budget());
    }

    // For any thread.

    Direction direction() {
        return direction;
    }

    Multiaddr address() {
        return address;
    }

    ConnectionManager.Slot slot() {
        return slot;
    }

    long sinceMillis() {
        return sinceMillis;
    }

    /** The peer; once it has proved who it is. */
    PeerId peer() {
        PeerId known = peer;
        if (known == null) {
            throw new IllegalStateException("the peer has not proved who it is");
        }
        return known;
    }

    Optional<PeerId> knownPeer() {
        return Optional.ofNullable(peer);
    }

    OptionalLong roundTripMicros() {
        return roundTripMicros < 0 ? OptionalLong.empty() : OptionalLong.of(roundTripMicros);
    }

    /** Completes with the peer, or with why there is none. */
    CompletableFuture<PeerId> established() {
        return established;
    }

    boolean isOver() {
        return over;
    }

    Counters counters() {
        return shared.counted();
    }

    Handlers handlers() {
        return shared.handlers();
    }

    Budget budget() {
        return budget;
    }

    /** A stream has something to be done. */
    void touch(StreamShell stream) {
        touched.add(stream);
        if (pumping.compareAndSet(false, true)) {
            execute(this::pump);
        }
    }

    /** Opens a stream; the future completes in any case. */
    void open(
            List<String> protocols,
            boolean lazily,
            int frameSizeMaxBytes,
            NetStream.Receiver receiver,
            CompletableFuture<NetStream> opening) {
        execute(() -> {
            Yamux session = yamux;
            StreamShell shell = new StreamShell(this, receiver, frameSizeMaxBytes, opening);
            YamuxStream stream = over || session == null ? null : session.open(shell);
            if (stream == null) {
                opening.completeExceptionally(new UnreachableException("no stream to this peer can be opened now"));
                return;
            }
            guard(() -> {
                streams.add(shell);
                shell.begin(
                        stream,
                        protocols,
                        lazily,
                        timeout(shell, shared.settings().dialTimeoutMillis()));
            });
            pump();
        });
    }

    /** Ends the connection. */
    void close(End end, String reason) {
        execute(() -> endNow(end, reason));
    }

    /** Ends the streams of a handler that has gone. */
    void forget(List<String> protocols) {
        execute(() -> {
            for (StreamShell stream : new ArrayList<>(streams)) {
                if (stream.isInbound() && stream.isAgreed() && protocols.contains(stream.protocol())) {
                    stream.end(End.HANDLER, "its handler has gone");
                }
            }
            pump();
        });
    }

    private void execute(Runnable task) {
        Channel on = channel;
        if (on == null) {
            // It was never registered with a loop, so nobody else is at work on it.
            task.run();
        } else {
            on.eventLoop().execute(task);
        }
    }

    // The socket.

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        long patience = shared.settings().handshakeTimeoutMillis();
        timer = context.executor()
                .schedule(
                        () -> endNow(End.HANDSHAKE_TIMEOUT, "no handshake in " + patience + " ms"),
                        patience,
                        TimeUnit.MILLISECONDS);
        guard(() -> {
            Upgrade begun = upgrades.apply(shared.scratch().plain());
            upgrade = begun;
            begun.start(this::writeRaw);
        });
        context.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            shared.counted().bytesIn.add(bytes.readableBytes());
            byte[] in = shared.scratch().in();
            while (bytes.isReadable() && !over) {
                int length = Math.min(in.length, bytes.readableBytes());
                bytes.readBytes(in, 0, length);
                guard(() -> feed(ByteBuffer.wrap(in, 0, length)));
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        pump();
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            pump();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        endNow(End.PEER, farewell == null ? "the peer closed the connection" : farewell);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            endNow(End.PEER, "the connection broke: " + cause.getMessage());
        } else {
            fail(cause);
        }
    }

    /** Runs what handles bytes of the peer; a violation ends the connection. */
    private void guard(Runnable work) {
        try {
            work.run();
        } catch (Violation e) {
            endNow(e.end(), e.reason());
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Our own fault; the one thing worth a stack trace. */
    private void fail(Throwable cause) {
        LOG.error("A connection failed by a fault of this program", cause);
        endNow(End.LOCAL, "a fault of this program");
    }

    private void feed(ByteBuffer in) {
        Upgrade begun = begun();
        if (yamux == null) {
            ByteBuffer early = begun.feed(in, this::writeRaw);
            if (early == null) {
                return;
            }
            secured(begun.peer());
            session().feed(early);
        }
        NoiseTransport transport = begun.transport();
        for (ByteBuffer content = transport.open(in); content != null && !over; content = transport.open(in)) {
            session().feed(content);
        }
    }

    private Upgrade begun() {
        if (upgrade == null) {
            throw new IllegalStateException("not active");
        }
        return upgrade;
    }

    private Yamux session() {
        if (yamux == null) {
            throw new IllegalStateException("not upgraded");
        }
        return yamux;
    }

    private void secured(PeerId proved) {
        peer = proved;
        yamux = new Yamux(direction == Direction.OUTBOUND, this);
        shared.established(this);
        cancelTimer();
        keepAlive();
        established.complete(proved);
    }

    private void keepAlive() {
        if (over) {
            return;
        }
        if (pingOpen) {
            endNow(End.SILENT, "the peer does not answer");
            return;
        }
        pingOpen = true;
        pingNanos = System.nanoTime();
        guard(() -> session().ping(++pingId));
        pump();
        Channel on = channel;
        if (on != null) {
            timer = on.eventLoop().schedule(this::keepAlive, PING_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void writeRaw(byte[] bytes) {
        Channel to = channel;
        if (to != null && !over) {
            shared.counted().bytesOut.add(bytes.length);
            to.write(to.alloc().buffer(bytes.length).writeBytes(bytes), to.voidPromise());
        }
    }

    /** Moves what streams want to send into the socket, as long as it takes it. */
    private void pump() {
        Channel to = channel;
        Yamux session = yamux;
        if (over || to == null || session == null) {
            return;
        }
        guard(() -> {
            pumping.set(false);
            for (StreamShell stream = touched.poll(); stream != null; stream = touched.poll()) {
                stream.work();
            }
            boolean hasWritten = false;
            while (!over && session.hasOutput() && to.isWritable()) {
                writeSealed(to, session);
                hasWritten = true;
            }
            if (hasWritten) {
                to.flush();
            }
        });
    }

    private void writeSealed(Channel to, Yamux session) {
        Scratch scratch = shared.scratch();
        ByteBuffer content = scratch.content().clear();
        session.fill(content);
        int length = begun().transport().seal(content.array(), content.position(), scratch.sealed(), 0);
        shared.counted().bytesOut.add(length);
        to.write(to.alloc().ioBuffer(length).writeBytes(scratch.sealed(), 0, length), to.voidPromise());
    }

    private void endNow(End end, String reason) {
        if (over) {
            return;
        }
        Channel of = channel;
        if (end != End.PEER && yamux != null && of != null) {
            boolean isFault = end != End.LOCAL
                    && end != End.REPLACED
                    && end != End.SURPLUS
                    && end != End.REFUSED
                    && end != End.SILENT;
            yamux.goodbye(isFault ? Yamux.GO_AWAY_PROTOCOL_ERROR : Yamux.GO_AWAY_NORMAL);
            if (yamux.hasOutput() && end != End.SILENT) {
                try {
                    writeSealed(of, yamux);
                } catch (Violation e) {
                    // Not even that can be said any more.
                }
            }
        }
        over = true;
        cancelTimer();
        if (yamux != null) {
            yamux.end(end, reason);
        }
        streams.clear();
        shared.counted().ended(end);
        established.completeExceptionally(new UnreachableException(address + ": " + reason));
        shared.ended(this, end, reason);
        if (of != null) {
            of.flush();
            of.close();
        }
        LOG.debug("{} {} ended: {}", direction, address, reason);
    }

    // The session.

    @Override
    public void opening() {
        if (!opening.take(shared.nowMillis())) {
            throw new Violation(End.STREAM_LIMIT, "the peer opens streams too often");
        }
    }

    @Override
    public YamuxStream.Sink opened(YamuxStream stream) {
        StreamShell shell = new StreamShell(this);
        streams.add(shell);
        shell.begin(stream, timeout(shell, NEGOTIATION_TIMEOUT_MILLIS));
        return shell;
    }

    /** Ends a stream after a while, unless what is returned has been run before. */
    private Runnable timeout(StreamShell shell, long millis) {
        Channel on = channel;
        if (on == null) {
            return () -> {};
        }
        Future<?> end = on.eventLoop()
                .schedule(
                        () -> {
                            shell.end(End.NEGOTIATION, "no protocol agreed on in " + millis + " ms");
                            pump();
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
        return () -> end.cancel(false);
    }

    @Override
    public void pong(int id) {
        if (pingOpen && id == pingId) {
            pingOpen = false;
            roundTripMicros = (System.nanoTime() - pingNanos) / NANOS_PER_MICRO;
        }
    }

    @Override
    public void goodbye(int code) {
        farewell =
                code == Yamux.GO_AWAY_NORMAL ? "the peer said goodbye" : "the peer ended the session with code " + code;
        endNow(End.PEER, farewell);
    }

    /** Whether one more stream of a protocol may be answered; it counts from now on. */
    boolean mayAnswer(String protocol, int max) {
        if (answering.getOrDefault(protocol, 0) >= max) {
            return false;
        }
        answering.merge(protocol, 1, Integer::sum);
        return true;
    }

    /** A stream is over. */
    void gone(StreamShell stream, End end) {
        streams.remove(stream);
        if (!over) {
            shared.counted().ended(end);
        }
        if (stream.isInbound() && stream.isAgreed()) {
            answering.computeIfPresent(stream.protocol(), (name, count) -> count == 1 ? null : count - 1);
        }
    }
}
