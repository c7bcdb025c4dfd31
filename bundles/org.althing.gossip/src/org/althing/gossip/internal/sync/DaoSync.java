// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica;
import org.althing.api.sync.Replica.Pending;
import org.althing.api.sync.SyncProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One DAO that is kept in step: both machines, and what they want done. Belongs to the thread of the executor. */
final class DaoSync {

    private static final Logger LOG = LoggerFactory.getLogger(DaoSync.class);

    /** Who served us may name us other peers, from a score of 5 on. */
    static final int SERVED_REGARD = 10;

    static final int MEMBER_REGARD = 10;

    private final Replica replica;
    private final Peers peers;
    private final Executor thread;
    private final LongSupplier clock;
    private final Fetcher fetcher;
    private final PendingSync pending;
    private final ReaderProofs proofs;
    private final Proving proving;
    private final Mailing mailing;
    private final Replica.Observation observation;
    private volatile SyncProgress progress;
    private boolean closed;

    /** Who misbehaves, whatever it was asked, is asked nothing more. */
    private abstract class Asker implements PeerWire.Asker {

        @Override
        public final void misbehaved(PeerId peer, String reason) {
            fetch(new FetchEvent.Misbehaved(peer, reason));
        }
    }

    private final PeerWire.Asker forFetcher = new Asker() {
        @Override
        public void answered(PeerId peer, long id, Answer answer, int sizeBytes) {
            fetch(new FetchEvent.Answered(peer, id, answer, sizeBytes));
        }

        @Override
        public void failed(PeerId peer, long id, String reason) {
            fetch(new FetchEvent.Failed(peer, id, reason));
        }
    };

    private final PeerWire.Asker forPending = new Asker() {
        @Override
        public void answered(PeerId peer, long id, Answer answer, int sizeBytes) {
            reconcile(new PendingEvent.Answered(peer, id, answer));
        }

        @Override
        public void failed(PeerId peer, long id, String reason) {
            reconcile(new PendingEvent.Failed(peer, id, reason));
        }
    };

    private final PeerWire.Asker forProving = new Asker() {
        @Override
        public void answered(PeerId peer, long id, Answer answer, int sizeBytes) {
            proving.answered(peer, id, answer);
        }

        @Override
        public void failed(PeerId peer, long id, String reason) {
            proving.failed(peer, id);
        }
    };

    private final PeerWire.Asker forMailing = new Asker() {
        @Override
        public void answered(PeerId peer, long id, Answer answer, int sizeBytes) {
            mailing.answered(peer, id, answer, clock.getAsLong());
        }

        @Override
        public void failed(PeerId peer, long id, String reason) {
            mailing.failed(peer, id);
        }
    };

    /** Who is there. */
    interface Peers {

        void ask(PeerId peer, long id, Request request, PeerWire.Asker asker);

        /** The peer has lied. */
        void ban(PeerId peer, String reason);
    }

    DaoSync(
            Replica replica,
            PeerId self,
            SealVerifier verifier,
            Peers peers,
            Executor thread,
            LongSupplier clock,
            LongSupplier ids,
            RandomGenerator random) {
        this.replica = replica;
        this.peers = peers;
        this.thread = thread;
        this.clock = clock;
        long now = clock.getAsLong();
        // Whoever observes first and looks then misses nothing; what is told twice changes nothing.
        this.observation = replica.observe(observer());
        this.fetcher = new Fetcher(
                replica.dao(), replica.tip(), verifier, cid -> replica.ledger().has(cid), ids, now);
        this.pending = new PendingSync(
                replica.dao(),
                replica.pending(),
                this::isAtOurHeight,
                cid -> replica.ledger().has(cid),
                replica::forks,
                ids,
                random);
        this.proofs = new ReaderProofs(replica.dao(), self);
        this.proving = new Proving(
                replica, proofs, ids, (peer, id, request) -> peers.ask(peer, id, request, forProving), this::granted);
        this.mailing = new Mailing(
                replica,
                this::mayExchangeMessages,
                ids,
                (peer, id, request) -> peers.ask(peer, id, request, forMailing),
                thread);
        this.progress = fetcher.progress(now);
    }

    /** What the peer has refused before it gives now. */
    private void granted(PeerId peer) {
        fetch(new FetchEvent.Knows(peer));
        reconcile(new PendingEvent.Left(peer));
        reconcile(new PendingEvent.Joined(peer));
    }

    private Replica.Observer observer() {
        return new Replica.Observer() {
            @Override
            public void came(List<Pending> entries) {
                thread.execute(() -> reconcile(new PendingEvent.Came(entries)));
            }

            @Override
            public void went(List<Pending> entries) {
                thread.execute(() -> reconcile(new PendingEvent.Went(entries)));
            }

            @Override
            public void sealed(Replica.Tip tip) {
                thread.execute(() -> {
                    proving.sealed();
                    fetch(new FetchEvent.Advanced(tip));
                });
            }
        };
    }

    /** Whether a peer answers for this DAO. */
    boolean isServedBy(PeerId peer) {
        return fetcher.heightOf(peer).isPresent();
    }

    /** What its part in this DAO adds to a peer's score in gossip: it has served us, or is a member's node of a private DAO. */
    int regard(PeerId peer) {
        boolean isMember = replica.membership().isPresent() && mayHave(peer);
        return (fetcher.isRegarded(peer, clock.getAsLong()) ? SERVED_REGARD : 0) + (isMember ? MEMBER_REGARD : 0);
    }

    private boolean isAtOurHeight(PeerId peer) {
        var height = fetcher.heightOf(peer);
        // Even fingerprints of what is pending are not for everybody.
        return height.isPresent() && height.getAsLong() == replica.tip().height() && mayHave(peer);
    }

    /** Each has proved to the other that it is a member's node, and the state here is no older: it knows whom messages are from and to. */
    private boolean mayExchangeMessages(PeerId peer) {
        var height = fetcher.heightOf(peer);
        return proving.isGranted(peer)
                && mayHave(peer)
                && height.isPresent()
                && height.getAsLong() <= replica.tip().height();
    }

    SyncServer.Served served() {
        return new SyncServer.Served(replica, proofs, pending.set());
    }

    /** Whether a peer may have it: it is public, or the peer holds the reading key of a member who is one now. Any thread. */
    boolean mayHave(PeerId peer) {
        return proofs.admits(replica, peer);
    }

    /** Any thread. */
    SyncProgress progress() {
        return progress;
    }

    void joined(PeerId peer) {
        proving.joined(peer, clock.getAsLong());
        mailing.joined(peer);
        fetch(new FetchEvent.Joined(peer));
        reconcile(new PendingEvent.Joined(peer));
    }

    void left(PeerId peer) {
        proving.left(peer);
        mailing.left(peer);
        proofs.left(peer);
        fetch(new FetchEvent.Left(peer));
        reconcile(new PendingEvent.Left(peer));
    }

    void asked(PeerId peer) {
        fetch(new FetchEvent.Knows(peer));
    }

    void claimed(PeerId peer, long height) {
        fetch(new FetchEvent.Claimed(peer, height));
    }

    void differs(PeerId peer) {
        reconcile(new PendingEvent.Differs(peer));
    }

    void tick() {
        proving.tick(clock.getAsLong());
        mailing.tick(clock.getAsLong());
        fetch(new FetchEvent.Ticked());
        reconcile(new PendingEvent.Ticked());
    }

    void close() {
        closed = true;
        observation.close();
    }

    private void fetch(FetchEvent event) {
        if (closed) {
            return;
        }
        long now = clock.getAsLong();
        for (FetchAction action : fetcher.handle(event, now)) {
            switch (action) {
                case FetchAction.Ask a -> peers.ask(a.peer(), a.id(), a.request(), forFetcher);
                case FetchAction.Bring a -> bring(a);
                case FetchAction.Pause a ->
                    LOG.debug(
                            "{}: peer {} is left alone for {} ms: {}", replica.dao(), a.peer(), a.millis(), a.reason());
                case FetchAction.Ban a -> ban(a.peer(), a.reason());
                case FetchAction.Alarm a -> LOG.warn("{}: {}", replica.dao(), a.problem());
            }
        }
        progress = fetcher.progress(now);
    }

    private void bring(FetchAction.Bring action) {
        long height = action.seal().height();
        replica.bringSeal(action.seal(), action.entries())
                .whenComplete((answer, failure) -> thread.execute(() -> fetch(
                        switch (answer) {
                            case null -> new FetchEvent.NotTaken(height, String.valueOf(failure.getMessage()));
                            case Replica.SealAnswer.Taken a -> new FetchEvent.Taken(height);
                            case Replica.SealAnswer.Refused a -> new FetchEvent.NotTaken(height, a.reason());
                        })));
    }

    private void reconcile(PendingEvent event) {
        if (closed) {
            return;
        }
        for (PendingAction action : pending.handle(event, clock.getAsLong())) {
            switch (action) {
                case PendingAction.Ask a -> peers.ask(a.peer(), a.id(), a.request(), forPending);
                case PendingAction.Bring a ->
                    replica.bringPending(a.entries())
                            .whenComplete((answers, failure) -> thread.execute(() ->
                                    reconcile(new PendingEvent.Judged(a.id(), answers == null ? List.of() : answers))));
                case PendingAction.Publish a ->
                    LOG.info("{}: a key has signed two entries with one number", replica.dao());
                case PendingAction.Pause a ->
                    LOG.debug(
                            "{}: peer {} is left alone for {} ms: {}", replica.dao(), a.peer(), a.millis(), a.reason());
                case PendingAction.Ban a -> ban(a.peer(), a.reason());
            }
        }
    }

    private void ban(PeerId peer, String reason) {
        LOG.info("{}: peer {} is let go: {}", replica.dao(), peer, reason);
        peers.ban(peer, reason);
    }
}
