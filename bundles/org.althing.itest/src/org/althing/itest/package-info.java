/** Althing OSGi Tests. */
@org.jspecify.annotations.NullMarked
package org.althing.itest;
