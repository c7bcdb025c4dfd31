// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerRecord;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Discover;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.DiscoverResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Register;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.RegisterResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Status;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Unregister;

/**
 * The list of who is registered under which namespace. A pure state machine: time comes with each question. Who asks gets those that registered last, as
 * they are likeliest to be there still. Nobody is told which namespaces there are. For one thread at a time.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/rendezvous/README.md">libp2p: rendezvous protocol</a>
 */
final class RendezvousPoint {

    private static final long SWEEP_MILLIS = 60_000;
    private static final int COOKIE_BYTES = 2 * Long.BYTES;
    private static final byte[] NO_COOKIE = {};

    private record Registration(byte[] signedPeerRecord, long serial, long untilMillis) {}

    private final Function<byte[], Optional<PeerRecord>> check;
    /** Tells our cookies from those of another list, or of ours before a restart. */
    private final long era;
    /** By namespace and peer; who registered last is last. */
    private final Map<String, LinkedHashMap<PeerId, Registration>> namespaces = new HashMap<>();

    private final Map<PeerId, Integer> countByPeer = new HashMap<>();
    private final Map<PeerId, Integer> askedInMinute = new HashMap<>();
    private long minuteEndMillis = Long.MIN_VALUE;
    private long sweptMillis;
    private int size;
    private long serial;

    /** @param check reads a signed peer record; empty if it is not good */
    RendezvousPoint(Function<byte[], Optional<PeerRecord>> check, long era) {
        this.check = check;
        this.era = era;
    }

    /**
     * Answers a peer.
     *
     * @param from who asks; its key has proved it
     * @param nowMillis of a clock that never goes back
     * @return empty where the protocol has no answer
     */
    Optional<RendezvousMessage> handle(PeerId from, RendezvousMessage question, long nowMillis) {
        if (nowMillis - sweptMillis >= SWEEP_MILLIS) {
            sweep(nowMillis);
        }
        boolean isAllowed = isAllowed(from, nowMillis);
        return switch (question) {
            case Register register -> Optional.of(isAllowed ? register(from, register, nowMillis) : refusal(TOO_OFTEN));
            case Discover discover -> Optional.of(isAllowed ? discover(discover, nowMillis) : none(TOO_OFTEN));
            case Unregister unregister -> {
                remove(unregister.namespace(), from);
                yield Optional.empty();
            }
            case RegisterResponse answer -> Optional.empty();
            case DiscoverResponse answer -> Optional.empty();
        };
    }

    /** Registrations that are held. */
    int size() {
        return size;
    }

    private record Fault(Status status, String text) {}

    private static final Fault TOO_OFTEN = new Fault(Status.UNAVAILABLE, "asked too often; wait a minute");

    private static RendezvousMessage refusal(Fault fault) {
        return new RegisterResponse(fault.status, fault.text, 0);
    }

    private static RendezvousMessage none(Fault fault) {
        return new DiscoverResponse(List.of(), NO_COOKIE, fault.status, fault.text);
    }

    private boolean isAllowed(PeerId from, long nowMillis) {
        if (nowMillis >= minuteEndMillis) {
            minuteEndMillis = nowMillis + 60_000;
            askedInMinute.clear();
        }
        if (askedInMinute.size() >= RendezvousLimits.ASKERS_PER_MINUTE_MAX && !askedInMinute.containsKey(from)) {
            return false;
        }
        return askedInMinute.merge(from, 1, Integer::sum) <= RendezvousLimits.REQUESTS_PER_MINUTE_MAX;
    }

    private RendezvousMessage register(PeerId from, Register register, long nowMillis) {
        Optional<Fault> fault = fault(from, register);
        if (fault.isPresent()) {
            return refusal(fault.get());
        }
        remove(register.namespace(), from);
        long ttlSeconds = register.ttlSeconds() == 0 ? RendezvousLimits.TTL_DEFAULT_SECONDS : register.ttlSeconds();
        namespaces
                .computeIfAbsent(register.namespace(), namespace -> new LinkedHashMap<>())
                .put(from, new Registration(register.signedPeerRecord(), ++serial, nowMillis + ttlSeconds * 1000));
        countByPeer.merge(from, 1, Integer::sum);
        size++;
        return new RegisterResponse(Status.OK, "", ttlSeconds);
    }

    private Optional<Fault> fault(PeerId from, Register register) {
        if (register.namespace().isEmpty()) {
            return Optional.of(new Fault(Status.INVALID_NAMESPACE, "no namespace"));
        }
        if (register.ttlSeconds() < 0 || register.ttlSeconds() > RendezvousLimits.TTL_MAX_SECONDS) {
            return Optional.of(new Fault(Status.INVALID_TTL, "at most " + RendezvousLimits.TTL_MAX_SECONDS + " s"));
        }
        Map<PeerId, Registration> there = namespaces.getOrDefault(register.namespace(), new LinkedHashMap<>());
        boolean isFull = size >= RendezvousLimits.REGISTRATIONS_MAX
                || there.size() >= RendezvousLimits.REGISTRATIONS_PER_NAMESPACE_MAX
                || countByPeer.getOrDefault(from, 0) >= RendezvousLimits.REGISTRATIONS_PER_PEER_MAX;
        if (isFull && !there.containsKey(from)) {
            return Optional.of(new Fault(Status.UNAVAILABLE, "too many registrations"));
        }
        boolean isGood = check.apply(register.signedPeerRecord())
                .filter(record ->
                        record.peer().equals(from) && !record.addresses().isEmpty())
                .isPresent();
        return isGood
                ? Optional.empty()
                : Optional.of(
                        new Fault(Status.INVALID_SIGNED_PEER_RECORD, "no addresses signed by the peer that registers"));
    }

    private void remove(String namespace, PeerId peer) {
        Map<PeerId, Registration> there = namespaces.get(namespace);
        if (there != null && there.remove(peer) != null) {
            removed(peer);
            if (there.isEmpty()) {
                namespaces.remove(namespace);
            }
        }
    }

    private void removed(PeerId peer) {
        size--;
        countByPeer.computeIfPresent(peer, (same, count) -> count == 1 ? null : count - 1);
    }

    private void sweep(long nowMillis) {
        sweptMillis = nowMillis;
        namespaces
                .values()
                .forEach(there -> there.entrySet().removeIf(entry -> {
                    boolean isOver = entry.getValue().untilMillis <= nowMillis;
                    if (isOver) {
                        removed(entry.getKey());
                    }
                    return isOver;
                }));
        namespaces.values().removeIf(Map::isEmpty);
    }

    private RendezvousMessage discover(Discover discover, long nowMillis) {
        if (discover.namespace().isEmpty()) {
            return none(new Fault(Status.INVALID_NAMESPACE, "name the namespace"));
        }
        long after = 0;
        if (discover.cookie().length > 0) {
            ByteBuffer cookie = ByteBuffer.wrap(discover.cookie());
            if (cookie.remaining() != COOKIE_BYTES || cookie.getLong() != era) {
                return none(new Fault(Status.INVALID_COOKIE, "not a cookie of this list; ask without"));
            }
            after = cookie.getLong();
        }
        byte[] next =
                ByteBuffer.allocate(COOKIE_BYTES).putLong(era).putLong(serial).array();
        return new DiscoverResponse(found(discover, after, nowMillis), next, Status.OK, "");
    }

    private List<Register> found(Discover discover, long after, long nowMillis) {
        int most = RendezvousLimits.REGISTRATIONS_PER_ANSWER_MAX;
        long limit = discover.limit() > 0 && discover.limit() < most ? discover.limit() : most;
        List<Register> found = new ArrayList<>();
        for (Registration registration : namespaces
                .getOrDefault(discover.namespace(), new LinkedHashMap<>())
                .sequencedValues()
                .reversed()) {
            if (registration.serial <= after || found.size() >= limit) {
                break;
            }
            long leftSeconds = (registration.untilMillis - nowMillis) / 1000;
            if (leftSeconds > 0) {
                found.add(new Register(discover.namespace(), registration.signedPeerRecord, leftSeconds));
            }
        }
        return found;
    }
}
