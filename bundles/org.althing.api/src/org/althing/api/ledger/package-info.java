// SPDX-License-Identifier: EPL-2.0
/** The durable store: entries and seals, append-only, one writer, safe against a crash at any byte. */
@NullMarked
package org.althing.api.ledger;

import org.jspecify.annotations.NullMarked;
