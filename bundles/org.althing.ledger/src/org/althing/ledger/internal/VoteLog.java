// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.althing.api.ledger.DamagedException;
import org.jspecify.annotations.Nullable;

/**
 * What the notary of this folder has promised. Any byte that is not as written, or a tail that is torn, makes the whole log refuse: a notary
 * that forgets a vote may cast another in its place, and nothing proves that the lost tail held none. Votes stay on the disk alone.
 *
 * <p>The log cannot know by itself that whole frames were cut off its end; the commits of the entry log and the checkpoint tell how many
 * votes there were, see {@link #requireVotes}.
 */
final class VoteLog implements Closeable {

    static final String FILE_NAME = "votes";

    private final Disk disk;
    private final Path path;
    private final LongSupplier random;
    private volatile Disk.@Nullable File file;
    private volatile long marker;
    private volatile @Nullable String damage;

    // The writer's alone.
    private long writtenEnd;
    private long writtenCount;

    // Guarded by the ledger's lock.
    private long durableEnd;
    private long count;
    private final long entrySequence;

    /** What a file holds: its votes, or what is wrong with it. */
    private record Contents(
            long marker,
            List<byte[]> votes,
            long entrySequence,
            @Nullable String damage) {}

    VoteLog(Disk disk, Path folder, LongSupplier random) throws IOException {
        this.disk = disk;
        this.path = folder.resolve(FILE_NAME);
        this.random = random;
        if (!Files.exists(path)) {
            entrySequence = 0;
            return;
        }
        Disk.File opened = disk.open(path);
        file = opened;
        writtenEnd = opened.size();
        Contents contents = read(opened, writtenEnd);
        marker = contents.marker();
        damage = contents.damage();
        writtenCount = contents.votes().size();
        entrySequence = contents.entrySequence();
        landed();
    }

    private static Contents read(Disk.File file, long length) throws IOException {
        List<byte[]> votes = new ArrayList<>();
        FileHeader.Found found = FileHeader.read(file);
        FileHeader header = found.header();
        if (header == null || !found.whole()) {
            return new Contents(0, votes, 0, "its header is damaged");
        }
        long entrySequence = 0;
        long offset = FileHeader.BYTES;
        while (offset < length) {
            byte[] head = new byte[Frame.HEADER_BYTES];
            boolean complete = file.read(ByteBuffer.wrap(head), offset) == head.length;
            Frame frame = complete ? Frame.readHeader(head, 0, header.marker()) : null;
            byte[] vote = frame == null ? null : payload(file, frame, votes.size() + 1L, offset, length);
            if (vote == null) {
                return new Contents(
                        header.marker(),
                        votes,
                        entrySequence,
                        "vote " + (votes.size() + 1) + " at offset " + offset + " is damaged or torn");
            }
            votes.add(vote);
            entrySequence = Math.max(entrySequence, Frame.getLong(head, Frame.NAME_AT));
            offset += Frame.HEADER_BYTES + vote.length;
        }
        return new Contents(header.marker(), votes, entrySequence, null);
    }

    private static byte @Nullable [] payload(Disk.File file, Frame frame, long sequence, long offset, long end)
            throws IOException {
        if (frame.kind() != Frame.Kind.VOTE || frame.sequence() != sequence || offset + frame.size() > end) {
            return null;
        }
        byte[] payload = new byte[frame.length()];
        int length = file.read(ByteBuffer.wrap(payload), offset + Frame.HEADER_BYTES);
        return length == payload.length && Frame.crc(payload, 0, length) == frame.payloadCrc() ? payload : null;
    }

    /** Says that this many votes were once durable. */
    void requireVotes(long votes) {
        if (damage == null && count < votes) {
            damage = "it holds " + count + " votes of at least " + votes;
        }
    }

    /** What is wrong, or null. */
    @Nullable
    String damage() {
        return damage;
    }

    DamagedException refusal(String reason) {
        return new DamagedException("the vote log " + path + " cannot be used: " + reason
                + ". It is never repaired, since a forgotten vote could be cast again: have the DAO replace this notary by one"
                + " with a new key; where it is the only notary, restore the whole data folder from a copy");
    }

    /** Durable votes. */
    long count() {
        return count;
    }

    /** Where the durable votes end in the file. */
    long durableEnd() {
        return durableEnd;
    }

    /** Up to where the entry log was durable when the last vote was cast, as found on opening. */
    long entrySequence() {
        return entrySequence;
    }

    /** The votes up to a place where they end, in order. Safe for many threads. */
    List<byte[]> votes(long end) throws IOException, DamagedException {
        Disk.File open = file;
        String reason = damage;
        if (reason == null && open != null) {
            Contents contents = read(open, end);
            if (contents.damage() == null) {
                return contents.votes();
            }
            reason = contents.damage();
            damage = reason;
        }
        if (reason != null) {
            throw refusal(reason);
        }
        return List.of();
    }

    /** Writes votes and forces them. Only the writer calls this. */
    void write(List<byte[]> votes, long durableEntrySequence) throws IOException {
        Disk.File open = file;
        if (open == null) {
            marker = random.getAsLong();
            open = new FileHeader(marker, 0, 1).createFile(disk, path);
            file = open;
            writtenEnd = FileHeader.BYTES;
        }
        byte[] bytes = frames(votes, durableEntrySequence);
        open.write(ByteBuffer.wrap(bytes), writtenEnd);
        open.force();
        writtenEnd += bytes.length;
        writtenCount += votes.size();
    }

    private byte[] frames(List<byte[]> votes, long durableEntrySequence) {
        byte[] bytes = new byte
                [votes.stream()
                        .mapToInt(vote -> Frame.HEADER_BYTES + vote.length)
                        .sum()];
        byte[] name = new byte[Frame.NAME_BYTES];
        Frame.putLong(name, 0, durableEntrySequence);
        int at = 0;
        long sequence = writtenCount;
        for (byte[] vote : votes) {
            System.arraycopy(vote, 0, bytes, at + Frame.HEADER_BYTES, vote.length);
            Frame.writeHeader(bytes, at, marker, ++sequence, Frame.Kind.VOTE, name, vote.length);
            at += Frame.HEADER_BYTES + vote.length;
        }
        return bytes;
    }

    /** What was written is durable now. */
    void landed() {
        durableEnd = writtenEnd;
        count = writtenCount;
    }

    @Override
    public void close() throws IOException {
        Disk.File open = file;
        if (open != null) {
            open.close();
        }
    }
}
