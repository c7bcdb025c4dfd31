// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import org.althing.api.Cid;

/** What a seal did, one thing at a time; for views, logs and events. */
public sealed interface Effect {

    /** An entry took effect. */
    record Applied(Cid entry) implements Effect {}

    /** An entry is sealed, but without effect. */
    record Voided(Cid entry, String reason) implements Effect {}

    /** A proposal moved on. */
    record Moved(Cid proposal, ProposalStatus from, ProposalStatus to, String reason) implements Effect {}

    /** An outage moved the deadline of a vote. */
    record Extended(Cid proposal, long deadlineMillis) implements Effect {}
}
