// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.althing.api.tally.BallotPaper;

/**
 * Rankings with their power, packed: two bytes an item, sixteen bytes of power and four of index for each ballot, so that a million
 * ballots of ten options take 40 MB. Ballots are numbered from 0 in the order of arrival. Not safe for use by several threads at once.
 */
final class RankingStore {

    /** Ballots in one block; a power of two. Merging moves blocks, so only the last block of each store may be part full. */
    private static final int BLOCK_BALLOTS = 1 << 13;
    /** Marks an item that shares the rank of the item before it; options are numbers below 1024. */
    private static final int EQUAL_BIT = 1 << 12;

    private static final int OPTION_MASK = EQUAL_BIT - 1;

    /** No further option to rank. */
    static final int NO_OPTION = -1;

    private final List<Block> blocks = new ArrayList<>();
    private int ballots;

    /** Number of ballots. */
    int size() {
        return ballots;
    }

    /**
     * Adds the ballots of a paper as one.
     *
     * @param last an option to rank alone behind those on the paper, or {@link #NO_OPTION}
     */
    void add(BallotPaper paper, int last) {
        if (blocks.isEmpty() || blocks.getLast().count == BLOCK_BALLOTS) {
            blocks.add(new Block());
        }
        blocks.getLast().add(paper, last);
        ballots++;
    }

    /** Takes over the ballots of another store, which must not be used again. */
    void addAll(RankingStore other) {
        blocks.addAll(other.blocks);
        ballots = Math.addExact(ballots, other.ballots);
        // New ballots go to the last block; keep the emptier of the two open ends there.
        blocks.sort((a, b) -> Integer.compare(b.count, a.count));
    }

    List<Block> blocks() {
        return blocks;
    }

    /** Up to {@link #BLOCK_BALLOTS} ballots. */
    static final class Block {

        private short[] items = new short[BLOCK_BALLOTS];
        private final int[] starts = new int[BLOCK_BALLOTS + 1];
        private final long[] low = new long[BLOCK_BALLOTS];
        private final long[] high = new long[BLOCK_BALLOTS];
        private int count;

        private void add(BallotPaper paper, int last) {
            int at = starts[count];
            ensure(at + paper.count() + 1);
            int rank = 0;
            for (int i = 0; i < paper.count(); i++) {
                boolean isFirstOfRank = i == paper.rankStart(rank);
                items[at++] = (short) (paper.option(i) | (isFirstOfRank ? 0 : EQUAL_BIT));
                rank += i + 1 == paper.rankEnd(rank) ? 1 : 0;
            }
            if (last != NO_OPTION) {
                items[at++] = (short) last;
            }
            low[count] = paper.totalLow();
            high[count] = paper.totalHigh();
            starts[++count] = at;
        }

        private void ensure(int length) {
            if (items.length < length) {
                items = Arrays.copyOf(items, Math.max(length, 2 * items.length));
            }
        }

        int count() {
            return count;
        }

        long low(int ballot) {
            return low[ballot];
        }

        long high(int ballot) {
            return high[ballot];
        }

        /** Where the items of a ballot begin. */
        int start(int ballot) {
            return starts[ballot];
        }

        /** Where the items of a ballot end. */
        int end(int ballot) {
            return starts[ballot + 1];
        }

        int option(int at) {
            return items[at] & OPTION_MASK;
        }

        /** The end of the group of equal items that begins at a place. */
        int groupEnd(int at, int end) {
            int next = at + 1;
            while (next < end && (items[next] & EQUAL_BIT) != 0) {
                next++;
            }
            return next;
        }

        /** Copies the ranking of a ballot. */
        void copy(int ballot, BallotPaper to) {
            to.begin(BallotPaper.Form.RANKING);
            for (int at = start(ballot); at < end(ballot); ) {
                for (int groupEnd = groupEnd(at, end(ballot)); at < groupEnd; at++) {
                    to.add(option(at));
                }
                to.endRank();
            }
        }
    }
}
