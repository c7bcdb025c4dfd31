// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.Replica.SealAnswer;
import org.althing.codec.GroupKeys;
import org.althing.codec.MalformedException;
import org.althing.codec.SealCodec;
import org.jspecify.annotations.Nullable;

/**
 * Takes in seals that others made. Signatures of entries are checked on all processors while the seal before is folded; the fold runs ahead of
 * the disk, and nothing is written before the seal is known to hold. Belongs to the thread of its pipeline, but for {@link #bring}.
 */
final class SealIntake {

    private static final String KEYS = "keys";

    private final Pipeline pipeline;
    private final Desk desk;
    /** Brought and not folded yet, in their order. */
    private final Deque<Brought> queue = new ArrayDeque<>();
    /** Folded and on their way to the disk, in their order. */
    private final Deque<Landing> landing = new ArrayDeque<>();
    /** After the last of these; null if there is none. */
    private @Nullable DaoState ahead;

    /** Whether anything landed since the engine was told. */
    private boolean grown;

    /** All that are not answered. */
    private final Set<Brought> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private CompletableFuture<Void> lastSeal = CompletableFuture.completedFuture(null);

    private record Brought(
            Seal seal,
            List<byte[]> entries,
            CompletableFuture<List<Checked>> checked,
            CompletableFuture<SealAnswer> answer) {}

    private record Landing(
            Brought brought,
            List<Entry> entries,
            List<byte[]> bytes,
            DaoState.Step step,
            DaoState after,
            CompletableFuture<Void> durable) {}

    SealIntake(Pipeline pipeline, Desk desk) {
        this.pipeline = pipeline;
        this.desk = desk;
    }

    /** Takes the next seal; any thread, but in the order of heights. The arrays are nobody else's. */
    CompletableFuture<SealAnswer> bring(Seal seal, List<byte[]> entries) {
        Brought brought = new Brought(seal, entries, desk.verifier().checkAll(entries), new CompletableFuture<>());
        if (!pipeline.thread().run(() -> begin(brought))) {
            brought.answer.completeExceptionally(pipeline.stopped());
        }
        brought.checked.whenComplete((checked, failure) -> pipeline.thread().run(this::fold));
        return brought.answer;
    }

    private void begin(Brought brought) {
        if (pipeline.isClosed()) {
            brought.answer.completeExceptionally(pipeline.stopped());
            return;
        }
        open.add(brought);
        queue.add(brought);
    }

    boolean isBusy() {
        return !queue.isEmpty() || !landing.isEmpty();
    }

    /** Folds what is checked and next, unless a seal of the node's own notary is on its way. */
    void fold() {
        while (!pipeline.isClosed()
                && !pipeline.sealing().isBusy()
                && !queue.isEmpty()
                && queue.peek().checked.isDone()) {
            // It is answered in there, perhaps as the last one, and then nothing waits any more.
            Brought next = queue.remove();
            try {
                fold(next);
                pipeline.problems().remove(KEYS);
            } catch (GroupKeys.MissingKeyException e) {
                // Members' nodes have it; it goes on when one has given it.
                queue.addFirst(next);
                pipeline.problems().put(KEYS, e.getMessage() + "; it waits for a member's node to give it");
                return;
            }
        }
    }

    private void fold(Brought brought) throws GroupKeys.MissingKeyException {
        Seal seal = brought.seal;
        DaoState at = ahead != null ? ahead : pipeline.state();
        try {
            if (seal.height() <= at.height()) {
                again(brought);
                return;
            }
            if (seal.height() > at.height() + 1) {
                throw new AlthingException("the seal at height " + seal.height() + " is not built on that at height "
                        + at.height() + ", the last one here");
            }
            SealHeader header = SealCodec.decodeHeader(seal.header());
            List<byte[]> bytes = new ArrayList<>();
            List<Entry> entries = pipeline.ring().openAll(entries(brought, bytes), at.groupKeys());
            SealCheck.certified(seal, header, at.notaries(), desk.verifier().signatures());
            DaoState.Step step = SealCheck.apply(at, seal, header, entries);
            land(brought, header, entries, bytes, step);
        } catch (AlthingException e) {
            refuse(brought, String.valueOf(e.getMessage()));
        } catch (MalformedException e) {
            refuse(brought, "the seal at height " + seal.height() + " cannot be read: " + e.getMessage());
        }
    }

    /** A height that is taken already. */
    private void again(Brought brought) throws AlthingException {
        Cid ours = pipeline.ledger()
                .seal(brought.seal.height())
                .map(Seal::cid)
                .orElseThrow(() -> new AlthingException("the seal at height " + brought.seal.height() + " is lost"));
        if (!ours.equals(brought.seal.cid())) {
            throw new AlthingException("two final seals at height " + brought.seal.height() + ": " + ours + " here and "
                    + brought.seal.cid() + " from peers; ask the notaries");
        }
        pipeline.thread().after(lastSeal, () -> answer(brought, new SealAnswer.Taken()));
    }

    /** The entries of a seal: those that were brought, and those that were here. */
    private List<Entry> entries(Brought brought, List<byte[]> bytes) throws AlthingException {
        String where = "the seal at height " + brought.seal.height();
        Map<Cid, Entry> given = new HashMap<>();
        for (Checked checked : brought.checked.join()) {
            switch (checked) {
                case Checked.Bad bad ->
                    throw new AlthingException(where + " names entry " + bad.cid() + ": " + bad.reason());
                case Checked.Known known -> given.put(known.entry().cid(), known.entry());
                case Checked.Genuine genuine -> {
                    given.put(genuine.entry().cid(), genuine.entry());
                    bytes.add(genuine.bytes());
                }
            }
        }
        List<Entry> entries = new ArrayList<>(brought.seal.entries().size());
        for (Cid cid : brought.seal.entries()) {
            Entry entry = given.get(cid);
            entry = entry != null ? entry : pipeline.pool().get(cid);
            entry = entry != null ? entry : Replay.decode(pipeline.ledger(), cid);
            if (!entry.belongsTo().equals(pipeline.ledger().dao())) {
                throw new AlthingException(where + " names entry " + cid + " of another DAO");
            }
            entries.add(entry);
        }
        return entries;
    }

    private void land(Brought brought, SealHeader header, List<Entry> entries, List<byte[]> bytes, DaoState.Step step) {
        DaoLedger ledger = pipeline.ledger();
        DaoState after = step.sealed(header, brought.seal.cid());
        ahead = after;
        if (!bytes.isEmpty()) {
            ledger.add(bytes);
        }
        lastSeal = ledger.seal(brought.seal);
        landing.add(new Landing(brought, entries, bytes, step, after, lastSeal));
        pipeline.thread().after(lastSeal, this::landed);
    }

    /** The disk has some. One may be found durable before the thread was told of the one before it: they are applied in their order. */
    private void landed() {
        while (!landing.isEmpty() && landing.peek().durable.isDone()) {
            Landing next = landing.peek();
            if (next.durable.isCompletedExceptionally()) {
                return; // The thread is about to be told.
            }
            landing.remove();
            grown = true;
            if (landing.isEmpty()) {
                ahead = null;
            }
            denounce(next.entries, next.bytes);
            pipeline.apply(next.brought.seal, next.entries, next.step, next.after);
            answer(next.brought, new SealAnswer.Taken());
        }
    }

    /** A key may have given others another entry than us. */
    private void denounce(List<Entry> sealed, List<byte[]> bytes) {
        Map<Cid, byte[]> byCid = new HashMap<>();
        for (Entry entry : sealed) {
            for (Entry pending : pipeline.pool().chain(entry.key())) {
                if (pending.sequence() == entry.sequence() && !pending.cid().equals(entry.cid())) {
                    if (byCid.isEmpty()) {
                        bytes.forEach(each -> byCid.put(Cid.hash(each), each));
                    }
                    Optional.ofNullable(byCid.get(entry.cid()))
                            .ifPresent(half -> pipeline.forks().denounce(new Checked.Genuine(entry, half)));
                }
            }
        }
    }

    private void refuse(Brought brought, String reason) {
        pipeline.problems().put("chain", reason + "; nothing more is taken from peers, people must look at it");
        answer(brought, new SealAnswer.Refused(reason));
    }

    private void answer(Brought brought, SealAnswer answer) {
        open.remove(brought);
        brought.answer.complete(answer);
        if (isBusy()) {
            return;
        }
        if (grown) {
            grown = false;
            pipeline.sealing().forget();
        }
        pipeline.caughtUp();
    }

    /** The pipeline takes nothing more; on its thread. */
    void close(AlthingException reason) {
        open.forEach(brought -> brought.answer.completeExceptionally(reason));
        open.clear();
        queue.clear();
    }
}
