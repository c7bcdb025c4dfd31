// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.util.Optional;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.UnknownMethodException;
import org.althing.api.tally.VotingMethod;

/**
 * A method together with the variant to count by.
 *
 * @param variant spelt out; empty only if the method has none
 */
record Rule(VotingMethod method, String variant) {

    static Rule of(TallyEngine engine, MethodId id) throws UnknownMethodException {
        VotingMethod method = engine.method(id.id())
                .orElseThrow(() ->
                        new UnknownMethodException("no voting method '" + id.id() + "' is installed; there are "
                                + String.join(
                                        ", ",
                                        engine.methods().stream()
                                                .map(VotingMethod::id)
                                                .distinct()
                                                .toList())));
        boolean isKnown = id.variant().isEmpty() || method.variants().contains(id.variant());
        if (!isKnown) {
            throw new UnknownMethodException(id.id() + " has no variant '" + id.variant() + "'"
                    + (method.variants().isEmpty() ? "" : "; it has " + String.join(", ", method.variants())));
        }
        boolean isDefault = id.variant().isEmpty() && !method.variants().isEmpty();
        return new Rule(method, isDefault ? method.variants().getFirst() : id.variant());
    }

    MethodId id() {
        return new MethodId(method.id(), variant);
    }

    Optional<String> refuse(Question question) {
        return method.refuse(variant, question);
    }

    Optional<String> refuse(Choice choice, Question question) {
        return method.refuse(variant, choice, question);
    }

    Optional<String> refuse(BallotPaper paper, Question question) {
        return method.refuse(variant, paper, question);
    }

    Counter counter(Question question) {
        return method.counter(variant, question);
    }
}
