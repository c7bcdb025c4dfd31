// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedCacheTest {

    private final List<Integer> computed = new ArrayList<>();
    private final BoundedCache<Integer, String> cache = new BoundedCache<>(10, key -> {
        computed.add(key);
        return "v" + key;
    });

    @Test
    void computesOnceWhatIsAskedAgain() {
        assertEquals("v1", cache.get(1));
        assertEquals("v1", cache.get(1));
        assertEquals(List.of(1), computed);
    }

    @Test
    void keepsWhatIsUsedAndForgetsWhatIsNot() {
        cache.get(0);
        for (int i = 1; i <= 100; i++) {
            cache.get(i);
            cache.get(0);
        }
        assertEquals(101, computed.size(), "the key in use was computed once");
        cache.get(1);
        assertEquals(102, computed.size(), "the key long unused was forgotten");
    }

    @Test
    void neverKeepsMoreThanItMay() {
        for (int i = 0; i < 1000; i++) {
            cache.get(i);
        }
        computed.clear();
        for (int i = 999; i >= 980; i--) {
            cache.get(i);
        }
        assertTrue(computed.size() >= 10, "of 20 keys at most 10 were kept");
    }
}
