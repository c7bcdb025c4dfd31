// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.althing.api.PublicKey;
import org.althing.api.net.ConnectedPeer.Direction;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network of connection managers that is cut in two, and mended; time and wires are the test's. */
class PartitionSimulationTest {

    private static final int NODES = 32;
    private static final int OUTBOUND_WANTED = 4;
    private static final int TICK_MILLIS = 1_000;
    private static final int DIAL_TIMEOUT_MILLIS = 15_000;
    private static final int MINUTE_MILLIS = 60_000;

    /** The network is one again within this time after it was mended. */
    private static final long REJOIN_MAX_MILLIS = 60_000;

    private final List<Node> nodes = new ArrayList<>();
    private boolean isCut;
    private long now = 1_000_000;

    private record Link(Node from, Node to, ConnectionManager.Slot ours, ConnectionManager.Slot theirs) {}

    private record Pending(Multiaddr address, long endMillis) {}

    private final Map<PeerId, Node> byId = new HashMap<>();

    private final class Node {
        final int number;
        final PeerId id;
        final Multiaddr address;
        final ConnectionManager manager;
        final Map<PeerId, Link> out = new HashMap<>();
        final Map<PeerId, Link> in = new HashMap<>();
        final Deque<Pending> unanswered = new ArrayDeque<>();

        Node(int number, Random random) {
            this.number = number;
            byte[] key = new byte[PublicKey.BYTES];
            key[0] = (byte) number;
            id = PeerId.of(PublicKey.of(key));
            address = Multiaddr.ofTcp(ip(), 4001).withPeer(id);
            manager = new ConnectionManager(
                    id,
                    new Settings(
                            Path.of("."),
                            List.of(),
                            List.of(),
                            "test",
                            100,
                            80,
                            OUTBOUND_WANTED,
                            100,
                            List.of(),
                            1_000,
                            DIAL_TIMEOUT_MILLIS),
                    random);
        }

        private byte[] ip() {
            return new byte[] {10, (byte) number, 0, 1};
        }

        Set<PeerId> connected() {
            Set<PeerId> ids = new HashSet<>(out.keySet());
            ids.addAll(in.keySet());
            return ids;
        }

        void tick() {
            while (!unanswered.isEmpty() && unanswered.peek().endMillis <= now) {
                manager.dialled(unanswered.remove().address, false, now);
            }
            for (Multiaddr dial : manager.dials(connected(), now)) {
                Node to = byId.get(dial.peer().orElseThrow());
                if (isApart(this, to)) {
                    unanswered.add(new Pending(dial, now + DIAL_TIMEOUT_MILLIS));
                } else {
                    connect(to);
                }
            }
            manager.surplus(now).ifPresent(peer -> end(out.get(peer)));
        }

        private void connect(Node to) {
            ConnectionManager.Slot ours = manager.admit(Direction.OUTBOUND, to.ip(), now);
            ConnectionManager.Slot theirs = to.manager.admit(Direction.INBOUND, ip(), now);
            manager.identified(ours, to.id, now);
            to.manager.identified(theirs, id, now);
            Link link = new Link(this, to, ours, theirs);
            out.put(to.id, link);
            to.in.put(id, link);
            manager.dialled(to.address, true, now);
        }
    }

    private boolean isApart(Node one, Node other) {
        return isCut && one.number % 2 != other.number % 2;
    }

    private void end(Link link) {
        link.from.out.remove(link.to.id);
        link.to.in.remove(link.from.id);
        link.from.manager.release(link.ours, now);
        link.to.manager.release(link.theirs, now);
    }

    private List<Link> links() {
        return nodes.stream().flatMap(node -> node.out.values().stream()).toList();
    }

    private void pass(long millis) {
        for (long until = now + millis; now < until; now += TICK_MILLIS) {
            nodes.forEach(Node::tick);
        }
    }

    /** How many parts the network has. */
    private int parts() {
        Map<Node, Node> chief = new HashMap<>();
        nodes.forEach(node -> chief.put(node, node));
        for (Link link : links()) {
            Node from = chief.get(link.from);
            Node to = chief.get(link.to);
            chief.replaceAll((node, its) -> its == from ? to : its);
        }
        return new HashSet<>(chief.values()).size();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void twoHalvesThatLackNothingBecomeOneNetworkAgain(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node(i, new Random(random.nextLong())));
        }
        for (Node node : nodes) {
            byId.put(node.id, node);
            List<Node> others = new ArrayList<>(nodes);
            Collections.shuffle(others, random);
            others.subList(0, NODES * 3 / 4).forEach(other -> node.manager.suggest(other.address, false));
        }
        pass(10 * MINUTE_MILLIS);
        assertEquals(1, parts());

        isCut = true;
        links().stream().filter(link -> isApart(link.from, link.to)).forEach(this::end);
        pass(30 * MINUTE_MILLIS);
        assertEquals(2, parts());
        for (Node node : nodes) {
            int outbound = node.out.size();
            assertTrue(outbound >= OUTBOUND_WANTED, "node " + node.number + " lacks nothing: " + outbound);
        }

        isCut = false;
        long mended = now;
        while (parts() > 1 && now - mended <= REJOIN_MAX_MILLIS) {
            pass(TICK_MILLIS);
        }
        assertEquals(1, parts(), "one network within " + REJOIN_MAX_MILLIS + " ms, seed " + seed);
        pass(ConnectionManager.PROBE_INTERVAL_MILLIS * 3 / 2);
        for (int i = 0; i < 20; i++) {
            pass(MINUTE_MILLIS);
            assertEquals(1, parts(), "and it stays one, seed " + seed);
        }
        for (Node node : nodes) {
            int outbound = node.out.size();
            assertTrue(outbound <= OUTBOUND_WANTED + 1, "node " + node.number + " has " + outbound);
        }
    }
}
