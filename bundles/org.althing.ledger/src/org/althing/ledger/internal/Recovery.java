// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger.Damage;
import org.jspecify.annotations.Nullable;

/** Opens the files of a DAO: finds where the log ends, drops a torn write behind that, makes the index, and notes all damage it meets. */
final class Recovery implements LogScanner.Visitor {

    /** What was found damaged, unless the log turns out to hold it again further on. */
    private record Suspect(byte @Nullable [] digest, long height, Damage damage) {}

    private final Disk disk;
    private final Path folder;
    private final LongSupplier random;
    private final EntryLog log;
    private final VoteLog votes;
    private final DamageList damage = new DamageList();
    private final List<Suspect> suspects = new ArrayList<>();
    private Index index;
    private long marker;
    private boolean markerKnown;
    private int segment;
    private long tailOffset = FileHeader.BYTES;
    private long nextSequence = 1;
    private long votesOnce;

    private Recovery(Disk disk, Path folder, LongSupplier random, EntryLog log, VoteLog votes) {
        this.disk = disk;
        this.folder = folder;
        this.random = random;
        this.log = log;
        this.votes = votes;
        this.index = new Index(random.getAsLong());
    }

    static Recovery run(Disk disk, Path folder, LongSupplier random) throws IOException {
        EntryLog log = new EntryLog(disk, folder);
        VoteLog votes = null;
        try {
            votes = new VoteLog(disk, folder, random);
            Recovery recovery = new Recovery(disk, folder, random, log, votes);
            recovery.run();
            return recovery;
        } catch (IOException | RuntimeException e) {
            log.close();
            if (votes != null) {
                votes.close();
            }
            throw e;
        }
    }

    EntryLog log() {
        return log;
    }

    VoteLog votes() {
        return votes;
    }

    Index index() {
        return index;
    }

    DamageList damage() {
        return damage;
    }

    long marker() {
        return marker;
    }

    /** Where the next frame goes. */
    int tailSegment() {
        return segment;
    }

    long tailOffset() {
        return tailOffset;
    }

    long nextSequence() {
        return nextSequence;
    }

    private void run() throws IOException {
        Checkpoint found = readCheckpoint();
        chooseMarker(found);
        boolean taken = found != null && takeCheckpoint(found);
        scanSegments(taken);
        reportSuspects();
        if (found != null) {
            votesOnce = Math.max(votesOnce, found.votes());
            requireRecords(found.commitSequence(), "the checkpoint");
        }
        requireRecords(votes.entrySequence(), "the vote log");
        votes.settle(votesOnce);
        String voteDamage = votes.damage();
        if (voteDamage != null) {
            damage.add("the vote log", VoteLog.FILE_NAME, 0, voteDamage);
        }
    }

    private @Nullable Checkpoint readCheckpoint() {
        try {
            return Checkpoint.readHeader(disk, folder);
        } catch (IOException e) {
            return null; // only a cache
        }
    }

    private void chooseMarker(@Nullable Checkpoint found) throws IOException {
        for (Disk.File file : log.segments().values()) {
            FileHeader header = FileHeader.read(file).header();
            if (header != null) {
                marker = header.marker();
                markerKnown = true;
                return;
            }
        }
        markerKnown = found != null;
        marker = found != null ? found.marker() : random.getAsLong();
    }

    private boolean takeCheckpoint(Checkpoint found) throws IOException {
        int covered = Position.segment(found.commitPosition());
        boolean complete = log.segments().headMap(covered, true).size() == covered + 1;
        if (found.marker() != marker || !complete || !found.isOf(log)) {
            return false;
        }
        Index loaded = found.load(disk, folder, random.getAsLong());
        if (loaded == null) {
            return false;
        }
        index = loaded;
        segment = covered;
        tailOffset = Position.offset(found.commitPosition()) + Frame.HEADER_BYTES;
        nextSequence = found.commitSequence() + 1;
        return true;
    }

    private void scanSegments(boolean resumed) throws IOException {
        if (log.segments().isEmpty()) {
            return;
        }
        int first = segment;
        int last = log.segments().lastKey();
        for (int number = first; number <= last; number++) {
            segment = number;
            long from = resumed && number == first ? tailOffset : FileHeader.BYTES;
            Disk.File file = log.segments().get(number);
            if (file == null) {
                damage.add("all records in it", EntryLog.fileName(number), 0, "the file is missing");
            } else {
                scanSegment(file, from, number == last);
            }
        }
    }

    private void scanSegment(Disk.File file, long from, boolean isLast) throws IOException {
        String name = EntryLog.fileName(segment);
        FileHeader.Found found = FileHeader.read(file);
        if (!found.whole()) {
            damage.add("the file's header", name, 0, "its checksum does not match");
        }
        if (isLast && file.size() < FileHeader.BYTES) {
            log.remove(segment);
            tailOffset = FileHeader.BYTES;
            return;
        }
        FileHeader header = found.header();
        if (header == null && !markerKnown) {
            damage.add("all records in it", name, 0, "no record can be found without the header");
            segment++; // what is there stays as it is; the log goes on in a fresh file
            tailOffset = FileHeader.BYTES;
            return;
        }
        LogScanner scanner = new LogScanner(file, header == null ? marker : header.marker());
        long committedEnd = isLast ? scanner.lastCommitEnd(from) : Long.MAX_VALUE;
        tailOffset = scanner.scan(from, nextSequence, committedEnd, this);
        if (isLast && tailOffset < file.size()) {
            file.truncate(tailOffset);
            file.force();
        }
    }

    @Override
    public void frame(Frame frame, byte[] source, int at, long offset) {
        int nameAt = at + Frame.NAME_AT;
        long position = Position.of(segment, offset, frame.length());
        nextSequence = frame.sequence() + 1;
        switch (frame.kind()) {
            case ENTRY -> index.entry(source, nameAt, position);
            case SEAL -> seal(Frame.getLong(source, nameAt), position, source, at + Frame.HEADER_BYTES);
            case DROP -> index.drop(source, nameAt);
            case COMMIT -> commit(Commit.read(source, nameAt), offset);
            case VOTE ->
                damage.add(
                        "record " + frame.sequence(),
                        EntryLog.fileName(segment),
                        offset,
                        "a vote in the log of entries");
        }
    }

    private void seal(long height, long position, byte[] source, int payloadAt) {
        reportLostSeals(height, Position.offset(position));
        index.seal(
                height,
                position,
                source,
                SealCodec.entriesAt(source, payloadAt),
                SealCodec.entryCount(source, payloadAt));
    }

    private void commit(Commit commit, long offset) {
        votesOnce = Math.max(votesOnce, commit.votes());
        reportLostSeals(commit.height() + 1, offset);
    }

    private void reportLostSeals(long nextHeight, long offset) {
        for (long height = index.height() + 1; height < nextHeight; height++) {
            suspects.add(new Suspect(
                    null,
                    height,
                    new Damage(sealName(height), EntryLog.fileName(segment), offset, "its record is lost")));
            index.damagedSeal(height, Position.NONE);
        }
    }

    static String sealName(long height) {
        return "seal " + height;
    }

    @Override
    public void entryBehindDamagedHeader(byte[] digest, int length, long offset, long sequence) {
        index.entry(digest, 0, Position.of(segment, offset, length));
        nextSequence = sequence + 1;
        damage.add(
                "the record's header before entry " + Cid.of(digest),
                EntryLog.fileName(segment),
                offset,
                "its checksum does not match; the entry is whole");
    }

    @Override
    public void damagedPayload(Frame frame, byte[] source, int at, long offset) {
        int nameAt = at + Frame.NAME_AT;
        String file = EntryLog.fileName(segment);
        long position = Position.of(segment, offset, frame.length());
        nextSequence = frame.sequence() + 1;
        switch (frame.kind()) {
            case ENTRY -> {
                byte[] digest = Arrays.copyOfRange(source, nameAt, nameAt + Cid.DIGEST_BYTES);
                index.damagedEntry(digest, 0, position);
                suspects.add(
                        new Suspect(digest, 0, new Damage(Cid.of(digest).toString(), file, offset, Damaged.CHECKSUM)));
            }
            case SEAL -> {
                long height = Frame.getLong(source, nameAt);
                reportLostSeals(height, offset);
                if (height > index.height() || index.isSealDamaged(height)) {
                    index.damagedSeal(height, position);
                    suspects.add(
                            new Suspect(null, height, new Damage(sealName(height), file, offset, Damaged.CHECKSUM)));
                }
            }
            case DROP, COMMIT, VOTE -> damage.add("record " + frame.sequence(), file, offset, Damaged.CHECKSUM);
        }
    }

    @Override
    public void lost(long offset, long endOffset, long firstSequence, long nextSequenceFound) {
        damage.add(
                lostName(firstSequence, nextSequenceFound),
                EntryLog.fileName(segment),
                offset,
                (endOffset - offset) + " bytes are no record");
        nextSequence = Math.max(nextSequence, nextSequenceFound);
    }

    static String lostName(long firstSequence, long nextSequence) {
        if (nextSequence == 0) {
            return "records from " + firstSequence + " on";
        }
        return nextSequence == firstSequence ? "no record" : "records " + firstSequence + " to " + (nextSequence - 1);
    }

    private void reportSuspects() {
        EntryTable entries = index.entries();
        for (Suspect suspect : suspects) {
            byte[] digest = suspect.digest();
            boolean stands =
                    digest == null ? index.isSealDamaged(suspect.height()) : entries.isDamaged(entries.find(digest, 0));
            if (stands) {
                damage.add(suspect.damage());
            }
        }
        for (int record = 0; record < entries.size() && !damage.isEmpty(); record++) {
            if (entries.isDamaged(record) && entries.position(record) == Position.NONE) {
                damage.add(
                        entries.cid(record).toString(),
                        "",
                        0,
                        "its record is lost; seal " + entries.height(record) + " names it");
            }
        }
    }

    /** Another file proves that the log once went on: so its end was cut off, and the numbers that were given there are not given again. */
    private void requireRecords(long sequence, String witness) {
        if (nextSequence <= sequence) {
            damage.add(
                    "records " + nextSequence + " to " + sequence,
                    EntryLog.fileName(segment),
                    tailOffset,
                    "the log ends before them, but " + witness + " was written after them");
            nextSequence = sequence + 1;
        }
    }
}
