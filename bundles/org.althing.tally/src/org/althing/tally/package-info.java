/** Althing Tally. */
@org.jspecify.annotations.NullMarked
package org.althing.tally;
