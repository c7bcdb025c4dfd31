// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the two files of a {@link VoteLog}: a {@link FileHeader}, then a frame a vote. It says what it holds and judges nothing. Reads are
 * safe for many threads; the rest is for one at a time.
 */
final class VoteFile implements Closeable {

    private static final int SLICE_BYTES = 64 << 10;

    private final Disk disk;
    private final Path path;
    private volatile Disk.@Nullable File file;

    /**
     * What was read, from the start to the first byte that is not as written.
     *
     * @param end where the whole votes end; 0 if not even the header is whole
     * @param entrySequence the highest that the whole votes name
     * @param damage what is wrong behind them, or null
     */
    record Found(
            long marker,
            long end,
            long votes,
            long entrySequence,
            @Nullable String damage) {}

    VoteFile(Disk disk, Path path) throws IOException {
        this.disk = disk;
        this.path = path;
        this.file = Files.exists(path) ? disk.open(path) : null;
    }

    String name() {
        return path.getFileName().toString();
    }

    boolean exists() {
        return file != null;
    }

    /** Reads all of it. Bytes that the disk does not give back are damage like any other. */
    Found read() {
        try {
            return exists() ? read(opened().size(), vote -> {}) : nothing("it is missing");
        } catch (IOException e) {
            return nothing("it cannot be read (" + e + ")");
        }
    }

    private static Found nothing(String damage) {
        return new Found(0, 0, 0, 0, damage);
    }

    private Disk.File opened() throws IOException {
        Disk.File open = file;
        if (open == null) {
            throw new IOException(path + " is missing");
        }
        return open;
    }

    /** Reads up to a place where a vote ends, and hands over each vote. */
    Found read(long end, Consumer<byte[]> sink) throws IOException {
        Disk.File open = opened();
        FileHeader.Found found = FileHeader.read(open);
        FileHeader header = found.header();
        if (header == null || !found.whole()) {
            return nothing("its header is damaged");
        }
        long votes = 0;
        long entrySequence = 0;
        long offset = FileHeader.BYTES;
        byte[] head = new byte[Frame.HEADER_BYTES];
        while (offset < end) {
            boolean complete = open.read(ByteBuffer.wrap(head), offset) == head.length;
            Frame frame = complete ? Frame.readHeader(head, 0, header.marker()) : null;
            byte[] vote = frame == null ? null : payload(open, frame, votes + 1, offset, end);
            if (vote == null) {
                String damage = "vote " + (votes + 1) + " at offset " + offset + " is damaged or torn";
                return new Found(header.marker(), offset, votes, entrySequence, damage);
            }
            sink.accept(vote);
            votes++;
            entrySequence = Math.max(entrySequence, Frame.getLong(head, Frame.NAME_AT));
            offset += Frame.HEADER_BYTES + vote.length;
        }
        return new Found(header.marker(), offset, votes, entrySequence, null);
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

    /** Whether both files begin with the same bytes. */
    boolean agrees(VoteFile other, long length) throws IOException {
        byte[] mine = new byte[SLICE_BYTES];
        byte[] theirs = new byte[SLICE_BYTES];
        for (long at = 0; at < length; at += SLICE_BYTES) {
            int slice = (int) Math.min(SLICE_BYTES, length - at);
            opened().read(ByteBuffer.wrap(mine, 0, slice), at);
            other.opened().read(ByteBuffer.wrap(theirs, 0, slice), at);
            if (!Arrays.equals(mine, 0, slice, theirs, 0, slice)) {
                return false;
            }
        }
        return true;
    }

    /** Makes the file, without votes. */
    void create(long marker) throws IOException {
        file = new FileHeader(marker, 0, 1).createFile(disk, path);
    }

    /** Replaces the file in one step by the beginning of the other; durable on return. */
    void copyFrom(VoteFile other, long length) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        disk.deleteIfExists(fresh);
        try (Disk.File copy = disk.create(fresh)) {
            byte[] bytes = new byte[SLICE_BYTES];
            for (long at = 0; at < length; at += SLICE_BYTES) {
                ByteBuffer slice = ByteBuffer.wrap(bytes, 0, (int) Math.min(SLICE_BYTES, length - at));
                other.opened().read(slice, at);
                copy.write(slice.flip(), at);
            }
            copy.force();
        } catch (IOException e) {
            disk.deleteIfExists(fresh); // a disk that is full needs the room
            throw e;
        }
        close(); // Windows replaces no open file
        disk.rename(fresh, path);
        disk.forceFolder(path.toAbsolutePath().getParent());
        file = disk.open(path);
    }

    /** Writes whole frames at the end and forces them. */
    void append(byte[] frames, long end) throws IOException {
        Disk.File open = opened();
        open.write(ByteBuffer.wrap(frames), end);
        open.force();
    }

    void force() throws IOException {
        opened().force();
    }

    @Override
    public void close() throws IOException {
        Disk.File open = file;
        if (open != null) {
            open.close();
        }
    }
}
