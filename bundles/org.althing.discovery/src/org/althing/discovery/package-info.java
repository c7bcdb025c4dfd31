/** Althing Discovery. */
@org.jspecify.annotations.NullMarked
package org.althing.discovery;
