// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Governance;
import org.althing.api.governance.Notary;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.SealHeader;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.althing.codec.RulesCodec;
import org.althing.codec.SealCodec;

/**
 * A DAO after a seal, as it is written down so that a start need not fold its whole history (see ADR 22). Only a cache: the ledger decides what
 * is true, and what does not fit it is not used.
 *
 * @param signers the set that signed that seal
 */
record Snapshot(DaoState state, List<Notary> signers, ViewIndex index, NotarySets sets) {

    private static final String FORMAT = "althing-snapshot";
    private static final int FORMAT_VERSION = 1;

    /** A snapshot read again, and the seal that made its state. */
    record Resumed(Snapshot snapshot, Seal seal, SealHeader header) {}

    /**
     * Gives all items of it; other threads may go on meanwhile.
     *
     * @return false if the governance writes no states
     */
    boolean write(Consumer<byte[]> items) {
        Optional<Cid> head = state.head();
        if (head.isEmpty()) {
            return false;
        }
        CborWriter out = new CborWriter().list(6).text(FORMAT).integer(FORMAT_VERSION);
        out.link(state.dao()).integer(state.height()).link(head.get());
        RulesCodec.writeNotaries(out, signers);
        items.accept(out.toBytes());
        if (!state.write(items)) {
            return false;
        }
        index.write(state, items);
        sets.write(items);
        return true;
    }

    /**
     * Reads one that fits the ledger.
     *
     * @throws MalformedException if the items are none
     * @throws Governance.CannotResumeException if this ledger or this governance cannot use it
     * @throws AlthingException if the ledger cannot be read
     */
    static Resumed read(DaoLedger ledger, Entry charter, Governance governance, KeyRing ring, Supplier<byte[]> items)
            throws Governance.CannotResumeException, AlthingException {
        CborReader in = new CborReader(items.get());
        in.readListExactly(6);
        require(in.readText(FORMAT.length()).equals(FORMAT), "it is no snapshot");
        in.readLong(FORMAT_VERSION, FORMAT_VERSION);
        require(in.readLink().equals(ledger.dao()), "it is of another DAO");
        long height = in.readLong(0, Long.MAX_VALUE);
        Cid head = in.readLink();
        List<Notary> signers = RulesCodec.readNotaries(in);
        in.finish();
        Seal seal = ledger.seal(height)
                .orElseThrow(() -> new Governance.CannotResumeException(
                        "it is newer than the ledger, which ends at height " + ledger.height()));
        require(seal.cid().equals(head), "the ledger has another seal at height " + height);
        SealHeader header = header(ledger, seal);
        require(RulesCodec.setHash(signers).equals(header.set()), "another set signed its seal");
        DaoState state = governance.resume(charter, header, head, cid -> entry(ledger, ring, cid), items);
        require(header.state().equals(state.root()), "its state is not the one that its seal names");
        require(RulesCodec.setHash(state.notaries()).equals(header.nextSet()), "another set signs the next seal");
        ViewIndex index = ViewIndex.read(state, ledger::sealedAt, items);
        NotarySets sets = NotarySets.read(items);
        sets.add(signers);
        sets.add(state.notaries());
        return new Resumed(new Snapshot(state, signers, index, sets), seal, header);
    }

    private static SealHeader header(DaoLedger ledger, Seal seal) throws Governance.CannotResumeException {
        SealHeader header = SealCodec.decodeHeader(seal.header());
        byte[] entriesRoot =
                Merkle.root(seal.entries().stream().map(Cid::toBytes).toList());
        require(
                header.dao().equals(ledger.dao())
                        && header.height() == seal.height()
                        && header.count() == seal.entries().size()
                        && Arrays.equals(entriesRoot, header.entriesRoot()),
                "the ledger's seal at height " + seal.height() + " does not hold");
        return header;
    }

    private static Entry entry(DaoLedger ledger, KeyRing ring, Cid cid) {
        try {
            return ring.read(ledger, cid);
        } catch (AlthingException e) {
            throw new Unreadable(e);
        }
    }

    private static void require(boolean holds, String reason) throws Governance.CannotResumeException {
        if (!holds) {
            throw new Governance.CannotResumeException(reason);
        }
    }
}
