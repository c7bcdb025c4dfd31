// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A key that the DAO knows; it belongs to its owner for ever.
 *
 * @param owner the member's root key; for a notary key, the key itself
 * @param sequence sequence number of its last sealed entry, or -1
 * @param last CID of that entry, or null
 */
public record KeyState(
        PublicKey key,
        Kind kind,
        PublicKey owner,
        Status status,
        long sequence,
        @Nullable Cid last) {

    /** The order is the order inside a seal. */
    public enum Kind {
        ROOT,
        DEVICE,
        NOTARY
    }

    public enum Status {
        ACTIVE,
        REVOKED,
        /** It signed two entries with one sequence number. */
        FROZEN
    }
}
