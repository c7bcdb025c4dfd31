// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * First past the post on rankings: a ballot counts for its first option, and is split equally, as exact fractions, between several that
 * share the first rank. Source: voting-methods.md, "FPTP with equal firsts: vote split equally".
 */
@Component(service = VotingMethod.class)
public final class Plurality extends DeclaredMethod {

    public Plurality() {
        super("plurality", 1, List.of(), Choice.Ranking.class, "Equal votes for the last seat fall by the lot.");
    }

    @Override
    Optional<String> refuseBallot(String variant, BallotPaper paper, Question question) {
        return BallotForm.ranking(paper, question);
    }

    @Override
    Counter start(String variant, Question question) {
        return new FirstsCounter(question);
    }

    private static final class FirstsCounter implements Counter {

        private final Question question;
        private final SplitSums sums;

        FirstsCounter(Question question) {
            this.question = question;
            sums = new SplitSums(question.options());
        }

        @Override
        public void add(BallotPaper paper) {
            int firsts = paper.isBlank() ? 0 : paper.rankEnd(0);
            for (int i = 0; i < firsts; i++) {
                sums.add(paper.option(i), firsts, paper.totalLow(), paper.totalHigh());
            }
        }

        @Override
        public void merge(Counter other) {
            sums.addAll(((FirstsCounter) other).sums);
        }

        @Override
        public Result result() {
            Scores scores = sums.scores();
            boolean anyVotes = Arrays.stream(scores.numerators()).anyMatch(n -> n.signum() > 0);
            return Outcome.ofScores(question, scores.votes(), anyVotes);
        }
    }
}
