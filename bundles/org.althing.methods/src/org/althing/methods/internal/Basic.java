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
 * For, against or abstain: options 1, 2 and 3 in this order, of which each ballot names one. The tally is that of single-choice
 * (voting-methods.md, Snapshot "basic"); whether a proposal passes is for its threshold and quorum to say, which read these scores.
 */
@Component(service = VotingMethod.class)
public final class Basic extends DeclaredMethod {

    /** For, Against, Abstain. */
    private static final int OPTIONS = 3;

    public Basic() {
        super(
                "basic",
                1,
                List.of(),
                Choice.Single.class,
                "Equal votes fall by the lot; a threshold on the scores decides what passes.");
    }

    @Override
    Optional<String> refuseQuestion(String variant, Question question) {
        return question.options() == OPTIONS && question.seats() == 1
                ? Optional.empty()
                : Optional.of("basic takes exactly three options (For, Against, Abstain) and one seat, not "
                        + question.options() + " and " + question.seats());
    }

    @Override
    Optional<String> refuseBallot(String variant, BallotPaper paper, Question question) {
        return BallotForm.single(paper, question);
    }

    @Override
    Counter start(String variant, Question question) {
        return new MarkCounter(question);
    }
}
