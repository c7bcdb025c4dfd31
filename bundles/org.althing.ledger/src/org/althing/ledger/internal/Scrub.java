// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.locks.Lock;
import org.althing.api.Cid;

/** Reads the whole log and notes which entries and seals are there, with the right hash, in the place where the index looks for them. */
final class Scrub implements LogScanner.Visitor {

    private final Index index;
    private final Lock lock;
    private final DamageList damage;
    private final BitSet wholeEntries = new BitSet();
    private final BitSet wholeSeals = new BitSet();
    private int segment;
    private long sequence;

    /** @param lock guards the index */
    Scrub(Index index, Lock lock, DamageList damage) {
        this.index = index;
        this.lock = lock;
        this.damage = damage;
    }

    /** Reads the log up to a place that was durable before. */
    void run(EntryLog log, long marker, int lastSegment, long lastOffset) throws IOException {
        sequence = 1;
        for (int number = 0; number <= lastSegment; number++) {
            segment = number;
            Disk.File file = log.segments().get(number);
            if (file == null) {
                if (number < lastSegment || lastOffset > FileHeader.BYTES) {
                    damage.add("all records in it", EntryLog.fileName(number), 0, "the file is missing");
                }
                continue;
            }
            FileHeader.Found found = FileHeader.read(file);
            if (!found.whole()) {
                damage.add("the file's header", EntryLog.fileName(number), 0, Damaged.CHECKSUM);
            }
            FileHeader header = found.header();
            long end = number == lastSegment ? lastOffset : Long.MAX_VALUE;
            new LogScanner(file, header == null ? marker : header.marker(), end)
                    .scan(FileHeader.BYTES, sequence, Long.MAX_VALUE, this);
        }
    }

    boolean isEntryWhole(int record) {
        return wholeEntries.get(record);
    }

    boolean isSealWhole(long height) {
        return wholeSeals.get((int) height);
    }

    @Override
    public void frame(Frame frame, byte[] source, int at, long offset) {
        sequence = frame.sequence() + 1;
        int nameAt = at + Frame.NAME_AT;
        int payloadAt = at + Frame.HEADER_BYTES;
        long position = Position.of(segment, offset, frame.length());
        switch (frame.kind()) {
            case ENTRY -> {
                byte[] digest = Cid.hash(Arrays.copyOfRange(source, payloadAt, payloadAt + frame.length()))
                        .digest();
                if (Arrays.equals(digest, 0, Cid.DIGEST_BYTES, source, nameAt, nameAt + Cid.DIGEST_BYTES)) {
                    entryIsWhole(digest, position);
                }
            }
            case SEAL -> sealIsWhole(Frame.getLong(source, nameAt), position);
            case DROP, COMMIT, VOTE -> {}
        }
    }

    private void entryIsWhole(byte[] digest, long position) {
        lock.lock();
        try {
            int record = index.entries().find(digest, 0);
            if (record != EntryTable.NONE && index.entries().position(record) == position) {
                wholeEntries.set(record);
            }
        } finally {
            lock.unlock();
        }
    }

    private void sealIsWhole(long height, long position) {
        lock.lock();
        try {
            if (height <= index.height() && index.sealPosition(height) == position) {
                wholeSeals.set((int) height);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void entryBehindDamagedHeader(byte[] digest, int length, long offset, long atSequence) {
        sequence = atSequence + 1;
        entryIsWhole(digest, Position.of(segment, offset, length));
        damage.add(
                "the record's header before entry " + Cid.of(digest),
                EntryLog.fileName(segment),
                offset,
                "its checksum does not match; the entry is whole");
    }

    @Override
    public void damagedPayload(Frame frame, byte[] source, int at, long offset) {
        sequence = frame.sequence() + 1; // the ledger reports entries and seals that are not whole
    }

    @Override
    public void lost(long offset, long endOffset, long firstSequence, long nextSequence) {
        sequence = Math.max(sequence, nextSequence);
        damage.add(
                Recovery.lostName(firstSequence, nextSequence),
                EntryLog.fileName(segment),
                offset,
                (endOffset - offset) + " bytes are no record");
    }
}
