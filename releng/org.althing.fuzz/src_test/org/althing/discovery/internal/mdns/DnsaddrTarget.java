// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.mdns;

import java.util.List;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.fuzz.FuzzTarget;

/** Addresses as anybody in the local network may tell them. */
public final class DnsaddrTarget {

    private static final PeerId PEER = PeerId.parse("12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");

    private DnsaddrTarget() {}

    public static List<byte[]> seeds() {
        return List.of(
                DnsaddrText.write(PEER, List.of(Multiaddr.parse("/ip4/192.0.2.7/tcp/4001"))),
                DnsaddrText.write(
                        PEER,
                        List.of(Multiaddr.parse("/ip6/::1/tcp/1"), Multiaddr.parse("/dns4/ferry.example/tcp/4001"))));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        List<Multiaddr> addresses = DnsaddrText.read(input);
        FuzzTarget.require(
                addresses.size() <= DnsaddrText.ADDRESSES_MAX
                        && addresses.stream()
                                .allMatch(address -> address.peer().isPresent()
                                        && address.tcpPort().isPresent()),
                "what is read can be dialled");
    }
}
