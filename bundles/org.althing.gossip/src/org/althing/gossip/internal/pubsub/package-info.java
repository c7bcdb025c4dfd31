// SPDX-License-Identifier: EPL-2.0
/** GossipSub v1.1 with IDONTWANT of v1.2: a pure router, its messages on the wire, and the shell that runs it on a libp2p host. */
@NullMarked
package org.althing.gossip.internal.pubsub;

import org.jspecify.annotations.NullMarked;
