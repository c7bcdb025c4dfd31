// SPDX-License-Identifier: EPL-2.0
/** Range-based set reconciliation in the messages of Negentropy V1, over a tree that keeps sums. */
@NullMarked
package org.althing.gossip.internal.sync.negentropy;

import org.jspecify.annotations.NullMarked;
