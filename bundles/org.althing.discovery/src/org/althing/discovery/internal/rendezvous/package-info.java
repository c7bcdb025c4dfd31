// SPDX-License-Identifier: EPL-2.0
/** Peers of a DAO, by a node that keeps a list of them: the rendezvous protocol of libp2p. */
@NullMarked
package org.althing.discovery.internal.rendezvous;

import org.jspecify.annotations.NullMarked;
