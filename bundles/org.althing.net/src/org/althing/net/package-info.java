/** Althing Net. */
@org.jspecify.annotations.NullMarked
package org.althing.net;
