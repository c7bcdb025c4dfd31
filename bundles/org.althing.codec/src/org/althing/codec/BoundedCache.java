// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Remembers what a pure function gave for the keys that were lately asked, at most so many at a time.
 *
 * <p>Two generations stand in for a list of ages: what is used moves into the young one; when that is full, the old one is
 * dropped as a whole. So a read of a young key takes no lock. Safe for use by several threads, which may now and then
 * compute the same value twice.
 */
final class BoundedCache<K, V> {

    private final int generationMax;
    private final Function<K, V> function;
    private volatile Generations<K, V> generations =
            new Generations<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    private record Generations<K, V>(ConcurrentMap<K, V> young, ConcurrentMap<K, V> old) {}

    BoundedCache(int entriesMax, Function<K, V> function) {
        this.generationMax = entriesMax / 2;
        this.function = function;
    }

    V get(K key) {
        Generations<K, V> now = generations;
        V value = now.young.get(key);
        if (value != null) {
            return value;
        }
        value = now.old.get(key);
        if (value == null) {
            value = function.apply(key);
        }
        makeRoom();
        generations.young.put(key, value);
        return value;
    }

    private synchronized void makeRoom() {
        if (generations.young.size() >= generationMax) {
            generations = new Generations<>(new ConcurrentHashMap<>(), generations.young);
        }
    }
}
