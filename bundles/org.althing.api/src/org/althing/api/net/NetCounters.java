// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.util.Map;

/**
 * What a host has counted since it started, for metrics.
 *
 * @param inbound connections that peers have now
 * @param outbound connections that we have made and that stand
 * @param dials connections tried
 * @param bytesIn bytes read from sockets
 * @param bytesOut bytes written to sockets
 * @param framesIn frames delivered to handlers
 * @param framesOut frames taken for sending
 * @param ends why connections and streams ended or did not come about, by kind, such as {@code handshake-timeout}; the kinds are a short fixed
 *     list of each transport
 */
public record NetCounters(
        long inbound,
        long outbound,
        long dials,
        long bytesIn,
        long bytesOut,
        long framesIn,
        long framesOut,
        Map<String, Long> ends) {

    public NetCounters {
        ends = Map.copyOf(ends);
    }
}
