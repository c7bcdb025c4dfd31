// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.althing.api.net.HostConfiguration;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerIdentity;

/** A {@link HostConfiguration} that was checked. */
record Settings(
        Path data,
        List<Multiaddr> listen,
        List<Multiaddr> announce,
        String agent,
        int connectionsMax,
        int inboundMax,
        int outboundWanted,
        int connectionsPerRangeMax,
        List<AddressRange> rangesUnbounded,
        int handshakeTimeoutMillis,
        int dialTimeoutMillis) {

    private static final int LISTEN_MAX = 16;
    private static final int CONNECTIONS_LIMIT = 10_000;
    private static final int TIMEOUT_MAX_MILLIS = 600_000;

    Settings {
        listen = List.copyOf(listen);
        announce = List.copyOf(announce);
        rangesUnbounded = List.copyOf(rangesUnbounded);
        require(listen.size() <= LISTEN_MAX && announce.size() <= LISTEN_MAX, "listen: at most " + LISTEN_MAX);
        require(
                listen.stream()
                        .allMatch(a -> a.tcpPort().isPresent() && a.parts().size() == 2),
                "listen: addresses are written /ip4/.../tcp/... or /ip6/.../tcp/...");
        require(
                agent.length() <= PeerIdentity.AGENT_MAX_CHARS && agent.matches("[ -~]*"),
                "agent: at most " + PeerIdentity.AGENT_MAX_CHARS + " printable characters");
        range("connectionsMax", connectionsMax, 1, CONNECTIONS_LIMIT);
        range("inboundMax", inboundMax, 0, connectionsMax);
        range("outboundWanted", outboundWanted, 0, connectionsMax);
        range("connectionsPerRangeMax", connectionsPerRangeMax, 1, connectionsMax);
        range("handshakeTimeoutMillis", handshakeTimeoutMillis, 1, TIMEOUT_MAX_MILLIS);
        range("dialTimeoutMillis", dialTimeoutMillis, 1, TIMEOUT_MAX_MILLIS);
    }

    /** @throws IllegalArgumentException with one line that names the property */
    static Settings of(HostConfiguration config) {
        return new Settings(
                Path.of(config.data()),
                Stream.of(config.listen()).map(a -> parse("listen", a)).toList(),
                Stream.of(config.announce()).map(a -> parse("announce", a)).toList(),
                config.agent(),
                config.connectionsMax(),
                config.inboundMax(),
                config.outboundWanted(),
                config.connectionsPerRangeMax(),
                Stream.of(config.rangesUnbounded()).map(AddressRange::parse).toList(),
                config.handshakeTimeoutMillis(),
                config.dialTimeoutMillis());
    }

    private static Multiaddr parse(String property, String address) {
        try {
            return Multiaddr.parse(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(property + ": " + e.getMessage(), e);
        }
    }

    private static void range(String property, int value, int min, int max) {
        require(value >= min && value <= max, property + ": " + value + " is not from " + min + " to " + max);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
