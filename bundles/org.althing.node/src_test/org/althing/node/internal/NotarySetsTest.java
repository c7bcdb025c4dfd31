// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.governance.Notary;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotarySetsTest {

    private static Notary notary(int number) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        key[1] = (byte) (number >> 8);
        key[31] = 1;
        return new Notary(PublicKey.of(key), List.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 1023, 1024, 1025, 2048, 2500})
    void everySetComesBack(int count) {
        NotarySets sets = new NotarySets();
        List<List<Notary>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(i % 2 == 0 ? List.of(notary(i)) : List.of(notary(i), notary(i + 7)));
            sets.add(all.getLast());
        }
        Deque<byte[]> items = new ArrayDeque<>();
        sets.write(items::add);
        NotarySets read = NotarySets.read(items::removeFirst);
        assertThat(items).isEmpty();
        for (List<Notary> set : all) {
            assertThat(read.find(RulesCodec.setHash(set))).contains(NotarySets.keys(set));
        }
        assertThat(read.find(Cid.hash(new byte[0]))).isEmpty();
    }

    @Test
    void whatIsTooLargeIsRefused() {
        CborWriter sets = new CborWriter().list(1025);
        for (int i = 0; i < 1025; i++) {
            sets.list(0);
        }
        byte[] manySets = sets.toBytes();
        assertThatThrownBy(() -> NotarySets.read(() -> manySets))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("1024");
        CborWriter keys = new CborWriter().list(1).list(65);
        for (int i = 0; i < 65; i++) {
            keys.bytes(notary(i).key().toBytes());
        }
        byte[] manyKeys = keys.toBytes();
        assertThatThrownBy(() -> NotarySets.read(() -> manyKeys))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("64");
    }
}
