// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.althing.api.Cid;
import org.jspecify.annotations.Nullable;

/**
 * The index as it was at one commit of the log, so that opening reads 48 bytes an entry and not all of it. Only a cache: it is taken when its
 * CRC holds and the commit it names is found in its place in the log; else it is made anew from the log.
 *
 * <pre>
 * header, 80 bytes: magic, marker, commit sequence, commit nonce, commit position, votes, entries, seals, 8 spare bytes,
 *                   4 spare bytes, CRC-32C of the 76 bytes before
 * entries, 48 bytes each: digest, position, state
 * seals, 8 bytes each: position
 * CRC-32C of all before
 * </pre>
 *
 * @param marker of the log
 * @param commitSequence of the last commit that it covers
 * @param commitNonce of that commit
 * @param commitPosition of that commit
 * @param votes that were durable
 * @param entries number of entries
 * @param seals number of seals
 */
record Checkpoint(
        long marker, long commitSequence, long commitNonce, long commitPosition, long votes, long entries, long seals) {

    static final String FILE_NAME = "index";

    /** "ALTHIDX1": the version is the last character. */
    private static final long MAGIC = 0x414c5448_49445831L;

    private static final int HEADER_BYTES = 80;
    private static final int HEADER_CRC_AT = 76;
    private static final int ENTRY_BYTES = 48;
    private static final int SEAL_BYTES = 8;
    private static final int CRC_BYTES = 4;
    /** A multiple of both record sizes. */
    private static final int BLOCK_BYTES = ENTRY_BYTES * (16 << 10);

    private long fileSize() {
        return HEADER_BYTES + entries * ENTRY_BYTES + seals * SEAL_BYTES + CRC_BYTES;
    }

    private byte[] header() {
        byte[] bytes = new byte[HEADER_BYTES];
        long[] fields = {MAGIC, marker, commitSequence, commitNonce, commitPosition, votes, entries, seals};
        for (int i = 0; i < fields.length; i++) {
            Frame.putLong(bytes, 8 * i, fields[i]);
        }
        Frame.putInt(bytes, HEADER_CRC_AT, Frame.crc(bytes, 0, HEADER_CRC_AT));
        return bytes;
    }

    /** The header of the checkpoint in this folder, or null if there is none that is whole. */
    static @Nullable Checkpoint readHeader(Disk disk, Path folder) throws IOException {
        Path path = folder.resolve(FILE_NAME);
        if (!Files.exists(path)) {
            return null;
        }
        byte[] bytes = new byte[HEADER_BYTES];
        try (Disk.File file = disk.open(path)) {
            if (file.read(ByteBuffer.wrap(bytes), 0) < HEADER_BYTES
                    || Frame.getLong(bytes, 0) != MAGIC
                    || Frame.getInt(bytes, HEADER_CRC_AT) != Frame.crc(bytes, 0, HEADER_CRC_AT)) {
                return null;
            }
            Checkpoint read = new Checkpoint(
                    Frame.getLong(bytes, 8),
                    Frame.getLong(bytes, 16),
                    Frame.getLong(bytes, 24),
                    Frame.getLong(bytes, 32),
                    Frame.getLong(bytes, 40),
                    Frame.getLong(bytes, 48),
                    Frame.getLong(bytes, 56));
            return read.entries >= 0
                            && read.entries <= Integer.MAX_VALUE
                            && read.seals >= 0
                            && read.seals <= Integer.MAX_VALUE
                            && read.fileSize() == file.size()
                    ? read
                    : null;
        }
    }

    /** Whether the log still has the commit at which this was written. */
    boolean isOf(EntryLog log) throws IOException {
        byte[] frame = log.read(commitPosition);
        if (frame.length < Frame.HEADER_BYTES) {
            return false;
        }
        Frame header = Frame.readHeader(frame, 0, marker);
        return header != null
                && header.kind() == Frame.Kind.COMMIT
                && header.sequence() == commitSequence
                && Commit.read(frame, Frame.NAME_AT).nonce() == commitNonce;
    }

    /** The index in the file, or null if the file is damaged. */
    @Nullable
    Index load(Disk disk, Path folder, long random) throws IOException {
        Index index = new Index(random);
        CRC32C crc = new CRC32C();
        crc.update(header());
        byte[] block = new byte[BLOCK_BYTES];
        try (Disk.File file = disk.open(folder.resolve(FILE_NAME))) {
            long entriesEnd = HEADER_BYTES + entries * ENTRY_BYTES;
            long sealsEnd = entriesEnd + seals * SEAL_BYTES;
            for (long at = HEADER_BYTES; at < sealsEnd; ) {
                int length = (int) Math.min(BLOCK_BYTES, (at < entriesEnd ? entriesEnd : sealsEnd) - at);
                if (file.read(ByteBuffer.wrap(block, 0, length), at) < length) {
                    return null;
                }
                crc.update(block, 0, length);
                restore(index, block, length, at < entriesEnd);
                at += length;
            }
            byte[] stored = new byte[CRC_BYTES];
            boolean whole = file.read(ByteBuffer.wrap(stored), sealsEnd) == CRC_BYTES
                    && Frame.getInt(stored, 0) == (int) crc.getValue();
            return whole ? index : null;
        }
    }

    private static void restore(Index index, byte[] block, int length, boolean areEntries) {
        if (areEntries) {
            for (int at = 0; at < length; at += ENTRY_BYTES) {
                index.restoreEntry(
                        block,
                        at,
                        Frame.getLong(block, at + Cid.DIGEST_BYTES),
                        Frame.getLong(block, at + Cid.DIGEST_BYTES + 8));
            }
        } else {
            for (int at = 0; at < length; at += SEAL_BYTES) {
                index.restoreSeal(Frame.getLong(block, at));
            }
        }
    }

    /** Writes the checkpoint of this index, which nobody may change meanwhile, in place of any older one. */
    void write(Disk disk, Path folder, Index index) throws IOException {
        Path fresh = folder.resolve(FILE_NAME + ".new");
        disk.deleteIfExists(fresh);
        try (Disk.File file = disk.create(fresh)) {
            CRC32C crc = new CRC32C();
            byte[] header = header();
            crc.update(header);
            file.write(ByteBuffer.wrap(header), 0);
            long at = HEADER_BYTES;
            byte[] block = new byte[BLOCK_BYTES];
            int used = 0;
            EntryTable table = index.entries();
            for (int record = 0; record < entries; record++) {
                System.arraycopy(table.digest(record), 0, block, used, Cid.DIGEST_BYTES);
                Frame.putLong(block, used + Cid.DIGEST_BYTES, table.position(record));
                Frame.putLong(block, used + Cid.DIGEST_BYTES + 8, table.state(record));
                used += ENTRY_BYTES;
                if (used == BLOCK_BYTES) {
                    at = flush(file, at, block, used, crc);
                    used = 0;
                }
            }
            at = flush(file, at, block, used, crc);
            used = 0;
            for (long height = 0; height < seals; height++) {
                Frame.putLong(block, used, index.sealPosition(height));
                used += SEAL_BYTES;
                if (used == BLOCK_BYTES) {
                    at = flush(file, at, block, used, crc);
                    used = 0;
                }
            }
            at = flush(file, at, block, used, crc);
            byte[] end = new byte[CRC_BYTES];
            Frame.putInt(end, 0, (int) crc.getValue());
            file.write(ByteBuffer.wrap(end), at);
            file.force();
        }
        disk.rename(fresh, folder.resolve(FILE_NAME));
        disk.forceFolder(folder);
    }

    private static long flush(Disk.File file, long at, byte[] block, int used, CRC32C crc) throws IOException {
        crc.update(block, 0, used);
        file.write(ByteBuffer.wrap(block, 0, used), at);
        return at + used;
    }
}
