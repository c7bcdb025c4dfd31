// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

/** Where a proposal stands. A local draft is nobody else's business and has no status here. */
public enum ProposalStatus {
    SUBMITTED,
    REVIEW,
    VOTING,
    CLOSED,
    PASSED,
    REJECTED,
    QUORUM_MISSED,
    EXECUTED,
    WITHDRAWN,
    VETOED,
    EXPIRED,
    VOID;

    /** Whether nothing can happen to the proposal any more. */
    public boolean ended() {
        return switch (this) {
            case SUBMITTED, REVIEW, VOTING, CLOSED, PASSED -> false;
            case REJECTED, QUORUM_MISSED, EXECUTED, WITHDRAWN, VETOED, EXPIRED, VOID -> true;
        };
    }
}
