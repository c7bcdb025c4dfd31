// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import org.althing.api.Cid;
import org.althing.api.entry.Entry;

/** What can be said about bytes without looking at any DAO. */
sealed interface Checked {

    /** A well-formed entry that its key signed. The bytes are nobody else's. */
    record Genuine(Entry entry, byte[] bytes) implements Checked {}

    /** An entry that the ledger holds already; its signature was checked when it came. */
    record Known(Entry entry) implements Checked {}

    /** No entry at all, or one that its key did not sign. */
    record Bad(Cid cid, String reason) implements Checked {}
}
