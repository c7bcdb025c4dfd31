// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

/** What a range carries; the order is that of the numbers on the wire. */
enum Mode {
    SKIP,
    FINGERPRINT,
    ID_LIST
}
