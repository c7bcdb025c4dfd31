// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.althing.api.Cid;
import org.althing.api.gossip.Gossip;
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
import org.althing.codec.Ed25519;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entry sync as a service: gives {@link SyncService} its thread and its clock, and every {@link Replica} that the node registers. */
@Component(service = {ProtocolHandler.class, PeerListener.class, Syncing.class})
public final class SyncComponent implements ProtocolHandler, PeerListener, Syncing {

    private static final Logger LOG = LoggerFactory.getLogger(SyncComponent.class);
    private static final long CLOSE_WAIT_MAX_MILLIS = 5_000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("althing-sync").factory());
    private final SyncService service;
    private volatile @Nullable Gossip gossip;

    @Activate
    public SyncComponent(@Reference Host host) {
        service = new SyncService(
                host,
                SealVerifier.bySignatures(Ed25519.fastest()),
                this::run,
                // Only spans of time matter here, so a clock that is set back or forth does no harm.
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                new SplittableRandom(),
                this::regard);
        thread.scheduleWithFixedDelay(
                service::tick, FetchLimits.TICK_BUSY_MILLIS, FetchLimits.TICK_BUSY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void regard(PeerId peer, int score) {
        Gossip now = gossip;
        if (now != null) {
            now.regard(peer, score);
        }
    }

    /** A bug in one task must not end the others. */
    private void run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("bug in entry sync", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("entry sync has stopped");
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setGossip(Gossip one) {
        gossip = one;
    }

    void unsetGossip(Gossip one) {
        if (gossip == one) {
            gossip = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addReplica(Replica replica) {
        service.add(replica);
    }

    void removeReplica(Replica replica) {
        service.remove(replica);
    }

    @Deactivate
    void deactivate() {
        service.close();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_WAIT_MAX_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Optional<SyncProgress> progress(Cid dao) {
        return service.progress(dao);
    }

    @Override
    public boolean mayHave(Cid dao, PeerId peer) {
        return service.mayHave(dao, peer);
    }

    @Override
    public void claimed(Cid dao, PeerId peer, long height) {
        service.claimed(dao, peer, height);
    }

    @Override
    public void differs(Cid dao, PeerId peer) {
        service.differs(dao, peer);
    }

    @Override
    public void identified(ConnectedPeer peer, PeerIdentity identity) {
        service.identified(peer, identity);
    }

    @Override
    public void disconnected(PeerId peer, String reason) {
        service.disconnected(peer, reason);
    }

    @Override
    public List<String> protocols() {
        return service.protocols();
    }

    @Override
    public int frameSizeMaxBytes() {
        return service.frameSizeMaxBytes();
    }

    @Override
    public NetStream.Receiver accept(NetStream stream) {
        return service.accept(stream);
    }
}
