// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;

/** Starts folds, and holds the pure rules that node and verifier share. Safe for use by many threads. */
public interface Governance {

    /** The state before any seal: it can be applied to a seal that holds the charter alone. */
    DaoState genesis(Entry charter);

    /** Why these bytes can never be a charter that founds a DAO; empty if they can. Names the field. */
    Optional<String> refuse(Body.Charter charter);

    /** What to count for a proposal, with the lot that its opening seal drew. */
    Question question(ProposalState proposal, Cid openingSeal);

    /** What a tally decides under the terms of its proposal. */
    Decision decide(ProposalState proposal, Tally tally);

    /** CID of the canonical list of a notary set, as seal headers name it. */
    Cid setHash(List<Notary> notaries);
}
