// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.althing.api.Fraction;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Result;

/**
 * The ballots of a runoff, each on the pile of the option that it counts for now. Only the ballots of an option that leaves are moved, so
 * a whole count looks at each item of each ballot about once.
 */
final class RunoffPiles {

    /** What becomes of a rank that several options share. */
    enum EqualRanks {
        /** Its power is split equally between those still in the race, as exact fractions. */
        SPLIT,
        /** It is passed over, even when one option of it is left. */
        SKIPPED
    }

    private static final int BLOCK_BITS = 13;
    private static final int BLOCK_MASK = (1 << BLOCK_BITS) - 1;
    private static final int NOBODY = -1;

    private final List<RankingStore.Block> blocks;
    private final EqualRanks equalRanks;
    private final boolean[] inRace;
    private final SplitSums sums;
    private final PowerSums exhausted = new PowerSums(1);
    /** First ballot of each option's pile; a ballot's number is its block's times 2^13 plus its place there. */
    private final int[] first;
    /** The ballots whose power is split now. */
    private int firstShared = NOBODY;

    private final int[] next;
    /** The item at which the ballot's present rank begins. */
    private final int[] cursor;

    RunoffPiles(RankingStore store, int options, EqualRanks equalRanks) {
        blocks = store.blocks();
        this.equalRanks = equalRanks;
        inRace = new boolean[options];
        Arrays.fill(inRace, true);
        sums = new SplitSums(options);
        first = new int[options];
        Arrays.fill(first, NOBODY);
        next = new int[blocks.size() << BLOCK_BITS];
        cursor = new int[next.length];
        placeAll();
    }

    private void placeAll() {
        for (int b = 0; b < blocks.size(); b++) {
            RankingStore.Block block = blocks.get(b);
            for (int i = 0; i < block.count(); i++) {
                int ballot = b << BLOCK_BITS | i;
                cursor[ballot] = block.start(i);
                place(ballot);
            }
        }
    }

    /** The options still in the race, ascending. */
    List<Integer> inRace() {
        return Outcome.where(inRace.length, option -> inRace[option]);
    }

    /** What every option has now; those out of the race have 0. */
    Scores scores() {
        return sums.scores();
    }

    /** Takes options out of the race and hands their ballots on. */
    void remove(List<Integer> options) {
        for (int option : options) {
            inRace[option] = false;
        }
        for (int option : options) {
            int ballot = first[option];
            first[option] = NOBODY;
            sums.clearWhole(option);
            placeList(ballot);
        }
        int shared = firstShared;
        firstShared = NOBODY;
        sums.clearShared();
        placeList(shared);
    }

    private void placeList(int firstBallot) {
        for (int ballot = firstBallot; ballot != NOBODY; ) {
            int following = next[ballot];
            place(ballot);
            ballot = following;
        }
    }

    /** Puts a ballot where it counts: from its present rank on, the first with an option that is still in the race. */
    private void place(int ballot) {
        RankingStore.Block block = blocks.get(ballot >>> BLOCK_BITS);
        int index = ballot & BLOCK_MASK;
        int end = block.end(index);
        for (int at = cursor[ballot]; at < end; ) {
            int groupEnd = block.groupEnd(at, end);
            int sharers = sharers(block, at, groupEnd);
            if (sharers > 0) {
                cursor[ballot] = at;
                give(ballot, block, groupEnd, sharers);
                return;
            }
            at = groupEnd;
        }
        cursor[ballot] = end;
        exhausted.add(0, block.low(index), block.high(index));
    }

    private int sharers(RankingStore.Block block, int from, int to) {
        if (to - from > 1 && equalRanks == EqualRanks.SKIPPED) {
            return 0;
        }
        int sharers = 0;
        for (int at = from; at < to; at++) {
            sharers += inRace[block.option(at)] ? 1 : 0;
        }
        return sharers;
    }

    private void give(int ballot, RankingStore.Block block, int groupEnd, int sharers) {
        int index = ballot & BLOCK_MASK;
        for (int at = cursor[ballot]; at < groupEnd; at++) {
            int option = block.option(at);
            if (inRace[option]) {
                sums.add(option, sharers, block.low(index), block.high(index));
                if (sharers == 1) {
                    next[ballot] = first[option];
                    first[option] = ballot;
                    return;
                }
            }
        }
        next[ballot] = firstShared;
        firstShared = ballot;
    }

    /** One step of the count, for the record. */
    Result.Round round(Scores scores, List<Integer> elected, List<Integer> eliminated) {
        Map<Integer, Fraction> votes = new LinkedHashMap<>();
        for (int option : inRace()) {
            votes.put(option, scores.votes(option));
        }
        return new Result.Round(
                votes, elected, eliminated, Fraction.of(exhausted.get(0), org.althing.api.tally.Tally.VOTE));
    }

    /** The options of a list whose score is the least. */
    static List<Integer> lowest(Scores scores, List<Integer> options) {
        BigInteger least = options.stream()
                .map(o -> scores.numerators()[o])
                .min(BigInteger::compareTo)
                .orElseThrow();
        return withScore(scores, options, least);
    }

    /** The options of a list whose score is the greatest. */
    static List<Integer> highest(Scores scores, List<Integer> options) {
        BigInteger greatest = options.stream()
                .map(o -> scores.numerators()[o])
                .max(BigInteger::compareTo)
                .orElseThrow();
        return withScore(scores, options, greatest);
    }

    private static List<Integer> withScore(Scores scores, List<Integer> options, BigInteger score) {
        List<Integer> found = new ArrayList<>();
        for (int option : options) {
            if (scores.numerators()[option].equals(score)) {
                found.add(option);
            }
        }
        return found;
    }

    /** The numerators of a list of options added up. */
    static BigInteger sum(Scores scores, List<Integer> options) {
        return options.stream().map(o -> scores.numerators()[o]).reduce(BigInteger.ZERO, BigInteger::add);
    }
}
