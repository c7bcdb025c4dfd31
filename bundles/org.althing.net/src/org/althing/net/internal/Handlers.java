// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.net.NetStream;
import org.althing.api.net.ProtocolHandler;
import org.jspecify.annotations.Nullable;

/** The protocols that are answered here. Safe for use by many threads. */
final class Handlers {

    /** Protocols of all handlers together. */
    static final int PROTOCOLS_MAX = 100;

    static final int PROTOCOL_MAX_CHARS = 140;

    private volatile List<Entry> entries = List.of();

    /** A handler in its rank; with {@code raw}, a frame is whatever bytes come, without a length before them. */
    record Entry(ProtocolHandler handler, long ranking, long age, boolean raw, List<String> protocols) {

        Entry {
            protocols = List.copyOf(protocols);
        }
    }

    /**
     * Adds a handler.
     *
     * @throws IllegalArgumentException if it asks for what no handler may
     */
    synchronized void add(ProtocolHandler handler, long ranking, long age, boolean raw) {
        List<String> protocols = handler.protocols();
        for (String protocol : protocols) {
            if (!protocol.matches("/[!-~]{1," + (PROTOCOL_MAX_CHARS - 1) + "}")) {
                throw new IllegalArgumentException("no protocol id: " + protocol);
            }
        }
        int size = handler.frameSizeMaxBytes();
        if (size < 0 || size > NetStream.FRAME_SIZE_LIMIT_BYTES) {
            throw new IllegalArgumentException("frames of " + size + " bytes");
        }
        List<Entry> next = new ArrayList<>(entries);
        next.add(new Entry(handler, ranking, age, raw, protocols));
        next.sort(Comparator.comparingLong((Entry entry) -> -entry.ranking).thenComparingLong(Entry::age));
        if (next.stream().mapToInt(entry -> entry.protocols.size()).sum() > PROTOCOLS_MAX) {
            throw new IllegalArgumentException("more than " + PROTOCOLS_MAX + " protocols");
        }
        entries = List.copyOf(next);
    }

    synchronized void remove(ProtocolHandler handler) {
        entries = entries.stream().filter(entry -> entry.handler != handler).toList();
    }

    /** Who answers a protocol. */
    @Nullable
    Entry find(String protocol) {
        for (Entry entry : entries) {
            if (entry.protocols.contains(protocol)) {
                return entry;
            }
        }
        return null;
    }

    /** All that is answered. */
    SortedSet<String> protocols() {
        SortedSet<String> all = new TreeSet<>();
        entries.forEach(entry -> all.addAll(entry.protocols));
        return all;
    }
}
