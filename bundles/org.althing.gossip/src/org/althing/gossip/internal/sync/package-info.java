// SPDX-License-Identifier: EPL-2.0
/** Entry sync: how a node gets the seals and entries that it missed, and serves those that others miss; see docs/formats/sync.cddl. */
@NullMarked
package org.althing.gossip.internal.sync;

import org.jspecify.annotations.NullMarked;
