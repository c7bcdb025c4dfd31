// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TrieTest {

    /** Two bytes of few values, so that paths share much. */
    private static final Function<Integer, byte[]> PATHS = key -> new byte[] {(byte) (key >> 8), (byte) (int) key};

    @Property(tries = 200)
    void holdsWhatAMapHolds(@ForAll @Size(max = 60) List<@ByteRange(min = -3, max = 3) Byte> keys) {
        Trie<Integer, Integer> trie = Trie.empty(PATHS);
        Map<Integer, Integer> map = new HashMap<>();
        List<Trie<Integer, Integer>> versions = new ArrayList<>(List.of(trie));
        for (int i = 0; i + 1 < keys.size(); i++) {
            int key = (keys.get(i) & 0xff) << 8 | keys.get(i + 1) & 0xff;
            trie = trie.with(key, i);
            map.put(key, i);
            versions.add(trie);
        }
        Map<Integer, Integer> seen = new HashMap<>();
        trie.forEach(seen::put);
        assertThat(seen).isEqualTo(map);
        for (int key : map.keySet()) {
            assertThat(trie.get(key)).hasValue(map.get(key));
            assertThat(versions.getFirst().get(key)).isEmpty();
        }
        assertThat(trie.get(0x7f7f)).isEmpty();
    }

    @Test
    void anOlderVersionKeepsItsValue() {
        Trie<Integer, String> one = Trie.<Integer, String>empty(PATHS).with(1, "a");
        Trie<Integer, String> two = one.with(1, "b").with(2, "c");
        assertThat(one.get(1)).hasValue("a");
        assertThat(one.get(2)).isEmpty();
        assertThat(two.get(1)).hasValue("b");
    }
}
