// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.althing.api.Fraction;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.VotingMethod;
import org.osgi.service.component.annotations.Component;

/**
 * Schulze's beatpath method. A majority of a over b is an edge; its strength is the power on the winning side ({@code winning}, the
 * default) or the difference ({@code margin}). An option beats another if its widest path to it is wider than the one back. The ranking
 * peels off, again and again, the options that no other one left beats; the score of an option is the number of options that it beats.
 * Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and condorcet-consistent single-winner election method",
 * Social Choice and Welfare 36 (2011), section 2; voting-methods.md. Debian's quorum and default-option rule is not part of it.
 */
@Component(service = VotingMethod.class)
public final class Schulze extends CondorcetMethod {

    private static final String WINNING = "winning";
    private static final String MARGIN = "margin";

    public Schulze() {
        super("schulze", 1, List.of(WINNING, MARGIN), "Options that no path decides between fall by the lot.");
    }

    @Override
    Result decide(String variant, Question question, Pairs pairs, BigInteger power) {
        int[][] widest = widestPaths(strengths(pairs, variant.equals(MARGIN)));
        List<Fraction> scores = new ArrayList<>();
        for (int option = 0; option < widest.length; option++) {
            scores.add(Fraction.of(beaten(widest, option), 1));
        }
        return Outcome.ofRanking(question, peel(widest), scores, power.signum() > 0);
    }

    /** Strengths as places in the order of all strengths, 0 for none: paths are compared only, so small integers do. */
    private static int[][] strengths(Pairs pairs, boolean byMargin) {
        int options = pairs.options();
        BigInteger[][] strengths = new BigInteger[options][options];
        TreeSet<BigInteger> distinct = new TreeSet<>();
        for (int a = 0; a < options; a++) {
            for (int b = 0; b < options; b++) {
                boolean edge = a != b && pairs.beats(a, b);
                strengths[a][b] = !edge ? BigInteger.ZERO : byMargin ? pairs.margin(a, b) : pairs.units()[a][b];
                distinct.add(strengths[a][b]);
            }
        }
        BigInteger[] order = distinct.toArray(BigInteger[]::new);
        int[][] places = new int[options][options];
        for (int a = 0; a < options; a++) {
            for (int b = 0; b < options; b++) {
                places[a][b] = Arrays.binarySearch(order, strengths[a][b]);
            }
        }
        return places;
    }

    /** Floyd and Warshall's algorithm on (max, min), as in section 2.3.1 of the paper. */
    private static int[][] widestPaths(int[][] widest) {
        int options = widest.length;
        for (int via = 0; via < options; via++) {
            int[] onward = widest[via];
            for (int from = 0; from < options; from++) {
                int[] row = widest[from];
                int first = row[via];
                if (from == via || first == 0) {
                    continue;
                }
                for (int to = 0; to < options; to++) {
                    row[to] = Math.max(row[to], Math.min(first, onward[to]));
                }
            }
        }
        return widest;
    }

    private static boolean beats(int[][] widest, int a, int b) {
        return a != b && widest[a][b] > widest[b][a];
    }

    private static int beaten(int[][] widest, int option) {
        int count = 0;
        for (int other = 0; other < widest.length; other++) {
            count += beats(widest, option, other) ? 1 : 0;
        }
        return count;
    }

    private static List<List<Integer>> peel(int[][] widest) {
        List<Integer> left = Outcome.where(widest.length, option -> true);
        List<List<Integer>> ranking = new ArrayList<>();
        while (!left.isEmpty()) {
            List<Integer> candidates = left;
            List<Integer> unbeaten = candidates.stream()
                    .filter(a -> candidates.stream().noneMatch(b -> beats(widest, b, a)))
                    .toList();
            // The relation is transitive (section 4.1 of the paper), so somebody is always unbeaten.
            ranking.add(unbeaten);
            left = candidates.stream().filter(a -> !unbeaten.contains(a)).toList();
        }
        return ranking;
    }
}
