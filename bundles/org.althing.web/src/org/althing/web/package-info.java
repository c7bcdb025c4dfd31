/** Althing Web. */
@org.jspecify.annotations.NullMarked
package org.althing.web;
