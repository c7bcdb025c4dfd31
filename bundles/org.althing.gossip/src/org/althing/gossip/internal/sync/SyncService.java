// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.random.RandomGenerator;
import org.althing.api.Cid;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.Host;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerListener;
import org.althing.api.net.ProtocolHandler;
import org.althing.api.sync.Replica;
import org.althing.api.sync.SyncProgress;
import org.althing.api.sync.Syncing;

/**
 * Keeps the DAOs of a node in step with its peers: serves {@code /althing/sync/1} and asks by it. Any thread may call it; all work is done on
 * the one thread of the executor, which somebody makes {@link #tick()} every {@link FetchLimits#TICK_BUSY_MILLIS}.
 */
final class SyncService implements ProtocolHandler, PeerListener, Syncing {

    /** How long a peer that lied is kept away. */
    static final Duration BAN = Duration.ofHours(1);

    /** DAOs that are kept in step. */
    private static final int DAOS_MAX = 64;
    /** Peers that speak the protocol; more are not asked. */
    private static final int PEERS_MAX = 256;
    /** How often the host is told whom we share a DAO with, and gossip how we regard them. */
    static final long SHARING_PERIOD_MILLIS = 5_000;

    private final Host host;
    private final SealVerifier verifier;
    private final Executor thread;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final ObjIntConsumer<PeerId> gossip;
    private final SyncServer server = new SyncServer(this::served);
    /** Peers that the host was told share a DAO with us. */
    private final Set<PeerId> sharing = new HashSet<>();
    /** Peers that gossip was told to regard. */
    private final Set<PeerId> regarded = new HashSet<>();

    private long sharingAtMillis = Long.MIN_VALUE;
    /** Changed on the thread alone. */
    private final Map<Cid, DaoSync> daos = new ConcurrentHashMap<>();

    private final Map<PeerId, PeerWire> peers = new LinkedHashMap<>();
    private long lastId;

    private final DaoSync.Peers wires = new DaoSync.Peers() {
        @Override
        public void ask(PeerId peer, long id, Request request, PeerWire.Asker asker) {
            PeerWire wire = peers.get(peer);
            if (wire == null) {
                thread.execute(() -> asker.failed(peer, id, "it is gone"));
            } else {
                wire.ask(id, request, asker);
            }
        }

        @Override
        public void ban(PeerId peer, String reason) {
            host.disconnect(peer, reason, BAN);
        }
    };

    /** @param gossip is told, again and again, what the score of a peer is from what it did here */
    SyncService(
            Host host,
            SealVerifier verifier,
            Executor thread,
            LongSupplier clock,
            RandomGenerator random,
            ObjIntConsumer<PeerId> gossip) {
        this.host = host;
        this.verifier = verifier;
        this.thread = thread;
        this.clock = clock;
        this.random = random;
        this.gossip = gossip;
    }

    private Optional<SyncServer.Served> served(PeerId asking, Cid name) {
        return named(asking, name).map(DaoSync::served);
    }

    /** The DAO that a peer means. */
    private Optional<DaoSync> named(PeerId asking, Cid name) {
        return daos.entrySet().stream()
                .filter(dao -> DaoName.of(dao.getKey(), asking, host.self()).equals(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    void add(Replica replica) {
        thread.execute(() -> {
            if (daos.size() < DAOS_MAX && !daos.containsKey(replica.dao())) {
                DaoSync dao = new DaoSync(replica, host.self(), verifier, wires, thread, clock, () -> ++lastId, random);
                daos.put(replica.dao(), dao);
                List.copyOf(peers.keySet()).forEach(dao::joined);
            }
        });
    }

    void remove(Replica replica) {
        thread.execute(() -> {
            DaoSync dao = daos.remove(replica.dao());
            if (dao != null) {
                dao.close();
            }
        });
    }

    void tick() {
        thread.execute(() -> {
            daos.values().forEach(DaoSync::tick);
            long now = clock.getAsLong();
            if (now >= sharingAtMillis) {
                sharingAtMillis = now + SHARING_PERIOD_MILLIS;
                for (PeerId peer : peers.keySet()) {
                    tellSharing(peer);
                    tellRegard(peer);
                }
            }
        });
    }

    private void tellSharing(PeerId peer) {
        boolean shares = daos.values().stream().anyMatch(dao -> dao.isServedBy(peer));
        if (shares ? sharing.add(peer) : sharing.remove(peer)) {
            host.sharing(peer, shares ? Host.Sharing.SEEN : Host.Sharing.NOTHING);
        }
    }

    /** Again each time: gossip may have been replaced. The best part counts, so that many DAOs together give no more. */
    private void tellRegard(PeerId peer) {
        int regard =
                daos.values().stream().mapToInt(dao -> dao.regard(peer)).max().orElse(0);
        boolean wasRegarded = regard > 0 ? !regarded.add(peer) : regarded.remove(peer);
        if (regard > 0 || wasRegarded) {
            gossip.accept(peer, regard);
        }
    }

    /** A peer asks us about a DAO, so it has it. */
    private void asked(PeerId peer, Cid name) {
        named(peer, name).ifPresent(known -> known.asked(peer));
    }

    /** Lets go of everything; what is under way is not told any more. */
    void close() {
        thread.execute(() -> {
            daos.values().forEach(DaoSync::close);
            daos.clear();
            peers.values().forEach(PeerWire::close);
            peers.clear();
        });
    }

    @Override
    public Optional<SyncProgress> progress(Cid dao) {
        return Optional.ofNullable(daos.get(dao)).map(DaoSync::progress);
    }

    @Override
    public boolean mayHave(Cid dao, PeerId peer) {
        DaoSync known = daos.get(dao);
        return known != null && known.mayHave(peer);
    }

    @Override
    public void claimed(Cid dao, PeerId peer, long height) {
        thread.execute(() -> {
            DaoSync known = daos.get(dao);
            if (known != null) {
                known.claimed(peer, height);
            }
        });
    }

    @Override
    public void differs(Cid dao, PeerId peer) {
        thread.execute(() -> {
            DaoSync known = daos.get(dao);
            if (known != null) {
                known.differs(peer);
            }
        });
    }

    @Override
    public void identified(ConnectedPeer peer, PeerIdentity identity) {
        boolean speaks = identity.protocols().contains(SyncLimits.PROTOCOL);
        thread.execute(() -> {
            PeerId id = peer.peer();
            if (!speaks) {
                leave(id);
            } else if (peers.size() < PEERS_MAX && !peers.containsKey(id)) {
                peers.put(id, new PeerWire(id, host, thread));
                daos.values().forEach(dao -> dao.joined(id));
            }
        });
    }

    @Override
    public void disconnected(PeerId peer, String reason) {
        thread.execute(() -> leave(peer));
    }

    private void leave(PeerId id) {
        PeerWire wire = peers.remove(id);
        if (wire != null) {
            wire.close();
            sharing.remove(id);
            regarded.remove(id);
        }
        // Also one that was never asked: it may have asked.
        daos.values().forEach(dao -> dao.left(id));
    }

    @Override
    public List<String> protocols() {
        return List.of(SyncLimits.PROTOCOL);
    }

    @Override
    public int frameSizeMaxBytes() {
        return SyncLimits.REQUEST_SIZE_MAX_BYTES;
    }

    @Override
    public NetStream.Receiver accept(NetStream stream) {
        return new ServedStream(server, this::asked, host, thread);
    }
}
