// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.List;
import java.util.Optional;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * Each ballot approves any number of options, and each approved option gets its whole power; the most approved win. Source: S. Brams and
 * P. Fishburn, "Approval Voting" (1978); voting-methods.md, Snapshot "approval". The empty set is a blank ballot.
 */
@Component(service = VotingMethod.class)
public final class ApprovalVoting extends DeclaredMethod {

    public ApprovalVoting() {
        super("approval", 1, List.of(), Choice.Approval.class, "Equal approval for the last seat falls by the lot.");
    }

    @Override
    Optional<String> refuseBallot(String variant, BallotPaper paper, Question question) {
        return BallotForm.approval(paper, question);
    }

    @Override
    Counter start(String variant, Question question) {
        return new MarkCounter(question);
    }
}
