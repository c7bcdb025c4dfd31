// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.althing.net.internal.TestHost.await;
import static org.althing.net.internal.TestHost.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerListener;
import org.althing.api.net.PeerRecord;
import org.althing.api.net.ProtocolHandler;
import org.althing.api.net.UnreachableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real hosts on the loopback. */
class HostTest {

    private TestHost one;
    private TestHost two;
    private Path secondFolder;

    @BeforeEach
    void start(@TempDir Path first, @TempDir Path second) throws Exception {
        one = new TestHost(first);
        two = new TestHost(second);
        secondFolder = second;
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    @Test
    void twoHostsConnectAndIdentifyEachOther() {
        assertEquals(two.host.self(), get(one.host.dial(two.address())));
        await(() -> identified(one, two) && identified(two, one));
        ConnectedPeer peer = one.host.peers().getFirst();
        assertEquals(ConnectedPeer.Direction.OUTBOUND, peer.direction());
        assertEquals("althing-test", peer.identity().orElseThrow().agent());
        assertTrue(peer.identity().orElseThrow().protocols().containsAll(List.of(TestHost.SINK, Identify.PROTOCOL)));
        assertEquals(two.host.listenAddresses(), peer.identity().orElseThrow().listenAddresses());
        PeerRecord record = peer.identity().orElseThrow().record().orElseThrow();
        assertEquals(two.host.record(), record);
        assertEquals(two.host.listenAddresses(), record.addresses());
        assertEquals(Optional.of(record), one.host.record(record.toBytes()));
        await(() -> one.host.peers().getFirst().roundTripMicros().isPresent());
    }

    @Test
    void ofARecordThatSomebodyElseBroughtOnlyAddressesOfUseAreTaken() {
        List<Multiaddr> told =
                List.of(Multiaddr.parse("/ip4/192.168.1.1/tcp/80"), Multiaddr.parse("/ip4/203.0.113.5/tcp/4001"));
        PeerRecord record = one.host
                .record(PeerRecords.write(Keys.host(3), 1, told).toBytes())
                .orElseThrow();
        assertEquals(told.subList(1, 2), record.addresses());
    }

    @Test
    void aPeerThatChangesItsRecordWithoutEndIsNotListenedToWithoutEnd() throws Exception {
        get(one.host.dial(two.address()));
        await(() -> identified(one, two));
        PeerRecord first = record(two);
        HostKey key = HostKey.open(secondFolder, Keys.ED25519, random -> {});
        int pushes = 3 * Peers.RECORDS_PER_MINUTE_MAX;
        for (int i = 1; i <= pushes; i++) {
            String agent = "push " + i;
            byte[] said = Identify.write(
                    key.key(),
                    agent,
                    List.of(Identify.PUSH),
                    two.host.listenAddresses(),
                    PeerRecords.write(key, first.sequence() + i, first.addresses()),
                    Optional.empty());
            two.host
                    .open(one.host.self(), List.of(Identify.PUSH), 0, (stream, frame) -> {})
                    .thenAccept(stream -> {
                        stream.send(said);
                        stream.finish();
                    });
            await(() -> identity(two).agent().equals(agent));
        }
        long taken = record(two).sequence() - first.sequence();
        // The clock's minute may end meanwhile.
        assertTrue(taken > 0 && taken <= 2 * Peers.RECORDS_PER_MINUTE_MAX, taken + " records");
    }

    private PeerIdentity identity(TestHost whom) {
        return one.host.peers().stream()
                .filter(peer -> peer.peer().equals(whom.host.self()))
                .findFirst()
                .orElseThrow()
                .identity()
                .orElseThrow();
    }

    private PeerRecord record(TestHost whom) {
        return identity(whom).record().orElseThrow();
    }

    @Test
    void manySmallAndFewLargeFramesGoBothWaysUnharmed() {
        get(one.host.dial(two.address()));
        for (int[] transfer : new int[][] {{0, 0}, {1, 0}, {20_000, 300}, {5, 8 << 20}, {300, 65_519}}) {
            String expected = TestHost.report(transfer[0], transfer[1]);
            assertEquals(expected, one.send(two.host.self(), transfer[0], transfer[1]));
            if (transfer[0] > 0) {
                assertEquals(expected, two.fetch(one.host.self(), transfer[0], transfer[1]));
            }
        }
        await(() ->
                two.host.counters().framesIn() > 40_000 && one.host.counters().framesOut() > 40_000);
    }

    private static boolean identified(TestHost who, TestHost whom) {
        return who.host.peers().stream()
                .anyMatch(p -> p.peer().equals(whom.host.self()) && p.identity().isPresent());
    }

    @Test
    void aProtocolThatThePeerDoesNotHaveIsRefusedWithAReason() {
        get(one.host.dial(two.address()));
        CompletionException refused = assertThrows(
                CompletionException.class,
                () -> get(one.host.open(two.host.self(), List.of("/no", "/such"), 10, (stream, frame) -> {})));
        assertInstanceOf(UnreachableException.class, refused.getCause());
        assertTrue(
                refused.getCause().getMessage().contains("does not speak /such"),
                refused.getCause().getMessage());
    }

    @Test
    void aDialThatCannotServeEndsWithAReason(@TempDir Path third) throws Exception {
        try (TestHost other = new TestHost(third)) {
            Multiaddr wrongPeer = two.host.listenAddresses().getFirst().withPeer(other.host.self());
            assertUnreachable(wrongPeer, "another peer answers there");
            assertUnreachable(one.address(), "that is ourselves");
            assertUnreachable(one.host.listenAddresses().getFirst(), "that is ourselves");
            assertUnreachable(Multiaddr.parse("/ip4/127.0.0.1/udp/1/quic-v1"), "not an address we can dial");
            int port = other.port();
            other.close();
            assertUnreachable(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port), "refused");
        }
        assertEquals(0, one.host.peers().size());
        await(() -> one.host.counters().outbound() == 0);
    }

    private void assertUnreachable(Multiaddr address, String reason) {
        CompletionException refused = assertThrows(CompletionException.class, () -> get(one.host.dial(address)));
        assertInstanceOf(UnreachableException.class, refused.getCause());
        assertTrue(
                refused.getCause().getMessage().contains(reason),
                refused.getCause().getMessage());
    }

    @Test
    void listenersHearWhoComesAndGoesAndLateOnesToo() {
        List<String> heard = new CopyOnWriteArrayList<>();
        one.host.addListener(listener(heard));
        get(one.host.dial(two.address()));
        await(() -> heard.size() == 2);
        List<String> late = new CopyOnWriteArrayList<>();
        one.host.addListener(listener(late));
        await(() -> late.size() == 2);
        two.host.disconnect(one.host.self(), "enough", Duration.ZERO);
        await(() -> heard.size() == 3);
        assertEquals(List.of("connected OUTBOUND", "identified", "disconnected the peer said goodbye"), heard);
        assertEquals(heard.subList(0, 2), late.subList(0, 2));
    }

    private static PeerListener listener(List<String> heard) {
        return new PeerListener() {
            @Override
            public void connected(ConnectedPeer peer) {
                heard.add("connected " + peer.direction());
            }

            @Override
            public void identified(ConnectedPeer peer, PeerIdentity identity) {
                heard.add("identified");
            }

            @Override
            public void disconnected(PeerId peer, String reason) {
                heard.add("disconnected " + reason);
            }
        };
    }

    @Test
    void aPeerThatIsKeptAwayCannotComeBackForAWhile() {
        get(one.host.dial(two.address()));
        await(() -> two.host.peers().size() == 1);
        two.host.disconnect(one.host.self(), "spam", Duration.ofMinutes(1));
        await(() -> one.host.peers().isEmpty());
        try {
            get(one.host.dial(two.address()));
        } catch (CompletionException refused) {
            assertInstanceOf(UnreachableException.class, refused.getCause());
        }
        await(() -> two.ends(End.REFUSED) >= 1 && one.host.peers().isEmpty());
        assertEquals(0, two.host.peers().size());
    }

    @Test
    void aPeerThatSomebodyInsistsOnIsDialledAndAgainAfterItWasLost() {
        one.host.suggest(two.address(), true);
        await(() -> two.host.peers().size() == 1);
        two.host.disconnect(one.host.self(), "once", Duration.ZERO);
        await(() -> one.host.counters().dials() >= 2 && one.host.peers().size() == 1);
    }

    @Test
    void aPeerThatServedBeforeTakesAPlaceThoughNoneIsMissing(@TempDir Path third) throws Exception {
        long start = System.currentTimeMillis();
        LongSupplier hurrying = () -> start + (System.currentTimeMillis() - start) * 20;
        try (TestHost full = new TestHost(TestHost.settings(third, 10_000, 1), hurrying)) {
            get(full.host.dial(one.address()));
            get(full.host.dial(two.address()));
            full.host.disconnect(two.host.self(), "for a while", Duration.ZERO);
            await(() -> two.host.peers().isEmpty());
            await(() -> two.host.peers().size() == 1 && one.host.peers().isEmpty());
            assertTrue(full.ends(End.SURPLUS) >= 1);
        }
    }

    @Test
    void peersThatDialEachOtherAtOneMomentStayConnected() {
        for (int round = 0; round < 10; round++) {
            CompletionStage<PeerId> there = one.host.dial(two.address());
            CompletionStage<PeerId> back = two.host.dial(one.address());
            assertEquals(two.host.self(), get(there));
            assertEquals(one.host.self(), get(back));
            await(() -> one.host.peers().size() == 1 && two.host.peers().size() == 1);
            assertEquals(TestHost.report(10, 10), one.send(two.host.self(), 10, 10));
            assertEquals(TestHost.report(10, 10), two.send(one.host.self(), 10, 10));
            one.host.disconnect(two.host.self(), "again", Duration.ZERO);
            two.host.disconnect(one.host.self(), "again", Duration.ZERO);
            await(() -> one.host.peers().isEmpty() && two.host.peers().isEmpty());
        }
        assertEquals(0, one.ends(End.REPLACED) + two.ends(End.REPLACED));
    }

    @Test
    void aPeerThatComesAgainTakesThePlaceOfItsOldConnection() throws Exception {
        try (RawPeer old = new RawPeer(one.port(), 9).secure()) {
            await(() -> one.host.peers().size() == 1);
            try (RawPeer anew = new RawPeer(one.port(), 9).secure()) {
                assertTrue(old.isClosed());
                assertEquals(1, one.ends(End.REPLACED));
                anew.frame(Yamux.PING, Yamux.SYN, 0, 1, new byte[0]);
                anew.awaitFrame(Yamux.PING, Yamux.ACK, 0);
                assertEquals(1, one.host.peers().size());
            }
        }
    }

    @Test
    void aHandlerThatGoesTakesItsStreamsWithItAndPeersHearOfIt() {
        get(one.host.dial(two.address()));
        await(() -> identified(one, two));
        ProtocolHandler handler = handler("/test/other/1");
        two.host.addHandler(handler, Map.of());
        await(() -> speaks("/test/other/1"));
        List<String> closed = new CopyOnWriteArrayList<>();
        NetStream stream = get(one.host.open(two.host.self(), List.of("/test/other/1"), 10, new NetStream.Receiver() {
            @Override
            public void frame(NetStream same, byte[] frame) {}

            @Override
            public void closed(NetStream same, String reason) {
                closed.add(reason);
            }
        }));
        assertTrue(stream.send(new byte[1]));
        await(() -> two.host.counters().framesIn() >= 2);
        two.host.removeHandler(handler);
        await(() -> closed.size() == 1 && !speaks("/test/other/1"));
    }

    private static ProtocolHandler handler(String protocol) {
        return new ProtocolHandler() {
            @Override
            public List<String> protocols() {
                return List.of(protocol);
            }

            @Override
            public int frameSizeMaxBytes() {
                return 10;
            }

            @Override
            public NetStream.Receiver accept(NetStream stream) {
                return (same, frame) -> {};
            }
        };
    }

    private boolean speaks(String protocol) {
        return one.host.peers().getFirst().identity().orElseThrow().protocols().contains(protocol);
    }
}
