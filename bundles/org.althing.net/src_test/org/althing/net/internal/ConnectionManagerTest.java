// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.althing.api.PublicKey;
import org.althing.api.net.ConnectedPeer.Direction;
import org.althing.api.net.Host.Sharing;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.junit.jupiter.api.Test;

class ConnectionManagerTest {

    private static final long NOW = 1_000_000;
    private static final Set<PeerId> NOBODY = Set.of();

    private final PeerId self = peer(0);
    private final ConnectionManager manager = new ConnectionManager(self, settings(10, 6, 4, 3), new Random(1));

    private static Settings settings(int connections, int inbound, int outbound, int perRange) {
        return new Settings(
                Path.of("."),
                List.of(),
                List.of(),
                "test",
                connections,
                inbound,
                outbound,
                perRange,
                List.of(AddressRange.parse("127.0.0.0/8")),
                1_000,
                1_000);
    }

    private static PeerId peer(int number) {
        byte[] key = new byte[PublicKey.BYTES];
        key[0] = (byte) number;
        key[1] = (byte) (number >> 8);
        return PeerId.of(PublicKey.of(key));
    }

    private static byte[] ip(int a, int b, int c, int d) {
        return new byte[] {(byte) a, (byte) b, (byte) c, (byte) d};
    }

    private static Multiaddr address(int number) {
        return Multiaddr.parse("/ip4/10.0." + number / 256 + "." + number % 256 + "/tcp/4001")
                .withPeer(peer(number));
    }

    private void assertRefused(End end, Direction direction, byte[] ip) {
        assertEquals(
                end,
                assertThrows(Violation.class, () -> manager.admit(direction, ip, NOW))
                        .end());
    }

    @Test
    void inboundConnectionsCannotTakeThePlacesOfOurOwn() {
        for (int i = 0; i < 6; i++) {
            manager.admit(Direction.INBOUND, ip(10, i, 0, 1), NOW);
        }
        assertRefused(End.CONNECTION_LIMIT, Direction.INBOUND, ip(10, 9, 0, 1));
        for (int i = 0; i < 4; i++) {
            manager.admit(Direction.OUTBOUND, ip(11, i, 0, 1), NOW);
        }
        assertRefused(End.CONNECTION_LIMIT, Direction.OUTBOUND, ip(12, 0, 0, 1));
        assertEquals(6, manager.count(Direction.INBOUND));
        assertEquals(4, manager.count(Direction.OUTBOUND));
    }

    @Test
    void aNetworkHasItsShareAndNoMoreAndTheLoopbackHasNoBoundHere() {
        ConnectionManager.Slot first = manager.admit(Direction.INBOUND, ip(10, 0, 0, 1), NOW);
        manager.admit(Direction.OUTBOUND, ip(10, 0, 0, 2), NOW);
        manager.admit(Direction.INBOUND, ip(10, 0, 0, 255), NOW);
        assertRefused(End.RANGE_LIMIT, Direction.INBOUND, ip(10, 0, 0, 3));
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 3};
        assertRefused(End.RANGE_LIMIT, Direction.INBOUND, mapped);
        manager.release(first, NOW);
        manager.release(first, NOW);
        manager.admit(Direction.INBOUND, mapped, NOW);
        assertRefused(End.RANGE_LIMIT, Direction.INBOUND, ip(10, 0, 0, 3));
        for (int i = 0; i < 4; i++) {
            manager.admit(Direction.INBOUND, ip(127, 0, 0, 1), NOW);
        }
    }

    @Test
    void aNetworkThatConnectsTooOftenWaits() {
        for (int i = 0; i < ConnectionManager.HANDSHAKES_PER_RANGE_BURST; i++) {
            manager.release(manager.admit(Direction.INBOUND, ip(10, 0, 0, i), NOW), NOW);
        }
        assertRefused(End.RANGE_LIMIT, Direction.INBOUND, ip(10, 0, 0, 1));
        manager.admit(Direction.OUTBOUND, ip(10, 0, 0, 1), NOW);
        manager.admit(Direction.INBOUND, ip(10, 0, 1, 1), NOW);
        long later = NOW + 1_000 / ConnectionManager.HANDSHAKES_PER_RANGE_PER_SECOND;
        manager.admit(Direction.INBOUND, ip(10, 0, 0, 1), later);
        assertThrows(Violation.class, () -> manager.admit(Direction.INBOUND, ip(10, 0, 0, 1), later));
    }

    @Test
    void rangesOfIpv6AreThoseOfAnOwner() {
        byte[] one = Multiaddr.parse("/ip6/2001:db8:1:1::1/tcp/1").toBytes();
        AddressRange range = AddressRange.parse("2001:db8:1::/48");
        byte[] ip = Arrays.copyOfRange(one, 1, 17);
        assertTrue(range.contains(ip));
        assertEquals(range, AddressRange.ofOwner(ip));
        ip[5] ^= 1;
        assertFalse(range.contains(ip));
        assertTrue(AddressRange.parse("::/0").contains(ip));
        assertFalse(AddressRange.parse("0.0.0.0/0").contains(ip));
        for (String bad : new String[] {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/x", "10.0.0/8", "/8", "x::/8"}) {
            assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(bad), bad);
        }
    }

    @Test
    void handshakesAreBoundedApart() {
        ConnectionManager wide = new ConnectionManager(self, settings(1_000, 900, 4, 3), new Random(1));
        List<ConnectionManager.Slot> slots = new ArrayList<>();
        for (int i = 0; i < ConnectionManager.HANDSHAKES_INBOUND_MAX; i++) {
            slots.add(wide.admit(Direction.INBOUND, ip(10, i, 0, 1), NOW));
        }
        assertThrows(Violation.class, () -> wide.admit(Direction.INBOUND, ip(11, 0, 0, 1), NOW));
        wide.identified(slots.getFirst(), peer(1), NOW);
        wide.admit(Direction.INBOUND, ip(11, 0, 0, 1), NOW);
    }

    @Test
    void aRefusedPeerComesBackWhenItsTimeIsOver() {
        manager.refuse(peer(1), NOW + 1_000);
        ConnectionManager.Slot slot = manager.admit(Direction.INBOUND, ip(10, 0, 0, 1), NOW);
        assertEquals(
                End.REFUSED,
                assertThrows(Violation.class, () -> manager.identified(slot, peer(1), NOW))
                        .end());
        manager.suggest(address(1), true);
        assertEquals(List.of(), manager.dials(NOBODY, NOW));
        manager.identified(slot, peer(1), NOW + 1_000);
        assertEquals(List.of(address(1)), manager.dials(NOBODY, NOW + 1_000));
    }

    @Test
    void candidatesFillUpWhatIsMissingAndWantedPeersAreAlwaysDialled() {
        for (int i = 1; i <= 8; i++) {
            manager.suggest(address(i), false);
        }
        manager.suggest(address(9), true);
        List<Multiaddr> dials = manager.dials(NOBODY, NOW);
        assertEquals(4, dials.size());
        assertEquals(address(9), dials.getFirst());
        assertEquals(List.of(), manager.dials(NOBODY, NOW), "those under way count");
        for (int i = 0; i < 4; i++) {
            manager.identified(manager.admit(Direction.OUTBOUND, ip(127, 0, 0, 1), NOW), peer(i + 1), NOW);
            manager.dialled(dials.get(i), false, NOW);
        }
        manager.suggest(address(10), true);
        assertEquals(List.of(address(10)), manager.dials(Set.of(peer(1)), NOW + 10));
    }

    @Test
    void ourselvesAndOtherTransportsAreNotInTheBook() {
        manager.suggest(address(0), true);
        manager.suggest(Multiaddr.parse("/ip4/10.0.0.1/udp/1/quic-v1").withPeer(peer(1)), true);
        assertEquals(List.of(), manager.dials(NOBODY, NOW));
        assertThrows(
                IllegalArgumentException.class, () -> manager.suggest(address(1).withoutPeer(), true));
    }

    @Test
    void pausesDoubleWithJitterUntilACandidateIsForgotten() {
        manager.suggest(address(1), false);
        long now = NOW;
        long total = 0;
        for (int i = 0; i < ConnectionManager.FAILURES_MAX; i++) {
            assertEquals(List.of(address(1)), manager.dials(NOBODY, now), "attempt " + i);
            manager.dialled(address(1), false, now);
            long mean = ConnectionManager.PAUSE_FIRST_MILLIS << i + 1;
            assertEquals(List.of(), manager.dials(NOBODY, now + mean / 2 - 1), "too early");
            now += mean * 3 / 2;
            total++;
        }
        assertEquals(ConnectionManager.FAILURES_MAX, total);
        assertEquals(List.of(), manager.dials(NOBODY, now + ConnectionManager.PAUSE_MAX_MILLIS * 2), "forgotten");
    }

    @Test
    void aWantedPeerIsNeverForgottenAndItsAddressesTakeTurns() {
        Multiaddr other = Multiaddr.parse("/ip4/10.9.9.9/tcp/1").withPeer(peer(1));
        manager.suggest(address(1), true);
        manager.suggest(other, false);
        Set<Multiaddr> tried = new HashSet<>();
        long now = NOW;
        for (int i = 0; i < 50; i++) {
            List<Multiaddr> dials = manager.dials(NOBODY, now);
            assertEquals(1, dials.size());
            tried.addAll(dials);
            manager.dialled(dials.getFirst(), false, now);
            now += ConnectionManager.PAUSE_WANTED_MAX_MILLIS * 3 / 2;
        }
        assertEquals(Set.of(address(1), other), tried);
    }

    @Test
    void whoeverServedIsRememberedAndTriedFirst() {
        for (int i = 1; i <= 200; i++) {
            manager.suggest(address(i), false);
        }
        manager.dialled(address(150), true, NOW);
        assertEquals(List.of(new ConnectionManager.Good(address(150), NOW)), manager.remembered());
        long later = NOW + 10_000;
        assertEquals(address(150), manager.dials(NOBODY, later).getFirst());
        ConnectionManager next = new ConnectionManager(self, settings(10, 6, 4, 3), new Random(2));
        manager.remembered().forEach(next::recall);
        assertEquals(List.of(address(150)), next.dials(NOBODY, later));
    }

    @Test
    void whoeverSharesSomethingIsRememberedOverRestartsThoughItDoesNotAnswer() {
        List<ConnectionManager.Good> sharing = List.of(new ConnectionManager.Good(address(1), 0));
        manager.suggest(address(1), false);
        manager.sharing(peer(1), Sharing.SEEN);
        assertEquals(sharing, manager.remembered());
        ConnectionManager next = new ConnectionManager(self, settings(10, 6, 4, 3), new Random(2));
        manager.remembered().forEach(next::recall);
        assertEquals(sharing, next.remembered());
        long now = NOW;
        for (int i = 0; i < 2 * ConnectionManager.FAILURES_MAX; i++) {
            assertEquals(List.of(address(1)), next.dials(NOBODY, now));
            next.dialled(address(1), false, now);
            now += 2 * ConnectionManager.PAUSE_MAX_MILLIS;
        }
        assertEquals(sharing, next.remembered());
        next.sharing(peer(1), Sharing.NOTHING);
        assertEquals(List.of(), next.remembered());
    }

    @Property(tries = 3)
    void aFloodOfSuggestionsPushesNobodyOutWhoServed(@ForAll long seed) {
        ConnectionManager flooded = new ConnectionManager(self, settings(10, 6, 4, 3), new Random(seed));
        flooded.suggest(address(1), false);
        flooded.dialled(address(1), true, NOW);
        flooded.suggest(address(2), true);
        for (int i = 3; i < 3 * ConnectionManager.CANDIDATES_MAX; i++) {
            flooded.suggest(address(i), false);
        }
        assertEquals(1, flooded.remembered().size());
        assertTrue(flooded.size() <= ConnectionManager.CANDIDATES_MAX + 1);
        assertTrue(flooded.dials(NOBODY, NOW + 10_000).containsAll(List.of(address(1), address(2))));
    }

    private final Map<PeerId, ConnectionManager.Slot> standing = new HashMap<>();

    /** A connection of ours that stands. */
    private void stand(int number, byte[] ip, long nowMillis) {
        ConnectionManager.Slot slot = manager.admit(Direction.OUTBOUND, ip, nowMillis);
        manager.identified(slot, peer(number), nowMillis);
        manager.dialled(address(number), true, nowMillis);
        standing.put(peer(number), slot);
    }

    /** All four that are wanted, each younger than the one before it by a second. */
    private void standAll() {
        for (int i = 1; i <= 4; i++) {
            stand(i, ip(20, i, 0, 1), NOW + i * 1_000);
        }
    }

    /** The one that is to go, and goes. */
    private Optional<PeerId> goes(long nowMillis) {
        Optional<PeerId> least = manager.surplus(nowMillis);
        least.ifPresent(peer -> manager.release(standing.remove(peer), nowMillis));
        return least;
    }

    /** Looks every second until somebody is dialled. */
    private Optional<Multiaddr> firstDial(long fromMillis, long toMillis) {
        for (long now = fromMillis; now <= toMillis; now += 1_000) {
            List<Multiaddr> dials = manager.dials(standing.keySet(), now);
            if (!dials.isEmpty()) {
                assertEquals(1, dials.size());
                lastDialMillis = now;
                return Optional.of(dials.getFirst());
            }
        }
        return Optional.empty();
    }

    private static final long PROBE_MAX_MILLIS = ConnectionManager.PROBE_INTERVAL_MILLIS * 3 / 2 + 1_000;

    private long lastDialMillis;

    @Test
    void whoHasAllConnectionsStillTriesAPeerThatServedAndNeverAMereName() {
        standAll();
        long now = NOW + 10_000;
        manager.suggest(address(5), false);
        assertEquals(Optional.empty(), firstDial(now, now + 10 * PROBE_MAX_MILLIS));
        now += 10 * PROBE_MAX_MILLIS;
        manager.recall(new ConnectionManager.Good(address(6), NOW));
        assertEquals(Optional.of(address(6)), firstDial(now, now + PROBE_MAX_MILLIS));
        manager.dialled(address(6), false, lastDialMillis);
        assertEquals(Optional.empty(), manager.surplus(lastDialMillis), "nobody goes for who does not answer");
        now = lastDialMillis;
        assertEquals(
                Optional.of(address(6)),
                firstDial(now, now + ConnectionManager.PROBE_AGAIN_MILLIS * 3 / 2 + 1_000),
                "sooner again");
        stand(6, ip(20, 6, 0, 1), lastDialMillis);
        assertEquals(Optional.of(peer(4)), manager.surplus(lastDialMillis), "the youngest but for the new one");
        assertEquals(Optional.empty(), manager.surplus(lastDialMillis), "one for one");
    }

    @Test
    void oneConnectionChangesHandsAndTheOldOnesStay() {
        standAll();
        for (int i = 100; i < 140; i++) {
            manager.recall(new ConnectionManager.Good(address(i), NOW));
        }
        Set<PeerId> had = new HashSet<>();
        long now = NOW + 40_000;
        for (int i = 0; i < 30; i++) {
            Multiaddr probe = firstDial(now, now + PROBE_MAX_MILLIS).orElseThrow();
            now = lastDialMillis;
            stand(number(probe), ip(30, i, 0, 1), now);
            had.add(goes(now).orElseThrow());
        }
        assertTrue(standing.keySet().containsAll(Set.of(peer(1), peer(2), peer(3))), "strangers have one place alone");
        assertEquals(4, standing.size());
        assertTrue(had.contains(peer(4)) && had.size() > 15, had.size() + " had it");
    }

    @Test
    void nobodyIsGivenUpWhomSomebodyInsistsOnOrWhoIsNew() {
        standAll();
        manager.recall(new ConnectionManager.Good(address(5), NOW));
        manager.suggest(address(4), true);
        assertEquals(Optional.of(address(5)), firstDial(NOW + 5_000, NOW + 5_000 + PROBE_MAX_MILLIS));
        long now = lastDialMillis;
        stand(5, ip(20, 5, 0, 1), now);
        assertEquals(Optional.of(peer(3)), goes(now));
        for (int i = 1; i <= 2; i++) {
            manager.suggest(address(i), true);
        }
        manager.recall(new ConnectionManager.Good(address(6), NOW));
        // All are new or insisted on: the new connection stays beyond what is wanted, and no other follows it.
        manager.suggest(address(5), true);
        assertTrue(firstDial(now, now + PROBE_MAX_MILLIS).isPresent());
        now = lastDialMillis;
        stand(6, ip(20, 6, 0, 1), now);
        assertEquals(Optional.empty(), goes(now));
        assertEquals(5, standing.size());
        assertEquals(Optional.empty(), firstDial(now, now + ConnectionManager.SETTLE_MILLIS - 1_000));
    }

    @Test
    void aPeerFromAnotherNetworkIsTriedMoreOften() {
        standAll();
        for (int i = 0; i < 3; i++) {
            // address(1) and all of these are in networks of their own as the book has them; these two are where we
            // stand already.
            manager.recall(new ConnectionManager.Good(
                    Multiaddr.parse("/ip4/20." + (i + 1) + ".0.9/tcp/1").withPeer(peer(200 + i)), NOW));
        }
        manager.recall(new ConnectionManager.Good(address(300), NOW));
        int other = 0;
        long now = NOW + 5_000;
        for (int i = 0; i < 40; i++) {
            Multiaddr probe = firstDial(now, now + 10 * PROBE_MAX_MILLIS).orElseThrow();
            now = lastDialMillis;
            other += probe.equals(address(300)) ? 1 : 0;
            manager.dialled(probe, false, now);
            now += ConnectionManager.PAUSE_MAX_MILLIS * 2;
        }
        assertTrue(other > 14, other + " of 40, where ten would be a fair share");
    }

    @Test
    void whoIsSaidToShareADaoIsTriedAtOnceAndTakesThePlaceOfOneThatSharesNone() {
        standAll();
        manager.sharing(peer(4), Sharing.SEEN);
        manager.suggest(address(5), false);
        manager.sharing(peer(5), Sharing.CLAIMED);
        long now = NOW + 40_000;
        assertEquals(List.of(address(5)), manager.dials(standing.keySet(), now));
        stand(5, ip(20, 5, 0, 1), now);
        assertEquals(Optional.empty(), goes(now), "it has shown nothing yet");
        manager.sharing(peer(5), Sharing.SEEN);
        assertEquals(
                Optional.of(peer(3)), goes(now + ConnectionManager.SETTLE_MILLIS), "the youngest that shares nothing");
        // Two of four share a DAO: that is half, and further claims move nobody.
        manager.suggest(address(6), false);
        manager.sharing(peer(6), Sharing.CLAIMED);
        assertEquals(List.of(), manager.dials(standing.keySet(), now + ConnectionManager.SETTLE_MILLIS));
    }

    @Test
    void whoIsSaidToShareADaoAndDoesNotGoesAgain() {
        standAll();
        long now = NOW + 40_000;
        for (int i = 5; i < 20; i++) {
            manager.suggest(address(i), false);
            manager.sharing(peer(i), Sharing.CLAIMED);
        }
        Set<Integer> liars = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            for (Multiaddr dial : manager.dials(standing.keySet(), now + i)) {
                stand(number(dial), ip(40, number(dial), 0, 1), now + i);
                liars.add(number(dial));
            }
        }
        assertEquals(ConnectionManager.TRIALS_MAX, liars.size());
        long settled = now + 10 + ConnectionManager.SETTLE_MILLIS;
        Set<PeerId> gone = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            goes(settled).ifPresent(gone::add);
        }
        assertEquals(liars.stream().map(ConnectionManagerTest::peer).collect(Collectors.toSet()), gone);
        assertEquals(4, standing.size());
        liars.forEach(liar -> manager.sharing(peer(liar), Sharing.CLAIMED));
        List<Multiaddr> next = manager.dials(standing.keySet(), settled + ConnectionManager.PAUSE_WANTED_MAX_MILLIS);
        assertEquals(1, next.size());
        assertFalse(liars.contains(number(next.getFirst())), "the others first");
    }

    @Test
    void whatAPeerSharedHoldsWhileItIsConnected() {
        standAll();
        manager.sharing(peer(3), Sharing.SEEN);
        manager.sharing(peer(3), Sharing.CLAIMED);
        manager.release(standing.remove(peer(3)), NOW + 10_000);
        stand(7, ip(20, 7, 0, 1), NOW + 10_000);
        long now = NOW + 60_000;
        assertEquals(List.of(address(3)), manager.dials(standing.keySet(), now), "it is still said");
        stand(3, ip(20, 3, 0, 1), now);
        assertEquals(
                Optional.of(peer(3)), goes(now + ConnectionManager.SETTLE_MILLIS), "it has shown nothing this time");
    }

    private static int number(Multiaddr address) {
        String[] ip = address.tcpHost().orElseThrow().split("\\.");
        return Integer.parseInt(ip[2]) * 256 + Integer.parseInt(ip[3]);
    }
}
