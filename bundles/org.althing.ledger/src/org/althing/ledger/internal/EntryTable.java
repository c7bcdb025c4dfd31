// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.althing.api.Cid;

/**
 * Digest to place, for all entries: 48 bytes a record, numbered in order of arrival, and an open-addressed table of 5 to 11 bytes a record.
 * No object for an entry: a million of them take some 56 MB.
 *
 * <p>Whoever changes it holds the ledger's lock. {@link #holdsIntact} may be asked at any time by anybody: verifiers ask it for every entry that
 * comes in, and would else wait, all of them, while a batch is taken in. A record is complete before its slot names it.
 */
final class EntryTable {

    /** No such entry. */
    static final int NONE = -1;

    /** The height of an entry that is in no seal. */
    static final long UNSEALED = -1;

    private static final int RECORD_LONGS = 6;
    private static final int POSITION = 4;
    private static final int STATE = 5;
    private static final int CHUNK_BITS = 12;
    private static final int CHUNK_RECORDS = 1 << CHUNK_BITS;
    private static final int SLOTS_MIN = 1 << 6;
    private static final long DROPPED = 1;
    private static final long DAMAGED = 2;
    private static final int HEIGHT_SHIFT = 2;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);

    /** Odd and unknown to peers, who could otherwise grind digests that all fall into one place of the table. */
    private final long mixer;

    private long[][] chunks = new long[1][];
    private int size;
    private volatile int[] slots = new int[SLOTS_MIN];

    EntryTable(long random) {
        mixer = random | 1;
    }

    int size() {
        return size;
    }

    /** Whether there is such an entry and, as far as is known, nothing wrong with it. */
    boolean holdsIntact(byte[] digest) {
        int record = find(digest, 0);
        return record != NONE && !isDamaged(record);
    }

    int find(byte[] digest, int at) {
        int[] table = slots;
        long first = Frame.getLong(digest, at);
        for (int slot = slot(first, table); ; slot = slot + 1 & table.length - 1) {
            int record = (int) SLOT.getAcquire(table, slot) - 1;
            if (record < 0) {
                return NONE;
            }
            if (holds(record, first, digest, at)) {
                return record;
            }
        }
    }

    private boolean holds(int record, long first, byte[] digest, int at) {
        long[] chunk = chunks[record >>> CHUNK_BITS];
        int base = base(record);
        return chunk[base] == first
                && chunk[base + 1] == Frame.getLong(digest, at + 8)
                && chunk[base + 2] == Frame.getLong(digest, at + 16)
                && chunk[base + 3] == Frame.getLong(digest, at + 24);
    }

    /** Adds an unsealed entry that is not here yet. */
    int add(byte[] digest, int at, long position) {
        int record = size;
        long[] chunk = chunkFor(record);
        int base = base(record);
        for (int i = 0; i < POSITION; i++) {
            chunk[base + i] = Frame.getLong(digest, at + 8 * i);
        }
        chunk[base + POSITION] = position;
        chunk[base + STATE] = UNSEALED << HEIGHT_SHIFT;
        size++;
        if (4L * size > 3L * slots.length) {
            rehash();
        } else {
            occupy(slots, record);
        }
        return record;
    }

    private long[] chunkFor(int record) {
        int number = record >>> CHUNK_BITS;
        if (number == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunks.length * 2);
        }
        if ((record & CHUNK_RECORDS - 1) == 0) {
            chunks[number] = new long[CHUNK_RECORDS * RECORD_LONGS];
        }
        return chunks[number];
    }

    private void rehash() {
        int[] larger = new int[slots.length * 2];
        for (int record = 0; record < size; record++) {
            occupy(larger, record);
        }
        slots = larger;
    }

    private void occupy(int[] table, int record) {
        int slot = slot(chunks[record >>> CHUNK_BITS][base(record)], table);
        while (table[slot] != 0) {
            slot = slot + 1 & table.length - 1;
        }
        SLOT.setRelease(table, slot, record + 1);
    }

    private int slot(long first, int[] table) {
        long mixed = (first ^ mixer) * mixer;
        return (int) ((mixed ^ mixed >>> 32) * mixer >>> 32) & table.length - 1;
    }

    private static int base(int record) {
        return (record & CHUNK_RECORDS - 1) * RECORD_LONGS;
    }

    byte[] digest(int record) {
        byte[] digest = new byte[Cid.DIGEST_BYTES];
        for (int i = 0; i < POSITION; i++) {
            Frame.putLong(digest, 8 * i, get(record, i));
        }
        return digest;
    }

    Cid cid(int record) {
        return Cid.of(digest(record));
    }

    long position(int record) {
        return get(record, POSITION);
    }

    void setPosition(int record, long position) {
        set(record, POSITION, position);
    }

    /** The state as a checkpoint keeps it. */
    long state(int record) {
        return get(record, STATE);
    }

    void setState(int record, long state) {
        set(record, STATE, state);
    }

    long height(int record) {
        return state(record) >> HEIGHT_SHIFT;
    }

    void seal(int record, long height) {
        setState(record, height << HEIGHT_SHIFT | state(record) & DAMAGED);
    }

    boolean isPending(int record) {
        return height(record) == UNSEALED && (state(record) & DROPPED) == 0;
    }

    void drop(int record) {
        setState(record, state(record) | DROPPED);
    }

    boolean isDamaged(int record) {
        return (state(record) & DAMAGED) != 0;
    }

    void setDamaged(int record, boolean damaged) {
        setState(record, damaged ? state(record) | DAMAGED : state(record) & ~DAMAGED);
    }

    private long get(int record, int field) {
        return chunks[record >>> CHUNK_BITS][base(record) + field];
    }

    private void set(int record, int field, long value) {
        chunks[record >>> CHUNK_BITS][base(record) + field] = value;
    }
}
