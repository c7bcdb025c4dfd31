// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import org.althing.api.net.AddressProtocol;
import org.althing.api.net.Multiaddr;

/** The range of addresses that one owner is taken to have, for the colocation score (P6): an IPv4 /24, an IPv6 /48. */
final class AddressGroup {

    /** All of this machine. */
    static final String LOOPBACK = "loopback";

    private static final int IP4_OWNER_BYTES = 3;
    private static final int IP6_OWNER_BYTES = 6;

    private AddressGroup() {}

    static boolean isLoopback(Multiaddr address) {
        return of(address).equals(LOOPBACK);
    }

    static String of(Multiaddr address) {
        boolean isIp = address.value(AddressProtocol.IP4).isPresent()
                || address.value(AddressProtocol.IP6).isPresent();
        if (!isIp) {
            return address.tcpHost().orElse("");
        }
        byte[] bytes = address.toBytes();
        boolean is4 = address.value(AddressProtocol.IP4).isPresent();
        if (is4 && bytes[1] == 127
                || "::1".equals(address.value(AddressProtocol.IP6).orElse(""))) {
            return LOOPBACK;
        }
        StringBuilder group = new StringBuilder(is4 ? "ip4" : "ip6");
        for (int i = 0; i < (is4 ? IP4_OWNER_BYTES : IP6_OWNER_BYTES); i++) {
            group.append('.').append(bytes[1 + i] & 0xff);
        }
        return group.toString();
    }
}
