/** Althing Ledger. */
@org.jspecify.annotations.NullMarked
package org.althing.ledger;
