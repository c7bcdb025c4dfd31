/** Althing Notary. */
@org.jspecify.annotations.NullMarked
package org.althing.notary;
