// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Governance;
import org.althing.api.governance.ProposalState;
import org.althing.api.seal.SealHeader;
import org.althing.codec.GroupKeys;
import org.althing.codec.Merkle;

/** A whole DAO, from its charter on: every seal is applied anew and must give the state that its header names ("replayed"). */
final class Replay {

    /** Entries that are read before their signatures are checked, all at once, and they are applied. */
    private static final int AHEAD_ENTRIES_MAX = 2 * SealHeader.ENTRIES_MAX;
    /** Bytes that are read ahead. */
    private static final long AHEAD_SIZE_MAX_BYTES = 2L * SealHeader.ENTRIES_SIZE_MAX_BYTES;
    /** Seals that are read ahead. */
    private static final int AHEAD_SEALS_MAX = 1024;

    private final Findings findings;
    private final Blocks blocks;
    private final Signatures signatures;
    private final Chain chain;
    private final Governance governance;
    private final Recount recount;
    private final Signatures.Found charter;
    private final SpotIndex ballots;
    private final List<Read> ahead = new ArrayList<>();
    private int aheadEntries;
    private long aheadSizeBytes;
    private long entries;
    private DaoState state;

    /** A seal that is read and not yet applied. */
    private record Read(Chain.Sealed seal, List<Entry> entries) {}

    Replay(
            Findings findings,
            Blocks blocks,
            Signatures signatures,
            Chain chain,
            Governance governance,
            Recount recount,
            Signatures.Found charter,
            long salt) {
        this.findings = findings;
        this.blocks = blocks;
        this.signatures = signatures;
        this.chain = chain;
        this.governance = governance;
        this.recount = recount;
        this.charter = charter;
        this.ballots = new SpotIndex(salt);
        try {
            this.state = governance.genesis(charter.entry());
        } catch (IllegalArgumentException e) {
            throw new Stopped(ClaimKind.DAO, Objects.requireNonNullElse(e.getMessage(), "the charter founds no DAO"));
        }
    }

    /** Reads the next seal with its entries. */
    void next(Manifest.Seal seal) {
        Chain.Sealed sealed = chain.next(seal);
        List<Cid> names =
                seal.body() == null ? List.of() : blocks.decode(seal.body(), "list of entries", Manifest::decodeBody);
        SealHeader header = sealed.header();
        check(
                Check.ENTRIES_COUNT,
                names.size() == header.count(),
                sealed,
                () -> names.size() + " entries, the header says " + header.count());
        byte[] root = Merkle.root(names.stream().map(Cid::toBytes).toList());
        check(
                Check.ENTRIES_ROOT,
                Arrays.equals(root, header.entriesRoot()),
                sealed,
                () -> "its entries are not those that the header names");
        List<Entry> read = new ArrayList<>(names.size());
        for (Cid name : names) {
            read.add(take(name));
        }
        ahead.add(new Read(sealed, read));
        aheadEntries += read.size();
        aheadSizeBytes += read.stream().mapToLong(Entry::sizeBytes).sum();
        if (aheadEntries >= AHEAD_ENTRIES_MAX
                || aheadSizeBytes >= AHEAD_SIZE_MAX_BYTES
                || ahead.size() >= AHEAD_SEALS_MAX) {
            catchUp();
        }
    }

    private Entry take(Cid name) {
        if (name.equals(charter.entry().cid())) {
            return charter.entry();
        }
        Signatures.Found found = signatures.take(name);
        if (found.entry().body() instanceof Body.Ballot) {
            ballots.add(found.entry().cid(), found.spot());
        }
        return found.entry();
    }

    /** Applies what was read. */
    private void catchUp() {
        signatures.settle();
        ahead.forEach(read -> apply(read.seal, read.entries));
        ahead.clear();
        aheadEntries = 0;
        aheadSizeBytes = 0;
    }

    private void apply(Chain.Sealed seal, List<Entry> sealed) {
        SealHeader header = seal.header();
        chain.certify(seal, state.notaries());
        check(
                Check.STATE_EPOCH,
                header.epoch() == state.epoch(),
                seal,
                () -> "it is of epoch " + header.epoch() + ", but the DAO is in " + state.epoch());
        DaoState.Step step;
        try {
            step = state.apply(header.timeMillis(), signatures.keys().openAll(sealed, state.groupKeys()));
        } catch (GroupKeys.MissingKeyException e) {
            throw new Stopped(
                    ClaimKind.SEALING,
                    Chain.name(seal) + ": the DAO is private, and the file lacks a group key; let a member export it");
        } catch (DaoState.InvalidSealException e) {
            throw new Stopped(ClaimKind.SEALING, Chain.name(seal) + ": " + e.getMessage());
        }
        check(
                Check.STATE_ROOT,
                step.root().equals(header.state()),
                seal,
                () -> "its entries give state " + step.root() + ", not " + header.state());
        Cid next = governance.setHash(step.nextNotaries());
        check(
                Check.STATE_NEXT_SET,
                next.equals(header.nextSet()),
                seal,
                () -> "its entries give another notary set than it names");
        state = step.sealed(fitting(header, step), seal.cid());
        entries += sealed.size();
    }

    /** The header as it would be were no check of it failed, so that whatever failed does not hide what follows. */
    private SealHeader fitting(SealHeader header, DaoState.Step step) {
        return new SealHeader(
                state.dao(),
                header.epoch(),
                header.view(),
                state.height() + 1,
                state.head().orElse(null),
                header.timeMillis(),
                header.count(),
                header.entriesRoot(),
                step.root(),
                header.set(),
                header.nextSet());
    }

    /** Ends the replay: recounts all that was decided. */
    void end() {
        catchUp();
        signatures.done();
        chain.certified();
        findings.done(ClaimKind.SEALING, entries + " entries in " + chain.size() + " seals");
        findings.done(ClaimKind.ROOTS, chain.size() + " state roots");
        for (ProposalState proposal : state.proposals()) {
            if (proposal.outcome().isPresent()) {
                recount.compare(
                        proposal, proposal, chain.at(proposal.openedAt()).cid(), cast(proposal.proposal()));
            }
        }
        recount.done();
    }

    private List<Recount.Cast> cast(Cid proposal) {
        List<Recount.Cast> cast = new ArrayList<>();
        state.ballots(proposal, ballot -> {
            long spot =
                    ballots.find(ballot.ballot(), candidate -> ballot.ballot().names(blocks.again(candidate)));
            if (spot < 0) {
                throw Blocks.changed();
            }
            cast.add(new Recount.Cast(ballot.ballot(), spot, ballot.power()));
        });
        return cast;
    }

    private void check(Check check, boolean holds, Chain.Sealed seal, Supplier<String> reason) {
        findings.check(check, holds, () -> Chain.name(seal) + ": " + reason.get());
    }
}
