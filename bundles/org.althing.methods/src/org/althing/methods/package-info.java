/** Althing Voting Methods. */
@org.jspecify.annotations.NullMarked
package org.althing.methods;
