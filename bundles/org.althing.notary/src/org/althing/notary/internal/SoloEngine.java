// SPDX-License-Identifier: EPL-2.0
package org.althing.notary.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.althing.api.Cid;
import org.althing.api.Signer;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.DaoState.InvalidSealException;
import org.althing.api.governance.DaoState.Step;
import org.althing.api.governance.Notary;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.notary.SealingEngine;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.althing.codec.RulesCodec;
import org.althing.codec.SealCodec;
import org.jspecify.annotations.Nullable;

/**
 * Seals for a notary set of one.
 *
 * <p>The one danger is to sign two headers for one height: then two histories would both be final. So the whole seal is in the vote log
 * before its signature leaves; as long as the ledger does not hold it, nothing but that seal comes out of this engine; and a vote log that
 * does not fit the ledger silences it.
 */
final class SoloEngine implements SealingEngine {

    private static final long DAY_MILLIS = 24L * 3600 * 1000;
    private static final String RESTORE =
            "; stop the node and restore its whole data folder, since a forgotten vote could be cast again, differently";

    private final Cid dao;
    private final Signer key;

    private boolean started;
    private boolean halted;
    /** The last seal signed. */
    private @Nullable Promise promised;

    SoloEngine(Cid dao, Signer key) {
        this.dao = dao;
        this.key = key;
    }

    @Override
    public List<Action> handle(Event event) {
        if (halted) {
            return List.of();
        }
        return switch (event) {
            case Event.Started e -> start(e);
            case Event.Work e -> work(e.state(), e.pending(), e.nowMillis());
        };
    }

    private List<Action> start(Event.Started event) {
        started = true;
        Optional<String> contradiction = recall(event.votes()).or(() -> contradiction(event.state(), event.last()));
        return contradiction.isPresent() ? halt(contradiction.get() + RESTORE) : unfinished(event.state());
    }

    /** Goes through the vote log: ascending heights, each header built on the one before. */
    private Optional<String> recall(List<byte[]> votes) {
        Promise.Reader reader = new Promise.Reader();
        for (int i = 0; i < votes.size(); i++) {
            Optional<Promise> next;
            try {
                next = reader.read(votes.get(i));
            } catch (MalformedException e) {
                return Optional.of("record " + (i + 1) + " of the vote log cannot be read (" + e.getMessage() + ")");
            }
            if (next.isPresent()) {
                Optional<String> reason = follows(promised, next.get());
                if (reason.isPresent()) {
                    return reason;
                }
                promised = next.get();
            }
        }
        return Optional.empty();
    }

    private Optional<String> follows(@Nullable Promise before, Promise next) {
        long height = next.header().height();
        if (!next.header().dao().equals(dao)) {
            return Optional.of("the vote log holds a vote for another DAO, "
                    + next.header().dao());
        }
        if (before == null || height > before.header().height() + 1) {
            // Other notaries sealed in between; how their seals link to ours, the ledger has checked.
            return Optional.empty();
        }
        if (height <= before.header().height()) {
            return Optional.of("the vote log holds two votes at height " + height);
        }
        return before.seal().cid().equals(next.header().previous())
                ? Optional.empty()
                : Optional.of("the vote at height " + height + " is not built on the vote before it");
    }

    /** How the last promise fits the ledger; older ones are its ancestors. */
    private Optional<String> contradiction(DaoState state, Optional<Seal> last) {
        long votedHeight = promised == null ? -1 : promised.header().height();
        if (promised != null && votedHeight > state.height() + 1) {
            return Optional.of(
                    "it voted up to height " + votedHeight + ", but the ledger ends at height " + state.height());
        }
        if (promised != null && votedHeight == state.height() + 1) {
            return state.head().equals(Optional.ofNullable(promised.header().previous()))
                    ? Optional.empty()
                    : Optional.of(
                            "its vote at height " + votedHeight + " is built on another seal than the ledger's last");
        }
        if (promised != null && votedHeight == state.height()) {
            return state.head().equals(Optional.of(promised.seal().cid()))
                    ? Optional.empty()
                    : Optional.of("at height " + votedHeight + " it voted for another seal than the ledger holds");
        }
        return last.isPresent() && isMine(last.get())
                ? Optional.of("it signed the seal at height " + state.height() + ", but its vote log ends before")
                : Optional.empty();
    }

    private boolean isMine(Seal seal) {
        try {
            return SealCodec.decodeCertificate(seal.certificate()).votes().stream()
                    .anyMatch(vote -> vote.key().equals(key.key()));
        } catch (MalformedException e) {
            return true; // A certificate that cannot be read may hold our vote: silence is the safe side.
        }
    }

    private List<Action> work(DaoState state, Collection<Entry> pending, long nowMillis) {
        if (!started) {
            throw new IllegalStateException("the engine must hear of its votes before any work");
        }
        Optional<String> contradiction = contradiction(state, Optional.empty());
        if (contradiction.isPresent()) {
            return halt(contradiction.get() + RESTORE);
        }
        List<Action> unfinished = unfinished(state);
        if (!unfinished.isEmpty()) {
            return unfinished;
        }
        Optional<String> reason = whyNotAlone(state.notaries());
        if (reason.isPresent()) {
            return halt(reason.get());
        }
        long earliest = state.timeMillis() + 1;
        if (earliest > nowMillis + SealHeader.AHEAD_MAX_MILLIS) {
            return pending.isEmpty() && state.nextDueMillis().isEmpty()
                    ? List.of()
                    : List.of(new Action.WakeAt(earliest - SealHeader.AHEAD_MAX_MILLIS));
        }
        return seal(state, pending, Math.max(earliest, nowMillis));
    }

    private List<Action> seal(DaoState state, Collection<Entry> pending, long timeMillis) {
        List<Entry> entries = state.height() < 0
                ? pending.stream().filter(entry -> entry.cid().equals(dao)).toList()
                : state.plan(timeMillis, pending);
        OptionalLong due = state.nextDueMillis();
        boolean isDue = due.isPresent() && due.getAsLong() <= timeMillis;
        if (entries.isEmpty() && (!isDue || state.height() < 0)) {
            return wake(due, !pending.isEmpty(), timeMillis);
        }
        Step step = apply(state, timeMillis, entries);
        Promise promise = sign(state, step, entries);
        promised = promise;
        List<Action> actions = new ArrayList<>();
        promise.toRecords().forEach(record -> actions.add(new Action.StoreVote(record)));
        actions.add(new Action.Finalize(promise.seal(), Optional.of(step)));
        return actions;
    }

    /** The next transition; or the next day, when the daily quota of whoever waits is fresh. */
    private static List<Action> wake(OptionalLong due, boolean waiting, long timeMillis) {
        long nextDay = (timeMillis / DAY_MILLIS + 1) * DAY_MILLIS;
        long wake = Math.min(due.orElse(Long.MAX_VALUE), waiting ? nextDay : Long.MAX_VALUE);
        return wake == Long.MAX_VALUE ? List.of() : List.of(new Action.WakeAt(wake));
    }

    private static Step apply(DaoState state, long timeMillis, List<Entry> entries) {
        try {
            return state.apply(timeMillis, entries);
        } catch (InvalidSealException e) {
            throw new IllegalStateException(
                    "the plan for height " + (state.height() + 1) + " breaks the rules of sealing", e);
        }
    }

    private Promise sign(DaoState state, Step step, List<Entry> entries) {
        List<Cid> cids = entries.stream().map(Entry::cid).toList();
        long height = state.height() + 1;
        SealHeader header = new SealHeader(
                dao,
                state.epoch(),
                height, // Each height is one view here; nothing ever times out.
                height,
                state.head().orElse(null),
                step.timeMillis(),
                cids.size(),
                Merkle.root(cids.stream().map(Cid::toBytes).toList()),
                step.root(),
                RulesCodec.setHash(state.notaries()),
                RulesCodec.setHash(step.nextNotaries()));
        byte[] bytes = SealCodec.encode(header);
        Cid name = Cid.hash(bytes);
        byte[] message = SealCodec.voteMessage(Certificate.Kind.FINALIZE, dao, header.epoch(), header.view(), name);
        Certificate certificate = new Certificate(
                Certificate.Kind.FINALIZE,
                dao,
                header.epoch(),
                header.view(),
                name,
                List.of(new Certificate.Vote(key.key(), key.sign(message))));
        return Promise.of(header, bytes, cids, SealCodec.encode(certificate));
    }

    /** The seal that was promised, as long as the ledger is without it. */
    private List<Action> unfinished(DaoState state) {
        Promise last = promised;
        return last != null && last.header().height() == state.height() + 1
                ? List.of(new Action.Finalize(last.seal(), Optional.empty()))
                : List.of();
    }

    private Optional<String> whyNotAlone(List<Notary> notaries) {
        if (notaries.stream().noneMatch(notary -> notary.key().equals(key.key()))) {
            return Optional.of(
                    "it is not a notary of this DAO; pass a proposal that names " + key.key() + " if it should be");
        }
        return notaries.size() == 1
                ? Optional.empty()
                : Optional.of("the DAO has " + notaries.size() + " notaries, and protocol solo seals alone;"
                        + " pass a proposal that keeps one notary, or install a protocol for several");
    }

    private List<Action> halt(String reason) {
        halted = true;
        return List.of(new Action.Halt("this notary does not seal: " + reason));
    }
}
