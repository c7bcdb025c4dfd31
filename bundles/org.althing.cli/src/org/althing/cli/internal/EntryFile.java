// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.codec.CborReader;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;

/** Signed entries in a file: one after the other (a CBOR sequence, RFC 8742), or among the blocks of a CARv1 file. */
final class EntryFile {

    /** The largest file that is read, in bytes. */
    static final long FILE_SIZE_MAX_BYTES = 512L * 1024 * 1024;
    /** The longest block of a CAR file that is looked at, in bytes. */
    private static final int BLOCK_MAX_BYTES = 2 * 1024 * 1024;

    private static final int VARINT_MAX_BYTES = 5;

    private EntryFile() {}

    /** Complete bytes of the entries in a file, in their order. */
    static List<byte[]> read(Path file) throws Failure, IOException {
        long size = Files.size(InputFile.regular(file));
        if (size == 0 || size > FILE_SIZE_MAX_BYTES) {
            throw Failure.usage(file
                    + (size == 0
                            ? " is empty"
                            : " is larger than " + FILE_SIZE_MAX_BYTES + " bytes; import it in parts"));
        }
        byte[] bytes = Files.readAllBytes(file);
        try {
            return isSequence(bytes) ? readSequence(bytes) : readCar(bytes);
        } catch (MalformedException e) {
            throw Failure.usage(file + " holds no signed entries: " + e.getMessage());
        }
    }

    /** Appends a signed entry. */
    static void append(Path file, byte[] entry) throws IOException {
        Files.write(file, entry, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
    }

    /** An entry is a list of two whose first item is a map of nine. */
    private static boolean isSequence(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == (byte) 0x82 && bytes[1] == (byte) 0xa9;
    }

    private static List<byte[]> readSequence(byte[] bytes) {
        List<byte[]> entries = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            CborReader in = new CborReader(bytes, at, bytes.length);
            byte[] entry = in.slice();
            EntryCodec.decode(entry);
            entries.add(entry);
            at += entry.length;
        }
        return entries;
    }

    private static List<byte[]> readCar(byte[] bytes) {
        int[] at = {0};
        int headerEnd = end(bytes, at);
        at[0] = headerEnd;
        List<byte[]> entries = new ArrayList<>();
        while (at[0] < bytes.length) {
            int end = end(bytes, at);
            if (end - at[0] <= Cid.BYTES) {
                throw new MalformedException(at[0], "a block of a CAR file begins with its CID");
            }
            byte[] block = Arrays.copyOfRange(bytes, at[0] + Cid.BYTES, end);
            if (isEntry(block)) {
                entries.add(block);
            }
            at[0] = end;
        }
        if (entries.isEmpty()) {
            throw new MalformedException(0, "a CAR file without entries");
        }
        return entries;
    }

    /** Reads the length of the next section; returns where it ends, leaves {@code at} where it begins. */
    private static int end(byte[] bytes, int[] at) {
        long length = 0;
        for (int i = 0; i < VARINT_MAX_BYTES && at[0] < bytes.length; i++) {
            byte next = bytes[at[0]++];
            length |= (long) (next & 0x7f) << 7 * i;
            if (next >= 0) {
                if (length == 0 || length > BLOCK_MAX_BYTES || length > bytes.length - at[0]) {
                    break;
                }
                return at[0] + (int) length;
            }
        }
        throw new MalformedException(at[0], "neither a sequence of entries nor a CAR file");
    }

    private static boolean isEntry(byte[] block) {
        if (block.length > Entry.EQUIVOCATION_SIZE_MAX_BYTES || !isSequence(block)) {
            return false;
        }
        try {
            EntryCodec.decode(block);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }
}
