// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What goes to the disk under one force: frames that lie side by side in one segment, then votes. Frames have their final place at once, so
 * that readers find them here until they are in the file. Guarded by the ledger's lock while it fills; only the writer's afterwards.
 */
final class Batch {

    private static final int CAPACITY_MIN_BYTES = 16 << 10;

    private byte[] bytes;
    private int size;
    private int segment;
    private long start;
    private long firstSequence;
    private long nextSequence;
    private final List<byte[]> votes = new ArrayList<>();
    private long voteBytes;
    private final List<CompletableFuture<Void>> waiters = new ArrayList<>();

    Batch() {
        bytes = new byte[CAPACITY_MIN_BYTES];
    }

    /** Empties it for frames that go to this place. */
    void restart(int atSegment, long atOffset, long atSequence) {
        segment = atSegment;
        start = atOffset;
        firstSequence = atSequence;
        nextSequence = atSequence;
        size = 0;
        votes.clear();
        voteBytes = 0;
        waiters.clear();
    }

    boolean isEmpty() {
        return size == 0 && votes.isEmpty();
    }

    boolean hasFrames() {
        return size > 0;
    }

    int size() {
        return size;
    }

    int segment() {
        return segment;
    }

    long start() {
        return start;
    }

    long end() {
        return start + size;
    }

    long firstSequence() {
        return firstSequence;
    }

    long nextSequence() {
        return nextSequence;
    }

    byte[] bytes() {
        return bytes;
    }

    List<byte[]> votes() {
        return votes;
    }

    long voteBytes() {
        return voteBytes;
    }

    List<CompletableFuture<Void>> waiters() {
        return waiters;
    }

    /** Appends a frame and returns its position. */
    long append(long marker, Frame.Kind kind, byte[] name, byte[] payload) {
        int at = size;
        int end = Math.addExact(at, Frame.HEADER_BYTES + payload.length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        System.arraycopy(payload, 0, bytes, at + Frame.HEADER_BYTES, payload.length);
        Frame.writeHeader(bytes, at, marker, nextSequence, kind, name, payload.length);
        size = end;
        nextSequence++;
        return Position.of(segment, start + at, payload.length);
    }

    void addVote(byte[] vote) {
        votes.add(vote);
        voteBytes += vote.length;
    }

    boolean holds(long position) {
        return Position.segment(position) == segment
                && Position.offset(position) >= start
                && Position.offset(position) < end();
    }

    /** A copy of the whole frame. */
    byte[] frame(long position) {
        int at = (int) (Position.offset(position) - start);
        return Arrays.copyOfRange(bytes, at, at + Frame.HEADER_BYTES + Position.length(position));
    }
}
