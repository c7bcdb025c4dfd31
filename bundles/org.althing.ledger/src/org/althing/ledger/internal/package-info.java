// SPDX-License-Identifier: EPL-2.0
/**
 * The store on disk: an append-only log in segments, an index in memory, and a vote log in two files. {@link org.althing.ledger.internal.LogLedger}
 * is the service; {@link org.althing.ledger.internal.Frame} and {@link org.althing.ledger.internal.FileHeader} say how bytes lie.
 */
@NullMarked
package org.althing.ledger.internal;

import org.jspecify.annotations.NullMarked;
