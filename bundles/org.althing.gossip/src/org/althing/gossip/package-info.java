/** Althing Gossip. */
@org.jspecify.annotations.NullMarked
package org.althing.gossip;
