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
 * Each ballot names one option; the option with the most votes wins. Source: voting-methods.md, Snapshot "single-choice"
 * (snapshot.js 0.17.5); scores are sums of power, ties are not broken in the ranking.
 */
@Component(service = VotingMethod.class)
public final class SingleChoice extends DeclaredMethod {

    public SingleChoice() {
        super("single-choice", 1, List.of(), Choice.Single.class, "Equal votes for the last seat fall by the lot.");
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
