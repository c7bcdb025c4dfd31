// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Governance;
import org.althing.api.governance.Notary;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;
import org.althing.codec.SealCodec;

/**
 * Rebuilds a DAO from its ledger. Every header must be what applying its entries gives: its parent, its roots, its sets. Signatures of sealed
 * entries were checked when they came, and their bytes are what their hashes say; since headers link to their parents, the certificate of
 * the last one vouches for all.
 */
final class Replay {

    private final DaoLedger ledger;
    private final Ed25519 signatures;
    private final Executor readers;
    private final ViewIndex index = new ViewIndex();
    private final NotarySets sets = new NotarySets();
    private DaoState state;

    /** What was rebuilt. */
    record Replayed(DaoState state, ViewIndex index, Pool pool, NotarySets sets, Optional<Seal> last) {}

    private record Read(Seal seal, SealHeader header, List<Entry> entries) {}

    private Replay(DaoLedger ledger, DaoState genesis, Ed25519 signatures, Executor readers) {
        this.ledger = ledger;
        this.state = genesis;
        sets.add(genesis.notaries());
        this.signatures = signatures;
        this.readers = readers;
    }

    /**
     * Rebuilds a DAO.
     *
     * @throws AlthingException if the ledger is damaged or contradicts itself; the DAO must not be served then
     */
    static Replayed of(DaoLedger ledger, Governance governance, Ed25519 signatures, Executor readers)
            throws AlthingException {
        Entry charter = decode(ledger, ledger.dao());
        Replay replay = new Replay(ledger, governance.genesis(charter), signatures, readers);
        Optional<Seal> last = replay.seals();
        return new Replayed(replay.state, replay.index, replay.pending(), replay.sets, last);
    }

    /** A DAO before anything is stored. */
    static Replayed nothing(Entry charter, Governance governance) {
        DaoState genesis = governance.genesis(charter);
        NotarySets sets = new NotarySets();
        sets.add(genesis.notaries());
        return new Replayed(genesis, new ViewIndex(), new Pool(), sets, Optional.empty());
    }

    private Optional<Seal> seals() throws AlthingException {
        long height = ledger.height();
        Deque<CompletableFuture<Read>> ahead = new ArrayDeque<>();
        Optional<Seal> last = Optional.empty();
        long next = 0;
        for (long at = 0; at <= height; at++) {
            for (; next <= height && ahead.size() < Limits.REPLAY_AHEAD_SEALS; next++) {
                long wanted = next;
                ahead.add(CompletableFuture.supplyAsync(() -> read(wanted), readers));
            }
            Read read = await(ahead.remove());
            List<Notary> signers = state.notaries();
            apply(read);
            last = Optional.of(read.seal());
            if (at == height) {
                SealCheck.certified(read.seal(), read.header(), signers, signatures);
            }
        }
        return last;
    }

    private Read read(long height) {
        try {
            Seal seal =
                    ledger.seal(height).orElseThrow(() -> new AlthingException("it has no seal at height " + height));
            List<Entry> entries = new ArrayList<>(seal.entries().size());
            for (Cid cid : seal.entries()) {
                entries.add(decode(ledger, cid));
            }
            return new Read(seal, SealCodec.decodeHeader(seal.header()), entries);
        } catch (MalformedException e) {
            throw new Unreadable(
                    new AlthingException("the seal at height " + height + " cannot be read: " + e.getMessage()));
        } catch (AlthingException e) {
            throw new Unreadable(e);
        }
    }

    private void apply(Read read) throws AlthingException {
        DaoState.Step step = SealCheck.apply(state, read.seal(), read.header(), read.entries());
        sets.add(step.nextNotaries());
        state = step.sealed(read.header(), read.seal().cid());
        index.add(state, read.entries(), step.effects());
    }

    private Pool pending() throws AlthingException {
        Pool pool = new Pool();
        for (Cid cid : ledger.pending()) {
            Entry entry = decode(ledger, cid);
            pool.add(entry, state.key(entry.key()).map(key -> key.owner()).orElse(entry.key()));
            pool.landed(List.of(entry));
        }
        return pool;
    }

    static Entry decode(DaoLedger ledger, Cid cid) throws AlthingException {
        byte[] bytes = ledger.entry(cid).orElseThrow(() -> new AlthingException("entry " + cid + " is missing"));
        try {
            return EntryCodec.decode(bytes);
        } catch (MalformedException e) {
            throw new AlthingException("entry " + cid + " cannot be read: " + e.getMessage());
        }
    }

    private static Read await(CompletableFuture<Read> read) throws AlthingException {
        try {
            return read.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Unreadable unreadable) {
                throw unreadable.reason();
            }
            throw new IllegalStateException("a seal could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted while the ledger was read", e);
        }
    }
}
