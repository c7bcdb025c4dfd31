// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Notary;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.althing.codec.RulesCodec;
import org.althing.codec.SealCodec;

/** What must hold before a seal is part of a chain, whether it is read from the disk or brought by a peer: the one place that says so. */
final class SealCheck {

    private SealCheck() {}

    /**
     * Applies a seal to the state before it.
     *
     * @param entries with checked signatures, in sealed order
     * @throws AlthingException if the header is not what applying these entries gives: its parent, its roots, its sets
     */
    static DaoState.Step apply(DaoState state, Seal seal, SealHeader header, List<Entry> entries)
            throws AlthingException {
        long height = state.height() + 1;
        require(header.height() == height, height, "it claims height " + header.height());
        require(header.dao().equals(state.dao()), height, "it belongs to another DAO");
        require(
                state.head().equals(Optional.ofNullable(header.previous())),
                height,
                "it is not built on the seal before it");
        require(header.count() == entries.size(), height, "it claims " + header.count() + " entries");
        byte[] entriesRoot =
                Merkle.root(seal.entries().stream().map(Cid::toBytes).toList());
        require(Arrays.equals(entriesRoot, header.entriesRoot()), height, "its entries are not those that it names");
        require(header.epoch() == state.epoch(), height, "it claims epoch " + header.epoch());
        DaoState.Step step = step(state, header, entries);
        require(step.root().equals(header.state()), height, "it claims another state than its entries make");
        require(RulesCodec.setHash(state.notaries()).equals(header.set()), height, "it names another notary set");
        require(
                RulesCodec.setHash(step.nextNotaries()).equals(header.nextSet()),
                height,
                "it names another next notary set");
        return step;
    }

    private static DaoState.Step step(DaoState state, SealHeader header, List<Entry> entries) throws AlthingException {
        try {
            return state.apply(header.timeMillis(), entries);
        } catch (DaoState.InvalidSealException e) {
            throw mismatch(state.height() + 1, e.getMessage());
        }
    }

    /** @throws AlthingException unless a quorum of the signers has made the header final */
    static void certified(Seal seal, SealHeader header, List<Notary> signers, Ed25519 signatures)
            throws AlthingException {
        Optional<String> reason;
        try {
            reason = SealCodec.refuse(
                    SealCodec.decodeCertificate(seal.certificate()), header, seal.cid(), signers, signatures);
        } catch (MalformedException e) {
            reason = Optional.of("its certificate cannot be read: " + e.getMessage());
        }
        if (reason.isPresent()) {
            throw mismatch(header.height(), reason.get());
        }
    }

    private static void require(boolean holds, long height, String reason) throws AlthingException {
        if (!holds) {
            throw mismatch(height, reason);
        }
    }

    private static AlthingException mismatch(long height, String reason) {
        return new AlthingException("the seal at height " + height + " does not hold: " + reason);
    }
}
