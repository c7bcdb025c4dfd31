/** Althing Governance. */
@org.jspecify.annotations.NullMarked
package org.althing.governance;
