// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.governance.DaoState;
import org.althing.api.net.PeerId;
import org.althing.codec.Enclosure;
import org.althing.codec.Sha256;
import org.althing.testkit.governance.TestDao;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Group keys as a node keeps them. */
class KeyRingTest {

    private static final Cid DAO = Cid.hash(new byte[] {1});

    @TempDir
    Path folder;

    private static PeerId peer(int number) {
        byte[] raw = new byte[PublicKey.BYTES];
        raw[0] = (byte) number;
        raw[1] = 1;
        return PeerId.of(PublicKey.of(raw));
    }

    private static byte[] key(int number) {
        return Sha256.hash(new byte[] {(byte) (number >> 8), (byte) number});
    }

    private static List<Cid> named(int number) {
        return List.of(Enclosure.name(TestDao.groupKey(number)));
    }

    @Test
    void whatOnePeerGaveStaysThoughAnotherGivesRubbish() throws Exception {
        KeyRing ring = KeyRing.open(folder, DAO);
        ring.bring(peer(1), List.of(TestDao.groupKey(1)), List.of());
        ring.bring(peer(2), List.of(TestDao.groupKey(7)), List.of());
        assertThat(ring.lacksAny(named(1))).isTrue();
        ring.openAll(List.of(), named(1));
        assertThat(ring.lacksAny(named(1))).isFalse();
        assertThat(ring.lacksAny(named(7))).isTrue();
        assertThat(KeyRing.open(folder, DAO).lacksAny(named(1))).isFalse();
    }

    @Test
    void aKeyThatWasMadeInVainIsUsedNextTime() throws Exception {
        KeyRing ring = KeyRing.open(folder, DAO);
        ring.add(TestDao.groupKey(0));
        AtomicInteger made = new AtomicInteger(1);
        Supplier<byte[]> fresh = () -> TestDao.groupKey(made.getAndIncrement());
        for (int i = 0; i < 3; i++) {
            assertThat(ring.unnamed(named(0), fresh)).isEqualTo(TestDao.groupKey(1));
            ring = KeyRing.open(folder, DAO);
        }
        List<Cid> both = List.of(named(0).getFirst(), named(1).getFirst());
        assertThat(ring.unnamed(both, fresh)).isEqualTo(TestDao.groupKey(2));
    }

    @Test
    void noMoreIsWrittenThanIsRead() throws Exception {
        KeyRing ring = KeyRing.open(folder, DAO);
        List<byte[]> all = IntStream.range(0, Body.GROUP_KEYS_MAX)
                .mapToObj(KeyRingTest::key)
                .toList();
        List<Cid> names = all.stream().map(Enclosure::name).toList();
        ring.bring(peer(1), all, names);
        for (int i = Body.GROUP_KEYS_MAX; i < Limits.GROUP_KEYS_KEPT_MAX; i++) {
            ring.add(key(i));
        }
        assertThatThrownBy(() -> ring.add(key(Limits.GROUP_KEYS_KEPT_MAX)))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining("keeps no more");
        assertThat(KeyRing.open(folder, DAO).lacksAny(names)).isFalse();
    }

    @Test
    void whenThereCanBeNoMoreGroupKeysTheOperatorIsTold() {
        assertThat(Rekeying.isAtLimit(state(Body.GROUP_KEYS_MAX, true))).isTrue();
        assertThat(Rekeying.isAtLimit(state(Body.GROUP_KEYS_MAX, false))).isFalse();
        assertThat(Rekeying.isAtLimit(state(Body.GROUP_KEYS_MAX - 1, true))).isFalse();
    }

    private static DaoState state(int groupKeys, boolean due) {
        return (DaoState) Proxy.newProxyInstance(
                DaoState.class.getClassLoader(),
                new Class<?>[] {DaoState.class},
                (proxy, method, arguments) ->
                        method.getName().equals("groupKeyDue") ? due : Collections.nCopies(groupKeys, DAO));
    }

    @Test
    void ofManyPeersTheLastAreRemembered() throws Exception {
        KeyRing ring = KeyRing.open(folder, DAO);
        for (int i = 0; i <= Limits.GROUP_KEY_GIVERS_MAX; i++) {
            ring.bring(peer(i), List.of(TestDao.groupKey(i)), List.of());
        }
        ring.openAll(List.of(), named(0));
        assertThat(ring.lacksAny(named(0))).isTrue();
        ring.openAll(List.of(), named(1));
        assertThat(ring.lacksAny(named(1))).isFalse();
    }
}
