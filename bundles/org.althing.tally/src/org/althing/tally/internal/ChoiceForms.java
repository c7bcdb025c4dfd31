// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.althing.api.tally.Choice;

/**
 * Brings a choice from one form to another where that has one obvious meaning; the table is in {@link org.althing.api.tally.FileTally}.
 * Duplicates and options out of range are carried over, so that the method refuses them by its own rule.
 */
final class ChoiceForms {

    private ChoiceForms() {}

    /** The choice in the wanted form; empty if it has no meaning there. */
    static Optional<Choice> convert(Choice choice, Class<? extends Choice> form) {
        if (form.isInstance(choice)) {
            return Optional.of(choice);
        }
        if (choice.isBlank()) {
            return Optional.of(new Choice.Blank());
        }
        if (form == Choice.Single.class) {
            return toSingle(choice);
        }
        if (form == Choice.Approval.class) {
            return toApproval(choice);
        }
        if (form == Choice.Weights.class) {
            return toWeights(choice);
        }
        return form == Choice.Ranking.class ? toRanking(choice) : Optional.empty();
    }

    private static Optional<Choice> toSingle(Choice choice) {
        return sole(
                switch (choice) {
                    case Choice.Blank blank -> List.<Integer>of();
                    case Choice.Single single -> List.of(single.option());
                    case Choice.Approval approval -> approval.options();
                    case Choice.Weights weights -> weighty(weights);
                    case Choice.Ranking ranking -> ranking.groups().getFirst();
                });
    }

    private static Optional<Choice> sole(List<Integer> options) {
        return options.size() == 1 ? Optional.of(new Choice.Single(options.getFirst())) : Optional.empty();
    }

    private static Optional<Choice> toApproval(Choice choice) {
        List<Integer> approved = switch (choice) {
            case Choice.Blank blank -> List.of();
            case Choice.Single single -> List.of(single.option());
            case Choice.Approval approval -> approval.options();
            case Choice.Weights weights -> weighty(weights);
            case Choice.Ranking ranking ->
                ranking.groups().stream().flatMap(List::stream).sorted().toList();
        };
        // A ranking may hold more options than a set can: what is out of bounds cannot be valid either.
        return approved.size() > Choice.ITEMS_MAX ? Optional.empty() : Optional.of(new Choice.Approval(approved));
    }

    private static Optional<Choice> toWeights(Choice choice) {
        return switch (choice) {
            case Choice.Blank blank -> Optional.empty();
            case Choice.Single single -> Optional.of(new Choice.Weights(List.of(single.option()), List.of(1L)));
            case Choice.Approval approval ->
                Optional.of(new Choice.Weights(
                        approval.options(),
                        approval.options().stream().map(option -> 1L).toList()));
            case Choice.Weights weights -> Optional.of(weights);
            case Choice.Ranking ranking -> Optional.empty();
        };
    }

    private static Optional<Choice> toRanking(Choice choice) {
        return switch (choice) {
            case Choice.Blank blank -> Optional.empty();
            case Choice.Single single -> Optional.of(new Choice.Ranking(List.of(List.of(single.option()))));
            case Choice.Approval approval -> Optional.of(new Choice.Ranking(List.of(approval.options())));
            case Choice.Weights weights -> Optional.of(byWeight(weights));
            case Choice.Ranking ranking -> Optional.of(ranking);
        };
    }

    private static Choice byWeight(Choice.Weights ballot) {
        TreeMap<Long, List<Integer>> groups = new TreeMap<>(Comparator.reverseOrder());
        for (int i = 0; i < ballot.options().size(); i++) {
            if (ballot.weights().get(i) > 0) {
                groups.computeIfAbsent(ballot.weights().get(i), weight -> new ArrayList<>())
                        .add(ballot.options().get(i));
            }
        }
        return new Choice.Ranking(List.copyOf(groups.values()));
    }

    private static List<Integer> weighty(Choice.Weights ballot) {
        return IntStream.range(0, ballot.options().size())
                .filter(i -> ballot.weights().get(i) > 0)
                .mapToObj(ballot.options()::get)
                .toList();
    }
}
