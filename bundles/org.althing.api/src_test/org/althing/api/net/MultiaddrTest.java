// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MultiaddrTest {

    private static final String PEER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

    @Test
    void theBinaryFormIsThatOfTheSpecification() {
        assertEquals("047f000001910204d2cd03", hex("/ip4/127.0.0.1/udp/1234/quic-v1"));
        assertEquals("04c0000207060fa1", hex("/ip4/192.0.2.7/tcp/4001"));
        assertEquals("2920010db8000000000000000000000001060fa1", hex("/ip6/2001:db8::1/tcp/4001"));
        assertEquals("3606612e6578616d060050", hex("/dns4/a.exam/tcp/80"));
    }

    @Test
    void everyTextOfOneFormReadsBackThroughBothForms() {
        for (String text : new String[] {
            "/ip4/0.0.0.0/tcp/0",
            "/ip4/255.255.255.255/tcp/65535/ws",
            "/ip6/::/tcp/1",
            "/ip6/::1/tcp/1",
            "/ip6/1::/tcp/1",
            "/ip6/1:0:2::3/udp/1/quic-v1",
            "/ip6/1:2:3:4:5:6:7:8/tcp/1",
            "/ip6/0:1:0:1:0:1:0:1/tcp/1",
            "/dns4/a-b.example/tcp/443/wss",
            "/dns6/example/tcp/443/tls/ws",
            "/dnsaddr/bootstrap.example",
            "/p2p/" + PEER,
            "/dns/example/tcp/4001/p2p/" + PEER + "/p2p-circuit/p2p/" + PEER
        }) {
            Multiaddr address = Multiaddr.parse(text);
            assertEquals(text, address.toString());
            assertEquals(address, Multiaddr.of(address.toBytes()));
        }
    }

    @Test
    void anyOtherTextIsRefused() {
        for (String text : new String[] {
            "",
            "/",
            "ip4/1.2.3.4",
            "/ip4",
            "/ip4/",
            "/ip4/1.2.3",
            "/ip4/1.2.3.4.5",
            "/ip4/01.2.3.4",
            "/ip4/256.1.1.1",
            "/ip4/1.2.3.4/",
            "/ip4/1.2.3.4/tcp",
            "/ip4/1.2.3.4/tcp/65536",
            "/ip4/1.2.3.4/tcp/-1",
            "/ip4/1.2.3.4/tcp/01",
            "/ip4/1.2.3.4/tcp/+1",
            "/ip4/1.2.3.4//tcp/1",
            "/ip6/1::2::3",
            "/ip6/:::",
            "/ip6/0:0:0:0:0:0:0:1",
            "/ip6/1:2:3:4:5:6:7::8",
            "/ip6/::A",
            "/ip6/12345::",
            "/ip6/1:2",
            "/dns4/a..b",
            "/dns4/ü",
            "/dns4/a b",
            "/dns4/" + "a.".repeat(130) + "a",
            "/p2p/x",
            "/ipfs/" + PEER,
            "/unknown/1",
            "/ws".repeat(17),
            "/dns4/" + "a".repeat(1100)
        }) {
            assertThrows(IllegalArgumentException.class, () -> Multiaddr.parse(text), text);
        }
    }

    @Property(tries = 5_000)
    void bytesAreRefusedOrHaveThatOneForm(@ForAll @Size(max = 40) byte[] bytes) {
        try {
            assertEquals(
                    HexFormat.of().formatHex(bytes),
                    HexFormat.of().formatHex(Multiaddr.of(bytes).toBytes()));
        } catch (IllegalArgumentException refused) {
            // as it should be
        }
    }

    @Property(tries = 5_000)
    void anAddressWithOneByteChangedIsRefusedOrHasThatOneForm(@ForAll int seed, @ForAll byte value) {
        byte[] bytes = Multiaddr.parse("/ip6/2001:db8::1/tcp/4001/p2p/" + PEER).toBytes();
        bytes[Math.floorMod(seed, bytes.length)] = value;
        bytesAreRefusedOrHaveThatOneForm(bytes);
        bytesAreRefusedOrHaveThatOneForm(Arrays.copyOf(bytes, Math.floorMod(seed >> 8, bytes.length)));
    }

    @Test
    void thePeerAtTheEndIsReadPutAndTakenAway() {
        Multiaddr bare = Multiaddr.parse("/ip4/192.0.2.7/tcp/4001");
        PeerId peer = PeerId.parse(PEER);
        assertEquals(Optional.empty(), bare.peer());
        assertEquals(Optional.of(peer), bare.withPeer(peer).peer());
        assertEquals(bare.withPeer(peer), bare.withPeer(peer).withPeer(peer));
        assertEquals(bare, bare.withPeer(peer).withoutPeer());
        assertThrows(
                IllegalArgumentException.class,
                () -> Multiaddr.parse("/p2p/" + PEER).withoutPeer());
    }

    @Test
    void aTcpAddressTellsItsHostAndPort() {
        assertEquals(
                OptionalInt.of(7), Multiaddr.parse("/dns4/example/tcp/7/ws").tcpPort());
        assertEquals(Optional.of("::1"), Multiaddr.parse("/ip6/::1/tcp/7").tcpHost());
        assertEquals(OptionalInt.empty(), Multiaddr.parse("/ip6/::1/udp/7").tcpPort());
        assertEquals(Optional.empty(), Multiaddr.parse("/ip6/::1").tcpHost());
        assertEquals(Multiaddr.parse("/ip4/10.0.0.1/tcp/65535"), Multiaddr.ofTcp(new byte[] {10, 0, 0, 1}, 65_535));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(Multiaddr.parse(text).toBytes());
    }
}
