// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Merkle;
import org.jspecify.annotations.Nullable;

/** A final seal whose entries are being fetched. */
final class OpenSeal {

    /** Stands for an entry that is in the ledger already. */
    private static final byte[] HERE = {};

    private final SealHeader header;
    private final byte[] headerBytes;
    private final byte[] certificate;
    private final Cid cid;
    private @Nullable List<Cid> body;
    private byte[][] entries = {};
    private int missing;
    private long sizeBytes;

    OpenSeal(SealHeader header, byte[] headerBytes, byte[] certificate, Cid cid) {
        this.header = header;
        this.headerBytes = headerBytes;
        this.certificate = certificate;
        this.cid = cid;
        this.missing = header.count();
    }

    SealHeader header() {
        return header;
    }

    long height() {
        return header.height();
    }

    Cid cid() {
        return cid;
    }

    boolean hasBody() {
        return body != null;
    }

    /** Whether these CIDs are the ones that the header stands for. */
    boolean isBody(List<Cid> cids) {
        return cids.size() == header.count()
                && Arrays.equals(Merkle.root(cids.stream().map(Cid::toBytes).toList()), header.entriesRoot());
    }

    /** Takes the body; what is left to be fetched. */
    List<Slice> setBody(List<Cid> cids, Predicate<Cid> isHere) {
        body = cids;
        entries = new byte[cids.size()][];
        for (int i = 0; i < entries.length; i++) {
            if (isHere.test(cids.get(i))) {
                entries[i] = HERE;
                missing--;
            }
        }
        return missingIn(new Slice(height(), 0, entries.length));
    }

    /** The entries of a slice that are not here. */
    List<Slice> missingIn(Slice slice) {
        List<Slice> missingSlices = new ArrayList<>();
        int from = slice.from();
        while (from < slice.to()) {
            int to = from;
            while (to < slice.to() && entries[to] == null) {
                to++;
            }
            if (to > from) {
                missingSlices.add(new Slice(height(), from, to - from));
            }
            from = to + 1;
        }
        return missingSlices;
    }

    boolean has(int index) {
        return entries[index] != null;
    }

    /** Takes an entry that is missing; false if it is not the one that belongs there. */
    boolean put(int index, byte[] entry) {
        if (body == null || !body.get(index).names(entry)) {
            return false;
        }
        entries[index] = entry;
        missing--;
        sizeBytes += entry.length;
        return true;
    }

    boolean isComplete() {
        return body != null && missing == 0;
    }

    int missing() {
        return missing;
    }

    /** Bytes of the entries that were fetched. */
    long sizeBytes() {
        return sizeBytes;
    }

    DaoLedger.Seal seal() {
        return new DaoLedger.Seal(height(), headerBytes, body == null ? List.of() : body, certificate);
    }

    /** Those that the ledger lacks, in order. */
    List<byte[]> fetched() {
        return Arrays.stream(entries).filter(entry -> entry != HERE).toList();
    }
}
