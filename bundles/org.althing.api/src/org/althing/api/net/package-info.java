// SPDX-License-Identifier: EPL-2.0
/**
 * The network as the rest of the house sees it: verified peers and streams of whole frames. {@link org.althing.api.net.Host} is the one
 * service a transport provides; {@link org.althing.api.net.ProtocolHandler} and {@link org.althing.api.net.PeerListener} are the services
 * it looks for. Nothing here names a transport but {@link org.althing.api.net.Multiaddr}.
 */
@NullMarked
package org.althing.api.net;

import org.jspecify.annotations.NullMarked;
