// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.List;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.VotingMethod;

/** Finds voting methods by what people type. */
final class Methods {

    private final TallyEngine engine;

    Methods(Session session) throws Failure {
        engine = session.services().require(TallyEngine.class, "the tally engine");
    }

    /** A method with one of its variants, or none for its default. */
    record Chosen(MethodId id, VotingMethod method) {}

    TallyEngine engine() {
        return engine;
    }

    /** The method for this question. */
    Chosen choose(String text, Question question) throws Failure {
        Chosen chosen = choose(text);
        var reason = chosen.method().refuse(chosen.id().variant(), question);
        if (reason.isPresent()) {
            throw Failure.usage("--method " + text + ": " + reason.get());
        }
        return chosen;
    }

    Chosen choose(String text) throws Failure {
        MethodId id = parse(text);
        VotingMethod method = engine.method(id.id())
                .orElseThrow(() -> Failure.usage("--method: no voting method '" + id.id() + "'; there is " + known()));
        if (!id.variant().isEmpty() && !method.variants().contains(id.variant())) {
            throw Failure.usage("--method: " + id.id() + " has no variant '" + id.variant() + "'"
                    + (method.variants().isEmpty() ? "" : "; it has " + String.join(", ", method.variants())));
        }
        return new Chosen(id, method);
    }

    /** The id of a method, as rules enable it with all its variants. */
    String enabled(String option, String id) throws Failure {
        if (engine.method(id).isEmpty()) {
            throw Failure.usage(option + ": no voting method '" + id + "'; there is " + known());
        }
        return id;
    }

    /** The ids of all methods that read ballots of the same form. */
    List<String> reading(Class<?> form) {
        return engine.methods().stream()
                .filter(m -> m.choiceForm() == form)
                .map(VotingMethod::id)
                .sorted()
                .toList();
    }

    static Question question(int options, int seats, Question.Unranked unranked, List<Integer> lot) throws Failure {
        try {
            return new Question(options, seats, unranked, lot);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    static Question.Unranked unranked(String text) throws Failure {
        return switch (text) {
            case "last" -> Question.Unranked.LAST;
            case "ignored" -> Question.Unranked.IGNORED;
            default -> throw Failure.usage("--unranked: '" + text + "' is neither 'last' nor 'ignored'");
        };
    }

    private MethodId parse(String text) throws Failure {
        try {
            return MethodId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--method: " + e.getMessage() + "; there is " + known());
        }
    }

    private String known() {
        return String.join(
                ", ", engine.methods().stream().map(VotingMethod::id).sorted().toList());
    }
}
