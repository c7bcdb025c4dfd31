// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.ArrayList;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ledger.DamagedException;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.codec.MalformedException;
import org.althing.codec.SealCodec;

/** The part of a ledger's chain that can be proven: up to the last seal that has a certificate of its own. */
final class LedgerChain {

    private final DaoLedger ledger;
    private final List<Manifest.Seal> seals;

    private LedgerChain(DaoLedger ledger, List<Manifest.Seal> seals) {
        this.ledger = ledger;
        this.seals = List.copyOf(seals);
    }

    /** A stored seal, decoded. */
    record Stored(DaoLedger.Seal seal, SealHeader header, Certificate certificate) {

        /** Whether the certificate is for this very seal; it may be for a descendant, which makes this one final too. */
        boolean isCertified() {
            return certificate.header().equals(seal.cid());
        }
    }

    /** A short note of a stored seal. */
    private record Note(Cid header, List<Cid> entries, Cid certificate, boolean certified, long epoch) {}

    /**
     * Reads the chain.
     *
     * @param bodies whether pages shall name the entries of seals
     */
    static LedgerChain read(DaoLedger ledger, boolean bodies) throws AlthingException {
        List<Manifest.Seal> seals = new ArrayList<>();
        int certifiedSize = 0;
        Note before = null;
        for (long height = 0; height <= ledger.height(); height++) {
            Stored stored = stored(ledger, height);
            Note note = new Note(
                    stored.seal.cid(),
                    stored.seal.entries(),
                    Cid.hash(stored.seal.certificate()),
                    stored.isCertified(),
                    stored.header.epoch());
            if (before != null) {
                seals.add(link(before, bodies, note.epoch != before.epoch));
            }
            before = note;
            certifiedSize = note.certified ? (int) height + 1 : certifiedSize;
        }
        if (certifiedSize == 0 || before == null) {
            throw new AlthingException(
                    "no seal of DAO " + ledger.dao() + " has a certificate of its own yet; wait for the next seal");
        }
        return new LedgerChain(ledger, upTo(ledger, certifiedSize, seals, link(before, bodies, true)));
    }

    /** Cuts the chain after the last seal with a certificate, which as the head must show it. */
    private static List<Manifest.Seal> upTo(DaoLedger ledger, int size, List<Manifest.Seal> seals, Manifest.Seal last)
            throws AlthingException {
        if (size == seals.size() + 1) {
            seals.add(last);
            return seals;
        }
        Manifest.Seal head = seals.get(size - 1);
        Cid certificate = Cid.hash(stored(ledger, size - 1).seal.certificate());
        List<Manifest.Seal> cut = new ArrayList<>(seals.subList(0, size - 1));
        cut.add(new Manifest.Seal(head.header(), head.body(), certificate));
        return cut;
    }

    private static Manifest.Seal link(Note note, boolean bodies, boolean certify) {
        Cid body = bodies && !note.entries.isEmpty() ? Cid.hash(Manifest.encodeBody(note.entries)) : null;
        return new Manifest.Seal(note.header, body, certify && note.certified ? note.certificate : null);
    }

    static Stored stored(DaoLedger ledger, long height) throws AlthingException {
        DaoLedger.Seal seal = ledger.seal(height)
                .orElseThrow(() -> new DamagedException("seal " + height + " of DAO " + ledger.dao()
                        + " is missing from the ledger; fetch it again from another peer"));
        try {
            return new Stored(
                    seal, SealCodec.decodeHeader(seal.header()), SealCodec.decodeCertificate(seal.certificate()));
        } catch (MalformedException e) {
            throw new DamagedException(
                    "seal " + height + " of DAO " + ledger.dao() + " is damaged in the ledger: " + e.getMessage());
        }
    }

    Stored stored(long height) throws AlthingException {
        return stored(ledger, height);
    }

    /** Number of seals. */
    int size() {
        return seals.size();
    }

    Manifest.Seal seal(int height) {
        return seals.get(height);
    }

    List<Manifest.Page> pages() {
        List<Manifest.Page> pages = new ArrayList<>();
        for (int from = 0; from < seals.size(); from += Manifest.Page.SEALS_MAX) {
            pages.add(new Manifest.Page(seals.subList(from, Math.min(from + Manifest.Page.SEALS_MAX, seals.size()))));
        }
        return pages;
    }
}
