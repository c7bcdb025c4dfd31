// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    private final List<Block> blocks = new ArrayList<>();
    private int ballots;

    /** Number of ballots. */
    int size() {
        return ballots;
    }

    void add(List<List<Integer>> groups, long powerLow, long powerHigh) {
        if (blocks.isEmpty() || blocks.getLast().count == BLOCK_BALLOTS) {
            blocks.add(new Block());
        }
        blocks.getLast().add(groups, powerLow, powerHigh);
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

        private void add(List<List<Integer>> groups, long powerLow, long powerHigh) {
            int at = starts[count];
            for (int rank = 0; rank < groups.size(); rank++) {
                List<Integer> group = groups.get(rank);
                ensure(at + group.size());
                for (int i = 0; i < group.size(); i++) {
                    items[at++] = (short) (group.get(i) | (i > 0 ? EQUAL_BIT : 0));
                }
            }
            low[count] = powerLow;
            high[count] = powerHigh;
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

        /** The ballot as it was given. */
        List<List<Integer>> groups(int ballot) {
            List<List<Integer>> groups = new ArrayList<>();
            for (int at = start(ballot); at < end(ballot); ) {
                int groupEnd = groupEnd(at, end(ballot));
                List<Integer> group = new ArrayList<>(groupEnd - at);
                for (; at < groupEnd; at++) {
                    group.add(option(at));
                }
                groups.add(group);
            }
            return groups;
        }
    }
}
