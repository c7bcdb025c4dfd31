// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is connected, and who is told of it. A peer has one connection in each direction at most: two peers that dial each other at one moment both
 * succeed, and a peer that comes again has lost its old connection without our knowing. Safe for use by many threads.
 */
final class Peers {

    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    /** Signed records of one peer that are checked in a minute; each costs a signature check. */
    static final int RECORDS_PER_MINUTE_MAX = 16;

    private static final long MINUTE_MILLIS = 60_000;

    private final Executor teller;
    private final Map<PeerId, Entry> entries = new HashMap<>();
    private final List<PeerListener> listeners = new ArrayList<>();

    private static final class Entry {
        /** The newest first. */
        final List<Connection> connections = new ArrayList<>();

        @Nullable
        PeerIdentity identity;

        long minute;
        int recordsInMinute;
    }

    /** @param teller runs what it is given in order, on one thread */
    Peers(Executor teller) {
        this.teller = teller;
    }

    /**
     * A peer has proved who it is.
     *
     * @return the connection that the new one takes the place of
     */
    synchronized Optional<Connection> add(Connection connection) {
        Entry entry = entries.computeIfAbsent(connection.peer(), peer -> new Entry());
        boolean isNew = entry.connections.isEmpty();
        Optional<Connection> replaced = entry.connections.stream()
                .filter(other -> other.direction() == connection.direction())
                .findFirst();
        replaced.ifPresent(entry.connections::remove);
        entry.connections.addFirst(connection);
        if (isNew) {
            ConnectedPeer peer = describe(connection.peer(), entry);
            tell(listeners, listener -> listener.connected(peer));
        }
        return replaced;
    }

    /** A connection is over, whether it was added or not. */
    synchronized void remove(Connection connection, String reason) {
        PeerId peer = connection.knownPeer().orElse(null);
        Entry entry = peer == null ? null : entries.get(peer);
        if (entry == null || !entry.connections.remove(connection) || !entry.connections.isEmpty()) {
            return;
        }
        entries.remove(peer);
        tell(listeners, listener -> listener.disconnected(peer, reason));
    }

    /** A peer has said what it is. */
    synchronized void identified(PeerId peer, PeerIdentity identity) {
        Entry entry = entries.get(peer);
        if (entry != null) {
            entry.identity = identity;
            ConnectedPeer described = describe(peer, entry);
            tell(listeners, listener -> listener.identified(described, identity));
        }
    }

    /** Whether a record of a peer may be checked; counts it. */
    synchronized boolean mayCheckRecord(PeerId peer, long nowMillis) {
        Entry entry = entries.get(peer);
        if (entry == null) {
            return false;
        }
        if (entry.minute != nowMillis / MINUTE_MILLIS) {
            entry.minute = nowMillis / MINUTE_MILLIS;
            entry.recordsInMinute = 0;
        }
        return entry.recordsInMinute++ < RECORDS_PER_MINUTE_MAX;
    }

    synchronized @Nullable PeerIdentity identity(PeerId peer) {
        Entry entry = entries.get(peer);
        return entry == null ? null : entry.identity;
    }

    /** The newest connection with a peer. */
    synchronized @Nullable Connection find(PeerId peer) {
        Entry entry = entries.get(peer);
        return entry == null ? null : entry.connections.getFirst();
    }

    synchronized List<Connection> connections(PeerId peer) {
        Entry entry = entries.get(peer);
        return entry == null ? List.of() : List.copyOf(entry.connections);
    }

    synchronized List<Connection> connections() {
        return entries.values().stream()
                .flatMap(entry -> entry.connections.stream())
                .toList();
    }

    synchronized Set<PeerId> ids() {
        return new HashSet<>(entries.keySet());
    }

    synchronized List<ConnectedPeer> describe() {
        return entries.entrySet().stream()
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static ConnectedPeer describe(PeerId peer, Entry entry) {
        Connection connection = entry.connections.getFirst();
        return new ConnectedPeer(
                peer,
                connection.direction(),
                connection.address(),
                connection.sinceMillis(),
                Optional.ofNullable(entry.identity),
                connection.roundTripMicros());
    }

    synchronized void add(PeerListener listener) {
        listeners.add(listener);
        entries.forEach((peer, entry) -> {
            ConnectedPeer described = describe(peer, entry);
            PeerIdentity identity = entry.identity;
            tell(List.of(listener), to -> {
                to.connected(described);
                if (identity != null) {
                    to.identified(described, identity);
                }
            });
        });
    }

    synchronized void remove(PeerListener listener) {
        listeners.remove(listener);
    }

    /** Under our lock it is only queued, so that listeners hear of things in their order and may call back. */
    private void tell(Collection<PeerListener> to, Consumer<PeerListener> news) {
        List<PeerListener> told = List.copyOf(to);
        try {
            teller.execute(() -> {
                for (PeerListener listener : told) {
                    try {
                        news.accept(listener);
                    } catch (RuntimeException e) {
                        LOG.warn("A listener of peers failed: {}", e.toString());
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            // The host has stopped; there is nobody left to tell.
        }
    }
}
