// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.MethodView;
import org.althing.api.tally.Choice;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.VotingMethod;

/**
 * Finds voting methods by what people type. The node that is asked counts by the methods of its plugins too, of which this process has no
 * bundle: then it is for the node to say what a method refuses.
 */
final class Methods {

    private final List<MethodView> known;
    private final TallyEngine here;

    private Methods(List<MethodView> known, TallyEngine here) {
        this.known = known;
        this.here = here;
    }

    /** Those of this process. */
    static Methods here(Session session) throws Failure {
        TallyEngine engine = engine(session);
        return new Methods(engine.methods().stream().map(MethodView::of).toList(), engine);
    }

    /** Those of a node. */
    static Methods of(Session session, Assembly assembly) throws Failure, AlthingException {
        return new Methods(assembly.methods(), engine(session));
    }

    private static TallyEngine engine(Session session) throws Failure {
        return session.services().require(TallyEngine.class, "the tally engine");
    }

    /** A method with one of its variants, or none for its default. */
    record Chosen(MethodId id, MethodView method) {}

    /** The method for this question. */
    Chosen choose(String text, Question question) throws Failure {
        Chosen chosen = choose(text);
        Optional<String> reason = here(chosen).flatMap(m -> m.refuse(chosen.id().variant(), question));
        if (reason.isPresent()) {
            throw Failure.usage("--method " + text + ": " + reason.get());
        }
        return chosen;
    }

    Chosen choose(String text) throws Failure {
        MethodId id = parse(text);
        MethodView method = find(id.id())
                .orElseThrow(() -> Failure.usage("--method: no voting method '" + id.id() + "'; there is " + ids()));
        if (!id.variant().isEmpty() && !method.variants().contains(id.variant())) {
            throw Failure.usage("--method: " + id.id() + " has no variant '" + id.variant() + "'"
                    + (method.variants().isEmpty() ? "" : "; it has " + String.join(", ", method.variants())));
        }
        return new Chosen(id, method);
    }

    /** The method of a proposal. */
    Chosen of(Assembly.ProposalView proposal) throws Failure {
        MethodId id = MethodId.parse(proposal.method());
        return find(id.id())
                .map(method -> new Chosen(id, method))
                .orElseThrow(() -> Failure.environment("this proposal is counted by '" + id
                        + "', which the node does not have now; install its plugin with: althing plugin add FILE"));
    }

    /** Refuses a choice that the method would refuse. */
    void check(Chosen chosen, Choice choice, Question question) throws Failure {
        Optional<String> reason = here(chosen).flatMap(m -> m.refuse(chosen.id().variant(), choice, question));
        if (reason.isPresent()) {
            throw Failure.usage("no valid ballot for " + chosen.id() + ": " + reason.get());
        }
    }

    /** The id of a method, as rules enable it with all its variants. */
    String enabled(String option, String id) throws Failure {
        if (find(id).isEmpty()) {
            throw Failure.usage(option + ": no voting method '" + id + "'; there is " + ids());
        }
        return id;
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

    private Optional<MethodView> find(String id) {
        return known.stream().filter(method -> method.id().equals(id)).findFirst();
    }

    /** The very same method, if this process has it too. */
    private Optional<VotingMethod> here(Chosen chosen) {
        return here.method(chosen.method().id())
                .filter(method -> method.version() == chosen.method().version());
    }

    private MethodId parse(String text) throws Failure {
        try {
            return MethodId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--method: " + e.getMessage() + "; there is " + ids());
        }
    }

    private String ids() {
        return known.isEmpty()
                ? "none at the moment"
                : String.join(", ", known.stream().map(MethodView::id).sorted().toList());
    }
}
