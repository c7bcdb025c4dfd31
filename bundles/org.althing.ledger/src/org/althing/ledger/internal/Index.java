// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.althing.api.Cid;

/** What a store knows without reading: entries by digest, seals by height, what is pending. Replaying the log gives it. Not safe for threads. */
final class Index {

    private final EntryTable entries;
    /** By number of arrival: so it is in order, and a million sealed entries before the first pending one are skipped in microseconds. */
    private final BitSet pending = new BitSet();

    private final BitSet damagedSeals = new BitSet();
    private long[] seals = new long[16];
    private int sealCount;

    Index(long random) {
        entries = new EntryTable(random);
    }

    EntryTable entries() {
        return entries;
    }

    /** Whether there is such an entry and, as far as is known, nothing wrong with it; for any thread at any time. */
    boolean holdsIntact(Cid entry) {
        return entry.codec() == Cid.DAG_CBOR && entries.holdsIntact(entry.digest());
    }

    /** The entry's number, or {@link EntryTable#NONE}. */
    int find(Cid entry) {
        return entry.codec() == Cid.DAG_CBOR ? entries.find(entry.digest(), 0) : EntryTable.NONE;
    }

    /** An intact entry was written: a new one, or the replacement of a damaged one. */
    void entry(byte[] digest, int at, long position) {
        int record = entries.find(digest, at);
        if (record == EntryTable.NONE) {
            pending.set(entries.add(digest, at, position));
        } else {
            entries.setPosition(record, position);
            entries.setDamaged(record, false);
        }
    }

    /** An entry was written whose bytes are damaged now; one that is intact elsewhere stays so. */
    void damagedEntry(byte[] digest, int at, long position) {
        if (entries.find(digest, at) == EntryTable.NONE) {
            int record = entries.add(digest, at, position);
            entries.setDamaged(record, true);
            pending.set(record);
        }
    }

    /**
     * A seal was written: the next one, one that replaces a damaged one, or one behind seals that are lost.
     *
     * @param digests names of its entries; those that are not here were lost
     */
    void seal(long height, long position, byte[] digests, int at, int count) {
        while (sealCount < height) {
            damagedSeal(sealCount, Position.NONE);
        }
        setSeal(height, position);
        damagedSeals.clear((int) height);
        for (int i = 0; i < count; i++) {
            int digestAt = at + i * Cid.DIGEST_BYTES;
            damagedEntry(digests, digestAt, Position.NONE);
            int record = entries.find(digests, digestAt);
            entries.seal(record, height);
            pending.clear(record);
        }
    }

    void damagedSeal(long height, long position) {
        setSeal(height, position);
        damagedSeals.set((int) height);
    }

    private void setSeal(long height, long position) {
        if (height >= sealCount) {
            sealCount = Math.toIntExact(height + 1);
        }
        if (sealCount > seals.length) {
            seals = Arrays.copyOf(seals, Math.max(seals.length * 2, sealCount));
        }
        seals[(int) height] = position;
    }

    void drop(byte[] digest, int at) {
        int record = entries.find(digest, at);
        if (record != EntryTable.NONE && entries.isPending(record)) {
            entries.drop(record);
            pending.clear(record);
        }
    }

    long height() {
        return sealCount - 1L;
    }

    long sealPosition(long height) {
        return seals[(int) height];
    }

    boolean isSealDamaged(long height) {
        return height >= 0 && height < sealCount && damagedSeals.get((int) height);
    }

    List<Cid> pending() {
        List<Cid> cids = new ArrayList<>(pending.cardinality());
        for (int record = pending.nextSetBit(0); record >= 0; record = pending.nextSetBit(record + 1)) {
            cids.add(entries.cid(record));
        }
        return cids;
    }

    /** Takes over an entry of a checkpoint. */
    void restoreEntry(byte[] source, int digestAt, long position, long state) {
        int record = entries.add(source, digestAt, position);
        entries.setState(record, state);
        if (entries.isPending(record)) {
            pending.set(record);
        }
    }

    /** Takes over the next seal of a checkpoint. */
    void restoreSeal(long position) {
        setSeal(sealCount, position);
    }
}
