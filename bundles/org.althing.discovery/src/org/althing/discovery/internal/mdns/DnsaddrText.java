// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.mdns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;

/**
 * The TXT record in which a peer tells its addresses: strings {@code dnsaddr=MULTIADDR}, each with its length in one byte before it.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/discovery/mdns.md">libp2p: peer discovery over mDNS</a>
 */
final class DnsaddrText {

    /** Addresses of one peer that are told or taken; more are passed over. */
    static final int ADDRESSES_MAX = 8;

    /** The longest record that is read; a packet of mDNS has at most 9000. */
    static final int SIZE_MAX_BYTES = 9000;

    private static final String KEY = "dnsaddr=";
    private static final int STRING_MAX_BYTES = 255;

    private DnsaddrText() {}

    /** @param addresses without the peer at the end; one too long for a string of DNS is left out */
    static byte[] write(PeerId peer, List<Multiaddr> addresses) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        addresses.stream()
                .map(address -> (KEY + address.withPeer(peer)).getBytes(StandardCharsets.UTF_8))
                .filter(string -> string.length <= STRING_MAX_BYTES)
                .limit(ADDRESSES_MAX)
                .forEach(string -> {
                    text.write(string.length);
                    text.writeBytes(string);
                });
        return text.toByteArray();
    }

    /** The addresses in a record that can be dialled, each with its peer at the end; whatever else is in it is passed over. */
    static List<Multiaddr> read(byte[] text) {
        List<Multiaddr> addresses = new ArrayList<>();
        int at = 0;
        while (text.length <= SIZE_MAX_BYTES && at < text.length && addresses.size() < ADDRESSES_MAX) {
            int length = Math.min(text[at] & 0xff, text.length - at - 1);
            address(new String(text, at + 1, length, StandardCharsets.UTF_8))
                    .filter(address -> !addresses.contains(address))
                    .ifPresent(addresses::add);
            at += 1 + length;
        }
        return addresses;
    }

    private static Optional<Multiaddr> address(String string) {
        if (!string.startsWith(KEY)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Multiaddr.parse(string.substring(KEY.length())))
                    .filter(address ->
                            address.peer().isPresent() && address.tcpPort().isPresent());
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Another transport's, or nonsense: anybody on the network may say anything.
        }
    }
}
