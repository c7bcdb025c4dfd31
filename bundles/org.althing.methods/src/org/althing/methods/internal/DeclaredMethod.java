// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.List;
import java.util.Optional;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.VotingMethod;

/** What every method here has in common: it declares itself, knows its variants, and welcomes blank ballots. */
abstract class DeclaredMethod implements VotingMethod {

    private final String id;
    private final int version;
    private final List<String> variants;
    private final Class<? extends Choice> choiceForm;
    private final String tieRule;

    /** A method; its variants come default first. */
    DeclaredMethod(String id, int version, List<String> variants, Class<? extends Choice> choiceForm, String tieRule) {
        this.id = id;
        this.version = version;
        this.variants = List.copyOf(variants);
        this.choiceForm = choiceForm;
        this.tieRule = tieRule;
    }

    /** Starts a count of a question that is not refused; the variant is spelt out. */
    abstract Counter start(String variant, Question question);

    /** Why a ballot other than {@link Choice.Blank} is not valid; the variant is spelt out. */
    abstract Optional<String> refuseBallot(String variant, BallotPaper paper, Question question);

    /** Why the method cannot count a question in a variant that it has. */
    Optional<String> refuseQuestion(String variant, Question question) {
        return Optional.empty();
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final int version() {
        return version;
    }

    @Override
    public final List<String> variants() {
        return variants;
    }

    @Override
    public final Class<? extends Choice> choiceForm() {
        return choiceForm;
    }

    @Override
    public final String tieRule() {
        return tieRule;
    }

    @Override
    public final Optional<String> refuse(String variant, Question question) {
        if (!variant.isEmpty() && !variants.contains(variant)) {
            return Optional.of(id + " has no variant '" + variant + "'"
                    + (variants.isEmpty() ? "" : "; it has " + String.join(", ", variants)));
        }
        return refuseQuestion(spelt(variant), question);
    }

    @Override
    public final Optional<String> refuse(String variant, BallotPaper paper, Question question) {
        return paper.form() == BallotPaper.Form.BLANK
                ? Optional.empty()
                : refuseBallot(spelt(variant), paper, question);
    }

    @Override
    public final Counter counter(String variant, Question question) {
        refuse(variant, question).ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
        return start(spelt(variant), question);
    }

    private String spelt(String variant) {
        return variant.isEmpty() && !variants.isEmpty() ? variants.getFirst() : variant;
    }
}
