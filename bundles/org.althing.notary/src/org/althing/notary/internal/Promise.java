// SPDX-License-Identifier: EPL-2.0
package org.althing.notary.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.seal.SealHeader;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;
import org.althing.codec.SealCodec;

/**
 * What the notary writes into its vote log before its vote is known to anybody: the whole seal, so that after a crash the same seal can be
 * finished and no other has to be made for its height.
 *
 * <p>A record of the log is smaller than the largest seal, so the entries of a large one go ahead in parts. Only the record that concludes
 * holds the signature: parts without it are no promise.
 */
record Promise(SealHeader header, Seal seal) {

    /** Entries named in one record. */
    static final int RECORD_ENTRIES_MAX = 1024;

    private static final int FORMAT_VERSION = 1;
    /** Fields of a record that begins a long promise, and of the one that concludes it; no other number is either. */
    private static final int PART_FIELDS = 3;

    private static final int LAST_FIELDS = 5;
    private static final int HEADER_SIZE_MAX_BYTES = 1024;
    private static final int PARTS_MAX = SealHeader.ENTRIES_MAX / RECORD_ENTRIES_MAX;

    static Promise of(SealHeader header, byte[] headerBytes, List<Cid> entries, byte[] certificate) {
        return new Promise(header, new Seal(header.height(), headerBytes, entries, certificate));
    }

    /** The records, in the order in which they must be stored. */
    List<byte[]> toRecords() {
        List<byte[]> records = new ArrayList<>();
        List<Cid> left = seal.entries();
        for (; left.size() > RECORD_ENTRIES_MAX; left = left.subList(RECORD_ENTRIES_MAX, left.size())) {
            CborWriter out = new CborWriter();
            out.map(PART_FIELDS).key("v").integer(FORMAT_VERSION);
            out.key("part").integer(records.size());
            writeEntries(out, left.subList(0, RECORD_ENTRIES_MAX));
            records.add(out.toBytes());
        }
        CborWriter out = new CborWriter();
        out.map(LAST_FIELDS).key("v").integer(FORMAT_VERSION);
        out.key("parts").integer(records.size());
        out.key("header").bytes(seal.header());
        writeEntries(out, left);
        out.key("certificate").bytes(seal.certificate());
        records.add(out.toBytes());
        return records;
    }

    private static void writeEntries(CborWriter out, List<Cid> entries) {
        out.key("entries").list(entries.size());
        entries.forEach(out::link);
    }

    /** Puts promises together from the records of a log. */
    static final class Reader {

        private final List<Cid> ahead = new ArrayList<>();
        private int parts;

        /**
         * Takes the next record.
         *
         * @return the promise that it concludes
         * @throws MalformedException if it is no record, or does not follow the one before
         */
        Optional<Promise> read(byte[] record) {
            CborReader in = new CborReader(record);
            int fields = in.readMap(PART_FIELDS, LAST_FIELDS);
            in.expectKey("v");
            in.readLong(FORMAT_VERSION, FORMAT_VERSION);
            if (fields == PART_FIELDS) {
                in.expectKey("part");
                readPart(in);
                return Optional.empty();
            }
            return Optional.of(conclude(in));
        }

        private void readPart(CborReader in) {
            int at = in.position();
            int part = (int) in.readLong(0, PARTS_MAX - 1L);
            if (part == 0) {
                // A crash may have cut a series short; nothing was promised by it.
                ahead.clear();
                parts = 0;
            }
            if (part != parts) {
                throw new MalformedException(at, "part " + part + " after " + parts + " parts");
            }
            parts++;
            readEntries(in);
            in.finish();
        }

        private Promise conclude(CborReader in) {
            in.expectKey("parts");
            int at = in.position();
            int wanted = (int) in.readLong(0, PARTS_MAX);
            if (wanted == 0) {
                ahead.clear();
                parts = 0;
            }
            if (wanted != parts) {
                throw new MalformedException(at, wanted + " parts wanted, " + parts + " found");
            }
            in.expectKey("header");
            byte[] headerBytes = in.readBytes(HEADER_SIZE_MAX_BYTES);
            readEntries(in);
            in.expectKey("certificate");
            byte[] certificate = in.readBytes(DaoLedger.CERTIFICATE_SIZE_MAX_BYTES);
            in.finish();
            Promise promise = of(SealCodec.decodeHeader(headerBytes), headerBytes, ahead, certificate);
            ahead.clear();
            parts = 0;
            return promise;
        }

        private void readEntries(CborReader in) {
            in.expectKey("entries");
            int count = in.readList(RECORD_ENTRIES_MAX);
            for (int i = 0; i < count; i++) {
                ahead.add(in.readLink());
            }
        }
    }
}
