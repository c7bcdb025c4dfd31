// SPDX-License-Identifier: EPL-2.0
package org.althing.api.seal;

import org.althing.api.Cid;
import org.jspecify.annotations.Nullable;

/**
 * The header of a seal; the hash of its canonical bytes is the seal's name.
 *
 * @param epoch number of the notary set that signs, from 0
 * @param view number of the consensus view that made it
 * @param height from 0, the seal of the charter
 * @param previous CID of the parent's header; null at height 0
 * @param timeMillis Unix milliseconds, later than the parent's
 * @param count number of entries
 * @param entriesRoot RFC 9162 Merkle root over the binary CIDs of the entries, as 32 bytes
 * @param state CID of the DAO's state after this seal
 * @param set hash of the notary set that signs this seal
 * @param nextSet hash of the notary set that signs the next one
 */
public record SealHeader(
        Cid dao,
        long epoch,
        long view,
        long height,
        @Nullable Cid previous,
        long timeMillis,
        int count,
        byte[] entriesRoot,
        Cid state,
        Cid set,
        Cid nextSet) {

    /** The version of the format. */
    public static final int FORMAT_VERSION = 1;
    /** Entries in one seal. */
    public static final int ENTRIES_MAX = 4096;
    /** Bytes of all entries of one seal. */
    public static final int ENTRIES_SIZE_MAX_BYTES = 8 * 1024 * 1024;
    /** How far a seal's time may be ahead of the clock of a notary that signs it. */
    public static final long AHEAD_MAX_MILLIS = 2_000;

    public SealHeader {
        entriesRoot = entriesRoot.clone();
    }

    @Override
    public byte[] entriesRoot() {
        return entriesRoot.clone();
    }
}
