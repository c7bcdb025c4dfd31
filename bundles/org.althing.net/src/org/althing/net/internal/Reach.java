// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.net.Multiaddr;

/**
 * Which addresses that somebody tells of may be dialled from here. A peer signs whatever it likes, also the address of a printer in our office: an
 * address of a local network is for those who listen in such a network themselves, one of the loopback for those who listen nowhere else.
 */
final class Reach {

    private static final AddressRange LOOPBACK_4 = AddressRange.parse("127.0.0.0/8");
    private static final AddressRange LOOPBACK_6 = AddressRange.parse("::1/128");

    /** Networks whose addresses mean another machine in each place. */
    private static final List<AddressRange> LOCAL = List.of(
            AddressRange.parse("10.0.0.0/8"),
            AddressRange.parse("172.16.0.0/12"),
            AddressRange.parse("192.168.0.0/16"),
            AddressRange.parse("100.64.0.0/10"),
            AddressRange.parse("fc00::/7"));

    /** Of no use in any record: this network, links, multicast, and what is reserved. */
    private static final List<AddressRange> NOWHERE = List.of(
            AddressRange.parse("0.0.0.0/8"),
            AddressRange.parse("169.254.0.0/16"),
            AddressRange.parse("224.0.0.0/3"),
            AddressRange.parse("::/128"),
            AddressRange.parse("fe80::/10"),
            AddressRange.parse("ff00::/8"));

    private static final int IP4_BYTES = 4;
    private static final int IP6_BYTES = 16;

    private Reach() {}

    /**
     * Those of the addresses told that make sense to dial. Names do; where they lead, their owner knows.
     *
     * @param own where we listen, or are listened for
     */
    static List<Multiaddr> of(List<Multiaddr> told, List<Multiaddr> own) {
        return told.stream().filter(address -> isWithin(address, own)).toList();
    }

    private static boolean isWithin(Multiaddr address, List<Multiaddr> own) {
        return ip(address).map(ip -> isWithin(ip, own)).orElse(true);
    }

    private static boolean isWithin(byte[] ip, List<Multiaddr> own) {
        if (isLoopback(ip)) {
            return !own.isEmpty()
                    && own.stream()
                            .allMatch(ours -> ip(ours).filter(Reach::isLoopback).isPresent());
        }
        return NOWHERE.stream().noneMatch(range -> range.contains(ip))
                && LOCAL.stream()
                        .filter(range -> range.contains(ip))
                        .allMatch(range -> own.stream()
                                .anyMatch(
                                        ours -> ip(ours).filter(range::contains).isPresent()));
    }

    private static boolean isLoopback(byte[] ip) {
        return LOOPBACK_4.contains(ip) || LOOPBACK_6.contains(ip);
    }

    /** Empty for an address that does not begin with one of IP. */
    static Optional<byte[]> ip(Multiaddr address) {
        byte[] form = address.toBytes();
        return switch (address.parts().getFirst().protocol()) {
            case IP4 -> Optional.of(Arrays.copyOfRange(form, 1, 1 + IP4_BYTES));
            case IP6 -> Optional.of(Arrays.copyOfRange(form, 1, 1 + IP6_BYTES));
            default -> Optional.empty();
        };
    }
}
