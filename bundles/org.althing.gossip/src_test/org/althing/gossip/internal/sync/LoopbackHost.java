// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.NetCounters;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerListener;
import org.althing.api.net.PeerRecord;
import org.althing.api.net.ProtocolHandler;
import org.althing.api.net.UnreachableException;
import org.jspecify.annotations.Nullable;

/**
 * Hosts of one process that hand frames to each other through a queue, with the promises of {@link Host}: a stream takes {@link
 * NetStream#SEND_QUEUE_MAX_BYTES} and refuses more until there is room, and tells its end once.
 */
final class LoopbackHost implements Host {

    /** What all hosts of a test share: what is to happen next. */
    static final class Network {
        final Deque<Runnable> tasks = new ArrayDeque<>();
        final Map<PeerId, LoopbackHost> hosts = new LinkedHashMap<>();
        int refusedFrames;

        void run(Runnable task) {
            tasks.add(task);
        }

        void settle() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }
    }

    private final Network network;
    private final PeerId self;
    private final Map<PeerId, List<Stream>> streams = new LinkedHashMap<>();
    private final Set<PeerId> refused = new HashSet<>();
    final List<String> disconnects = new ArrayList<>();
    final Map<PeerId, Sharing> shared = new LinkedHashMap<>();

    @Nullable
    ProtocolHandler handler;

    @Nullable
    PeerListener listener;

    LoopbackHost(Network network, PeerId self) {
        this.network = network;
        this.self = self;
        network.hosts.put(self, this);
    }

    static Multiaddr address() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    }

    /** Connects two hosts; both are told. */
    void connect(LoopbackHost other) {
        if (!refused.contains(other.self) && !other.refused.contains(self) && !streams.containsKey(other.self)) {
            meet(other);
            other.meet(this);
        }
    }

    private void meet(LoopbackHost other) {
        streams.put(other.self, new ArrayList<>());
        PeerIdentity identity =
                new PeerIdentity("test", Set.copyOf(other.handler.protocols()), List.of(), Optional.empty());
        ConnectedPeer peer = new ConnectedPeer(
                other.self,
                ConnectedPeer.Direction.OUTBOUND,
                address(),
                0,
                Optional.of(identity),
                OptionalLong.empty());
        network.run(() -> listener.identified(peer, identity));
    }

    @Override
    public PeerId self() {
        return self;
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return List.of(address());
    }

    @Override
    public PeerRecord record() {
        return new PeerRecord(self, 1, listenAddresses(), new byte[0]);
    }

    @Override
    public Optional<PeerRecord> record(byte[] signed) {
        return Optional.empty();
    }

    @Override
    public List<ConnectedPeer> peers() {
        return List.of();
    }

    @Override
    public CompletionStage<PeerId> dial(Multiaddr address) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }

    @Override
    public void suggest(Multiaddr address, boolean wanted) {}

    @Override
    public void sharing(PeerId peer, Sharing sharing) {
        shared.put(peer, sharing);
    }

    @Override
    public CompletionStage<NetStream> open(
            PeerId peer, List<String> protocols, int frameSizeMaxBytes, NetStream.Receiver receiver) {
        LoopbackHost other = network.hosts.get(peer);
        if (other == null || !streams.containsKey(peer)) {
            return CompletableFuture.failedFuture(new UnreachableException("not connected"));
        }
        Stream ours = new Stream(this, peer, frameSizeMaxBytes);
        Stream theirs = new Stream(other, self, other.handler.frameSizeMaxBytes());
        ours.other = theirs;
        theirs.other = ours;
        ours.receiver = receiver;
        streams.get(peer).add(ours);
        other.streams.get(self).add(theirs);
        theirs.receiver = other.handler.accept(theirs);
        CompletableFuture<NetStream> opened = new CompletableFuture<>();
        network.run(() -> opened.complete(ours));
        return opened;
    }

    @Override
    public void disconnect(PeerId peer, String reason, Duration refuseFor) {
        disconnects.add(reason);
        if (refuseFor.isPositive()) {
            refused.add(peer);
        }
        part(peer, reason);
        network.hosts.get(peer).part(self, "the other side disconnected");
    }

    private void part(PeerId peer, String reason) {
        List<Stream> open = streams.remove(peer);
        if (open != null) {
            open.forEach(stream -> stream.end(reason));
            network.run(() -> listener.disconnected(peer, reason));
        }
    }

    /** Breaks every stream with a peer; the connection stays. */
    void breakStreams(PeerId peer) {
        List.copyOf(streams.get(peer)).forEach(Stream::reset);
    }

    @Override
    public NetCounters counters() {
        throw new UnsupportedOperationException();
    }

    private final class Stream implements NetStream {
        private final LoopbackHost owner;
        private final PeerId peer;
        private final int frameSizeMaxBytes;
        private Stream other;
        private NetStream.Receiver receiver;
        private long queuedBytes;
        private boolean wantsRoom;
        private boolean ended;

        Stream(LoopbackHost owner, PeerId peer, int frameSizeMaxBytes) {
            this.owner = owner;
            this.peer = peer;
            this.frameSizeMaxBytes = frameSizeMaxBytes;
        }

        @Override
        public PeerId peer() {
            return peer;
        }

        @Override
        public String protocol() {
            return SyncLimits.PROTOCOL;
        }

        @Override
        public boolean send(byte[] frame) {
            if (ended) {
                return false;
            }
            if (queuedBytes > 0 && queuedBytes + frame.length > SEND_QUEUE_MAX_BYTES) {
                wantsRoom = true;
                network.refusedFrames++;
                return false;
            }
            queuedBytes += frame.length;
            network.run(() -> {
                queuedBytes -= frame.length;
                if (!other.ended && frame.length > other.frameSizeMaxBytes) {
                    reset();
                } else if (!other.ended) {
                    other.receiver.frame(other, frame);
                }
                if (wantsRoom && !ended) {
                    wantsRoom = false;
                    receiver.writable(this);
                }
            });
            return true;
        }

        @Override
        public long queuedBytes() {
            return queuedBytes;
        }

        @Override
        public void setReading(boolean reading) {}

        @Override
        public void finish() {}

        @Override
        public void reset() {
            end("reset");
            other.end("reset by the other side");
        }

        void end(String reason) {
            if (!ended) {
                ended = true;
                List<Stream> open = owner.streams.get(peer);
                if (open != null) {
                    open.remove(this);
                }
                network.run(() -> receiver.closed(this, reason));
            }
        }
    }
}
