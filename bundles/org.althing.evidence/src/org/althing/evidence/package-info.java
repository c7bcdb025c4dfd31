/** Althing Evidence. */
@org.jspecify.annotations.NullMarked
package org.althing.evidence;
