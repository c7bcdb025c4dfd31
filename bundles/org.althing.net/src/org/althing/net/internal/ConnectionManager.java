// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.althing.api.net.ConnectedPeer.Direction;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may connect and whom to dial: counts connections against their bounds, keeps an address book, and spaces out attempts. Without
 * I/O; time and randomness come from outside. Safe for use by many threads.
 */
final class ConnectionManager {

    /** Inbound connections that have not yet proved who they are. */
    static final int HANDSHAKES_INBOUND_MAX = 64;

    /** Handshakes that an address range may begin in a second, and at once. Each costs about a millisecond. */
    static final int HANDSHAKES_PER_RANGE_PER_SECOND = 2;

    static final int HANDSHAKES_PER_RANGE_BURST = 32;

    /** Address ranges whose handshakes are remembered; of more, those that came last. */
    static final int HANDSHAKE_RANGES_MAX = 4096;

    /** Peers in the address book that nobody insists on. */
    static final int CANDIDATES_MAX = 1024;

    /** Peers that somebody insists on. */
    static final int WANTED_MAX = 256;

    static final int ADDRESSES_PER_PEER_MAX = 8;

    /** Peers that are refused for a while. */
    static final int REFUSED_MAX = 1024;

    static final int DIALS_AT_ONCE_MAX = 8;

    /** Good peers that are kept over restarts. */
    static final int REMEMBERED_MAX = 64;

    /** A candidate that never answered is forgotten after so many dials. */
    static final int FAILURES_MAX = 8;

    static final long PAUSE_FIRST_MILLIS = 1_000;
    static final long PAUSE_MAX_MILLIS = 300_000;
    /** For peers that somebody insists on. */
    static final long PAUSE_WANTED_MAX_MILLIS = 30_000;

    private final PeerId self;
    private final Settings settings;
    private final RandomGenerator random;
    private final Map<AddressRange, Integer> ranges = new HashMap<>();
    private final Map<AddressRange, Rate> handshakes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AddressRange, Rate> eldest) {
            return size() > HANDSHAKE_RANGES_MAX;
        }
    };
    private final Map<PeerId, Known> book = new LinkedHashMap<>();
    private final Map<PeerId, Long> refusedUntil = new LinkedHashMap<>();
    private final Set<Slot> slots = new HashSet<>();

    /** A place among the connections. */
    static final class Slot {
        final Direction direction;
        private final @Nullable AddressRange range;
        private @Nullable PeerId peer;

        private Slot(Direction direction, @Nullable AddressRange range) {
            this.direction = direction;
            this.range = range;
        }
    }

    /** What the address book has of a peer. */
    private static final class Known {
        final List<Multiaddr> addresses = new ArrayList<>();
        boolean wanted;
        boolean dialling;
        int failures;
        long dueMillis;
        /** When a dial last served; 0 for never. */
        long goodMillis;
    }

    /** A peer that served. */
    record Good(Multiaddr address, long atMillis) {}

    ConnectionManager(PeerId self, Settings settings, RandomGenerator random) {
        this.self = self;
        this.settings = settings;
        this.random = random;
    }

    /**
     * Takes a place for a connection that begins.
     *
     * @throws Violation if there is none
     */
    synchronized Slot admit(Direction direction, byte[] ip, long nowMillis) {
        boolean isInbound = direction == Direction.INBOUND;
        boolean isFull = slots.size() >= settings.connectionsMax()
                || isInbound
                        && (count(Direction.INBOUND) >= settings.inboundMax()
                                || handshakes() >= HANDSHAKES_INBOUND_MAX);
        if (isFull) {
            throw new Violation(End.CONNECTION_LIMIT, "too many connections");
        }
        boolean isUnbounded = settings.rangesUnbounded().stream().anyMatch(range -> range.contains(ip));
        AddressRange range = isUnbounded ? null : AddressRange.ofOwner(ip);
        if (range != null && ranges.getOrDefault(range, 0) >= settings.connectionsPerRangeMax()) {
            throw new Violation(End.RANGE_LIMIT, "too many connections with its network");
        }
        if (range != null && isInbound && !handshakeRate(range, nowMillis).take(nowMillis)) {
            throw new Violation(End.RANGE_LIMIT, "its network connects too often");
        }
        if (range != null) {
            ranges.merge(range, 1, Integer::sum);
        }
        Slot slot = new Slot(direction, range);
        slots.add(slot);
        return slot;
    }

    private Rate handshakeRate(AddressRange range, long nowMillis) {
        return handshakes.computeIfAbsent(
                range, fresh -> new Rate(HANDSHAKES_PER_RANGE_PER_SECOND, HANDSHAKES_PER_RANGE_BURST, nowMillis));
    }

    /**
     * The peer of a connection has proved who it is.
     *
     * @throws Violation if it is not to connect
     */
    synchronized void identified(Slot slot, PeerId peer, long nowMillis) {
        slot.peer = peer;
        if (refusedUntil.getOrDefault(peer, Long.MIN_VALUE) > nowMillis) {
            throw new Violation(End.REFUSED, "the peer is not to connect for a while");
        }
    }

    /** A connection is gone. Idempotent. */
    synchronized void release(Slot slot, long nowMillis) {
        if (!slots.remove(slot)) {
            return;
        }
        if (slot.range != null) {
            ranges.computeIfPresent(slot.range, (range, count) -> count == 1 ? null : count - 1);
        }
        Known known = slot.peer == null ? null : book.get(slot.peer);
        if (known != null) {
            known.dueMillis = Math.max(known.dueMillis, nowMillis + pause(known));
        }
    }

    /** Keeps a peer away. */
    synchronized void refuse(PeerId peer, long untilMillis) {
        refusedUntil.remove(peer);
        if (refusedUntil.size() >= REFUSED_MAX) {
            refusedUntil.remove(refusedUntil.keySet().iterator().next());
        }
        refusedUntil.put(peer, untilMillis);
    }

    /** Connections of a direction, those in their handshake too. */
    synchronized int count(Direction direction) {
        return (int) slots.stream().filter(slot -> slot.direction == direction).count();
    }

    private long handshakes() {
        return slots.stream()
                .filter(slot -> slot.direction == Direction.INBOUND && slot.peer == null)
                .count();
    }

    /** Peers in the address book. */
    synchronized int size() {
        return book.size();
    }

    /** Notes where a peer might be; the address ends in it. Ourselves and what is beyond the bounds are passed over. */
    synchronized void suggest(Multiaddr address, boolean wanted) {
        PeerId peer =
                address.peer().orElseThrow(() -> new IllegalArgumentException("no peer at the end of " + address));
        if (peer.equals(self) || address.tcpPort().isEmpty()) {
            return;
        }
        Known known = book.get(peer);
        if (known == null && hasRoom(wanted)) {
            known = new Known();
            book.put(peer, known);
        }
        if (known == null) {
            return;
        }
        known.wanted |= wanted;
        if (!known.addresses.contains(address)) {
            if (known.addresses.size() == ADDRESSES_PER_PEER_MAX) {
                known.addresses.removeLast();
            }
            known.addresses.add(address);
        }
    }

    private boolean hasRoom(boolean wanted) {
        if (wanted) {
            return book.values().stream().filter(known -> known.wanted).count() < WANTED_MAX;
        }
        List<PeerId> candidates = book.entrySet().stream()
                .filter(entry -> !entry.getValue().wanted)
                .map(Map.Entry::getKey)
                .toList();
        if (candidates.size() < CANDIDATES_MAX) {
            return true;
        }
        // A flood of suggestions may push out its like, never a peer that has served.
        List<PeerId> unproved = candidates.stream()
                .filter(peer -> book.get(peer).goodMillis == 0 && !book.get(peer).dialling)
                .toList();
        if (!unproved.isEmpty()) {
            book.remove(unproved.get(random.nextInt(unproved.size())));
        }
        return !unproved.isEmpty();
    }

    /**
     * Whom to dial now; each must end in {@link #dialled}.
     *
     * @param connected who is connected
     */
    synchronized List<Multiaddr> dials(Set<PeerId> connected, long nowMillis) {
        int dialling =
                (int) book.values().stream().filter(known -> known.dialling).count();
        int free = DIALS_AT_ONCE_MAX - dialling;
        long standing = slots.stream()
                .filter(slot -> slot.direction == Direction.OUTBOUND && slot.peer != null)
                .count();
        long missing = settings.outboundWanted() - standing - dialling;
        List<Map.Entry<PeerId, Known>> due = new ArrayList<>();
        for (Map.Entry<PeerId, Known> entry : book.entrySet()) {
            Known known = entry.getValue();
            boolean isRefused = refusedUntil.getOrDefault(entry.getKey(), Long.MIN_VALUE) > nowMillis;
            if (!known.dialling && known.dueMillis <= nowMillis && !isRefused && !connected.contains(entry.getKey())) {
                due.add(entry);
            }
        }
        // Those somebody insists on, then those that served, then the others in any order.
        Map<PeerId, Long> lots = new HashMap<>();
        due.forEach(entry -> lots.put(entry.getKey(), random.nextLong()));
        due.sort(Comparator.comparing((Map.Entry<PeerId, Known> entry) -> !entry.getValue().wanted)
                .thenComparing(entry -> entry.getValue().goodMillis == 0)
                .thenComparing(entry -> lots.get(entry.getKey())));
        List<Multiaddr> dials = new ArrayList<>();
        for (Map.Entry<PeerId, Known> entry : due) {
            Known known = entry.getValue();
            if (dials.size() < free && (known.wanted || dials.size() < missing)) {
                known.dialling = true;
                dials.add(known.addresses.get(known.failures % known.addresses.size()));
            }
        }
        return dials;
    }

    /** A dial has ended. One that served is remembered, whoever asked for it. */
    synchronized void dialled(Multiaddr address, boolean served, long nowMillis) {
        if (served) {
            suggest(address, false);
        }
        PeerId peer = address.peer().orElseThrow();
        Known known = book.get(peer);
        if (known == null) {
            return;
        }
        known.dialling = false;
        if (served) {
            known.failures = 0;
            known.goodMillis = nowMillis;
            // The address that served is tried first.
            known.addresses.remove(address);
            known.addresses.addFirst(address);
        } else if (++known.failures >= FAILURES_MAX && known.goodMillis == 0 && !known.wanted) {
            book.remove(peer);
        }
        known.dueMillis = nowMillis + pause(known);
    }

    /** Doubles with each failure; half to one and a half times that, so that many nodes do not come back at one moment. */
    private long pause(Known known) {
        long max = known.wanted ? PAUSE_WANTED_MAX_MILLIS : PAUSE_MAX_MILLIS;
        long pause = Math.min(max, PAUSE_FIRST_MILLIS << Math.min(known.failures, 20));
        return pause / 2 + random.nextLong(pause);
    }

    /** Those that served, the latest first. */
    synchronized List<Good> remembered() {
        return book.values().stream()
                .filter(known -> known.goodMillis > 0)
                .sorted(Comparator.comparing((Known known) -> known.goodMillis).reversed())
                .limit(REMEMBERED_MAX)
                .map(known -> new Good(known.addresses.getFirst(), known.goodMillis))
                .toList();
    }

    /** Takes back what was remembered. */
    synchronized void recall(Good good) {
        suggest(good.address(), false);
        Known known = good.address().peer().map(book::get).orElse(null);
        if (known != null) {
            known.goodMillis = good.atMillis();
        }
    }
}
