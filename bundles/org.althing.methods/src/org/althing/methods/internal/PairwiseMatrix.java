// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.Arrays;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Question;
import org.althing.api.tally.Question.Unranked;

/**
 * For every ordered pair of options (a, b) the power of the ballots that prefer a to b. Options at one rank give no preference between
 * them. Unranked options share the last place ({@link Unranked#LAST}) or take part in no pair ({@link Unranked#IGNORED}). Source:
 * voting-methods.md, "Pairwise N[a,b]".
 *
 * <p>A ballot of n options has n (n - 1) / 2 pairs, too many to add its power to each. So options are taken in runs of some bits, and power
 * is summed for each (a, run, subset of the run that a is preferred to); at the end every sum is handed on to the pairs in its subset. Ten
 * options in two runs take 18 additions a ballot at most instead of 45. Where the options are many, the runs are short, down to one option.
 *
 * <p>Not safe for use by several threads at once.
 */
final class PairwiseMatrix {

    /** Sums that may be kept, so that they stay in the cache of one core; 24 bytes each. One run a pair is kept in any case. */
    private static final int SUMS_MAX = 1 << 12;

    private static final int RUN_MAX_BITS = 10;

    private final int options;
    private final Unranked unranked;
    private final int runBits;
    private final int runs;
    /** Sums of one run: one for each subset but the empty one. */
    private final int subsets;

    private final PowerSums preferring;
    /** The options behind the rank at hand, as a subset of each run. */
    private final int[] behind;

    private final int[] runOf;
    private final int[] bitOf;

    PairwiseMatrix(Question question) {
        options = question.options();
        unranked = question.unranked();
        runBits = runBits(options);
        runs = Math.ceilDiv(options, runBits);
        subsets = (1 << runBits) - 1;
        preferring = new PowerSums(options * runs * subsets);
        behind = new int[runs];
        runOf = new int[options];
        bitOf = new int[options];
        for (int option = 0; option < options; option++) {
            runOf[option] = option / runBits;
            bitOf[option] = 1 << option % runBits;
        }
    }

    private static int runBits(int options) {
        int bits = Math.min(options, RUN_MAX_BITS);
        while (bits > 1 && options * Math.ceilDiv(options, bits) * ((1 << bits) - 1) > SUMS_MAX) {
            bits--;
        }
        return bits;
    }

    /** Adds a ranking without duplicates, with a power of its own. */
    void add(BallotPaper ranking, long powerLow, long powerHigh) {
        Arrays.fill(behind, 0);
        if (unranked == Unranked.LAST && ranking.count() < options) {
            putUnrankedBehind(ranking);
        }
        for (int rank = ranking.ranks() - 1; rank >= 0; rank--) {
            int start = ranking.rankStart(rank);
            int end = ranking.rankEnd(rank);
            for (int i = start; i < end; i++) {
                addOver(ranking.option(i), powerLow, powerHigh);
            }
            for (int i = start; i < end; i++) {
                behind[runOf[ranking.option(i)]] |= bitOf[ranking.option(i)];
            }
        }
    }

    private void addOver(int option, long powerLow, long powerHigh) {
        for (int run = 0; run < runs; run++) {
            if (behind[run] != 0) {
                preferring.add(first(option, run) + behind[run], powerLow, powerHigh);
            }
        }
    }

    /** Where the sums of an option and a run begin, less the empty subset, which has none. */
    private int first(int option, int run) {
        return (option * runs + run) * subsets - 1;
    }

    private void putUnrankedBehind(BallotPaper ranking) {
        for (int option = 0; option < options; option++) {
            behind[runOf[option]] |= bitOf[option];
        }
        for (int i = 0; i < ranking.count(); i++) {
            behind[runOf[ranking.option(i)]] &= ~bitOf[ranking.option(i)];
        }
    }

    void addAll(PairwiseMatrix other) {
        preferring.addAll(other.preferring);
    }

    /** The finished comparison. */
    Pairs pairs() {
        BigInteger[][] units = new BigInteger[options][options];
        for (int a = 0; a < options; a++) {
            for (int b = 0; b < options; b++) {
                units[a][b] = preferring(a, b);
            }
        }
        return new Pairs(units);
    }

    private BigInteger preferring(int a, int b) {
        PowerSums sum = new PowerSums(1);
        int first = first(a, runOf[b]);
        for (int subset = bitOf[b]; subset <= subsets; subset = subset + 1 | bitOf[b]) {
            sum.add(0, preferring, first + subset);
        }
        return sum.get(0);
    }
}
