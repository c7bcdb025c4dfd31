// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.util.List;

/**
 * What one ballot says. Options are numbered from 0 in the order of the proposal. A choice is checked for form here and against the
 * question by {@link VotingMethod#refuse(String, BallotPaper, Question)}; until then its options may lie out of range.
 */
public sealed interface Choice {

    /** Options, ranks or weights that one ballot may hold. */
    int ITEMS_MAX = 1024;
    /** The largest weight that one option of a ballot may get; weights are whole numbers. */
    long WEIGHT_MAX = 1_000_000;

    /** Whether the ballot prefers nothing: said outright, or by an empty set or ranking. It takes part all the same. */
    default boolean isBlank() {
        return switch (this) {
            case Blank blank -> true;
            case Approval approval -> approval.options().isEmpty();
            case Ranking ranking -> ranking.groups().isEmpty();
            case Single single -> false;
            case Weights weights -> false;
        };
    }

    /** Takes part, prefers nothing. */
    record Blank() implements Choice {}

    /** One option. */
    record Single(int option) implements Choice {}

    /** A set of options, ascending and without duplicates. */
    record Approval(List<Integer> options) implements Choice {
        public Approval {
            options = List.copyOf(options);
            bound(options.size());
        }
    }

    /** Weights of some options: {@code weights.get(i)} (0 to {@link #WEIGHT_MAX}) goes to {@code options.get(i)}; options ascend. */
    record Weights(List<Integer> options, List<Long> weights) implements Choice {
        public Weights {
            options = List.copyOf(options);
            weights = List.copyOf(weights);
            bound(options.size());
            if (options.size() != weights.size()) {
                throw new IllegalArgumentException(options.size() + " options, but " + weights.size() + " weights");
            }
        }
    }

    /** Groups of options, best first; options of one group are ranked equal; options that are absent are unranked. */
    record Ranking(List<List<Integer>> groups) implements Choice {
        public Ranking {
            bound(groups.size());
            groups = groups.stream().map(List::copyOf).toList();
        }
    }

    private static void bound(int items) {
        if (items > ITEMS_MAX) {
            throw new IllegalArgumentException("a ballot holds at most " + ITEMS_MAX + " items, not " + items);
        }
    }
}
