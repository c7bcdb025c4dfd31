// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Membership;
import org.althing.api.sync.Replica;

/**
 * Fetches the messages between members that peers keep and this node lacks, for whomever they are, so that one arrives though author and addressee are never
 * connected. It asks each peer for the names of what came to it since it was asked last, and then for what is not here. Belongs to the thread of sync.
 */
final class Mailing {

    /** Between two looks into the mailbox of one peer; what is said while both are connected mostly comes by gossip before. */
    static final long PERIOD_MILLIS = 10_000;
    /** What could not be taken is asked for again: the state may know its author or addressee by then. */
    static final long AGAIN_MILLIS = 300_000;
    /** How long an answer may take. */
    static final long ANSWER_MAX_MILLIS = 20_000;
    /** Names that are taken from one peer in one look; what is more waits for the next. */
    static final int NAMES_MAX = 8 * SyncLimits.MESSAGE_NAMES_MAX;

    private final Replica replica;
    private final Predicate<PeerId> mayExchange;
    private final LongSupplier ids;
    private final Proving.Asking asking;
    private final Executor thread;
    private final Map<PeerId, Look> looks = new LinkedHashMap<>();

    /** What is known of the mailbox of one peer. */
    private static final class Look {
        private static final long NEVER = Long.MAX_VALUE;

        private long from;
        private final Deque<Cid> lacking = new ArrayDeque<>();
        /** Whether nothing is asked until {@link #nextMillis}. */
        private boolean resting = true;

        private long nextMillis = Long.MIN_VALUE;
        private long againMillis = NEVER;
        private int names;
        /** The request that waits for an answer; -1 for none. */
        private long waiting = -1;

        private long askedMillis;
        private boolean storing;
    }

    /** @param mayExchange whether messages are exchanged with a peer now */
    Mailing(Replica replica, Predicate<PeerId> mayExchange, LongSupplier ids, Proving.Asking asking, Executor thread) {
        this.replica = replica;
        this.mayExchange = mayExchange;
        this.ids = ids;
        this.asking = asking;
        this.thread = thread;
    }

    void joined(PeerId peer) {
        looks.put(peer, new Look());
    }

    void left(PeerId peer) {
        looks.remove(peer);
    }

    void tick(long nowMillis) {
        if (replica.membership().isEmpty()) {
            return;
        }
        looks.forEach((peer, look) -> {
            if (nowMillis >= look.askedMillis + ANSWER_MAX_MILLIS) {
                failed(peer, look.waiting);
            }
            if (look.resting && nowMillis >= look.nextMillis) {
                look.resting = false;
                look.nextMillis = nowMillis + PERIOD_MILLIS;
                look.names = 0;
                if (nowMillis >= look.againMillis) {
                    look.againMillis = Look.NEVER;
                    look.from = 0;
                }
            }
            goOn(peer, look, nowMillis);
        });
    }

    private void goOn(PeerId peer, Look look, long nowMillis) {
        if (look.resting || look.storing || look.waiting >= 0 || !mayExchange.test(peer)) {
            return;
        }
        if (look.lacking.isEmpty() && look.names >= NAMES_MAX) {
            look.resting = true;
            return;
        }
        look.askedMillis = nowMillis;
        look.waiting = ids.getAsLong();
        if (look.lacking.isEmpty()) {
            asking.ask(peer, look.waiting, new Request.Mailbox(replica.dao(), look.from));
        } else {
            List<Cid> some = Stream.generate(look.lacking::remove)
                    .limit(Math.min(look.lacking.size(), SyncLimits.MESSAGES_MAX))
                    .toList();
            asking.ask(peer, look.waiting, new Request.Messages(replica.dao(), some));
        }
    }

    void answered(PeerId peer, long id, Answer answer, long nowMillis) {
        Look look = looks.get(peer);
        Optional<Membership> membership = replica.membership();
        if (look == null || look.waiting != id || membership.isEmpty()) {
            return;
        }
        look.waiting = -1;
        switch (answer) {
            case Answer.Mailbox a -> {
                look.from = a.next();
                look.names += a.names().size();
                look.lacking.addAll(membership.get().lackingMessages(a.names()));
                look.resting = a.names().isEmpty();
            }
            case Answer.Messages a -> take(peer, look, membership.get(), a.messages(), nowMillis);
            default -> forget(look);
        }
        goOn(peer, look, nowMillis);
    }

    private void take(PeerId peer, Look look, Membership membership, List<byte[]> messages, long nowMillis) {
        look.storing = true;
        membership
                .bringMessages(messages)
                .whenComplete((all, failure) -> thread.execute(() -> {
                    look.storing = false;
                    if (!Boolean.TRUE.equals(all) && look.againMillis == Look.NEVER) {
                        look.againMillis = nowMillis + AGAIN_MILLIS;
                    }
                    if (looks.get(peer) == look) {
                        goOn(peer, look, nowMillis);
                    }
                }));
    }

    /** What was asked for has not come: the next look begins anew. */
    private static void forget(Look look) {
        look.lacking.clear();
        look.from = 0;
        look.resting = true;
    }

    void failed(PeerId peer, long id) {
        Look look = looks.get(peer);
        if (look != null && look.waiting >= 0 && look.waiting == id) {
            look.waiting = -1;
            forget(look);
        }
    }
}
