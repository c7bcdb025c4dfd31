// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.althing.gossip.internal.pubsub.RouterFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerRecord;
import org.althing.api.net.UnreachableException;
import org.junit.jupiter.api.Test;

class PeerExchangeTest {

    private static final PeerId PEER = id(1);

    private final List<Multiaddr> dialled = new ArrayList<>();
    private final List<PeerRecord> good = new ArrayList<>();
    private final Set<Multiaddr> answering = new HashSet<>();
    private final PeerExchange exchange = new PeerExchange(host());

    /** Knows which records are good, and notes what is dialled; whatever else is asked of it fails. */
    private Host host() {
        return (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(),
                new Class<?>[] {Host.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "record" -> check((byte[]) arguments[0]);
                    case "dial" -> dial((Multiaddr) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Optional<PeerRecord> check(byte[] signed) {
        return good.stream()
                .filter(record -> Arrays.equals(record.toBytes(), signed))
                .findFirst();
    }

    private CompletableFuture<PeerId> dial(Multiaddr address) {
        dialled.add(address);
        return answering.contains(address)
                ? CompletableFuture.completedFuture(address.peer().orElseThrow())
                : CompletableFuture.failedFuture(new UnreachableException("nobody there"));
    }

    private byte[] record(PeerId peer, String... addresses) {
        byte[] signed = ("signed " + good.size()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        good.add(new PeerRecord(
                peer, 1, Stream.of(addresses).map(Multiaddr::parse).toList(), signed));
        return signed;
    }

    private static Multiaddr at(String address) {
        return Multiaddr.parse(address).withPeer(PEER);
    }

    private void told(byte[] record) {
        exchange.connect(new Action.Connect(PEER, record), 0, 0);
    }

    @Test
    void addressesAreDialledOneAfterTheOtherUntilOneAnswersThoseOfTheLoopbackLast() {
        answering.add(at("/ip4/192.0.2.2/tcp/2"));
        told(record(
                PEER, "/ip4/127.0.0.1/tcp/1", "/ip4/192.0.2.1/tcp/1", "/ip4/192.0.2.2/tcp/2", "/ip4/192.0.2.3/tcp/3"));
        assertThat(dialled).containsExactly(at("/ip4/192.0.2.1/tcp/1"), at("/ip4/192.0.2.2/tcp/2"));
        dialled.clear();
        told(record(PEER, "/ip4/127.0.0.1/tcp/1", "/ip4/192.0.2.9/udp/1/quic-v1"));
        assertThat(dialled).containsExactly(at("/ip4/127.0.0.1/tcp/1"));
    }

    @Test
    void ofOnePeerOnlyAFewAddressesAreDialled() {
        told(record(
                PEER,
                java.util.stream.IntStream.range(0, 16)
                        .mapToObj(n -> "/ip4/192.0.2." + n + "/tcp/1")
                        .toArray(String[]::new)));
        assertThat(dialled).hasSize(PeerExchange.ADDRESSES_PER_PEER_MAX);
    }

    @Test
    void aRecordThatIsNotGoodOrOfAnotherPeerIsNotDialled() {
        told(new byte[0]);
        told(new byte[] {1, 2, 3});
        told(record(id(2), "/ip4/192.0.2.1/tcp/1"));
        assertThat(dialled).isEmpty();
        told(record(PEER, "/ip4/192.0.2.1/tcp/1"));
        assertThat(dialled).hasSize(1);
    }

    @Test
    void nobodyIsDialledWhileThereAreEnoughPeers() {
        byte[] record = record(PEER, "/ip4/192.0.2.1/tcp/1");
        exchange.connect(new Action.Connect(PEER, record), PeerExchange.CONNECTED_MAX, 0);
        assertThat(dialled).isEmpty();
        exchange.connect(new Action.Connect(PEER, record), PeerExchange.CONNECTED_MAX - 1, 0);
        assertThat(dialled).hasSize(1);
    }

    @Test
    void aFloodOfPeersIsDialledAFewEachMinute() {
        byte[] record = record(PEER, "/ip4/192.0.2.1/tcp/1");
        for (int i = 0; i < 1000; i++) {
            exchange.connect(new Action.Connect(PEER, record), 0, 59_999);
        }
        assertThat(dialled).hasSize(PeerExchange.DIALS_PER_MINUTE_MAX);
        exchange.connect(new Action.Connect(PEER, record), 0, 59_999 + 60_000);
        assertThat(dialled).hasSize(PeerExchange.DIALS_PER_MINUTE_MAX + 1);
    }
}
