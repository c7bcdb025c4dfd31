// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;

class DnsaddrTextTest {

    private static final PeerId PEER = PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");

    private static List<Multiaddr> many(int count) {
        return IntStream.range(1, count + 1)
                .mapToObj(n -> Multiaddr.parse("/ip4/192.0.2." + n + "/tcp/4001"))
                .toList();
    }

    private static byte[] strings(String... strings) {
        StringBuilder text = new StringBuilder();
        for (String string : strings) {
            text.append((char) string.length()).append(string);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Example
    void whatIsWrittenIsReadWithThePeerAtTheEnd() {
        assertThat(DnsaddrText.read(DnsaddrText.write(PEER, many(3))))
                .isEqualTo(many(3).stream().map(a -> a.withPeer(PEER)).toList());
    }

    @Example
    void addressesBeyondTheBoundAreNeitherWrittenNorRead() {
        assertThat(DnsaddrText.read(DnsaddrText.write(PEER, many(40)))).hasSize(DnsaddrText.ADDRESSES_MAX);
        String[] more = many(40).stream()
                .map(address -> "dnsaddr=" + address.withPeer(PEER))
                .toArray(String[]::new);
        assertThat(DnsaddrText.read(strings(more))).hasSize(DnsaddrText.ADDRESSES_MAX);
    }

    @Example
    void whatCannotBeDialledIsPassedOver() {
        String good = "dnsaddr=/ip4/192.0.2.1/tcp/4001/p2p/" + PEER;
        assertThat(DnsaddrText.read(strings(
                        "",
                        "txtvers=1",
                        "dnsaddr=",
                        "dnsaddr=/ip4/192.0.2.1/tcp/4001",
                        "dnsaddr=/ip4/192.0.2.1/udp/4001/quic-v1/p2p/" + PEER,
                        "dnsaddr=/ip4/300.0.2.1/tcp/4001/p2p/" + PEER,
                        good,
                        good)))
                .containsExactly(Multiaddr.parse(good.substring("dnsaddr=".length())));
    }

    @Property(tries = 500)
    void anyBytesAtAllAreReadQuietly(@ForAll @Size(max = 600) byte[] text) {
        assertThat(DnsaddrText.read(text)).isEmpty();
    }

    @Example
    void aRecordLargerThanAPacketIsNotLookedAt() {
        byte[] good = strings("dnsaddr=/ip4/192.0.2.1/tcp/4001/p2p/" + PEER);
        assertThat(DnsaddrText.read(java.util.Arrays.copyOf(good, DnsaddrText.SIZE_MAX_BYTES)))
                .hasSize(1);
        assertThat(DnsaddrText.read(java.util.Arrays.copyOf(good, DnsaddrText.SIZE_MAX_BYTES + 1)))
                .isEmpty();
    }
}
