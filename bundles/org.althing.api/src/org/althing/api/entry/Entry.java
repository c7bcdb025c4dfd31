// SPDX-License-Identifier: EPL-2.0
package org.althing.api.entry;

import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.jspecify.annotations.Nullable;

/**
 * One signed record. An entry depends on nothing but its author's previous entry and a final seal that its author knew.
 *
 * @param cid hash of the entry's canonical bytes, its name
 * @param sizeBytes number of those bytes
 * @param dao CID of the DAO's charter entry; null in the charter itself
 * @param key the author: a root key (charter, key changes), a device key (all else) or a notary key (results, equivocations)
 * @param sequence number of this entry among the entries of that key, from 0
 * @param previous CID of that key's entry before; null if {@code sequence} is 0
 * @param seen CID of the header of the last final seal that the author knew; null in the charter itself
 * @param timeMillis claimed time, Unix milliseconds; for display only, decides nothing
 * @param body what the author says; if it is enclosed and could be opened, what is in it
 * @param enclosed in what the body was enclosed; null if it was in clear, or is not opened
 * @param signature by {@code key}, over the tag {@code althing-entry-1} and the canonical payload
 */
public record Entry(
        Cid cid,
        int sizeBytes,
        @Nullable Cid dao,
        PublicKey key,
        long sequence,
        @Nullable Cid previous,
        @Nullable Cid seen,
        long timeMillis,
        Body body,
        Body.@Nullable Enclosed enclosed,
        Signature signature) {

    /** An entry whose body is as it was signed. */
    public Entry(
            Cid cid,
            int sizeBytes,
            @Nullable Cid dao,
            PublicKey key,
            long sequence,
            @Nullable Cid previous,
            @Nullable Cid seen,
            long timeMillis,
            Body body,
            Signature signature) {
        this(cid, sizeBytes, dao, key, sequence, previous, seen, timeMillis, body, null, signature);
    }

    /** The largest entry, in bytes, but for equivocations of a notary; larger things are attachments by CID. */
    public static final int SIZE_MAX_BYTES = 64 * 1024;
    /**
     * The largest equivocation, in bytes: it holds any two entries of {@link #SIZE_MAX_BYTES} and what is around them. One larger than these
     * is sealed only if a notary key signed it.
     */
    public static final int EQUIVOCATION_SIZE_MAX_BYTES = 2 * SIZE_MAX_BYTES + 1024;
    /** The version of the format. */
    public static final int FORMAT_VERSION = 1;
    /** The latest time that an entry can claim, in Unix milliseconds: the end of the year 9999. */
    public static final long TIME_MAX_MILLIS = 253_402_300_799_999L;

    /** This entry with what is in its enclosed body. */
    public Entry opened(Body inside) {
        if (!(body instanceof Body.Enclosed outside)) {
            throw new IllegalStateException("entry " + cid + " is not enclosed");
        }
        return new Entry(cid, sizeBytes, dao, key, sequence, previous, seen, timeMillis, inside, outside, signature);
    }

    /** This entry as it was signed. */
    public Entry shut() {
        return enclosed == null
                ? this
                : new Entry(cid, sizeBytes, dao, key, sequence, previous, seen, timeMillis, enclosed, signature);
    }

    /** The body as it was signed. */
    public Body signedBody() {
        return enclosed == null ? body : enclosed;
    }

    /** The DAO that this entry belongs to: the one it names, or, for a charter, the one it founds. */
    public Cid belongsTo() {
        return dao == null ? cid : dao;
    }
}
