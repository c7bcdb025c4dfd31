// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map that holds so many at most and forgets the oldest first. Keys from the wire are hashes: they are ordered, so none can be made to collide. */
final class Recent<K extends Comparable<K>, V> {

    private final Map<K, V> values = new LinkedHashMap<>();
    private final int sizeMax;

    Recent(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    void put(K key, V value) {
        values.remove(key);
        values.put(key, value);
        if (values.size() > sizeMax) {
            values.remove(values.keySet().iterator().next());
        }
    }

    @Nullable
    V get(K key) {
        return values.get(key);
    }

    boolean has(K key) {
        return values.containsKey(key);
    }

    int size() {
        return values.size();
    }
}
