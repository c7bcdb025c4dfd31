// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.junit.jupiter.api.Test;

class PoolTest {

    private static final Cid DAO = Cid.hash(new byte[] {1});
    private static final PublicKey OWNER = key(9);
    private static final int SIZE_BYTES = 300;

    private final Pool pool = new Pool();

    private static PublicKey key(int filler) {
        byte[] raw = new byte[PublicKey.BYTES];
        raw[0] = (byte) filler;
        return PublicKey.of(raw);
    }

    private static Entry entry(int key, long sequence) {
        return new Entry(
                Cid.hash(new byte[] {(byte) key, (byte) sequence}),
                SIZE_BYTES,
                DAO,
                key(key),
                sequence,
                sequence == 0 ? null : DAO,
                DAO,
                0,
                new Body.Sponsorship(DAO),
                Signature.of(new byte[Signature.BYTES]));
    }

    private Entry added(int key, long sequence) {
        Entry entry = entry(key, sequence);
        pool.add(entry, OWNER);
        return entry;
    }

    @Test
    void whatTheDiskDoesNotHaveYetMustNotBeSealed() {
        Entry first = added(1, 0);
        Entry second = added(1, 1);
        assertThat(pool.sealable()).isEmpty();
        pool.landed(List.of(first));
        assertThat(pool.sealable()).containsExactly(first);
        pool.landed(List.of(second));
        assertThat(pool.sealable()).containsExactly(first, second);
    }

    @Test
    void whatLeftBeforeItLandedStaysAway() {
        Entry first = added(1, 0);
        pool.remove(first.cid());
        pool.landed(List.of(first));
        assertThat(pool.sealable()).isEmpty();
    }

    @Test
    void aChainEndsInItsLastEntryUntilItIsSealed() {
        Entry first = added(1, 0);
        Entry second = added(1, 1);
        assertThat(pool.tip(key(1))).contains(second);
        assertThat(pool.chain(key(1))).containsExactly(first, second);
        pool.remove(first.cid());
        assertThat(pool.firsts()).containsExactly(second);
        pool.remove(second.cid());
        assertThat(pool.tip(key(1))).isEmpty();
        assertThat(pool.firsts()).isEmpty();
    }

    @Test
    void aMembersDevicesCountTogether() {
        Entry first = added(1, 0);
        added(2, 0);
        assertThat(pool.count(OWNER)).isEqualTo(2);
        assertThat(pool.sizeBytes()).isEqualTo(2 * SIZE_BYTES);
        pool.remove(first.cid());
        pool.remove(first.cid());
        assertThat(pool.count(OWNER)).isEqualTo(1);
        assertThat(pool.sizeBytes()).isEqualTo(SIZE_BYTES);
        assertThat(pool.size()).isEqualTo(1);
    }
}
