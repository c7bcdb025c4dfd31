/** Althing Node. */
@org.jspecify.annotations.NullMarked
package org.althing.node;
