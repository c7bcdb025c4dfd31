// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.governance.Notary;
import org.althing.codec.RulesCodec;

/** Every notary set that a DAO has had, by the hash that seal headers name it by; there are few. Safe for use by many threads. */
final class NotarySets {

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
}
