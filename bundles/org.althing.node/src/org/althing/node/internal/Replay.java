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
import org.althing.api.node.NodeSettings;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.GroupKeys;
import org.althing.codec.MalformedException;
import org.althing.codec.SealCodec;

/**
 * Rebuilds a DAO from its ledger. Every header must be what applying its entries gives: its parent, its roots, its sets. Signatures of sealed
 * entries were checked when they came, and their bytes are what their hashes say; since headers link to their parents, the certificate of
 * the last one vouches for all. What a snapshot has in it of them is not read again.
 */
final class Replay {

    private final DaoLedger ledger;
    private final Ed25519 signatures;
    private final KeyRing ring;
    private final Executor readers;
    private final ViewIndex index;
    private final NotarySets sets;
    private final Optional<Snapshot.Resumed> begun;
    private DaoState state;
    /** The set that signed the last seal. */
    private List<Notary> signers;

    private long entries;

    /**
     * What was rebuilt.
     *
     * @param seals how many were applied for it, after those of a snapshot
     * @param entries how many were in them
     */
    record Replayed(Snapshot now, Pool pool, Optional<Seal> last, long seals, long entries) {}

    private record Read(Seal seal, SealHeader header, List<Entry> entries) {}

    private Replay(
            DaoLedger ledger,
            Snapshot from,
            Optional<Snapshot.Resumed> begun,
            Ed25519 signatures,
            KeyRing ring,
            Executor readers) {
        this.ledger = ledger;
        this.state = from.state();
        this.signers = from.signers();
        this.index = from.index();
        this.sets = from.sets();
        this.begun = begun;
        this.signatures = signatures;
        this.ring = ring;
        this.readers = readers;
    }

    /**
     * Rebuilds a DAO, from its snapshot and the seals since, or, if that cannot be used, from all of them.
     *
     * @throws AlthingException if the ledger is damaged or contradicts itself; the DAO must not be served then
     */
    static Replayed of(
            DaoLedger ledger,
            Governance governance,
            Ed25519 signatures,
            KeyRing ring,
            Executor readers,
            Snapshots snapshots)
            throws AlthingException {
        Entry charter = decode(ledger, ledger.dao());
        Optional<Snapshot.Resumed> begun = snapshots.read(ledger, charter, governance, ring);
        if (begun.isPresent()) {
            try {
                return new Replay(ledger, begun.get().snapshot(), begun, signatures, ring, readers).replayed();
            } catch (AlthingException e) {
                snapshots.contradicted(e.getMessage());
            } catch (RuntimeException e) {
                snapshots.contradicted(
                        e.toString()); // If it is the seals' fault and not the snapshot's, it comes again.
            }
        }
        return new Replay(ledger, before(charter, governance), Optional.empty(), signatures, ring, readers).replayed();
    }

    /** A DAO before anything is stored. */
    static Replayed nothing(Entry charter, Governance governance) {
        return new Replayed(before(charter, governance), new Pool(), Optional.empty(), 0, 0);
    }

    private static Snapshot before(Entry charter, Governance governance) {
        DaoState genesis = governance.genesis(charter);
        NotarySets sets = new NotarySets();
        sets.add(genesis.notaries());
        return new Snapshot(genesis, genesis.notaries(), new ViewIndex(), sets);
    }

    private Replayed replayed() throws AlthingException {
        long from = state.height();
        Optional<Seal> last = seals();
        return new Replayed(new Snapshot(state, signers, index, sets), pending(), last, state.height() - from, entries);
    }

    private Optional<Seal> seals() throws AlthingException {
        long height = ledger.height();
        Deque<CompletableFuture<Read>> ahead = new ArrayDeque<>();
        Optional<Read> last = begun.map(from -> new Read(from.seal(), from.header(), List.of()));
        long next = state.height() + 1;
        for (long at = next; at <= height; at++) {
            for (; next <= height && ahead.size() < Limits.REPLAY_AHEAD_SEALS; next++) {
                long wanted = next;
                ahead.add(CompletableFuture.supplyAsync(() -> read(wanted), readers));
            }
            Read read = await(ahead.remove());
            signers = state.notaries();
            apply(read);
            entries += read.entries().size();
            last = Optional.of(read);
        }
        if (last.isPresent()) {
            SealCheck.certified(last.get().seal(), last.get().header(), signers, signatures);
        }
        return last.map(Read::seal);
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
        List<Entry> opened = open(read.entries());
        DaoState.Step step = SealCheck.apply(state, read.seal(), read.header(), opened);
        sets.add(step.nextNotaries());
        state = step.sealed(read.header(), read.seal().cid());
        index.add(state, opened, step.effects());
    }

    private List<Entry> open(List<Entry> sealedOrPending) throws AlthingException {
        try {
            return ring.keys().openAll(sealedOrPending, state.groupKeys());
        } catch (GroupKeys.MissingKeyException e) {
            throw new AlthingException(e.getMessage() + "; restore folder " + NodeSettings.GROUPS_FOLDER
                    + " of the data folder from a backup, or join the DAO again with an empty data folder");
        }
    }

    private Pool pending() throws AlthingException {
        Pool pool = new Pool();
        for (Cid cid : ledger.pending()) {
            Entry entry = open(List.of(decode(ledger, cid))).getFirst();
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
