// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.althing.api.PublicKey;
import org.althing.api.governance.Rules;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;

/**
 * How many entries each owner of keys has sealed on one day. Follows from the seals alone; not part of the state's root.
 *
 * @param day of seal time, in days (UTC) since 1970
 */
record Usage(long day, Trie<PublicKey, Integer> counts) {

    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    static Usage none() {
        return new Usage(-1, Trie.empty(PublicKey::toBytes));
    }

    /** The usage so far on the day of a seal: nothing, if the seal is the day's first. */
    Usage on(long timeMillis) {
        long today = Math.floorDiv(timeMillis, DAY_MILLIS);
        return today == day ? this : new Usage(today, Trie.empty(PublicKey::toBytes));
    }

    /** How many owners have sealed something. */
    int owners() {
        int[] owners = {0};
        counts.forEach((owner, count) -> owners[0]++);
        return owners[0];
    }

    /** Writes owners and counts by ascending owner, {@value Stored#ITEM_OWNERS} owners an item. */
    void write(Consumer<byte[]> items) {
        List<PublicKey> owners = new ArrayList<>();
        counts.forEach((owner, count) -> owners.add(owner));
        for (int from = 0; from < owners.size(); from += Stored.ITEM_OWNERS) {
            List<PublicKey> some = owners.subList(from, Math.min(owners.size(), from + Stored.ITEM_OWNERS));
            CborWriter out = new CborWriter().list(2 * some.size());
            some.forEach(owner -> out.bytes(owner.toBytes()).integer(of(owner)));
            items.accept(out.toBytes());
        }
    }

    /**
     * Reads so many owners.
     *
     * @throws MalformedException if one is out of order, or has a count that no day could have
     */
    static Counts read(Supplier<byte[]> items, int owners) {
        Trie<PublicKey, Integer> counts = Trie.empty(PublicKey::toBytes);
        PublicKey last = null;
        for (int from = 0; from < owners; from += Stored.ITEM_OWNERS) {
            int here = Math.min(Stored.ITEM_OWNERS, owners - from);
            CborReader in = new CborReader(items.get());
            in.readListExactly(2 * here);
            for (int i = 0; i < here; i++) {
                int at = in.position();
                PublicKey owner = RulesCodec.readKey(in);
                if (last != null && last.compareTo(owner) >= 0) {
                    throw new MalformedException(at, "owners out of order");
                }
                last = owner;
                counts = counts.with(owner, (int) in.readLong(1, Rules.ENTRIES_PER_DAY_LIMIT));
            }
            in.finish();
        }
        return new Counts(counts);
    }

    /** What was read, before it is known whose it is. */
    record Counts(Trie<PublicKey, Integer> counts) {

        /**
         * As the usage of the day of a seal.
         *
         * @throws MalformedException if an owner has no key in this world
         */
        Usage on(long timeMillis, World world) {
            counts.forEach((owner, count) -> {
                if (world.key(owner).isEmpty()) {
                    throw new MalformedException(0, owner + " has sealed entries and has no key");
                }
            });
            return new Usage(Math.floorDiv(timeMillis, DAY_MILLIS), counts);
        }
    }

    int of(PublicKey owner) {
        return counts.get(owner).orElse(0);
    }

    Usage plus(PublicKey owner, int entries) {
        return new Usage(day, counts.with(owner, of(owner) + entries));
    }
}
