// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A peer we are connected to, as known at one moment.
 *
 * @param address where it is, as we see it; of an inbound connection the port is not one it listens on
 * @param sinceMillis when the connection was made, Unix milliseconds
 * @param identity what it says of itself; empty until it has
 * @param roundTripMicros the last measured; empty until there is one
 */
public record ConnectedPeer(
        PeerId peer,
        Direction direction,
        Multiaddr address,
        long sinceMillis,
        Optional<PeerIdentity> identity,
        OptionalLong roundTripMicros) {

    /** Who began. */
    public enum Direction {
        INBOUND,
        OUTBOUND
    }
}
