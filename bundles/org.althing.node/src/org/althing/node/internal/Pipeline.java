// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Effect;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.Replica;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;
import org.althing.codec.GroupKeys;
import org.althing.codec.SealCodec;
import org.jspecify.annotations.Nullable;

/**
 * The way of data of one DAO, from top to bottom of this class: {@link #submit} takes entries whose signatures the {@link Verifier} has
 * checked, from faces, peers and the node's own notary alike; {@link #admit} judges them by state and pool, {@link Forks} has what shows a fork;
 * {@link #store(Batch, List, List)} makes them durable, and only then are they acknowledged; {@link Sealing} lets the notary's engine seal them, or
 * {@link SealIntake} takes the seals of others; once a seal is durable, {@link #apply} makes its state the one that views show; {@link #followUp}
 * does what follows: frees who waits, drops what can never be sealed, lets {@link Recounts} count what has closed.
 *
 * <p>All state changes happen on one thread, which waits for the disk only to keep the proof of a fork: what comes in while the disk syncs goes into its next sync. Its
 * queue is bounded by {@link Limits#INTAKE_ENTRIES_MAX} and by what entry sync has on its way, since each task belongs to an entry, a seal or a
 * timer. When the disk fails, the DAO becomes read-only and says so.
 */
final class Pipeline {

    private final DaoLedger ledger;
    private final Desk desk;
    private final Snapshots snapshots;
    private final KeyRing ring;
    private final DaoThread thread;
    private final Semaphore room = new Semaphore(Limits.INTAKE_ENTRIES_MAX);
    private final ViewIndex index;
    private final NotarySets sets;
    private final Observers observers;
    private final Problems problems;

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
    private final Forks forks;
    private final Recounts recounts;
    private final Rekeying rekeying;
    private final CatchingUp behind;
    private final Sealing sealing;
    private final SealIntake intake;
    private CompletableFuture<Void> lastAdd = CompletableFuture.completedFuture(null);
    private Optional<Seal> last;

    /** @param observers who is told what is pending; the entries that are, are told first */
    Pipeline(
            DaoLedger ledger,
            Replay.Replayed replayed,
            Desk desk,
            Snapshots snapshots,
            ForkFile forkFile,
            KeyRing ring,
            Observers observers,
            Problems problems) {
        this.ledger = ledger;
        this.desk = desk;
        this.snapshots = snapshots;
        this.ring = ring;
        this.state = replayed.now().state();
        this.index = replayed.now().index();
        this.pool = replayed.pool();
        this.sets = replayed.now().sets();
        this.last = replayed.last();
        this.pendingCount = pool.size();
        this.observers = observers;
        this.problems = problems;
        this.thread = new DaoThread(ledger.dao(), this::fail);
        this.forks = new Forks(this, observers, desk.outbox(), forkFile);
        this.recounts = new Recounts(this, desk);
        this.rekeying = new Rekeying(this, ring, desk.notary().key());
        this.behind = new CatchingUp(this, desk);
        this.sealing = new Sealing(this, desk, behind);
        this.intake = new SealIntake(this, desk);
        snapshots.applied(replayed.now(), replayed.seals(), replayed.entries());
    }

    /** Begins to seal what is pending, and to count what has closed. */
    void start() {
        thread.run(() -> {
            dropHopeless();
            forks.resume(desk.verifier());
            observers.came(pool.sealable().stream()
                    .filter(entry -> !forks.has(entry.key()))
                    .toList());
            state.proposals().stream()
                    .filter(Recounts::isClosed)
                    .forEach(proposal -> recounts.add(proposal.proposal()));
            caughtUp();
        });
    }

    // 1. Entries come in. Any thread.

    /** Takes checked entries; completes when each is refused, or kept and durable. */
    CompletableFuture<List<Answer>> submit(List<Checked> entries, Origin origin) throws AlthingException {
        if (closed != null) {
            throw closed;
        }
        int permits = Math.min(entries.size(), Limits.INTAKE_ENTRIES_MAX);
        takeTurn(permits, origin);
        Batch batch = new Batch(entries, origin);
        batch.done().whenComplete((answers, failure) -> room.release(permits));
        if (!thread.run(() -> begin(batch))) {
            batch.done().completeExceptionally(stopped());
        }
        return batch.done();
    }

    /** A face waits for its turn; what peers bring, they bring again. */
    private void takeTurn(int permits, Origin origin) throws AlthingException {
        long waitMillis = origin == Origin.PEER ? 0 : Limits.INTAKE_WAIT_MAX_MILLIS;
        try {
            if (!room.tryAcquire(permits, waitMillis, TimeUnit.MILLISECONDS)) {
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
                        entries.add(
                                Objects.requireNonNull(pool.get(genuine.entry().cid()))); // As it was opened.
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
        if (entry.body() instanceof Body.Enclosed enclosed
                && isPrivate()
                && !state.groupKeys().contains(enclosed.group())) {
            // It would wait here shut, and be opened by everybody who gets it in a seal.
            batch.answer(
                    at,
                    new Answer.Refused(
                            entry.cid(), "its group key is not named by the DAO yet", true, Optional.empty()));
            return false;
        }
        try {
            entry = ring.keys().open(entry, state.groupKeys());
        } catch (GroupKeys.MissingKeyException e) {
            batch.answer(at, new Answer.Refused(entry.cid(), e.getMessage(), true, Optional.empty()));
            return false;
        }
        return switch (admission.judge(entry)) {
            case Admission.Verdict.Keep keep -> {
                pool.add(entry, keep.owner());
                batch.answer(at, new Answer.Pending(genuine.entry().cid()));
                yield true;
            }
            case Admission.Verdict.Fork fork -> {
                batch.answer(at, forks.denounce(genuine));
                yield false;
            }
            case Admission.Verdict.Refuse refuse -> {
                // What an entry refers to may be pending, perhaps just before it in this batch: it is looked at again
                // once that is sealed.
                if (refuse.maybeLater() && batch.mayPutOff() && pool.size() > 0 && sealing.isSealing()) {
                    batch.putOff(at);
                } else {
                    batch.answer(
                            at,
                            new Answer.Refused(
                                    genuine.entry().cid(), refuse.reason(), refuse.maybeLater(), Optional.empty()));
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
        thread.after(lastAdd, () -> {
            pool.landed(entries);
            desk.listeners().taken(ledger.dao(), entries);
            observers.came(entries.stream()
                    .filter(entry -> pool.get(entry.cid()) != null && !forks.has(entry.key()))
                    .toList());
            if (batch.origin() != Origin.PEER && !bytes.isEmpty()) {
                desk.outbox().entries(ledger.dao(), bytes);
            }
            if (batch.isAnswered()) {
                batch.complete();
            } else {
                putOff.add(batch);
            }
            sealing.seal();
        });
    }

    // 4. The notary seals them: Sealing calls the next two. Or others have: see SealIntake.

    boolean hasPutOff() {
        return !putOff.isEmpty();
    }

    /**
     * Those who waited for a seal are looked at again.
     *
     * @param progress whether there was one
     */
    void lookAgain(boolean progress) {
        List<Batch> again = List.copyOf(putOff);
        putOff.clear();
        for (Batch batch : again) {
            if (!progress) {
                batch.lastPass();
            }
            admit(batch);
        }
    }

    /** Nothing is on its way from peers any more, or it is time to see whether that is so. */
    void caughtUp() {
        recounts.recount();
        rekeying.makeIfDue();
        sealing.seal();
    }

    /** Group keys have come in: what waited for them can go on. Any thread. */
    void keysCame() {
        thread.run(intake::fold);
    }

    boolean isCatchingUp() {
        return behind.now();
    }

    // 5. The seal is stored.

    /** Stores a seal of our own, applies it and goes on. */
    void store(Seal seal, Optional<DaoState.Step> given, Runnable next) {
        List<Entry> entries = new ArrayList<>(seal.entries().size());
        for (Cid cid : seal.entries()) {
            Entry entry = pool.get(cid);
            if (entry == null) {
                sealing.halt("the seal at height " + seal.height() + " that this notary signed names entry " + cid
                        + ", which the ledger has lost; stop the node and restore its whole data folder");
                return;
            }
            entries.add(entry);
        }
        thread.after(ledger.seal(seal), () -> {
            SealHeader header = SealCodec.decodeHeader(seal.header());
            DaoState.Step step = given.orElseGet(() -> step(seal, header, entries));
            if (!step.root().equals(header.state())) {
                throw new IllegalStateException(
                        "the seal at height " + seal.height() + " claims another state than its entries make");
            }
            apply(seal, entries, step, step.sealed(header, seal.cid()));
            desk.outbox().sealed(ledger.dao(), seal);
            next.run();
        });
    }

    private DaoState.Step step(Seal seal, SealHeader header, List<Entry> entries) {
        try {
            return state.apply(header.timeMillis(), entries);
        } catch (DaoState.InvalidSealException e) {
            throw new IllegalStateException("the seal at height " + seal.height() + " cannot be applied", e);
        }
    }

    // 6. The seal is applied: from here on every view shows it.

    /** @param after what the step gives */
    void apply(Seal seal, List<Entry> entries, DaoState.Step step, DaoState after) {
        List<Notary> signers = state.notaries();
        index.add(after, entries, step.effects());
        sets.add(after.notaries());
        seal.entries().forEach(pool::remove);
        pendingCount = pool.size();
        last = Optional.of(seal);
        state = after;
        forks.sealed();
        observers.went(entries);
        observers.sealed(tip());
        snapshots.applied(new Snapshot(after, signers, index, sets), 1, entries.size());
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
                        recounts.add(moved.proposal());
                    }
                }
                case Effect.Applied e -> {}
                case Effect.Voided e -> {}
                case Effect.Extended e -> {}
            }
        }
        dropHopeless();
        recounts.recount();
        rekeying.makeIfDue();
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
            List<Entry> hopeless = pool.chain(first.key());
            observers.went(hopeless);
            for (Entry lost : hopeless) {
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

    // What the notary has to say goes in by the same door.

    /** Signs an entry with the notary key and hands it in; {@code refused} runs if it is not kept. */
    void author(Body body, String what, Runnable refused) {
        KeyState key = state.key(desk.notary().key()).orElse(null);
        Cid head = state.head().orElse(null);
        if (key == null || head == null) {
            return;
        }
        Optional<Entry> tip = pool.tip(key.key());
        try {
            Draft draft = new Draft(
                    state.dao(),
                    key.key(),
                    tip.map(Entry::sequence).orElse(key.sequence()) + 1,
                    tip.map(Entry::cid).orElse(key.last()),
                    head,
                    desk.timer().millis(),
                    body);
            byte[] bytes = EntryCodec.sign(rekeying.enclose(draft), desk.notary());
            Batch batch = new Batch(List.of(desk.verifier().check(bytes, entry -> false)), Origin.NOTARY);
            begin(batch);
            batch.done().thenAccept(answers -> {
                if (answers.getFirst() instanceof Answer.Refused answer) {
                    problems.put("author", what + " was refused: " + answer.reason());
                    refused.run();
                }
            });
        } catch (IllegalArgumentException e) {
            problems.put("author", what + " cannot be signed: " + e.getMessage());
            refused.run();
        }
    }

    /** Whether the node's notary key has something of this kind pending. */
    boolean hasSaid(Class<? extends Body> kind) {
        return pool.chain(desk.notary().key()).stream().anyMatch(entry -> kind.isInstance(entry.body()));
    }

    boolean isNotary() {
        return state.notaries().stream()
                .anyMatch(notary -> notary.key().equals(desk.notary().key()));
    }

    // For the other parts of the pipeline, on its thread.

    /** A pending entry: the ledger gets what is kept of a batch only when all of it was judged. */
    Optional<byte[]> pending(Cid entry) throws AlthingException {
        Optional<byte[]> stored = ledger.entry(entry);
        return stored.isPresent()
                ? stored
                : batches.stream().flatMap(batch -> batch.bytes(entry).stream()).findFirst();
    }

    Pool pool() {
        return pool;
    }

    Optional<Seal> last() {
        return last;
    }

    DaoThread thread() {
        return thread;
    }

    Forks forks() {
        return forks;
    }

    Sealing sealing() {
        return sealing;
    }

    /** Whether its charter says that only members may read the DAO. */
    boolean isPrivate() {
        return !state.groupKeys().isEmpty();
    }

    KeyRing ring() {
        return ring;
    }

    SealIntake intake() {
        return intake;
    }

    boolean isClosed() {
        return closed != null;
    }

    // For peers.

    /** Where the chain stands. */
    Replica.Tip tip() {
        DaoState now = state;
        return new Replica.Tip(now.height(), now.head(), NotarySets.keys(now.notaries()));
    }

    NotarySets sets() {
        return sets;
    }

    Problems problems() {
        return problems;
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

    /** Completes with what the seal says about an entry that is pending. */
    CompletableFuture<Answer> sealed(Cid entry) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        boolean taken = thread.run(() -> {
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
        if (!thread.run(() -> answer.complete(question.apply(state, pool)))) {
            answer.completeExceptionally(stopped());
        }
        return answer;
    }

    /** A bundle came or went: a protocol, a tally engine, a method. */
    void servicesChanged() {
        thread.run(() -> {
            recounts.servicesChanged();
            sealing.seal();
        });
    }

    // The end.

    private void fail(String reason, Throwable cause) {
        if (closed != null) {
            return;
        }
        failed = true;
        stop(new AlthingException("DAO " + ledger.dao() + " is read-only: " + reason, cause));
        problems.put("disk", state.name() + " is read-only: " + reason);
    }

    private void stop(AlthingException reason) {
        closed = reason;
        for (Batch batch : List.copyOf(batches)) {
            batch.done().completeExceptionally(reason);
        }
        waiting.values().forEach(waiter -> waiter.completeExceptionally(reason));
        waiting.clear();
        putOff.clear();
        intake.close(reason);
        sealing.close();
    }

    /**
     * Lets go: whoever waits is told, what was acknowledged is durable.
     *
     * @param reason what they are told
     */
    void close(String reason) {
        farewell = reason;
        thread.run(() -> {
            if (closed == null) {
                stop(stopped());
            }
        });
        snapshots.close(thread.close() && !failed);
    }

    AlthingException stopped() {
        return new AlthingException(farewell);
    }
}
