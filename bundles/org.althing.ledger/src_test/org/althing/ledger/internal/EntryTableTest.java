// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.althing.api.Cid;
import org.junit.jupiter.api.Test;

/** Verifiers ask the table while a batch is taken in. */
class EntryTableTest {

    private static final int ENTRIES = 300_000;
    private static final long SEED = 7;

    @Test
    void whatHasBeenAddedIsFoundByAnotherThreadWhileMoreIsAdded() {
        byte[][] digests = digests(ENTRIES, SEED);
        byte[][] strangers = digests(1000, SEED + 1);
        EntryTable table = new EntryTable(SEED);
        AtomicInteger added = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> {
            Random random = new Random(SEED);
            while (!done.get()) {
                int size = added.get();
                if (size > 0 && !table.holdsIntact(digests[random.nextInt(size)])) {
                    return "lost an entry among " + size;
                }
                if (table.holdsIntact(strangers[random.nextInt(strangers.length)])) {
                    return "found a stranger among " + size;
                }
            }
            return "fine";
        });

        for (byte[] digest : digests) {
            table.add(digest, 0, Position.of(0, 0, 0));
            added.incrementAndGet();
        }
        done.set(true);

        assertThat(reader.join()).isEqualTo("fine");
    }

    @Test
    void aDamagedEntryIsNotHeldIntact() {
        byte[] digest = digests(1, SEED)[0];
        EntryTable table = new EntryTable(SEED);
        int record = table.add(digest, 0, Position.of(0, 0, 0));

        table.setDamaged(record, true);

        assertThat(table.find(digest, 0)).isEqualTo(record);
        assertThat(table.holdsIntact(digest)).isFalse();
    }

    private static byte[][] digests(int count, long seed) {
        Random random = new Random(seed);
        byte[][] digests = new byte[count][Cid.DIGEST_BYTES];
        for (byte[] digest : digests) {
            random.nextBytes(digest);
        }
        return digests;
    }
}
