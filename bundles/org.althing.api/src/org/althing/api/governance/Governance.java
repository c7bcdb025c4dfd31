// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.seal.SealHeader;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;

/** Starts folds, and holds the pure rules that node and verifier share. Safe for use by many threads. */
public interface Governance {

    /** The largest item of a written state, in bytes: a block of the state's maps whose records are all as large as can be. */
    int ITEM_SIZE_MAX_BYTES = 64 << 20;

    /** The state before any seal: it can be applied to a seal that holds the charter alone. */
    DaoState genesis(Entry charter);

    /**
     * Makes the state after a seal from what {@link DaoState#write} gave. It is then as if it had come from {@link #genesis} and all seals up to
     * that one: equal in all that it says, and in all that it does with any later seal.
     *
     * <p>The seal says what the state's root must be, and the entries what was proposed. What the root does not commit to (the names of earlier
     * seals, what each member has sealed on the day) is believed: whoever kept the items must know that they are as they were written.
     *
     * @param header of the seal
     * @param seal the CID of that header
     * @param entries gives sealed entries by their CIDs
     * @param items gives what was written, one after the other
     * @throws CannotResumeException if these are not the items of that state, or this provider does not know their form
     */
    default DaoState resume(
            Entry charter, SealHeader header, Cid seal, Function<Cid, Entry> entries, Supplier<byte[]> items)
            throws CannotResumeException {
        throw new CannotResumeException("the governance that is installed keeps no states");
    }

    /** A state has to be made from the seals. */
    final class CannotResumeException extends Exception {
        private static final long serialVersionUID = 1L;

        public CannotResumeException(String reason) {
            super(reason);
        }
    }

    /** Why these bytes can never be a charter that founds a DAO; empty if they can. Names the field. */
    Optional<String> refuse(Body.Charter charter);

    /** What to count for a proposal, with the lot that its opening seal drew. */
    Question question(ProposalState proposal, Cid openingSeal);

    /** What a tally decides under the terms of its proposal. */
    Decision decide(ProposalState proposal, Tally tally);

    /** CID of the canonical list of a notary set, as seal headers name it. */
    Cid setHash(List<Notary> notaries);
}
