// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerRecord;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Discover;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.DiscoverResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Register;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.RegisterResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Status;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Unregister;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to ask whom: registers our DAOs with connected peers that keep a list, again before that runs out and when our addresses have
 * changed, and asks who else is there, more often while we have few peers. A pure state machine: time comes with each call. At most one question to a
 * peer is on its way; each {@link Ask} must end in {@link #answered} or {@link #failed}. For one thread.
 */
final class RendezvousClient {

    private static final byte[] NO_COOKIE = {};

    /** A question to a peer. */
    record Ask(PeerId point, RendezvousMessage question) {}

    private static final class Namespace {
        long registerDueMillis;
        /** Of what is registered there; null for nothing. */
        @Nullable
        PeerRecord registered;

        long discoveredMillis = Long.MIN_VALUE;
        byte[] cookie = NO_COOKIE;
    }

    private static final class Point {
        final Map<String, Namespace> namespaces = new HashMap<>();
        final List<String> left = new ArrayList<>();
        boolean waiting;
        long pausedUntilMillis = Long.MIN_VALUE;
        /** What the question on its way would register. */
        @Nullable
        PeerRecord registering;
    }

    private final Map<PeerId, Point> points = new LinkedHashMap<>();
    private final Set<String> namespaces = new LinkedHashSet<>();

    /** A connected peer keeps a list. */
    void pointFound(PeerId peer) {
        if (points.size() < RendezvousLimits.POINTS_MAX) {
            points.putIfAbsent(peer, new Point());
        }
    }

    /** A peer has gone, or keeps no list any more. */
    void pointLost(PeerId peer) {
        points.remove(peer);
    }

    /** We serve a DAO. */
    void add(String namespace) {
        if (namespaces.size() < RendezvousLimits.NAMESPACES_ASKED_MAX) {
            namespaces.add(namespace);
        }
    }

    /** We do not serve it any more. */
    void remove(String namespace) {
        namespaces.remove(namespace);
        for (Point point : points.values()) {
            Namespace state = point.namespaces.remove(namespace);
            if (state != null && state.registered != null) {
                point.left.add(namespace);
            }
        }
    }

    /** Whether there is anybody to ask. */
    boolean hasWork() {
        return !points.isEmpty();
    }

    /**
     * What is due.
     *
     * @param own where we can be reached
     * @param connected how many peers are connected
     */
    List<Ask> due(PeerRecord own, int connected, long nowMillis) {
        boolean isFew = connected < RendezvousLimits.PEERS_FEW;
        List<Ask> asks = new ArrayList<>();
        points.forEach((peer, point) -> {
            if (!point.waiting && point.pausedUntilMillis <= nowMillis) {
                next(point, own, isFew, nowMillis).ifPresent(question -> {
                    point.waiting = true;
                    asks.add(new Ask(peer, question));
                });
            }
        });
        return asks;
    }

    /** @param isFew whether we have few peers: then those that we have heard of before are worth another dial, so all are asked for */
    private Optional<RendezvousMessage> next(Point point, PeerRecord own, boolean isFew, long nowMillis) {
        long intervalMillis =
                isFew ? RendezvousLimits.DISCOVER_INTERVAL_FEW_MILLIS : RendezvousLimits.DISCOVER_INTERVAL_MILLIS;
        if (!point.left.isEmpty()) {
            return Optional.of(new Unregister(point.left.removeLast()));
        }
        for (String namespace : namespaces) {
            Namespace state = point.namespaces.computeIfAbsent(namespace, same -> new Namespace());
            boolean isDue = state.registerDueMillis <= nowMillis || !own.equals(state.registered);
            if (isDue && !own.addresses().isEmpty()) {
                point.registering = own;
                return Optional.of(new Register(namespace, own.toBytes(), RendezvousLimits.TTL_DEFAULT_SECONDS));
            }
            if (state.discoveredMillis == Long.MIN_VALUE || nowMillis - state.discoveredMillis >= intervalMillis) {
                return Optional.of(new Discover(
                        namespace, RendezvousLimits.REGISTRATIONS_PER_ANSWER_MAX, isFew ? NO_COOKIE : state.cookie));
            }
        }
        return Optional.empty();
    }

    /**
     * A question was answered, or is of a kind that has no answer.
     *
     * @param answer null for none
     * @return the signed records that came, to be checked by whoever uses them
     */
    List<byte[]> answered(Ask ask, @Nullable RendezvousMessage answer, long nowMillis) {
        Point point = points.get(ask.point());
        if (point == null) {
            return List.of();
        }
        point.waiting = false;
        switch (ask.question()) {
            case Register question
            when answer instanceof RegisterResponse response -> {
                registered(point, question, response, nowMillis);
                return List.of();
            }
            case Discover question
            when answer instanceof DiscoverResponse response -> {
                return discovered(point, question, response, nowMillis);
            }
            case Unregister question
            when answer == null -> {
                return List.of();
            }
            default -> {
                point.pausedUntilMillis = nowMillis + RendezvousLimits.PAUSE_MILLIS;
                return List.of();
            }
        }
    }

    private static void registered(Point point, Register question, RegisterResponse response, long nowMillis) {
        Namespace state = point.namespaces.get(question.namespace());
        if (response.status() != Status.OK) {
            point.pausedUntilMillis = nowMillis + RendezvousLimits.PAUSE_MILLIS;
        } else if (state == null) {
            point.left.add(question.namespace()); // We left it meanwhile.
        } else {
            state.registered = point.registering;
            long halfMillis = Math.clamp(response.ttlSeconds(), 0, RendezvousLimits.TTL_DEFAULT_SECONDS) * 1000 / 2;
            state.registerDueMillis = nowMillis + Math.max(halfMillis, RendezvousLimits.PAUSE_MILLIS);
        }
    }

    private static List<byte[]> discovered(Point point, Discover question, DiscoverResponse response, long nowMillis) {
        Namespace state = point.namespaces.get(question.namespace());
        if (state == null) {
            return List.of();
        }
        boolean isOk = response.status() == Status.OK;
        state.cookie = isOk ? response.cookie() : NO_COOKIE;
        if (isOk) {
            state.discoveredMillis = nowMillis;
        } else if (response.status() != Status.INVALID_COOKIE || question.cookie().length == 0) {
            point.pausedUntilMillis = nowMillis + RendezvousLimits.PAUSE_MILLIS;
        }
        return response.registrations().stream().map(Register::signedPeerRecord).toList();
    }

    /** A question could not be asked, or was not answered in time. */
    void failed(Ask ask, long nowMillis) {
        Point point = points.get(ask.point());
        if (point != null) {
            point.waiting = false;
            point.pausedUntilMillis = nowMillis + RendezvousLimits.PAUSE_MILLIS;
        }
    }
}
