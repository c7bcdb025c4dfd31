// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Membership;
import org.althing.api.sync.Replica;

/**
 * Proves to peers that this node may have a private DAO, and takes the group keys that they give then. A peer that does not believe it, perhaps
 * since it has not seen the admission yet, is asked again; one that did is asked again when a group key is missing. Belongs to the thread of sync.
 */
final class Proving {

    /** Between two attempts with one peer; each that fails doubles it. */
    static final long RETRY_MIN_MILLIS = 1_000;

    static final long RETRY_MAX_MILLIS = 10_000;
    /** How long an attempt may take. */
    static final long ATTEMPT_MAX_MILLIS = 20_000;

    private final Replica replica;
    private final ReaderProofs proofs;
    private final LongSupplier ids;
    private final Asking asking;
    private final Consumer<PeerId> granted;
    private final Map<PeerId, Attempt> attempts = new LinkedHashMap<>();

    /** Where what is to be asked goes. */
    interface Asking {

        void ask(PeerId peer, long id, Request request);
    }

    private static final class Attempt {
        private boolean granted;
        /** The request that waits for an answer; -1 for none. */
        private long waiting = -1;
        /** Whether that request is the proof, and not the one for a challenge. */
        private boolean proving;

        private long triedMillis;
        private long pauseMillis = RETRY_MIN_MILLIS;
        private long nextMillis;
    }

    /** @param granted is told who has believed it for the first time */
    Proving(Replica replica, ReaderProofs proofs, LongSupplier ids, Asking asking, Consumer<PeerId> granted) {
        this.replica = replica;
        this.proofs = proofs;
        this.ids = ids;
        this.asking = asking;
        this.granted = granted;
    }

    void joined(PeerId peer, long nowMillis) {
        Attempt attempt = new Attempt();
        attempt.nextMillis = nowMillis;
        attempts.put(peer, attempt);
        tick(nowMillis);
    }

    void left(PeerId peer) {
        attempts.remove(peer);
    }

    /** Membership may have changed: nobody need wait longer than for a first attempt. */
    void sealed() {
        attempts.values().forEach(attempt -> {
            attempt.pauseMillis = RETRY_MIN_MILLIS;
            attempt.nextMillis = Math.min(attempt.nextMillis, attempt.triedMillis + RETRY_MIN_MILLIS);
        });
    }

    void tick(long nowMillis) {
        Optional<Membership> membership = replica.membership();
        if (membership.isEmpty()) {
            return;
        }
        boolean lacksKeys = membership.get().lacksKeys();
        attempts.forEach((peer, attempt) -> {
            boolean idle = attempt.waiting < 0 || nowMillis >= attempt.triedMillis + ATTEMPT_MAX_MILLIS;
            if (idle && nowMillis >= attempt.nextMillis && (!attempt.granted || lacksKeys)) {
                attempt.triedMillis = nowMillis;
                attempt.nextMillis = nowMillis + attempt.pauseMillis;
                attempt.pauseMillis = Math.min(2 * attempt.pauseMillis, RETRY_MAX_MILLIS);
                ask(peer, attempt, new Request.Reader(replica.dao()));
            }
        });
    }

    private void ask(PeerId peer, Attempt attempt, Request request) {
        attempt.waiting = ids.getAsLong();
        attempt.proving = request instanceof Request.Proof;
        asking.ask(peer, attempt.waiting, request);
    }

    void answered(PeerId peer, long id, Answer answer) {
        Attempt attempt = attempts.get(peer);
        Optional<Membership> membership = replica.membership();
        if (attempt == null || attempt.waiting != id || membership.isEmpty()) {
            return;
        }
        attempt.waiting = -1;
        switch (answer) {
            case Answer.Challenge a
            when !attempt.proving -> {
                try {
                    ask(peer, attempt, proofs.answer(membership.get(), peer, a.key()));
                } catch (IllegalArgumentException e) {
                    // A key of small order: it will not be believed, and is asked again after the pause.
                }
            }
            case Answer.Granted a
            when attempt.proving -> {
                membership.get().bring(peer, a.groupKeys());
                if (!attempt.granted) {
                    attempt.granted = true;
                    granted.accept(peer);
                }
            }
            default -> attempt.granted = false;
        }
    }

    /** Whether the peer has believed it. */
    boolean isGranted(PeerId peer) {
        Attempt attempt = attempts.get(peer);
        return attempt != null && attempt.granted;
    }

    void failed(PeerId peer, long id) {
        Attempt attempt = attempts.get(peer);
        if (attempt != null && attempt.waiting == id) {
            attempt.waiting = -1;
        }
    }
}
