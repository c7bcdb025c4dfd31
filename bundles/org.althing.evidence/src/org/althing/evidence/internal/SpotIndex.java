// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import org.althing.api.Cid;

/**
 * From the name of a block to its {@link Spot}, in about 32 bytes a block. Names are told apart by 64 bits of their hash alone, so whoever
 * asks must look whether the block is the right one.
 */
final class SpotIndex {

    private static final int CAPACITY_FIRST = 1 << 10;
    private static final int CAPACITY_MAX = 1 << 29;
    /** How many candidates are looked at: more names alike in 64 bits mean that somebody spent years of computing to slow us down. */
    private static final int CANDIDATES_MAX = 64;

    /** Looks at a candidate. */
    interface Candidate {
        boolean fits(long spot);
    }

    private final long salt;
    private long[] prefixes = new long[CAPACITY_FIRST];
    private long[] spots = new long[CAPACITY_FIRST];
    private int size;

    /**
     * @param salt spreads the names in an order that nobody can foresee
     */
    SpotIndex(long salt) {
        this.salt = salt;
    }

    void add(Cid cid, long spot) {
        if (size >= prefixes.length / 2) {
            grow();
        }
        insert(prefix(cid), spot);
        size++;
    }

    /** The spot of this block, or -1. */
    long find(Cid cid, Candidate candidate) {
        long prefix = prefix(cid);
        int tried = 0;
        for (int at = home(prefix); spots[at] != 0; at = at + 1 & prefixes.length - 1) {
            if (prefixes[at] == prefix && tried++ < CANDIDATES_MAX && candidate.fits(spots[at])) {
                return spots[at];
            }
        }
        return -1;
    }

    static long prefix(Cid cid) {
        byte[] bytes = cid.toBytes();
        long prefix = 0;
        for (int i = Cid.BYTES - Long.BYTES; i < Cid.BYTES; i++) {
            prefix = prefix << 8 | bytes[i] & 0xff;
        }
        return prefix;
    }

    private void insert(long prefix, long spot) {
        int at = home(prefix);
        while (spots[at] != 0) {
            at = at + 1 & prefixes.length - 1;
        }
        prefixes[at] = prefix;
        spots[at] = spot;
    }

    private void grow() {
        if (prefixes.length == CAPACITY_MAX) {
            throw new Stopped(
                    ClaimKind.FILE, "more than " + CAPACITY_MAX / 2 + " ballots; this program cannot check so many");
        }
        long[] oldPrefixes = prefixes;
        long[] oldSpots = spots;
        prefixes = new long[oldPrefixes.length * 2];
        spots = new long[oldPrefixes.length * 2];
        for (int i = 0; i < oldSpots.length; i++) {
            if (oldSpots[i] != 0) {
                insert(oldPrefixes[i], oldSpots[i]);
            }
        }
    }

    private int home(long prefix) {
        long mixed = (prefix ^ salt) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 32) * 0xd6e8feb86659fd93L;
        return (int) (mixed >>> 33) & prefixes.length - 1;
    }
}
