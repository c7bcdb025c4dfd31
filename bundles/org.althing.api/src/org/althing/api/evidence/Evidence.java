// SPDX-License-Identifier: EPL-2.0
package org.althing.api.evidence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.governance.DaoState;
import org.althing.api.ledger.DaoLedger;

/** Writes and checks evidence files: CARv1 files that hold all that is needed to recheck a proposal, or the whole DAO, offline. */
public interface Evidence {

    /** The largest file that is checked, in bytes. */
    long FILE_SIZE_MAX_BYTES = 16L * 1024 * 1024 * 1024;

    /**
     * Writes evidence of a public DAO.
     *
     * @see #write(DaoLedger, DaoState, Optional, List, Path)
     */
    default long write(DaoLedger ledger, DaoState state, Optional<Cid> proposal, Path target) throws AlthingException {
        return write(ledger, state, proposal, List.of(), target);
    }

    /**
     * Writes evidence.
     *
     * @param proposal the proposal to prove; empty for the whole DAO
     * @param groupKeys what opens the entries of a private DAO, oldest first; the file will hold them, so that whoever has it reads the DAO
     * @param target must not exist; written completely or not at all
     * @return size of the file in bytes
     * @throws AlthingException if the disk fails, the ledger is damaged or the proposal is not decided yet; says which
     */
    long write(DaoLedger ledger, DaoState state, Optional<Cid> proposal, List<byte[]> groupKeys, Path target)
            throws AlthingException;

    /**
     * Checks a file, trusting nobody.
     *
     * @param dao the DAO that it must be about, if the reader knows it
     * @param seal a seal that must be on its chain, if the reader knows one
     * @throws IOException if the file cannot be read
     */
    Report verify(Path file, Optional<Cid> dao, Optional<Cid> seal) throws IOException;

    /**
     * What a check found.
     *
     * @param holds whether every claim holds
     * @param dao the DAO that the file is about, as far as it could be read
     * @param completeness {@code attested} by the notaries' roots, {@code replayed} from all entries, or {@code none}
     */
    record Report(
            boolean holds,
            Optional<String> dao,
            Optional<String> daoName,
            String completeness,
            List<Claim> claims,
            List<Outcome> outcomes) {
        public Report {
            claims = List.copyOf(claims);
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * One thing that was checked.
     *
     * @param id short and stable, e.g. {@code certificates}
     * @param statement what is claimed, in words
     * @param verdict whether it holds
     * @param detail figures if it holds, the reason if it fails
     */
    record Claim(String id, String statement, Verdict verdict, String detail) {}

    /** Whether a claim holds. */
    enum Verdict {
        HOLDS,
        FAILS,
        /** Could not be checked, e.g. for want of a voting method or because an earlier claim failed. */
        OPEN
    }

    /** The outcome of one proposal, as recounted. */
    record Outcome(String proposal, String title, String status, List<String> winners, String tally, long ballots) {
        public Outcome {
            winners = List.copyOf(winners);
        }
    }
}
