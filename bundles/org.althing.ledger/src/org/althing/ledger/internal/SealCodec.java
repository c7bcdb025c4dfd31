// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger.Seal;

/** The payload of a seal's frame: lengths of header and certificate, number of entries (4 bytes each); header; certificate; digests. */
final class SealCodec {

    private static final int PREFIX_BYTES = 12;

    private SealCodec() {}

    static byte[] name(Seal seal) {
        byte[] name = new byte[Frame.NAME_BYTES];
        Frame.putLong(name, 0, seal.height());
        System.arraycopy(seal.cid().digest(), 0, name, 8, Frame.NAME_BYTES - 8);
        return name;
    }

    static byte[] payload(Seal seal) {
        int headerLength = seal.header().length;
        int certificateLength = seal.certificate().length;
        int entriesAt = PREFIX_BYTES + headerLength + certificateLength;
        byte[] payload = new byte[entriesAt + seal.entries().size() * Cid.DIGEST_BYTES];
        Frame.putInt(payload, 0, headerLength);
        Frame.putInt(payload, 4, certificateLength);
        Frame.putInt(payload, 8, seal.entries().size());
        System.arraycopy(seal.header(), 0, payload, PREFIX_BYTES, headerLength);
        System.arraycopy(seal.certificate(), 0, payload, PREFIX_BYTES + headerLength, certificateLength);
        int at = entriesAt;
        for (Cid entry : seal.entries()) {
            System.arraycopy(entry.digest(), 0, payload, at, Cid.DIGEST_BYTES);
            at += Cid.DIGEST_BYTES;
        }
        return payload;
    }

    /** Offset of the first digest from the start of the payload. */
    static int entriesAt(byte[] source, int payloadAt) {
        return payloadAt + PREFIX_BYTES + Frame.getInt(source, payloadAt) + Frame.getInt(source, payloadAt + 4);
    }

    static int entryCount(byte[] source, int payloadAt) {
        return Frame.getInt(source, payloadAt + 8);
    }

    static Seal read(long height, byte[] source, int payloadAt) {
        int headerAt = payloadAt + PREFIX_BYTES;
        int certificateAt = headerAt + Frame.getInt(source, payloadAt);
        int entriesAt = entriesAt(source, payloadAt);
        int count = entryCount(source, payloadAt);
        List<Cid> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = entriesAt + i * Cid.DIGEST_BYTES;
            entries.add(Cid.of(Arrays.copyOfRange(source, at, at + Cid.DIGEST_BYTES)));
        }
        return new Seal(
                height,
                Arrays.copyOfRange(source, headerAt, certificateAt),
                entries,
                Arrays.copyOfRange(source, certificateAt, entriesAt));
    }
}
