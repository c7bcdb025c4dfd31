// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Effect;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.node.Timer;
import org.althing.api.notary.SealingEngine;
import org.althing.api.notary.SealingEngine.Action;
import org.althing.api.notary.SealingEngine.Event;
import org.althing.api.notary.SealingProtocol;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.UnknownMethodException;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;
import org.althing.codec.SealCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of data of one DAO, from top to bottom of this class: {@link #submit} takes entries whose signatures the {@link Verifier} has
 * checked, from faces, peers and the node's own notary alike; {@link #admit} judges them by state and pool; {@link #store} makes them durable,
 * and only then are they acknowledged; {@link #work} lets the notary's engine seal them; {@link #store(Seal, Optional)} makes the seal
 * durable; {@link #apply} folds it into the state that views show; {@link #followUp} does what follows: frees who waits, drops what can never
 * be sealed, recounts what has closed.
 *
 * <p>All state changes happen on one thread, which never waits for the disk: what comes in while the disk syncs goes into its next sync. Its
 * queue is bounded by {@link Limits#INTAKE_ENTRIES_MAX}, since each task belongs to an entry, a seal or a timer. When the disk fails, the
 * DAO becomes read-only and says so.
 */
final class Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    /** Steps that follow each other on one stack: a ledger that answers at once must not make it grow with every seal. */
    private static final int DEPTH_MAX = 16;

    private final DaoLedger ledger;
    private final Desk desk;
    private final Snapshots snapshots;
    private final ExecutorService thread;
    private final Semaphore intake = new Semaphore(Limits.INTAKE_ENTRIES_MAX);
    private final AtomicInteger announced = new AtomicInteger();
    private final ViewIndex index;
    /** By subject, so that a problem can be taken back. */
    private final ConcurrentSkipListMap<String, String> problems = new ConcurrentSkipListMap<>();

    private volatile DaoState state;
    private volatile int pendingCount;
    private volatile @Nullable Summary summary;
    private volatile @Nullable AlthingException closed;
    private volatile boolean failed;
    /** What those are told who come too late. */
    private volatile String farewell = "the node is stopping; start it again with: althing node";

    // Only the thread touches what follows.
    private final Pool pool;
    private final Set<Batch> batches = new HashSet<>();
    private final List<Batch> putOff = new ArrayList<>();
    private final Map<Cid, CompletableFuture<Answer>> waiting = new HashMap<>();
    private final Set<Cid> counting = new HashSet<>();
    private final Set<Cid> uncounted = new HashSet<>();
    /** How often bundles came or went. */
    private long changes;

    private final Set<PublicKey> accused = new HashSet<>();
    /** Keys of which another half was looked for in vain since the last seal. */
    private final Set<PublicKey> sought = new HashSet<>();

    private CompletableFuture<Void> lastAdd = CompletableFuture.completedFuture(null);
    private Optional<Seal> last;
    private @Nullable SealingEngine engine;
    private @Nullable SealingProtocol engineOf;
    private boolean sealing;
    private boolean sealAgain;
    private Timer.@Nullable Wake wake;
    private Timer.@Nullable Wake postponed;
    private boolean postponedEnough;
    private int depth;

    Pipeline(DaoLedger ledger, Replay.Replayed replayed, Desk desk, Snapshots snapshots) {
        this.ledger = ledger;
        this.desk = desk;
        this.snapshots = snapshots;
        this.state = replayed.now().state();
        this.index = replayed.now().index();
        this.pool = replayed.pool();
        this.last = replayed.last();
        this.pendingCount = pool.size();
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .daemon()
                .name("althing-dao-" + ledger.dao().toString().substring(0, 16))
                .factory());
        snapshots.applied(replayed.now(), replayed.seals(), replayed.entries());
    }

    /** Begins to seal what is pending, and to count what has closed. */
    void start() {
        onThread(() -> {
            dropHopeless();
            state.proposals().stream()
                    .filter(Pipeline::isClosed)
                    .forEach(proposal -> uncounted.add(proposal.proposal()));
            recount();
            seal();
        });
    }

    // 1. Entries come in. Any thread.

    /** Says that more entries are about to come; to be taken back with {@link #noMore} as soon as they have. */
    void more() {
        announced.incrementAndGet();
    }

    void noMore() {
        if (announced.decrementAndGet() == 0) {
            onThread(this::seal);
        }
    }

    /** Takes checked entries; completes when each is refused, or kept and durable. */
    CompletableFuture<List<Answer>> submit(List<Checked> entries, Origin origin) throws AlthingException {
        if (closed != null) {
            throw closed;
        }
        int permits = Math.min(entries.size(), Limits.INTAKE_ENTRIES_MAX);
        takeTurn(permits);
        Batch batch = new Batch(entries, origin);
        batch.done().whenComplete((answers, failure) -> intake.release(permits));
        if (!onThread(() -> begin(batch))) {
            batch.done().completeExceptionally(stopped());
        }
        return batch.done();
    }

    private void takeTurn(int permits) throws AlthingException {
        try {
            if (!intake.tryAcquire(permits, Limits.INTAKE_WAIT_MAX_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AlthingException("the node is busy: " + Limits.INTAKE_ENTRIES_MAX
                        + " entries wait for the disk; try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted while waiting to hand in entries", e);
        }
    }

    private void begin(Batch batch) {
        if (closed != null) {
            batch.done().completeExceptionally(closed);
            return;
        }
        batches.add(batch);
        batch.done().whenComplete((answers, failure) -> batches.remove(batch));
        admit(batch);
    }

    // 2. They are judged.

    private void admit(Batch batch) {
        Admission admission = new Admission(
                state,
                pool,
                desk.timer().millis(),
                batch.origin(),
                desk.tally().get(),
                desk.protocol().get(),
                desk.verifier().signatures());
        List<byte[]> bytes = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (int i : batch.begin()) {
            switch (batch.entry(i)) {
                case Checked.Bad bad -> batch.answer(i, new Answer.Refused(bad.cid(), bad.reason()));
                case Checked.Known known -> batch.answer(i, whatBecameOf(known.entry()));
                case Checked.Genuine genuine -> {
                    if (admit(batch, i, genuine, admission)) {
                        bytes.add(genuine.bytes());
                        entries.add(genuine.entry());
                    }
                }
            }
        }
        pendingCount = pool.size();
        store(batch, entries, bytes);
    }

    /** Whether the entry is to be stored. */
    private boolean admit(Batch batch, int at, Checked.Genuine genuine, Admission admission) {
        Entry entry = genuine.entry();
        if (ledger.has(entry.cid()) || pool.get(entry.cid()) != null) {
            batch.answer(at, whatBecameOf(entry));
            return false;
        }
        return switch (admission.judge(entry)) {
            case Admission.Verdict.Keep keep -> {
                pool.add(entry, keep.owner());
                batch.answer(at, new Answer.Pending(entry.cid()));
                yield true;
            }
            case Admission.Verdict.Fork fork -> {
                batch.answer(at, new Answer.Refused(entry.cid(), denounce(genuine)));
                yield false;
            }
            case Admission.Verdict.Refuse refuse -> {
                // What an entry refers to may be pending, perhaps just before it in this batch: it is looked at again
                // once that is sealed.
                if (refuse.maybeLater() && batch.mayPutOff() && pool.size() > 0 && isSealing()) {
                    batch.putOff(at);
                } else {
                    batch.answer(at, new Answer.Refused(entry.cid(), refuse.reason()));
                }
                yield false;
            }
        };
    }

    private Answer whatBecameOf(Entry entry) {
        Cid cid = entry.cid();
        // The ledger tells of a seal before it is durable; the pool lets go when it is applied.
        if (pool.get(cid) != null) {
            return new Answer.Pending(cid);
        }
        OptionalLong height = ledger.sealedAt(cid);
        return height.isPresent()
                ? sealedAnswer(cid, height.getAsLong())
                : new Answer.Refused(
                        cid,
                        "it can never be sealed: "
                                + state.refuse(entry)
                                        .map(DaoState.Refusal::reason)
                                        .orElse("it was given up"));
    }

    private Answer sealedAnswer(Cid cid, long height) {
        return index.voidness(cid)
                .<Answer>map(reason -> new Answer.Void(cid, height, reason))
                .orElseGet(() -> new Answer.Sealed(cid, height));
    }

    // 3. They are stored, and then acknowledged.

    private void store(Batch batch, List<Entry> entries, List<byte[]> bytes) {
        if (!bytes.isEmpty()) {
            lastAdd = ledger.add(bytes);
        }
        // Also an entry known before is acknowledged only when it is durable: it may have come in just now.
        after(lastAdd, () -> {
            pool.landed(entries);
            desk.listeners().taken(ledger.dao(), entries);
            if (batch.isAnswered()) {
                batch.complete();
            } else {
                putOff.add(batch);
            }
            seal();
        });
    }

    // 4. The notary seals them.

    private void seal() {
        if (sealing) {
            sealAgain = true;
            return;
        }
        if (postpone()) {
            return;
        }
        Optional<List<Action>> first = closed == null ? engineReady() : Optional.empty();
        if (first.isEmpty()) {
            sealed(false);
            return;
        }
        sealing = true;
        perform(first.get().iterator(), false, true);
    }

    /** Many entries that come at once go into few seals: as long as more are announced, sealing waits, but not for long. */
    private boolean postpone() {
        if (announced.get() == 0 || postponedEnough || !putOff.isEmpty()) {
            if (postponed != null) {
                postponed.cancel();
                postponed = null;
            }
            postponedEnough = false;
            return false;
        }
        if (postponed == null) {
            long until = desk.timer().millis() + Limits.SEAL_DELAY_MAX_MILLIS;
            postponed = desk.timer()
                    .at(
                            until,
                            () -> onThread(() -> {
                                postponedEnough = true;
                                seal();
                            }));
        }
        return true;
    }

    private void work(boolean progress) {
        SealingEngine now = engine;
        if (now == null) {
            sealed(progress);
            return;
        }
        if (wake != null) {
            wake.cancel();
            wake = null;
        }
        Optional<List<Action>> actions =
                ask(now, new Event.Work(state, pool.sealable(), desk.timer().millis()));
        if (actions.isPresent()) {
            perform(actions.get().iterator(), progress, false);
        } else {
            sealed(progress);
        }
    }

    /**
     * Each action is durable before the next begins.
     *
     * @param progress whether anything has been sealed
     * @param again whether to ask for more work at the end
     */
    private void perform(Iterator<Action> actions, boolean progress, boolean again) {
        if (closed != null) {
            return;
        }
        if (!actions.hasNext()) {
            if (again) {
                work(progress);
            } else {
                sealed(progress);
            }
            return;
        }
        switch (actions.next()) {
            case Action.StoreVote a -> after(ledger.vote(a.vote()), () -> perform(actions, progress, again));
            case Action.Finalize a -> store(a.seal(), a.step(), () -> perform(actions, true, true));
            case Action.WakeAt a -> {
                wake = desk.timer().at(a.timeMillis(), () -> onThread(this::seal));
                perform(actions, progress, again);
            }
            case Action.Halt a -> {
                problem("notary", a.reason());
                perform(actions, progress, again);
            }
        }
    }

    /** There is nothing more to seal; those who waited for it are looked at again. */
    private void sealed(boolean progress) {
        sealing = false;
        List<Batch> again = List.copyOf(putOff);
        putOff.clear();
        for (Batch batch : again) {
            if (!progress) {
                batch.lastPass();
            }
            admit(batch);
        }
        if (sealAgain) {
            sealAgain = false;
            seal();
        }
    }

    // 5. The seal is stored.

    private void store(Seal seal, Optional<DaoState.Step> step, Runnable next) {
        List<Entry> entries = new ArrayList<>(seal.entries().size());
        for (Cid cid : seal.entries()) {
            Entry entry = pool.get(cid);
            if (entry == null) {
                problem(
                        "notary",
                        "the seal at height " + seal.height() + " that this notary signed names entry " + cid
                                + ", which the ledger has lost; stop the node and restore its whole data folder");
                engine = null;
                sealed(false);
                return;
            }
            entries.add(entry);
        }
        after(ledger.seal(seal), () -> {
            apply(seal, entries, step);
            next.run();
        });
    }

    // 6. The seal is applied: from here on every view shows it.

    private void apply(Seal seal, List<Entry> entries, Optional<DaoState.Step> given) {
        var header = SealCodec.decodeHeader(seal.header());
        DaoState.Step step;
        try {
            step = given.isPresent() ? given.get() : state.apply(header.timeMillis(), entries);
        } catch (DaoState.InvalidSealException e) {
            throw new IllegalStateException("the seal at height " + seal.height() + " cannot be applied", e);
        }
        if (!step.root().equals(header.state())) {
            throw new IllegalStateException(
                    "the seal at height " + seal.height() + " claims another state than its entries make");
        }
        List<Notary> signers = state.notaries();
        DaoState after = step.sealed(header, seal.cid());
        index.add(after, entries, step.effects());
        seal.entries().forEach(pool::remove);
        pendingCount = pool.size();
        last = Optional.of(seal);
        state = after;
        snapshots.applied(new Snapshot(after, signers, index), 1, entries.size());
        sought.clear();
        desk.listeners().sealed(after, seal.cid(), entries, step.effects());
        followUp(seal, step.effects());
    }

    // 7. What follows from it.

    private void followUp(Seal seal, List<Effect> effects) {
        for (Cid cid : seal.entries()) {
            CompletableFuture<Answer> waiter = waiting.remove(cid);
            if (waiter != null) {
                waiter.complete(sealedAnswer(cid, seal.height()));
            }
        }
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Moved moved -> {
                    if (moved.to() == ProposalStatus.CLOSED) {
                        uncounted.add(moved.proposal());
                    }
                }
                case Effect.Applied e -> {}
                case Effect.Voided e -> {}
                case Effect.Extended e -> {}
            }
        }
        dropHopeless();
        recount();
    }

    /** Gives up the pending entries of every key whose next one can never be sealed; they stay readable. */
    private void dropHopeless() {
        if (state.height() < 0) {
            return;
        }
        DaoState.Judge judge = state.judge();
        for (Entry first : pool.firsts()) {
            Optional<DaoState.Refusal> refusal = judge.refuse(first);
            if (refusal.isEmpty() || !refusal.get().forEver()) {
                continue;
            }
            for (Entry lost : pool.chain(first.key())) {
                pool.remove(lost.cid());
                ledger.drop(lost.cid());
                CompletableFuture<Answer> waiter = waiting.remove(lost.cid());
                if (waiter != null) {
                    waiter.complete(new Answer.Refused(lost.cid(), refusal.get().reason()));
                }
            }
        }
        pendingCount = pool.size();
    }

    /** Counts what has closed, if that is this node's duty and can be done; called again whenever a method arrives. */
    private void recount() {
        for (Cid cid : List.copyOf(uncounted)) {
            ProposalState proposal = state.proposal(cid).orElseThrow();
            if (!isClosed(proposal) || hasCounted(proposal)) {
                uncounted.remove(cid);
                problems.remove("count " + cid);
            } else if (isNotary() && counting.add(cid)) {
                DaoState now = state;
                long seen = changes;
                desk.counters().execute(() -> count(now, proposal, seen));
            }
        }
    }

    private void count(DaoState at, ProposalState proposal, long seen) {
        Cid cid = proposal.proposal();
        try {
            TallyEngine tally = desk.tally()
                    .get()
                    .orElseThrow(
                            () -> new UnknownMethodException(proposal.body().method()));
            Tally count = Recount.count(at, proposal, ledger, desk.governance(), tally);
            onThread(() -> counted(proposal, count));
        } catch (UnknownMethodException e) {
            onThread(() -> uncountable(cid, "needs voting method " + e.getMessage(), seen));
        } catch (AlthingException | RuntimeException | LinkageError e) {
            // A linkage error tells that a bundle was uninstalled under the count.
            LOG.warn("recount of {} failed", cid, e);
            onThread(() -> uncountable(cid, String.valueOf(e.getMessage()), seen));
        }
    }

    private void uncountable(Cid proposal, String reason, long seen) {
        counting.remove(proposal);
        problem("count " + proposal, "cannot recount " + proposal + ": " + reason);
        if (seen != changes) {
            recount(); // What was missing may have come meanwhile.
        }
    }

    private void counted(ProposalState proposal, Tally tally) {
        counting.remove(proposal.proposal());
        if (hasCounted(proposal)
                || state.proposal(proposal.proposal())
                        .filter(Pipeline::isClosed)
                        .isEmpty()) {
            recount();
            return;
        }
        uncounted.remove(proposal.proposal());
        problems.remove("count " + proposal.proposal());
        author(
                new Body.Counted(
                        proposal.proposal(), tally.hash(), desk.governance().decide(proposal, tally)),
                "the count of " + proposal.proposal(),
                () -> {});
    }

    private boolean hasCounted(ProposalState proposal) {
        PublicKey me = desk.notary().key();
        return state.proposal(proposal.proposal()).orElse(proposal).results().values().stream()
                        .anyMatch(notaries -> notaries.contains(me))
                || pool.chain(me).stream()
                        .anyMatch(entry -> entry.body() instanceof Body.Counted c
                                && c.proposal().equals(proposal.proposal()));
    }

    private static boolean isClosed(ProposalState proposal) {
        return proposal.status() == ProposalStatus.CLOSED;
    }

    // What the notary has to say goes in by the same door.

    /** Signs an entry with the notary key and hands it in; {@code refused} runs if it is not kept. */
    private void author(Body body, String what, Runnable refused) {
        KeyState key = state.key(desk.notary().key()).orElse(null);
        Cid head = state.head().orElse(null);
        if (key == null || head == null) {
            return;
        }
        Optional<Entry> tip = pool.tip(key.key());
        try {
            byte[] bytes = EntryCodec.sign(
                    new Draft(
                            state.dao(),
                            key.key(),
                            tip.map(Entry::sequence).orElse(key.sequence()) + 1,
                            tip.map(Entry::cid).orElse(key.last()),
                            head,
                            desk.timer().millis(),
                            body),
                    desk.notary());
            Batch batch = new Batch(List.of(desk.verifier().check(bytes, entry -> false)), Origin.NOTARY);
            begin(batch);
            batch.done().thenAccept(answers -> {
                if (answers.getFirst() instanceof Answer.Refused answer) {
                    problem("author", what + " was refused: " + answer.reason());
                    refused.run();
                }
            });
        } catch (IllegalArgumentException e) {
            problem("author", what + " cannot be signed: " + e.getMessage());
            refused.run();
        }
    }

    /** Proves a fork to the DAO, if this node is its notary; returns what to tell whoever brought the second half. */
    private String denounce(Checked.Genuine fork) {
        Entry entry = fork.entry();
        String fact = entry.key() + " has signed two entries with number " + entry.sequence();
        if (!isActive(entry.key()) || accused.contains(entry.key()) || sought.contains(entry.key())) {
            // Looking for the other half walks the chain of the key: once for nothing is enough until the next seal.
            return fact + "; the first one stands";
        }
        Optional<byte[]> other = otherHalf(entry);
        if (other.isEmpty()) {
            sought.add(entry.key());
            return fact + "; the other one is too old to be shown";
        }
        Optional<String> excuse = state.judge().excuse(EntryCodec.decode(other.get()));
        if (excuse.isPresent()) {
            sought.add(entry.key());
            return fact + "; the first one stands, but proves nothing: " + excuse.get();
        }
        problem("fork " + entry.key(), fact + ": " + Cid.hash(other.get()) + " and " + entry.cid());
        if (isNotary()) {
            accused.add(entry.key());
            onThread(() -> author(
                    new Body.Equivocation(other.get(), fork.bytes()),
                    "the proof against " + entry.key(),
                    () -> accused.remove(entry.key())));
            return fact + "; the first one stands, and the proof goes before the DAO, which freezes the key";
        }
        return fact + "; the first one stands";
    }

    private boolean isActive(PublicKey key) {
        return state.key(key).filter(k -> k.status() == KeyState.Status.ACTIVE).isPresent();
    }

    /** The entry that is known by this key and number. */
    private Optional<byte[]> otherHalf(Entry entry) {
        try {
            for (Entry pending : pool.chain(entry.key())) {
                if (pending.sequence() == entry.sequence()) {
                    return ledger.entry(pending.cid());
                }
            }
            Cid at = state.key(entry.key()).map(KeyState::last).orElse(null);
            for (int steps = 0; at != null && steps < Limits.FORK_WALK_MAX_STEPS; steps++) {
                Entry known = Replay.decode(ledger, at);
                if (known.sequence() == entry.sequence()) {
                    return ledger.entry(at);
                }
                at = known.previous();
            }
        } catch (AlthingException e) {
            problem("fork " + entry.key(), e.getMessage());
        }
        return Optional.empty();
    }

    // The notary's engine.

    /** What the engine wants done first, made if there should be one and is not; empty if there must be none. */
    private Optional<List<Action>> engineReady() {
        Optional<SealingProtocol> protocol = desk.protocol().get();
        if (protocol.isEmpty() || !isNotary()) {
            engine = null;
            engineOf = null;
            setProblem(
                    "protocol",
                    protocol.isEmpty(),
                    "no sealing protocol is installed: nothing is sealed until bundle org.althing.notary runs");
            return Optional.empty();
        }
        problems.remove("protocol");
        if (engineOf == protocol.get()) {
            return engine == null ? Optional.empty() : Optional.of(List.of());
        }
        engineOf = protocol.get();
        problems.remove("notary");
        try {
            engine = protocol.get().engine(ledger.dao(), desk.notary());
            return ask(engine, new Event.Started(ledger.votes(), state, last));
        } catch (AlthingException e) {
            engine = null;
            problem("notary", e.getMessage());
            return Optional.empty();
        }
    }

    /** What the engine wants done; empty if its bundle was uninstalled under it, and what it has promised is in the ledger. */
    private Optional<List<Action>> ask(SealingEngine asked, Event event) {
        try {
            return Optional.of(asked.handle(event));
        } catch (LinkageError e) {
            if (desk.protocol().get().filter(now -> now == engineOf).isPresent()) {
                throw e;
            }
            LOG.info("{}: the notary's bundle went away while it worked ({})", ledger.dao(), e.toString());
            engine = null;
            engineOf = null;
            sealAgain = true;
            return Optional.empty();
        }
    }

    private boolean isNotary() {
        return state.notaries().stream()
                .anyMatch(notary -> notary.key().equals(desk.notary().key()));
    }

    private boolean isSealing() {
        return engine != null && isNotary();
    }

    // For faces.

    DaoLedger ledger() {
        return ledger;
    }

    DaoState state() {
        return state;
    }

    Summary summary() {
        DaoState now = state;
        Summary known = summary;
        if (known == null || known.state() != now) {
            known = Summary.of(now);
            summary = known;
        }
        return known;
    }

    ViewIndex index() {
        return index;
    }

    int pendingCount() {
        return pendingCount;
    }

    List<String> problems() {
        return List.copyOf(problems.values());
    }

    /** Completes with what the seal says about an entry that is pending. */
    CompletableFuture<Answer> sealed(Cid entry) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        boolean taken = onThread(() -> {
            if (pool.get(entry) != null) {
                waiting.merge(entry, answer, Pipeline::both);
                return;
            }
            OptionalLong height = ledger.sealedAt(entry);
            answer.complete(
                    height.isPresent()
                            ? sealedAnswer(entry, height.getAsLong())
                            : new Answer.Refused(entry, "it was given up, since it can never be sealed"));
        });
        if (!taken) {
            answer.completeExceptionally(stopped());
        }
        return answer;
    }

    private static CompletableFuture<Answer> both(CompletableFuture<Answer> first, CompletableFuture<Answer> second) {
        first.whenComplete((answer, failure) -> {
            if (failure == null) {
                second.complete(answer);
            } else {
                second.completeExceptionally(failure);
            }
        });
        return first;
    }

    /** Asks on the pipeline's thread, so that the answer fits what was acknowledged before. */
    <T> CompletableFuture<T> ask(BiFunction<DaoState, Pool, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!onThread(() -> answer.complete(question.apply(state, pool)))) {
            answer.completeExceptionally(stopped());
        }
        return answer;
    }

    /** A bundle came or went: a protocol, a tally engine, a method. */
    void servicesChanged() {
        onThread(() -> {
            changes++;
            recount();
            seal();
        });
    }

    // The thread.

    /** Runs a task on the thread; false if it has stopped. A task that fails shows a bug: the DAO becomes read-only, its data stay. */
    private boolean onThread(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("bug in the pipeline of {}", ledger.dao(), e);
                    fail("a bug in the node (" + e + "); restart it and report the log", e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Goes on when the disk has it. */
    private void after(CompletableFuture<Void> durable, Runnable next) {
        if (durable.isDone() && !durable.isCompletedExceptionally() && depth < DEPTH_MAX) {
            depth++;
            try {
                next.run();
            } finally {
                depth--;
            }
            return;
        }
        durable.whenComplete((nothing, failure) -> onThread(
                failure == null
                        ? next
                        : () -> fail(
                                "the disk failed (" + message(failure) + "); make it writable and restart the node",
                                failure)));
    }

    private static String message(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? String.valueOf(failure.getCause().getMessage())
                : String.valueOf(failure.getMessage());
    }

    private void fail(String reason, Throwable cause) {
        if (closed != null) {
            return;
        }
        failed = true;
        stop(new AlthingException("DAO " + ledger.dao() + " is read-only: " + reason, cause));
        problem("disk", state.name() + " is read-only: " + reason);
    }

    private void stop(AlthingException reason) {
        closed = reason;
        for (Batch batch : List.copyOf(batches)) {
            batch.done().completeExceptionally(reason);
        }
        waiting.values().forEach(waiter -> waiter.completeExceptionally(reason));
        waiting.clear();
        putOff.clear();
        if (wake != null) {
            wake.cancel();
        }
        if (postponed != null) {
            postponed.cancel();
        }
    }

    /**
     * Lets go: whoever waits is told, what was acknowledged is durable.
     *
     * @param reason what they are told
     */
    void close(String reason) {
        farewell = reason;
        onThread(() -> {
            if (closed == null) {
                stop(stopped());
            }
        });
        thread.shutdown();
        try {
            boolean ended = thread.awaitTermination(Limits.CLOSE_WAIT_MAX_MILLIS, TimeUnit.MILLISECONDS);
            if (!ended) {
                LOG.warn("the pipeline of {} still works", ledger.dao());
            }
            snapshots.close(ended && !failed);
        } catch (InterruptedException e) {
            snapshots.close(false);
            Thread.currentThread().interrupt();
        }
    }

    private AlthingException stopped() {
        return new AlthingException(farewell);
    }

    private void problem(String subject, String text) {
        String before = problems.put(subject, text);
        if (!text.equals(before)) {
            LOG.warn("{}: {}", ledger.dao(), text);
        }
    }

    private void setProblem(String subject, boolean holds, String text) {
        if (holds) {
            problem(subject, text);
        } else {
            problems.remove(subject);
        }
    }
}
