/** Althing Identity. */
@org.jspecify.annotations.NullMarked
package org.althing.identity;
