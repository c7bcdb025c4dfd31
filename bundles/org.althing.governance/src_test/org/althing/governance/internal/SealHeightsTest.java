// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.codec.MalformedException;
import org.junit.jupiter.api.Test;

/** What a written state takes on trust, when it fills more than one item. */
class SealHeightsTest {

    private static final int SEALS = 2 * SealHeights.ITEM_SEALS + 5;

    private static Cid seal(int height) {
        return Cid.hash(ByteBuffer.allocate(Integer.BYTES).putInt(height).array());
    }

    private static SealHeights again(SealHeights seals, int count) {
        Deque<byte[]> items = new ArrayDeque<>();
        seals.write(items::add);
        SealHeights read = SealHeights.read(items::remove, seal(count - 1), count - 1);
        assertThat(items).isEmpty();
        return read;
    }

    @Test
    void allAreThereHoweverOftenTheyWereWrittenAndReadInBetween() {
        SealHeights seals = SealHeights.none();
        for (int height = 0; height < SEALS; height++) {
            seals = seals.with(seal(height), height);
            if (height == 0 || height == 999 || height == SealHeights.ITEM_SEALS - 1) {
                seals = again(seals, height + 1);
            }
        }
        seals = again(seals, SEALS);
        for (int height = 0; height < SEALS; height++) {
            assertThat(seals.get(seal(height))).hasValue((long) height);
        }
        assertThat(seals.get(seal(SEALS))).isEmpty();
    }

    @Test
    void moreSealsThanAnArrayHoldsAreRefusedBeforeItIsMade() {
        assertThatThrownBy(() -> SealHeights.read(() -> new byte[0], seal(0), SealHeights.SEALS_MAX))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("more than");
    }

    @Test
    void theUsageOfManyIsWrittenInSeveralItems() {
        Usage usage = Usage.none().on(0);
        int owners = Stored.ITEM_OWNERS + 3;
        for (int i = 0; i < owners; i++) {
            usage = usage.plus(PublicKey.of(seal(i).digest()), 1 + i % 7);
        }
        Deque<byte[]> items = new ArrayDeque<>();
        usage.write(items::add);
        assertThat(items).hasSize(2);
        assertThat(usage.owners()).isEqualTo(owners);
        Usage.Counts read = Usage.read(items::remove, owners);
        for (int i = 0; i < owners; i++) {
            assertThat(read.counts().get(PublicKey.of(seal(i).digest()))).hasValue(1 + i % 7);
        }
    }
}
