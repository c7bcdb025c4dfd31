// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.List;
import java.util.Optional;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.VotingMethod;

/** An engine of methods that know their form and count nothing. */
final class FakeMethods implements TallyEngine {

    @Override
    public List<VotingMethod> methods() {
        return List.of(
                new Method("approval", Choice.Approval.class, List.of()),
                new Method("basic", Choice.Single.class, List.of()),
                new Method("schulze", Choice.Ranking.class, List.of("winning", "margin")),
                new Method("single-choice", Choice.Single.class, List.of()),
                new Method("weighted", Choice.Weights.class, List.of()));
    }

    @Override
    public Tally count(MethodId method, Question question, BallotSource ballots) {
        throw new IllegalStateException("not asked for here");
    }

    private record Method(String id, Class<? extends Choice> choiceForm, List<String> variants)
            implements VotingMethod {

        @Override
        public int version() {
            return 3;
        }

        @Override
        public String tieRule() {
            return "None.";
        }

        @Override
        public Optional<String> refuse(String variant, Question question) {
            return id.equals("basic") && question.options() != 3
                    ? Optional.of("basic takes exactly three options")
                    : Optional.empty();
        }

        @Override
        public Optional<String> refuse(String variant, BallotPaper paper, Question question) {
            return Optional.empty();
        }

        @Override
        public Counter counter(String variant, Question question) {
            throw new IllegalStateException("not asked for here");
        }
    }
}
