// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.mdns;

import java.util.List;
import java.util.Optional;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;

/**
 * What is heard in the local network, on its way to the host: a few addresses a minute, since anybody there may shout any number of names. The
 * host dials them when it wants more peers. Safe for use by many threads.
 */
final class Sightings {

    /** Addresses suggested to the host. */
    static final int ADDRESSES_PER_MINUTE_MAX = 128;

    private static final long MINUTE_MILLIS = 60_000;

    private final Host host;
    private long minuteEndMillis = Long.MIN_VALUE;
    private int suggested;

    Sightings(Host host) {
        this.host = host;
    }

    /** @param nowMillis of a clock that never goes back */
    void seen(List<Multiaddr> addresses, long nowMillis) {
        for (Multiaddr address : addresses) {
            if (!address.peer().equals(Optional.of(host.self())) && isAllowed(nowMillis)) {
                host.suggest(address, false);
            }
        }
    }

    private synchronized boolean isAllowed(long nowMillis) {
        if (nowMillis >= minuteEndMillis) {
            minuteEndMillis = nowMillis + MINUTE_MILLIS;
            suggested = 0;
        }
        return suggested++ < ADDRESSES_PER_MINUTE_MAX;
    }
}
