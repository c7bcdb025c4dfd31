// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.List;
import org.althing.api.tally.Question;
import org.althing.api.tally.Question.Unranked;

/**
 * For every ordered pair of options (a, b) the power of the ballots that prefer a to b. Options at one rank give no preference between
 * them. Unranked options share the last place ({@link Unranked#LAST}) or take part in no pair ({@link Unranked#IGNORED}). Source:
 * voting-methods.md, "Pairwise N[a,b]".
 *
 * <p>Not safe for use by several threads at once.
 */
final class PairwiseMatrix {

    private final int options;
    private final Unranked unranked;
    private final UnitSums preferring;
    /** The options of the ballot at hand, best rank first; the unranked follow. */
    private final int[] order;

    private final boolean[] isRanked;

    PairwiseMatrix(Question question) {
        options = question.options();
        unranked = question.unranked();
        preferring = new UnitSums(options * options);
        order = new int[options];
        isRanked = new boolean[options];
    }

    /** Adds a ranking without duplicates. */
    void add(List<List<Integer>> groups, long powerLow, long powerHigh) {
        int ranked = 0;
        for (int rank = 0; rank < groups.size(); rank++) {
            List<Integer> group = groups.get(rank);
            for (int i = 0; i < group.size(); i++) {
                order[ranked++] = group.get(i);
            }
        }
        int compared = unranked == Unranked.LAST ? appendUnranked(ranked) : ranked;
        int next = 0;
        for (int rank = 0; rank < groups.size(); rank++) {
            int groupStart = next;
            next += groups.get(rank).size();
            for (int i = groupStart; i < next; i++) {
                addOver(order[i] * options, next, compared, powerLow, powerHigh);
            }
        }
    }

    private void addOver(int row, int from, int to, long powerLow, long powerHigh) {
        for (int i = from; i < to; i++) {
            preferring.add(row + order[i], powerLow, powerHigh);
        }
    }

    private int appendUnranked(int ranked) {
        if (ranked == options) {
            return ranked;
        }
        for (int i = 0; i < ranked; i++) {
            isRanked[order[i]] = true;
        }
        int end = ranked;
        for (int option = 0; option < options; option++) {
            if (!isRanked[option]) {
                order[end++] = option;
            }
        }
        for (int i = 0; i < ranked; i++) {
            isRanked[order[i]] = false;
        }
        return end;
    }

    void addAll(PairwiseMatrix other) {
        preferring.addAll(other.preferring);
    }

    /** The finished comparison. */
    Pairs pairs() {
        BigInteger[][] units = new BigInteger[options][options];
        for (int a = 0; a < options; a++) {
            for (int b = 0; b < options; b++) {
                units[a][b] = preferring.get(a * options + b);
            }
        }
        return new Pairs(units);
    }
}
