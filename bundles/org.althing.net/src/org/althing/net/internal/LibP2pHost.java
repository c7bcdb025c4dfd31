// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.althing.api.AlthingException;
import org.althing.api.files.FileMessages;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.ConnectedPeer.Direction;
import org.althing.api.net.Host;
import org.althing.api.net.HostConfiguration;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.NetCounters;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerListener;
import org.althing.api.net.PeerRecord;
import org.althing.api.net.ProtocolHandler;
import org.althing.api.net.UnreachableException;
import org.althing.codec.Ed25519;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A libp2p host over TCP. */
@Component(
        service = Host.class,
        configurationPid = HostConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LibP2pHost implements Host, Connection.Shared {

    private static final Logger LOG = LoggerFactory.getLogger(LibP2pHost.class);

    /** Event loops; each connection belongs to one. */
    private static final int LOOPS_MAX = 4;

    /** What waits in a socket's queue before nothing more is put there, and when more may be, in bytes. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private static final long TICK_MILLIS = 1_000;

    /** Between two looks whether there are other good peers than those that are kept: what a process that is killed forgets at most. */
    private static final long SAVE_INTERVAL_MILLIS = 5_000;

    /** Handlers come one after the other when a node starts; peers hear of them together. */
    private static final long PUSH_DELAY_MILLIS = 200;

    /**
     * js-libp2p (utils 7) loses a stream whose protocol, data and end come in one read; so the end comes after the peer's own, or a little later.
     */
    private static final long FINISH_DELAY_MILLIS = 1_000;

    /** Between two looks whether the addresses of this machine have changed. */
    private static final long ADDRESSES_LOOK_MILLIS = 15_000;

    private static final long STOP_MAX_MILLIS = 3_000;
    private static final int INTERFACES_MAX = 16;

    private final Whiteboard whiteboard = new Whiteboard();
    private final Settings settings;
    private final HostKey key;
    private final X25519.Pair statics;
    private final SecureRandom random;
    private final LongSupplier clock;
    private final PeerRecords records;
    private final ConnectionManager manager;
    private final GoodPeersFile goodPeers;
    private final Counters counters = new Counters();
    private final Handlers handlers = new Handlers();
    private final Budget budget = new Budget(Budget.HOST_MAX_BYTES, null);
    private final MultiThreadIoEventLoopGroup group;
    private final Peers peers;
    private final List<Channel> listening = new ArrayList<>();
    private final Map<PeerId, CompletableFuture<PeerId>> dialling = new ConcurrentHashMap<>();
    private final AtomicBoolean pushing = new AtomicBoolean();
    private volatile List<ConnectionManager.Good> saved;
    private volatile @Nullable PeerRecord told;
    private volatile boolean stopping;

    private final FastThreadLocal<Scratch> scratch = new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    /**
     * Starts to listen.
     *
     * @throws AlthingException if the peer key cannot be read or an address not be listened on
     * @throws IllegalArgumentException if the configuration is wrong; the message names the property
     */
    @Activate
    public LibP2pHost(HostConfiguration config, BundleContext context) throws AlthingException {
        this(Settings.of(config), Ed25519.fastest(), new SecureRandom(), System::currentTimeMillis);
        whiteboard.set(context);
    }

    /** @param clock Unix milliseconds */
    LibP2pHost(Settings settings, Ed25519 ed25519, SecureRandom random, LongSupplier clock) throws AlthingException {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.key = HostKey.open(settings.data(), ed25519, random::nextBytes);
        this.records = new PeerRecords(key);
        this.statics = freshPair();
        this.manager = new ConnectionManager(key.peer(), settings, random);
        this.goodPeers = new GoodPeersFile(settings.data());
        this.saved = recall();
        int loops = Math.min(LOOPS_MAX, Runtime.getRuntime().availableProcessors());
        this.group = new MultiThreadIoEventLoopGroup(
                loops, new DefaultThreadFactory("althing-net", true), NioIoHandler.newFactory());
        this.peers = new Peers(group.next());
        Identification identification = new Identification();
        handlers.add(identification, Long.MAX_VALUE, 0, false);
        handlers.add(identification.pushes, Long.MAX_VALUE, 0, false);
        handlers.add(new Echo(), Long.MAX_VALUE, 0, true);
        try {
            for (Multiaddr address : settings.listen()) {
                listening.add(listen(address));
            }
        } catch (AlthingException e) {
            stop();
            throw e;
        }
        told = record();
        group.next().scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private List<ConnectionManager.Good> recall() {
        try {
            List<ConnectionManager.Good> good = goodPeers.read();
            good.forEach(manager::recall);
            return good;
        } catch (IOException e) {
            LOG.warn("The peers of last time are lost: {}", FileMessages.of(e));
            return List.of();
        }
    }

    private Channel listen(Multiaddr address) throws AlthingException {
        ServerBootstrap server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                });
        ChannelFuture bound = server.bind(socket(address)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new AlthingException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage()
                            + "; choose another address or port",
                    bound.cause());
        }
        return bound.channel();
    }

    private static InetSocketAddress socket(Multiaddr address) throws AlthingException {
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(address.tcpHost().orElseThrow()),
                    address.tcpPort().orElseThrow());
        } catch (UnknownHostException e) {
            throw new AlthingException("no such host: " + address, e);
        }
    }

    private void accept(SocketChannel channel) {
        InetSocketAddress from = channel.remoteAddress();
        if (from == null || stopping) {
            channel.close();
            return;
        }
        byte[] ip = from.getAddress().getAddress();
        try {
            ConnectionManager.Slot slot = manager.admit(Direction.INBOUND, ip, nowMillis());
            channel.pipeline()
                    .addLast(
                            connection(Direction.INBOUND, Multiaddr.ofTcp(ip, from.getPort()), slot, Optional.empty()));
        } catch (Violation e) {
            counters.ended(e.end());
            channel.close();
        }
    }

    private Connection connection(
            Direction direction, Multiaddr address, ConnectionManager.Slot slot, Optional<PeerId> expected) {
        return new Connection(
                this,
                direction,
                address,
                slot,
                plain -> new Upgrade(key, direction == Direction.OUTBOUND, expected, statics, freshPair(), plain));
    }

    private X25519.Pair freshPair() {
        byte[] secret = new byte[X25519.KEY_BYTES];
        random.nextBytes(secret);
        return X25519.Pair.of(secret);
    }

    /** Stops listening and closes everything. */
    @Deactivate
    void stop() {
        stopping = true;
        whiteboard.close();
        listening.forEach(Channel::close);
        peers.connections().forEach(connection -> connection.close(End.LOCAL, "the node stops"));
        group.shutdownGracefully(0, STOP_MAX_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * STOP_MAX_MILLIS);
        save();
    }

    private void tick() {
        long now = nowMillis();
        dial(now);
        manager.surplus(now).ifPresent(this::giveUp);
        if (now / SAVE_INTERVAL_MILLIS != (now - TICK_MILLIS) / SAVE_INTERVAL_MILLIS) {
            Thread.ofVirtual().start(this::save);
        }
        if (now / ADDRESSES_LOOK_MILLIS != (now - TICK_MILLIS) / ADDRESSES_LOOK_MILLIS) {
            Thread.ofVirtual().start(this::look);
        }
    }

    private void dial(long now) {
        for (Multiaddr address : manager.dials(peers.ids(), now)) {
            connect(address);
        }
    }

    /** What the peer has begun stays. */
    private void giveUp(PeerId peer) {
        peers.connections(peer).stream()
                .filter(connection -> connection.direction() == Direction.OUTBOUND)
                .forEach(connection -> connection.close(End.SURPLUS, "another peer takes its place"));
    }

    /** Tells our peers when we can be reached elsewhere. */
    private void look() {
        PeerRecord before = told;
        PeerRecord now = record();
        told = now;
        if (before != null && before.isOlderThan(now)) {
            push();
        }
    }

    private synchronized void save() {
        List<ConnectionManager.Good> good = manager.remembered();
        if (good.equals(saved)) {
            return;
        }
        try {
            goodPeers.write(good);
            saved = good;
        } catch (IOException e) {
            LOG.warn("The good peers cannot be kept: {}", FileMessages.of(e));
        }
    }

    // The service.

    @Override
    public PeerId self() {
        return key.peer();
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        if (!settings.announce().isEmpty()) {
            return settings.announce();
        }
        List<Multiaddr> addresses = new ArrayList<>();
        for (Channel channel : listening) {
            InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
            if (bound.getAddress().isAnyLocalAddress()) {
                interfaces(bound.getAddress().getAddress().length)
                        .forEach(ip -> addresses.add(Multiaddr.ofTcp(ip, bound.getPort())));
            } else {
                addresses.add(Multiaddr.ofTcp(bound.getAddress().getAddress(), bound.getPort()));
            }
        }
        return addresses;
    }

    /** Addresses of this machine: of IPv4, or of both where the wildcard is that of IPv6. */
    private static List<byte[]> interfaces(int sizeBytes) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(ip -> !ip.isLinkLocalAddress())
                    .map(InetAddress::getAddress)
                    .filter(ip -> ip.length <= sizeBytes)
                    .limit(INTERFACES_MAX)
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    @Override
    public PeerRecord record() {
        return records.own(listenAddresses(), nowMillis());
    }

    @Override
    public Optional<PeerRecord> record(byte[] signed) {
        return PeerRecords.read(signed, key.ed25519())
                .map(record -> new PeerRecord(
                        record.peer(), record.sequence(), Reach.of(record.addresses(), listenAddresses()), signed));
    }

    @Override
    public List<ConnectedPeer> peers() {
        return peers.describe();
    }

    @Override
    public CompletionStage<PeerId> dial(Multiaddr address) {
        Optional<PeerId> peer = address.peer();
        if (peer.isPresent() && peers.find(peer.get()) != null) {
            return CompletableFuture.completedFuture(peer.get());
        }
        // A copy, so that a caller who completes or cancels it disturbs nobody else.
        return connect(address).copy();
    }

    /** Connects; dials to one peer at one moment are one. */
    private CompletableFuture<PeerId> connect(Multiaddr address) {
        CompletableFuture<PeerId> done = new CompletableFuture<>();
        Optional<PeerId> peer = address.peer();
        CompletableFuture<PeerId> before = peer.isPresent() ? dialling.putIfAbsent(peer.get(), done) : null;
        if (before != null) {
            return before;
        }
        counters.dials.increment();
        long patience = settings.dialTimeoutMillis();
        Future<?> timeout = group.next()
                .schedule(
                        () -> done.completeExceptionally(
                                new UnreachableException(address + ": no answer in " + patience + " ms")),
                        patience,
                        TimeUnit.MILLISECONDS);
        done.whenComplete((who, failure) -> {
            timeout.cancel(false);
            peer.ifPresent(expected -> dialling.remove(expected, done));
            if (who != null || peer.isPresent()) {
                manager.dialled(who == null ? address : address.withPeer(who), who != null, nowMillis());
            }
        });
        if (stopping || peer.equals(Optional.of(self())) || address.tcpPort().isEmpty() || !isPlainTcp(address)) {
            done.completeExceptionally(new UnreachableException(address + ": "
                    + (peer.equals(Optional.of(self())) ? "that is ourselves" : "not an address we can dial")));
        } else {
            resolve(address, done);
        }
        return done;
    }

    private static boolean isPlainTcp(Multiaddr address) {
        return address.parts().size() == (address.peer().isPresent() ? 3 : 2);
    }

    private void resolve(Multiaddr address, CompletableFuture<PeerId> done) {
        // A name service may take seconds; a literal address is only parsed.
        Thread.ofVirtual().start(() -> {
            try {
                connect(socket(address), address, done);
            } catch (AlthingException e) {
                counters.ended(End.UNREACHABLE);
                done.completeExceptionally(new UnreachableException(String.valueOf(e.getMessage())));
            } catch (Violation e) {
                counters.ended(e.end());
                done.completeExceptionally(new UnreachableException(address + ": " + e.reason()));
            }
        });
    }

    private void connect(InetSocketAddress to, Multiaddr address, CompletableFuture<PeerId> done) {
        ConnectionManager.Slot slot =
                manager.admit(Direction.OUTBOUND, to.getAddress().getAddress(), nowMillis());
        Connection connection = connection(
                Direction.OUTBOUND, address.peer().isPresent() ? address.withoutPeer() : address, slot, address.peer());
        connection.established().whenComplete((peer, failure) -> {
            if (failure == null) {
                done.complete(peer);
            } else {
                done.completeExceptionally(failure);
            }
        });
        done.whenComplete((peer, failure) -> {
            if (failure != null) {
                connection.close(End.UNREACHABLE, "no answer in time");
            }
        });
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.dialTimeoutMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(connection)
                .connect(to)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        connection.close(
                                End.UNREACHABLE,
                                String.valueOf(connected.cause().getMessage()));
                    }
                });
    }

    @Override
    public void suggest(Multiaddr address, boolean wanted) {
        manager.suggest(address, wanted);
        if (wanted && !stopping) {
            // Somebody waits for it.
            group.next().execute(() -> dial(nowMillis()));
        }
    }

    @Override
    public void sharing(PeerId peer, Sharing sharing) {
        if (sharing == Sharing.SEEN) {
            whereItCameFrom(peer).forEach(address -> manager.suggest(address, false));
        }
        manager.sharing(peer, sharing);
    }

    /**
     * Where a peer that dialled us says that it listens: a node that everybody dials must know somebody when it comes back elsewhere. Only at the
     * address that it came from, so that nobody makes us dial others.
     */
    private List<Multiaddr> whereItCameFrom(PeerId peer) {
        Connection connection = peers.find(peer);
        PeerIdentity identity = peers.identity(peer);
        if (connection == null || identity == null || connection.direction() == Direction.OUTBOUND) {
            return List.of();
        }
        byte[] from = Reach.ip(connection.address()).orElseThrow();
        return identity.listenAddresses().stream()
                .filter(address -> isPlainTcp(address)
                        && Reach.ip(address)
                                .filter(ip -> Arrays.equals(ip, from))
                                .isPresent())
                .map(address -> address.withPeer(peer))
                .toList();
    }

    @Override
    public CompletionStage<NetStream> open(
            PeerId peer, List<String> protocols, int frameSizeMaxBytes, NetStream.Receiver receiver) {
        if (protocols.isEmpty() || protocols.size() > Multistream.PROPOSALS_MAX) {
            throw new IllegalArgumentException(protocols.size() + " protocols");
        }
        if (frameSizeMaxBytes < 0 || frameSizeMaxBytes > NetStream.FRAME_SIZE_LIMIT_BYTES) {
            throw new IllegalArgumentException("frames of " + frameSizeMaxBytes + " bytes");
        }
        CompletableFuture<NetStream> opening = new CompletableFuture<>();
        Connection connection = peers.find(peer);
        if (connection == null) {
            opening.completeExceptionally(new UnreachableException(peer + " is not connected"));
        } else {
            PeerIdentity identity = peers.identity(peer);
            boolean lazily = protocols.size() == 1
                    && identity != null
                    && identity.protocols().contains(protocols.getFirst());
            connection.open(protocols, lazily, frameSizeMaxBytes, receiver, opening);
        }
        return opening;
    }

    @Override
    public void disconnect(PeerId peer, String reason, Duration refuseFor) {
        if (refuseFor.isPositive()) {
            manager.refuse(peer, nowMillis() + refuseFor.toMillis());
        }
        peers.connections(peer).forEach(connection -> connection.close(End.LOCAL, reason));
    }

    @Override
    public NetCounters counters() {
        return counters.read(manager.count(Direction.INBOUND), manager.count(Direction.OUTBOUND));
    }

    // The whiteboard.

    @Reference(
            service = ProtocolHandler.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bindHandler(ServiceReference<ProtocolHandler> reference) {
        whiteboard.add(
                ProtocolHandler.class,
                reference,
                handler -> addHandler(handler, properties(reference)),
                this::removeHandler);
    }

    void unbindHandler(ServiceReference<ProtocolHandler> reference) {
        whiteboard.remove(ProtocolHandler.class, reference);
    }

    @Reference(
            service = PeerListener.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bindListener(ServiceReference<PeerListener> reference) {
        whiteboard.add(PeerListener.class, reference, this::addListener, this::removeListener);
    }

    void unbindListener(ServiceReference<PeerListener> reference) {
        whiteboard.remove(PeerListener.class, reference);
    }

    private static Map<String, Object> properties(ServiceReference<?> reference) {
        Map<String, Object> properties = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            properties.put(key, reference.getProperty(key));
        }
        return properties;
    }

    void addHandler(ProtocolHandler handler, Map<String, ?> properties) {
        long ranking = properties.get("service.ranking") instanceof Integer rank ? rank : 0;
        long id = properties.get("service.id") instanceof Long number ? number : Long.MAX_VALUE;
        handlers.add(handler, ranking, id, false);
        push();
    }

    void removeHandler(ProtocolHandler handler) {
        List<String> gone = handler.protocols();
        handlers.remove(handler);
        peers.connections().forEach(connection -> connection.forget(gone));
        push();
    }

    void addListener(PeerListener listener) {
        peers.add(listener);
    }

    void removeListener(PeerListener listener) {
        peers.remove(listener);
    }

    // What connections share.

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public Counters counted() {
        return counters;
    }

    @Override
    public Handlers handlers() {
        return handlers;
    }

    @Override
    public Budget budget() {
        return budget;
    }

    @Override
    public Scratch scratch() {
        return scratch.get();
    }

    @Override
    public long nowMillis() {
        return clock.getAsLong();
    }

    @Override
    public void established(Connection connection) {
        manager.identified(connection.slot(), connection.peer(), nowMillis());
        peers.add(connection).ifPresent(old -> old.close(End.REPLACED, "the peer has connected again"));
        connection.open(
                List.of(Identify.PROTOCOL),
                true,
                Identify.MESSAGE_MAX_BYTES,
                new Identified(),
                new CompletableFuture<>());
    }

    @Override
    public void ended(Connection connection, End end, String reason) {
        manager.release(connection.slot(), nowMillis());
        peers.remove(connection, reason);
    }

    // Identify and ping.

    private byte[] identity(Optional<Multiaddr> observed) {
        List<Multiaddr> listen = listenAddresses(); // Asks the system.
        PeerRecord record = records.own(listen, nowMillis());
        return Identify.write(key.key(), settings.agent(), handlers.protocols(), listen, record, observed);
    }

    /** Tells everybody who wants to hear it what we answer now. */
    private void push() {
        if (!stopping && pushing.compareAndSet(false, true)) {
            group.next().schedule(this::pushNow, PUSH_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void pushNow() {
        pushing.set(false);
        for (ConnectedPeer peer : peers.describe()) {
            boolean listens =
                    peer.identity().stream().anyMatch(said -> said.protocols().contains(Identify.PUSH));
            if (listens) {
                open(peer.peer(), List.of(Identify.PUSH), 0, (stream, frame) -> stream.reset())
                        .thenAccept(stream -> {
                            stream.send(identity(Optional.empty()));
                            stream.finish();
                        });
            }
        }
    }

    /** Takes what a peer says of itself, and finishes. */
    private final class Identified implements NetStream.Receiver {

        @Override
        public void frame(NetStream stream, byte[] frame) {
            try {
                PeerId peer = stream.peer();
                peers.identified(
                        peer,
                        Identify.read(
                                frame,
                                peers.identity(peer),
                                (signed, before) -> peers.mayCheckRecord(peer, nowMillis())
                                        ? PeerRecords.read(signed, peer, before, key.ed25519())
                                        : before));
                stream.finish();
            } catch (Violation e) {
                stream.reset();
            }
        }

        @Override
        public void finished(NetStream stream) {
            stream.finish();
        }
    }

    /** Answers identify, and takes pushes. */
    private final class Identification implements ProtocolHandler {

        final ProtocolHandler pushes = new ProtocolHandler() {
            @Override
            public List<String> protocols() {
                return List.of(Identify.PUSH);
            }

            @Override
            public int frameSizeMaxBytes() {
                return Identify.MESSAGE_MAX_BYTES;
            }

            @Override
            public NetStream.Receiver accept(NetStream stream) {
                return new Identified();
            }
        };

        @Override
        public List<String> protocols() {
            return List.of(Identify.PROTOCOL);
        }

        @Override
        public int frameSizeMaxBytes() {
            return 0;
        }

        @Override
        public NetStream.Receiver accept(NetStream stream) {
            stream.send(identity(Optional.of(((StreamShell) stream).connection().address())));
            group.next().schedule(stream::finish, FINISH_DELAY_MILLIS, TimeUnit.MILLISECONDS);
            return new NetStream.Receiver() {
                @Override
                public void frame(NetStream same, byte[] frame) {
                    same.reset();
                }

                @Override
                public void finished(NetStream same) {
                    same.finish();
                }
            };
        }
    }

    /** Gives back what comes, whatever it is. */
    private static final class Echo implements ProtocolHandler {

        /** libp2p's ping, 32 bytes there and back. */
        private static final String PING = "/ipfs/ping/1.0.0";

        @Override
        public List<String> protocols() {
            return List.of(PING);
        }

        @Override
        public int frameSizeMaxBytes() {
            return 0;
        }

        @Override
        public NetStream.Receiver accept(NetStream stream) {
            return new NetStream.Receiver() {
                @Override
                public void frame(NetStream same, byte[] bytes) {
                    if (!same.send(bytes)) {
                        same.reset();
                    }
                }

                @Override
                public void finished(NetStream same) {
                    same.finish();
                }
            };
        }
    }
}
