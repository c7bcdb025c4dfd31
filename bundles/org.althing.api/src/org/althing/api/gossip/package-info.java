// SPDX-License-Identifier: EPL-2.0
/** Messages that spread through the network by themselves: what a node publishes, and who judges what comes. */
@NullMarked
package org.althing.api.gossip;

import org.jspecify.annotations.NullMarked;
