// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.althing.api.ledger.DamagedException;
import org.jspecify.annotations.Nullable;

/**
 * What the notary of this folder has promised. A notary that forgets a vote may cast another in its place, so no vote that was acknowledged
 * or read may ever be missing: each lies in two files of equal bytes, and the second is written when the first is durable. Votes stay on
 * the disk alone.
 *
 * <p>So a power loss tears one file at most, and what it tears was never acknowledged. As long as either file is whole, the longer of the
 * two whole beginnings holds every acknowledged vote: both files are made equal to it before any vote is read. A vote that was complete in
 * the first file counts as cast. Two damaged files, or two that hold different votes, refuse: nothing proves what a lost tail held.
 *
 * <p>The log cannot know by itself that votes were cut off both files; the commits of the entry log and the checkpoint tell how many there
 * were, see {@link #settle}.
 */
final class VoteLog implements Closeable {

    static final String FILE_NAME = "votes";
    static final String COPY_NAME = "votes-copy";

    private final Path folder;
    private final LongSupplier random;
    private final VoteFile first;
    private final VoteFile second;
    private final VoteFile.Found foundFirst;
    private final VoteFile.Found foundSecond;
    private volatile @Nullable String damage;

    // The writer's alone.
    private long marker;
    private long writtenEnd;
    private long writtenCount;

    // Guarded by the ledger's lock.
    private long durableEnd;
    private long count;

    /** Opens the files and reads them; {@link #settle} must follow before anything else. */
    VoteLog(Disk disk, Path folder, LongSupplier random) throws IOException {
        this.folder = folder;
        this.random = random;
        first = new VoteFile(disk, folder.resolve(FILE_NAME));
        try {
            second = new VoteFile(disk, folder.resolve(COPY_NAME));
        } catch (IOException e) {
            first.close();
            throw e;
        }
        foundFirst = first.read();
        foundSecond = second.read();
    }

    /**
     * Makes both files whole, equal and durable, or refuses. Files that refuse stay as they are.
     *
     * @param votesOnce so many votes were once durable
     */
    void settle(long votesOnce) {
        try {
            damage = obstacle(votesOnce);
            if (damage == null && (first.exists() || second.exists())) {
                makeEqual();
            }
        } catch (IOException e) {
            damage = "its two files cannot be made equal (" + e
                    + "). Free some space or check the disk, then start again";
        }
    }

    private @Nullable String obstacle(long votesOnce) throws IOException {
        boolean fresh = !first.exists() && !second.exists();
        if (!fresh && foundFirst.damage() != null && foundSecond.damage() != null) {
            return bothDamaged(foundFirst.damage(), foundSecond.damage());
        }
        if (!first.agrees(second, Math.min(foundFirst.end(), foundSecond.end()))) {
            return lost(FILE_NAME + " and " + COPY_NAME + " hold different votes");
        }
        long votes = Math.max(foundFirst.votes(), foundSecond.votes());
        return votes < votesOnce ? lost("it holds " + votes + " votes of at least " + votesOnce) : null;
    }

    private static String bothDamaged(@Nullable String damageFirst, @Nullable String damageSecond) {
        return lost(FILE_NAME + ": " + damageFirst + "; " + COPY_NAME + ": " + damageSecond);
    }

    private static String lost(String reason) {
        return reason
                + ". A power loss or one damaged file does not do that. It is not repaired, since a forgotten vote could"
                + " be cast again: have the DAO replace this notary by one with a new key; where it is the only notary, restore"
                + " the whole data folder from a copy";
    }

    private void makeEqual() throws IOException {
        boolean firstLeads = foundFirst.end() >= foundSecond.end();
        VoteFile leader = firstLeads ? first : second;
        VoteFile follower = firstLeads ? second : first;
        VoteFile.Found lead = firstLeads ? foundFirst : foundSecond;
        VoteFile.Found follow = firstLeads ? foundSecond : foundFirst;
        // What a killed process wrote may be in memory alone: forced before anybody reads it.
        if (lead.damage() == null) {
            leader.force();
        }
        if (follow.damage() != null || follow.end() < lead.end()) {
            follower.copyFrom(leader, lead.end());
        } else {
            follower.force();
        }
        if (lead.damage() != null) {
            // Votes that were written together are torn; the follower has the whole ones now.
            leader.copyFrom(follower, lead.end());
        }
        marker = lead.marker();
        writtenEnd = lead.end();
        writtenCount = lead.votes();
        landed();
    }

    /** Why no vote can be read or cast, and what to do; or null. */
    @Nullable
    String damage() {
        return damage;
    }

    DamagedException refusal(String reason) {
        return new DamagedException("the vote log in " + folder + " cannot be used: " + reason);
    }

    /** Durable votes. */
    long count() {
        return count;
    }

    /** Where the durable votes end in both files. */
    long durableEnd() {
        return durableEnd;
    }

    /** Up to where the entry log was durable when the last vote was cast, as found on opening. */
    long entrySequence() {
        return Math.max(foundFirst.entrySequence(), foundSecond.entrySequence());
    }

    /** The votes up to a place where they end, in order, from whichever file is whole. Safe for many threads. */
    List<byte[]> votes(long end) throws IOException, DamagedException {
        String reason = damage;
        if (reason != null) {
            throw refusal(reason);
        }
        if (end == 0) {
            return List.of();
        }
        List<byte[]> votes = new ArrayList<>();
        String damageFirst = read(first, end, votes);
        if (damageFirst == null) {
            return votes;
        }
        votes.clear();
        String damageSecond = read(second, end, votes);
        if (damageSecond == null) {
            return votes;
        }
        reason = bothDamaged(damageFirst, damageSecond);
        damage = reason;
        throw refusal(reason);
    }

    private static @Nullable String read(VoteFile file, long end, List<byte[]> votes) throws IOException {
        return file.read(end, votes::add).damage();
    }

    /** Reads both files. */
    void scrub(long end, DamageList found) throws IOException, DamagedException {
        votes(end);
        for (VoteFile file : List.of(first, second)) {
            String reason = end == 0 ? null : file.read(end, vote -> {}).damage();
            if (reason != null) {
                found.add("one of two vote files", file.name(), 0, reason + "; it is made anew when the node starts");
            }
        }
    }

    /** Writes votes to one file after the other and forces each. Only the writer calls this. */
    void write(List<byte[]> votes, long durableEntrySequence) throws IOException {
        if (writtenEnd == 0) {
            marker = random.getAsLong();
            first.create(marker);
            second.copyFrom(first, FileHeader.BYTES);
            writtenEnd = FileHeader.BYTES;
        }
        byte[] bytes = frames(votes, durableEntrySequence);
        first.append(bytes, writtenEnd);
        second.append(bytes, writtenEnd);
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
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
