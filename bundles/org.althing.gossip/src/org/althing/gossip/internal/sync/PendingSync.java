// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Entry;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica;
import org.althing.api.sync.Replica.EntryAnswer;
import org.althing.api.sync.Replica.Pending;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;
import org.althing.gossip.internal.sync.negentropy.Initiator;
import org.althing.gossip.internal.sync.negentropy.Item;
import org.althing.gossip.internal.sync.negentropy.ItemTree;
import org.althing.gossip.internal.sync.negentropy.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Gets the pending entries that gossip missed: (state, event, time) to (state, actions). With each peer that joins, and with one chosen by
 * lot every few seconds, the sets are reconciled, what is missing is fetched and brought to the node, and so are the proofs of forks. One
 * reconciliation at a time, and only with peers at our height: elsewhere sets differ by what was sealed.
 *
 * <p>What the node refuses for ever is remembered and not fetched again; nothing more is taken of a key that has forked. A peer whose
 * offers are of no use is left alone for a while.
 *
 * <p>Belongs to one thread. Memory is bounded by {@link PendingLimits}, and by the pending entries that the node keeps.
 */
final class PendingSync {

    private static final Parameters PARAMETERS =
            new Parameters(Parameters.USUAL.branching(), SyncLimits.RECONCILE_SIZE_MAX_BYTES, PendingLimits.ROUNDS_MAX);

    private final Cid dao;
    private final Predicate<PeerId> isAtOurHeight;
    private final Predicate<Cid> isHere;
    private final Supplier<List<Replica.Fork>> forks;
    private final LongSupplier ids;
    private final RandomGenerator random;

    private final ItemTree set = new ItemTree();
    private final Map<PeerId, Party> parties = new LinkedHashMap<>();
    private final Recent<Cid, Boolean> refused = new Recent<>(PendingLimits.REFUSED_MAX_ENTRIES);
    private final Recent<Cid, Long> later = new Recent<>(PendingLimits.LATER_MAX_ENTRIES);
    private final Recent<PublicKey, Boolean> forked = new Recent<>(PendingLimits.FORKED_MAX_KEYS);

    /** The last that were looked at. */
    private List<Replica.Fork> known = List.of();

    private @Nullable Session session;
    private long nextMillis;
    private List<PendingAction> actions = new ArrayList<>();

    /** A peer. */
    private static final class Party {
        private boolean reconciled;
        private boolean banned;
        private int strikes;
        private long pausedUntilMillis = Long.MIN_VALUE;
        private long differsAtMillis = Long.MIN_VALUE;
    }

    /** A reconciliation: first the proofs of forks, then the sets, then what is missing. */
    private static final class Session {
        private final PeerId peer;
        private final Initiator initiator;
        private final Deque<Cid> needed;
        private long askId;
        private long deadlineMillis;
        private List<Cid> asked = List.of();
        private List<Entry> brought = List.of();
        private int useless;
        private boolean reconciling = true;

        Session(PeerId peer, Initiator initiator, Deque<Cid> needed) {
            this.peer = peer;
            this.initiator = initiator;
            this.needed = needed;
        }
    }

    /**
     * A set that begins with these entries.
     *
     * @param isAtOurHeight whether a peer has the seals that we have, and no more
     * @param isHere whether the ledger holds an entry
     * @param forks the proofs that this node has; the same list while nothing has changed
     * @param ids numbers for requests, none twice
     */
    PendingSync(
            Cid dao,
            List<Pending> pending,
            Predicate<PeerId> isAtOurHeight,
            Predicate<Cid> isHere,
            Supplier<List<Replica.Fork>> forks,
            LongSupplier ids,
            RandomGenerator random) {
        this.dao = dao;
        this.isAtOurHeight = isAtOurHeight;
        this.isHere = isHere;
        this.forks = forks;
        this.ids = ids;
        this.random = random;
        came(pending);
    }

    /** What is pending, to answer others from; not to be changed. */
    ItemTree set() {
        return set;
    }

    /** Takes an event; what is to be done, in this order. */
    List<PendingAction> handle(PendingEvent event, long nowMillis) {
        actions = new ArrayList<>();
        switch (event) {
            case PendingEvent.Joined e -> {
                if (parties.size() < PendingLimits.PEERS_MAX) {
                    parties.putIfAbsent(e.peer(), new Party());
                }
            }
            case PendingEvent.Left e -> {
                parties.remove(e.peer());
                if (session != null && session.peer.equals(e.peer())) {
                    session = null;
                }
            }
            case PendingEvent.Differs e -> differs(e.peer(), nowMillis);
            case PendingEvent.Came e -> came(e.entries());
            case PendingEvent.Went e -> went(e.entries());
            case PendingEvent.Answered e -> answered(e, nowMillis);
            case PendingEvent.Failed e -> {
                if (isCurrent(e.peer(), e.id())) {
                    pause("it cannot be asked: " + e.reason(), nowMillis);
                }
            }
            case PendingEvent.Judged e -> judged(e, nowMillis);
            case PendingEvent.Ticked e -> {}
        }
        Session now = session;
        if (now != null && now.brought.isEmpty() && nowMillis >= now.deadlineMillis) {
            pause("it does not answer in time", nowMillis);
        }
        if (session == null) {
            begin(nowMillis);
        }
        return actions;
    }

    /** It is its turn, as if it had just joined. */
    private void differs(PeerId peer, long nowMillis) {
        Party party = parties.get(peer);
        if (party != null && party.reconciled && nowMillis >= party.differsAtMillis) {
            party.reconciled = false;
            party.differsAtMillis = nowMillis + PendingLimits.DIFFERS_PERIOD_MILLIS;
        }
    }

    private void came(List<Pending> entries) {
        entries.forEach(entry -> set.add(item(entry)));
    }

    private void went(List<Pending> entries) {
        entries.forEach(entry -> set.remove(item(entry)));
    }

    private static Item item(Pending entry) {
        return Item.of(entry.timeMillis(), entry.cid().digest());
    }

    // A reconciliation begins.

    private void begin(long nowMillis) {
        List<PeerId> able = parties.entrySet().stream()
                .filter(e -> !e.getValue().banned
                        && nowMillis >= e.getValue().pausedUntilMillis
                        && isAtOurHeight.test(e.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        Optional<PeerId> fresh =
                able.stream().filter(id -> !parties.get(id).reconciled).findFirst();
        if (fresh.isPresent()) {
            begin(fresh.get(), nowMillis);
        } else if (nowMillis >= nextMillis && !able.isEmpty()) {
            begin(able.get(random.nextInt(able.size())), nowMillis);
        }
    }

    /** What the node has a proof of, perhaps since before it was started, is asked for no more. */
    private void learnForks() {
        List<Replica.Fork> now = forks.get();
        if (now == known) {
            return;
        }
        known = now;
        for (Replica.Fork fork : now) {
            Entry first = EntryCodec.decode(fork.first());
            forked.put(first.key(), true);
            refused.put(first.cid(), true);
            refused.put(Cid.hash(fork.second()), true);
        }
    }

    private void begin(PeerId peer, long nowMillis) {
        learnForks();
        nextMillis = nowMillis + random.nextLong(PendingLimits.PERIOD_MILLIS / 2, PendingLimits.PERIOD_MILLIS * 3 / 2);
        Deque<Cid> needed = new ArrayDeque<>();
        Initiator initiator = new Initiator(set, PARAMETERS, new Initiator.Differences() {
            @Override
            public void have(Item item) {
                // The other side learns it when it asks us.
            }

            @Override
            public void need(byte[] id) {
                Cid cid = Cid.of(id);
                Long retryMillis = later.get(cid);
                boolean wanted = !refused.has(cid) && (retryMillis == null || retryMillis <= nowMillis);
                if (wanted && needed.size() < PendingLimits.NEEDED_MAX_ENTRIES && !isHere.test(cid)) {
                    needed.add(cid);
                }
            }
        });
        Session begun = new Session(peer, initiator, needed);
        session = begun;
        ask(begun, new Request.Forks(dao), nowMillis);
    }

    private void ask(Session now, Request request, long nowMillis) {
        now.askId = ids.getAsLong();
        now.deadlineMillis = nowMillis + PendingLimits.TIMEOUT_MILLIS;
        actions.add(new PendingAction.Ask(now.peer, now.askId, request));
    }

    // It goes on.

    private boolean isCurrent(PeerId peer, long id) {
        return session != null && session.peer.equals(peer) && session.askId == id && session.brought.isEmpty();
    }

    private void answered(PendingEvent.Answered event, long nowMillis) {
        Session now = session;
        if (now == null || !isCurrent(event.peer(), event.id())) {
            return; // It comes too late.
        }
        switch (event.answer()) {
            case Answer.Forks a when now.askId == event.id() && now.initiator.rounds() == 0 -> forks(now, a, nowMillis);
            case Answer.Reconcile a when now.reconciling && now.initiator.rounds() > 0 -> reconcile(now, a, nowMillis);
            case Answer.Entries a when !now.asked.isEmpty() -> entries(now, a, nowMillis);
            case Answer.Refused a -> pause("it refuses: " + a.code() + " " + a.reason(), nowMillis);
            default -> ban("it answers with another kind of thing than was asked for");
        }
    }

    private void forks(Session now, Answer.Forks answer, long nowMillis) {
        List<Entry> halves = new ArrayList<>();
        List<byte[]> bytes = new ArrayList<>();
        for (Replica.Fork fork : answer.forks()) {
            try {
                Entry first = EntryCodec.decode(fork.first());
                Entry second = EntryCodec.decode(fork.second());
                if (!first.key().equals(second.key())
                        || first.sequence() != second.sequence()
                        || first.cid().equals(second.cid())
                        || !first.belongsTo().equals(dao)
                        || !second.belongsTo().equals(dao)) {
                    ban("what it shows is no fork");
                    return;
                }
                if (!forked.has(first.key())) {
                    halves.addAll(List.of(first, second));
                    bytes.addAll(List.of(fork.first(), fork.second()));
                }
            } catch (MalformedException e) {
                ban("what it shows is no fork: " + e.getMessage());
                return;
            }
        }
        if (halves.isEmpty()) {
            ask(now, new Request.Reconcile(dao, now.initiator.begin()), nowMillis);
        } else {
            bring(now, halves, bytes);
        }
    }

    private void reconcile(Session now, Answer.Reconcile answer, long nowMillis) {
        Optional<byte[]> next;
        try {
            next = now.initiator.next(answer.message());
        } catch (MalformedException e) {
            ban("its message cannot be read: " + e.getMessage());
            return;
        }
        if (next.isPresent() && now.needed.size() < PendingLimits.NEEDED_MAX_ENTRIES) {
            ask(now, new Request.Reconcile(dao, next.get()), nowMillis);
        } else {
            now.reconciling = false;
            fetch(now, nowMillis);
        }
    }

    private void fetch(Session now, long nowMillis) {
        List<Cid> next = new ArrayList<>();
        while (next.size() < PendingLimits.ASKED_MAX_ENTRIES && !now.needed.isEmpty()) {
            Cid cid = now.needed.remove();
            if (!isHere.test(cid) && !refused.has(cid)) {
                next.add(cid); // Gossip may have brought it meanwhile.
            }
        }
        now.asked = next;
        if (next.isEmpty()) {
            Party party = parties.get(now.peer);
            if (party != null) {
                party.reconciled = true;
                party.strikes = 0;
            }
            session = null;
        } else {
            ask(now, new Request.Entries(dao, next), nowMillis);
        }
    }

    private void entries(Session now, Answer.Entries answer, long nowMillis) {
        int count = answer.entries().size();
        if (count == 0 || count > now.asked.size()) {
            ban("it answers with " + count + " entries where " + now.asked.size() + " were asked for");
            return;
        }
        List<Entry> good = new ArrayList<>();
        Map<Cid, byte[]> bytes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            byte[] entry = answer.entries().get(i);
            Cid cid = now.asked.get(i);
            if (entry.length == 0) {
                now.useless++;
            } else if (!cid.names(entry)) {
                ban("what it sends for " + cid + " is another");
                return;
            } else {
                Optional<Entry> decoded = wanted(entry);
                if (decoded.isPresent()) {
                    good.add(decoded.get());
                    bytes.put(cid, entry);
                } else {
                    refused.put(cid, true);
                    now.useless++;
                }
            }
        }
        for (int i = now.asked.size() - 1; i >= count; i--) {
            now.needed.addFirst(now.asked.get(i));
        }
        now.asked = List.of();
        if (good.isEmpty()) {
            goOn(now, nowMillis);
        } else {
            good.sort(Comparator.comparing(Entry::key).thenComparingLong(Entry::sequence));
            bring(now, good, good.stream().map(entry -> bytes.get(entry.cid())).toList());
        }
    }

    private void bring(Session now, List<Entry> entries, List<byte[]> bytes) {
        now.brought = entries;
        now.askId = ids.getAsLong();
        actions.add(new PendingAction.Bring(now.askId, bytes));
    }

    private Optional<Entry> wanted(byte[] bytes) {
        try {
            Entry entry = EntryCodec.decode(bytes);
            return entry.belongsTo().equals(dao) && !forked.has(entry.key()) ? Optional.of(entry) : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private void judged(PendingEvent.Judged event, long nowMillis) {
        Session now = session;
        List<EntryAnswer> answers = event.answers();
        if (now == null || now.brought.isEmpty() || now.askId != event.id()) {
            return; // The peer has left meanwhile.
        }
        if (answers.size() != now.brought.size()) {
            session = null; // The node is stopping.
            return;
        }
        for (int i = 0; i < answers.size(); i++) {
            Cid cid = now.brought.get(i).cid();
            switch (answers.get(i)) {
                case EntryAnswer.Kept a -> {}
                case EntryAnswer.Later a -> later.put(cid, nowMillis + PendingLimits.LATER_MILLIS);
                case EntryAnswer.Never a -> {
                    refused.put(cid, true);
                    now.useless++;
                }
                case EntryAnswer.Forked a -> {
                    refused.put(cid, true);
                    if (!forked.has(a.key())) {
                        forked.put(a.key(), true);
                        actions.add(new PendingAction.Publish(a.proof()));
                    }
                }
            }
        }
        now.brought = List.of();
        goOn(now, nowMillis);
    }

    private void goOn(Session now, long nowMillis) {
        if (now.useless > PendingLimits.USELESS_MAX_OFFERS) {
            pause("what it offers is of no use", nowMillis);
        } else if (now.reconciling) {
            ask(now, new Request.Reconcile(dao, now.initiator.begin()), nowMillis);
        } else {
            fetch(now, nowMillis);
        }
    }

    // It ends badly.

    private void pause(String reason, long nowMillis) {
        Session now = session;
        session = null;
        Party party = now == null ? null : parties.get(now.peer);
        if (now != null && party != null) {
            long millis = Math.min(
                    PendingLimits.PAUSE_FIRST_MILLIS << Math.min(party.strikes, 16), PendingLimits.PAUSE_MAX_MILLIS);
            party.strikes++;
            party.pausedUntilMillis = nowMillis + millis;
            actions.add(new PendingAction.Pause(now.peer, reason, millis));
        }
    }

    private void ban(String reason) {
        Session now = session;
        session = null;
        Party party = now == null ? null : parties.get(now.peer);
        if (now != null && party != null) {
            party.banned = true;
            actions.add(new PendingAction.Ban(now.peer, reason));
        }
    }
}
