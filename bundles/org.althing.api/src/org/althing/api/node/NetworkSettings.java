// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.util.List;
import org.althing.api.net.Multiaddr;

/**
 * How a node takes part in the network.
 *
 * @param listen where to take connections; none for a node that only dials. Port 0 is any that is free
 * @param announce addresses to tell others in place of those, for a node behind a router
 * @param bootstrap nodes to be connected with always, each with {@code /p2p/} and its peer id at the end
 * @param mdns whether to look for peers in the local network, and to tell it of this node
 * @param rendezvous whether to keep a list of who serves which DAO, for others to ask
 * @param rangesUnbounded networks, such as {@code 127.0.0.0/8}, of which more connections are taken than is good in the open internet
 */
public record NetworkSettings(
        List<Multiaddr> listen,
        List<Multiaddr> announce,
        List<Multiaddr> bootstrap,
        boolean mdns,
        boolean rendezvous,
        List<String> rangesUnbounded) {

    /** Addresses to listen on, or to tell others. */
    public static final int LISTEN_MAX = 16;
    /** Nodes to be connected with always. */
    public static final int BOOTSTRAP_MAX = 64;

    public NetworkSettings {
        listen = List.copyOf(listen);
        announce = List.copyOf(announce);
        bootstrap = List.copyOf(bootstrap);
        rangesUnbounded = List.copyOf(rangesUnbounded);
    }
}
