// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.governance.Notary;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;

/** Every notary set that a DAO has had, by the hash that seal headers name it by; there are few. Safe for use by many threads. */
final class NotarySets {

    /** Sets in one written item. */
    private static final int ITEM_SETS = 1024;

    private final Map<Cid, List<PublicKey>> byHash = new ConcurrentHashMap<>();

    void add(List<Notary> notaries) {
        byHash.computeIfAbsent(RulesCodec.setHash(notaries), hash -> keys(notaries));
    }

    /** Ascending. */
    static List<PublicKey> keys(List<Notary> notaries) {
        return notaries.stream().map(Notary::key).sorted().toList();
    }

    Optional<List<PublicKey>> find(Cid set) {
        return Optional.ofNullable(byHash.get(set));
    }

    /** Writes them down; sets that came since do no harm, since a set is only found by its hash. */
    void write(Consumer<byte[]> items) {
        List<List<PublicKey>> sets = byHash.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Cid::toString)))
                .map(Map.Entry::getValue)
                .toList();
        for (int from = 0; from <= sets.size(); from += ITEM_SETS) {
            CborWriter out = new CborWriter();
            List<List<PublicKey>> some = sets.subList(from, Math.min(sets.size(), from + ITEM_SETS));
            out.list(some.size());
            for (List<PublicKey> keys : some) {
                out.list(keys.size());
                keys.forEach(key -> out.bytes(key.toBytes()));
            }
            items.accept(out.toBytes());
        }
    }

    /**
     * Reads what was written.
     *
     * @throws MalformedException if the items are none
     */
    static NotarySets read(Supplier<byte[]> items) {
        NotarySets sets = new NotarySets();
        int count;
        do {
            CborReader in = new CborReader(items.get());
            count = in.readList(ITEM_SETS);
            for (int i = 0; i < count; i++) {
                List<Notary> notaries = new ArrayList<>();
                int keys = in.readList(Body.NOTARIES_MAX);
                for (int k = 0; k < keys; k++) {
                    notaries.add(new Notary(RulesCodec.readKey(in), List.of()));
                }
                sets.add(notaries);
            }
            in.finish();
        } while (count == ITEM_SETS);
        return sets;
    }
}
