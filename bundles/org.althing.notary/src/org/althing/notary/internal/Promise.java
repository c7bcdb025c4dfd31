// SPDX-License-Identifier: EPL-2.0
package org.althing.notary.internal;

import java.util.ArrayList;
import java.util.List;
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
 */
record Promise(SealHeader header, Seal seal) {

    private static final int FORMAT_VERSION = 1;
    private static final int HEADER_SIZE_MAX_BYTES = 1024;

    static Promise of(SealHeader header, byte[] headerBytes, List<Cid> entries, byte[] certificate) {
        return new Promise(header, new Seal(header.height(), headerBytes, entries, certificate));
    }

    byte[] toBytes() {
        CborWriter out = new CborWriter();
        out.map(4).key("v").integer(FORMAT_VERSION);
        out.key("header").bytes(seal.header());
        out.key("entries").list(seal.entries().size());
        seal.entries().forEach(out::link);
        return out.key("certificate").bytes(seal.certificate()).toBytes();
    }

    /**
     * Reads a record of the vote log.
     *
     * @throws MalformedException if it is none
     */
    static Promise read(byte[] bytes) {
        CborReader in = new CborReader(bytes);
        in.readMapExactly(4);
        in.expectKey("v");
        in.readLong(FORMAT_VERSION, FORMAT_VERSION);
        in.expectKey("header");
        byte[] headerBytes = in.readBytes(HEADER_SIZE_MAX_BYTES);
        in.expectKey("entries");
        int count = in.readList(SealHeader.ENTRIES_MAX);
        List<Cid> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(in.readLink());
        }
        in.expectKey("certificate");
        byte[] certificate = in.readBytes(DaoLedger.CERTIFICATE_SIZE_MAX_BYTES);
        in.finish();
        return of(SealCodec.decodeHeader(headerBytes), headerBytes, entries, certificate);
    }
}
