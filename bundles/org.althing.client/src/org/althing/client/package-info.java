/** Althing Client. */
@org.jspecify.annotations.NullMarked
package org.althing.client;
