// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.althing.api.net.ConnectedPeer.Direction;
import org.althing.api.net.Host.Sharing;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may connect, whom to dial and whom to let go: counts connections against their bounds, keeps an address book, and spaces out
 * attempts. Without I/O; time and randomness come from outside. Safe for use by many threads.
 *
 * <p>Who has all the outbound connections that are wanted still tries others, one at a time: peers that served before, so that a network that was
 * cut in two grows together, and peers that are said to share a DAO with us. The new connection comes first, then an old one goes, so that
 * nothing is lost to a peer that does not answer (ADR 25).
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

    /** How often a peer that served before is tried, though no connection is missing; half to one and a half times that. */
    static final long PROBE_INTERVAL_MILLIS = 60_000;

    /** And after one that did not answer. */
    static final long PROBE_AGAIN_MILLIS = 10_000;

    /** Of so many peers that might be tried, at random, one from a network that we have no connection with is taken. */
    static final int PROBE_CHOICES = 2;

    /** A connection younger than this is not let go; in this time a peer is to prove that it shares what it was said to share. */
    static final long SETTLE_MILLIS = 30_000;

    /** Connections beyond those that are wanted, to peers that are said to share something and have not proved it. */
    static final int TRIALS_MAX = 4;

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
    /** Peers that were connected beyond what is wanted, and when somebody is to go for each. */
    private final Map<PeerId, Long> extras = new LinkedHashMap<>();
    /** 0 before the first look. */
    private long probeAtMillis;

    /** A place among the connections. */
    static final class Slot {
        final Direction direction;
        /** Whose bound it is counted against; none where there is no bound. */
        private final @Nullable AddressRange range;

        private final AddressRange network;
        private @Nullable PeerId peer;
        private long sinceMillis;

        private Slot(Direction direction, @Nullable AddressRange range, AddressRange network) {
            this.direction = direction;
            this.range = range;
            this.network = network;
        }
    }

    /** Why a peer is dialled. */
    private enum Dialling {
        NOT,
        /** Somebody insists, or a connection is missing. */
        NEEDED,
        /** It served before. */
        PROBE,
        /** It is said to share something. */
        TRIAL
    }

    /** What the address book has of a peer. */
    private static final class Known {
        final List<Multiaddr> addresses = new ArrayList<>();
        boolean wanted;
        Sharing sharing = Sharing.NOTHING;
        /** Whether it last shared something, also when the connection has ended. */
        boolean shared;

        Dialling dialling = Dialling.NOT;
        int failures;
        long dueMillis;
        /** When a dial last served; 0 for never. */
        long goodMillis;

        boolean isRemembered() {
            return goodMillis > 0 || shared;
        }

        void share(Sharing next) {
            shared = next == Sharing.SEEN || shared && next == Sharing.CLAIMED;
            sharing = next;
        }
    }

    /**
     * A peer to come back to.
     *
     * @param atMillis when a dial of it last served; 0 if it has only dialled us, shares something with us, and says that it is there
     */
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
        AddressRange network = AddressRange.ofOwner(ip);
        AddressRange range = isUnbounded ? null : network;
        if (range != null && ranges.getOrDefault(range, 0) >= settings.connectionsPerRangeMax()) {
            throw new Violation(End.RANGE_LIMIT, "too many connections with its network");
        }
        if (range != null && isInbound && !handshakeRate(range, nowMillis).take(nowMillis)) {
            throw new Violation(End.RANGE_LIMIT, "its network connects too often");
        }
        if (range != null) {
            ranges.merge(range, 1, Integer::sum);
        }
        Slot slot = new Slot(direction, range, network);
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
        slot.sinceMillis = nowMillis;
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
        PeerId peer = slot.peer;
        Known known = peer == null ? null : book.get(peer);
        if (known != null) {
            known.dueMillis = Math.max(known.dueMillis, nowMillis + pause(known));
            if (known.sharing == Sharing.SEEN && standing().noneMatch(other -> Objects.equals(peer, other.peer))) {
                known.share(Sharing.CLAIMED);
            }
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
                .filter(peer -> book.get(peer).goodMillis == 0 && book.get(peer).dialling == Dialling.NOT)
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
        int dialling = dialling();
        int free = DIALS_AT_ONCE_MAX - dialling;
        long missing = settings.outboundWanted() - standing().count() - dialling;
        List<Map.Entry<PeerId, Known>> due = new ArrayList<>();
        for (Map.Entry<PeerId, Known> entry : book.entrySet()) {
            Known known = entry.getValue();
            boolean isRefused = refusedUntil.getOrDefault(entry.getKey(), Long.MIN_VALUE) > nowMillis;
            if (known.dialling == Dialling.NOT
                    && known.dueMillis <= nowMillis
                    && !isRefused
                    && !connected.contains(entry.getKey())) {
                due.add(entry);
            }
        }
        // Those somebody insists on, then those that served, then those said to share something, then the others in any
        // order.
        Map<PeerId, Long> lots = new HashMap<>();
        due.forEach(entry -> lots.put(entry.getKey(), random.nextLong()));
        due.sort(Comparator.comparing((Map.Entry<PeerId, Known> entry) -> !entry.getValue().wanted)
                .thenComparing(entry -> entry.getValue().goodMillis == 0)
                .thenComparing(entry -> entry.getValue().sharing == Sharing.NOTHING)
                .thenComparing(entry -> lots.get(entry.getKey())));
        List<Multiaddr> dials = new ArrayList<>();
        for (Map.Entry<PeerId, Known> entry : due) {
            Known known = entry.getValue();
            if (dials.size() < free && (known.wanted || dials.size() < missing)) {
                dials.add(dial(known, Dialling.NEEDED));
            }
        }
        if (missing <= 0 && dialling + dials.size() < DIALS_AT_ONCE_MAX) {
            due.removeIf(entry -> entry.getValue().dialling != Dialling.NOT);
            trial(due).or(() -> probe(due, nowMillis)).ifPresent(dials::add);
        }
        return dials;
    }

    private static Multiaddr dial(Known known, Dialling why) {
        known.dialling = why;
        return known.addresses.get(known.failures % known.addresses.size());
    }

    private int dialling() {
        return (int) book.values().stream()
                .filter(known -> known.dialling != Dialling.NOT)
                .count();
    }

    /** Outbound connections whose peer is known. */
    private Stream<Slot> standing() {
        return slots.stream().filter(slot -> slot.direction == Direction.OUTBOUND && slot.peer != null);
    }

    private Sharing sharing(Slot slot) {
        Known known = book.get(slot.peer);
        return known == null ? Sharing.NOTHING : known.sharing;
    }

    private boolean isWanted(Slot slot) {
        Known known = book.get(slot.peer);
        return known != null && known.wanted;
    }

    /**
     * A peer that is said to share something with us, as long as not half of the outbound connections do. The other half is left alone, so that
     * whoever claims or shares a DAO in many names gets no more than that.
     */
    private Optional<Multiaddr> trial(List<Map.Entry<PeerId, Known>> due) {
        long under = extras.size()
                + book.values().stream()
                        .filter(known -> known.dialling == Dialling.TRIAL)
                        .count();
        if (!isSharedTooLittle() || under >= TRIALS_MAX) {
            return Optional.empty();
        }
        return due.stream()
                .map(Map.Entry::getValue)
                .filter(known -> known.sharing != Sharing.NOTHING)
                .findFirst()
                .map(known -> dial(known, Dialling.TRIAL));
    }

    private boolean isSharedTooLittle() {
        return shared() < settings.outboundWanted() / 2;
    }

    private long shared() {
        return standing().filter(slot -> sharing(slot) == Sharing.SEEN).count();
    }

    /** A peer that served before, now and then; never a mere name, since anybody can tell of names. */
    private Optional<Multiaddr> probe(List<Map.Entry<PeerId, Known>> due, long nowMillis) {
        if (probeAtMillis == 0) {
            probeAtMillis = nowMillis + jittered(PROBE_INTERVAL_MILLIS);
        }
        boolean hasRoom = standing().count() <= settings.outboundWanted()
                || leastUseful(nowMillis).isPresent();
        if (nowMillis < probeAtMillis || settings.outboundWanted() == 0 || !hasRoom) {
            return Optional.empty();
        }
        List<Known> good = new ArrayList<>(due.stream()
                .map(Map.Entry::getValue)
                .filter(known -> known.goodMillis > 0)
                .toList());
        probeAtMillis = nowMillis + jittered(PROBE_INTERVAL_MILLIS);
        if (good.isEmpty()) {
            return Optional.empty();
        }
        Set<AddressRange> networks = standing().map(slot -> slot.network).collect(Collectors.toSet());
        Known chosen = good.remove(random.nextInt(good.size()));
        for (int i = 1; i < PROBE_CHOICES && !good.isEmpty() && isWithin(chosen, networks); i++) {
            chosen = good.remove(random.nextInt(good.size()));
        }
        return Optional.of(dial(chosen, Dialling.PROBE));
    }

    private static boolean isWithin(Known known, Set<AddressRange> networks) {
        return Reach.ip(known.addresses.getFirst())
                .map(AddressRange::ofOwner)
                .filter(networks::contains)
                .isPresent();
    }

    /**
     * Whose outbound connection is to be given up now, since a better one has come. Of those that nobody insists on and that are not quite new:
     * one that shares nothing, as long as not half of the connections share something; then the youngest, so that the old ones stay and one
     * place changes hands.
     */
    synchronized Optional<PeerId> surplus(long nowMillis) {
        for (Map.Entry<PeerId, Long> extra : extras.entrySet()) {
            if (extra.getValue() <= nowMillis) {
                extras.remove(extra.getKey());
                Known known = book.get(extra.getKey());
                if (known != null && known.sharing == Sharing.CLAIMED) {
                    // It was said to share something, and does not.
                    known.share(Sharing.NOTHING);
                    known.dueMillis = nowMillis + PAUSE_MAX_MILLIS;
                }
                return standing().count() > settings.outboundWanted() ? leastUseful(nowMillis) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Optional<PeerId> leastUseful(long nowMillis) {
        boolean keepsShared = shared() <= settings.outboundWanted() / 2;
        return standing()
                .filter(slot -> nowMillis - slot.sinceMillis >= SETTLE_MILLIS)
                .filter(slot -> !isWanted(slot) && !extras.containsKey(slot.peer))
                .min(Comparator.comparing((Slot slot) -> keepsShared && sharing(slot) == Sharing.SEEN)
                        .thenComparing(slot -> -slot.sinceMillis))
                .map(slot -> slot.peer);
    }

    /** What a peer shares with us. One that is not in the address book is passed over. */
    synchronized void sharing(PeerId peer, Sharing sharing) {
        Known known = book.get(peer);
        if (known != null && (sharing != Sharing.CLAIMED || known.sharing == Sharing.NOTHING)) {
            known.share(sharing);
        }
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
        Dialling why = known.dialling;
        known.dialling = Dialling.NOT;
        if (why == Dialling.PROBE && !served) {
            probeAtMillis = Math.min(probeAtMillis, nowMillis + jittered(PROBE_AGAIN_MILLIS));
        } else if (served && (why == Dialling.PROBE || why == Dialling.TRIAL)) {
            extras.put(peer, why == Dialling.PROBE ? nowMillis : nowMillis + SETTLE_MILLIS);
        }
        if (served) {
            known.failures = 0;
            known.goodMillis = nowMillis;
            // The address that served is tried first.
            known.addresses.remove(address);
            known.addresses.addFirst(address);
        } else if (++known.failures >= FAILURES_MAX && !known.isRemembered() && !known.wanted) {
            book.remove(peer);
        }
        known.dueMillis = nowMillis + pause(known);
    }

    /** Doubles with each failure; jittered, so that many nodes do not come back at one moment. */
    private long pause(Known known) {
        long max = known.wanted ? PAUSE_WANTED_MAX_MILLIS : PAUSE_MAX_MILLIS;
        long pause = Math.min(max, PAUSE_FIRST_MILLIS << Math.min(known.failures, 20));
        return jittered(pause);
    }

    private long jittered(long millis) {
        return millis / 2 + random.nextLong(millis);
    }

    /** Those that served, the latest first; then those that share something with us. */
    synchronized List<Good> remembered() {
        return book.values().stream()
                .filter(Known::isRemembered)
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
            known.shared = good.atMillis() == 0;
        }
    }
}
