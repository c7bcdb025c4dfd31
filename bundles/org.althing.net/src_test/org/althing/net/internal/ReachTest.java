// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.althing.api.net.Multiaddr;
import org.junit.jupiter.api.Test;

class ReachTest {

    private static final String PUBLIC = "/ip4/203.0.113.5/tcp/4001";
    private static final String PUBLIC_6 = "/ip6/2001:db8::5/tcp/4001";
    private static final String NAME = "/dns4/dao.example.org/tcp/4001";

    private static List<Multiaddr> parse(String... addresses) {
        return Stream.of(addresses).map(Multiaddr::parse).toList();
    }

    private static void assertReached(List<Multiaddr> own, List<Multiaddr> told, String... reached) {
        assertEquals(parse(reached), Reach.of(told, own));
    }

    @Test
    void addressesOfTheWholeInternetAndNamesAreForAll() {
        List<Multiaddr> told = parse(PUBLIC, PUBLIC_6, NAME);
        assertReached(List.of(), told, PUBLIC, PUBLIC_6, NAME);
        assertReached(parse(PUBLIC), told, PUBLIC, PUBLIC_6, NAME);
    }

    @Test
    void anAddressOfALocalNetworkIsForThoseWhoListenInOne() {
        List<Multiaddr> told = parse(
                "/ip4/192.168.1.9/tcp/80",
                "/ip4/10.1.2.3/tcp/80",
                "/ip4/172.20.0.1/tcp/80",
                "/ip4/100.64.0.1/tcp/80",
                "/ip6/fd00::1/tcp/80",
                "/ip6/::ffff:c0a8:109/tcp/80",
                PUBLIC);
        assertReached(parse(PUBLIC), told, PUBLIC);
        assertReached(
                parse("/ip4/192.168.7.1/tcp/4001"),
                told,
                "/ip4/192.168.1.9/tcp/80",
                "/ip6/::ffff:c0a8:109/tcp/80",
                PUBLIC);
        assertReached(
                parse("/ip4/10.9.9.9/tcp/1", "/ip6/fd12::1/tcp/1"),
                told,
                "/ip4/10.1.2.3/tcp/80",
                "/ip6/fd00::1/tcp/80",
                PUBLIC);
    }

    @Test
    void theLoopbackIsForThoseWhoListenNowhereElse() {
        List<Multiaddr> told = parse("/ip4/127.0.0.1/tcp/6379", "/ip6/::1/tcp/6379", "/ip6/::ffff:7f00:1/tcp/1");
        assertEquals(told, Reach.of(told, parse("/ip4/127.0.0.1/tcp/4001")));
        assertReached(parse("/ip4/127.0.0.1/tcp/4001", PUBLIC), told);
        assertReached(List.of(), told);
    }

    @Test
    void linksMulticastAndWildcardsAreForNobody() {
        List<Multiaddr> told = parse(
                "/ip4/0.0.0.0/tcp/1",
                "/ip4/169.254.169.254/tcp/80",
                "/ip4/224.0.0.251/tcp/1",
                "/ip4/255.255.255.255/tcp/1",
                "/ip6/::/tcp/1",
                "/ip6/fe80::1/tcp/1",
                "/ip6/ff02::1/tcp/1");
        assertReached(told, told);
    }
}
