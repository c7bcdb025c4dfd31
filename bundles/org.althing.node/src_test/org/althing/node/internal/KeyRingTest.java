// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.net.PeerId;
import org.althing.codec.Enclosure;
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
