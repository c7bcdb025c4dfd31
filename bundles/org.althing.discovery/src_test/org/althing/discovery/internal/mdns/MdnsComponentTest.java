// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.althing.api.net.Multiaddr;
import org.althing.discovery.internal.StubHost;
import org.junit.jupiter.api.Test;

/** Real multicast, on the loopback alone. */
class MdnsComponentTest {

    private static final long WAIT_MAX_SECONDS = 30;

    private static void await(BooleanSupplier condition) {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_MAX_SECONDS); !condition.getAsBoolean(); ) {
            assertThat(System.nanoTime()).as("waited long enough").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void twoHostsOfOneNetworkHearOfEachOtherAndNotOfThemselves() {
        StubHost one = new StubHost(StubHost.peer(1), "/ip4/127.0.0.1/tcp/40011");
        StubHost two = new StubHost(StubHost.peer(2), "/ip4/127.0.0.1/tcp/40012");
        MdnsComponent first = new MdnsComponent(one.host());
        MdnsComponent second = new MdnsComponent(two.host());
        try {
            Multiaddr ofOne = one.addresses.getFirst().withPeer(one.self);
            Multiaddr ofTwo = two.addresses.getFirst().withPeer(two.self);
            await(() -> one.suggestions().contains(ofTwo) && two.suggestions().contains(ofOne));
            assertThat(one.suggestions()).noneMatch(address -> address.equals(ofOne));
        } finally {
            first.stop();
            second.stop();
        }
    }

    @Test
    void aFloodOfNamesIsPassedOnAFewEachMinute() {
        StubHost host = new StubHost(StubHost.peer(1));
        Sightings sightings = new Sightings(host.host());
        for (int i = 0; i < 1000; i++) {
            sightings.seen(List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1").withPeer(StubHost.peer(i + 2))), 59_999);
        }
        assertThat(host.suggested).hasSize(Sightings.ADDRESSES_PER_MINUTE_MAX);
        sightings.seen(List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1").withPeer(StubHost.peer(2))), 119_999);
        assertThat(host.suggested).hasSize(Sightings.ADDRESSES_PER_MINUTE_MAX + 1);
    }
}
