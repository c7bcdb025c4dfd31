// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Entry;
import org.jspecify.annotations.Nullable;

/** The pending entries of a DAO: one unbroken chain for each key, on top of what is sealed. Not safe for use by many threads. */
final class Pool {

    private record Held(Entry entry, PublicKey owner) {}

    private final Map<Cid, Held> all = new LinkedHashMap<>();
    /** Those that the disk has, which may be sealed. */
    private final Map<Cid, Entry> durable = new LinkedHashMap<>();

    private final Map<PublicKey, Deque<Entry>> chains = new HashMap<>();
    private final Map<PublicKey, Integer> perOwner = new HashMap<>();
    private long sizeBytes;

    /** Takes the next entry of a chain; whether it is the next, the caller knows. */
    void add(Entry entry, PublicKey owner) {
        all.put(entry.cid(), new Held(entry, owner));
        chains.computeIfAbsent(entry.key(), key -> new ArrayDeque<>()).addLast(entry);
        perOwner.merge(owner, 1, Integer::sum);
        sizeBytes += entry.sizeBytes();
    }

    /** The disk has these. */
    void landed(Collection<Entry> entries) {
        for (Entry entry : entries) {
            if (all.containsKey(entry.cid())) {
                durable.put(entry.cid(), entry);
            }
        }
    }

    void remove(Cid cid) {
        Held held = all.remove(cid);
        if (held == null) {
            return;
        }
        durable.remove(cid);
        PublicKey key = held.entry().key();
        Deque<Entry> chain = chains.get(key);
        // Entries leave in the order of their chain, but for a chain that is given up as a whole.
        if (!chain.peekFirst().cid().equals(cid) || chain.size() == 1) {
            chain.removeIf(entry -> entry.cid().equals(cid));
        } else {
            chain.removeFirst();
        }
        if (chain.isEmpty()) {
            chains.remove(key);
        }
        perOwner.computeIfPresent(held.owner(), (owner, count) -> count == 1 ? null : count - 1);
        sizeBytes -= held.entry().sizeBytes();
    }

    @Nullable
    Entry get(Cid cid) {
        Held held = all.get(cid);
        return held == null ? null : held.entry();
    }

    /** The entries that may be sealed, in order of arrival. */
    Collection<Entry> sealable() {
        return Collections.unmodifiableCollection(durable.values());
    }

    /** All pending entries, in order of arrival. */
    List<Entry> all() {
        return all.values().stream().map(Held::entry).toList();
    }

    /** The last pending entry of a key. */
    Optional<Entry> tip(PublicKey key) {
        return Optional.ofNullable(chains.get(key)).map(Deque::peekLast);
    }

    /** The pending entries of a key, in the order of its chain. */
    List<Entry> chain(PublicKey key) {
        Deque<Entry> chain = chains.get(key);
        return chain == null ? List.of() : new ArrayList<>(chain);
    }

    /** The first pending entry of each key. */
    List<Entry> firsts() {
        return chains.values().stream().map(Deque::peekFirst).toList();
    }

    int count(PublicKey owner) {
        return perOwner.getOrDefault(owner, 0);
    }

    int size() {
        return all.size();
    }

    long sizeBytes() {
        return sizeBytes;
    }
}
