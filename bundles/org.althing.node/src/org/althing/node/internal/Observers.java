// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.sync.Replica.Observation;
import org.althing.api.sync.Replica.Observer;
import org.althing.api.sync.Replica.Pending;
import org.althing.api.sync.Replica.Tip;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What peers may be offered of one DAO's pending entries, and who is told when that changes. Changes come from the thread of the pipeline; any
 * thread may look.
 */
final class Observers {

    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

    private final Map<Cid, Pending> pending = new ConcurrentHashMap<>();
    private final List<Observer> all = new CopyOnWriteArrayList<>();

    Observation observe(Observer observer) {
        all.add(observer);
        return () -> all.removeIf(known -> known == observer);
    }

    List<Pending> pending() {
        return List.copyOf(pending.values());
    }

    void came(Collection<Entry> entries) {
        List<Pending> news = entries.stream()
                .map(entry -> new Pending(entry.cid(), entry.timeMillis()))
                .filter(entry -> pending.putIfAbsent(entry.cid(), entry) == null)
                .toList();
        if (!news.isEmpty()) {
            tell(observer -> observer.came(news));
        }
    }

    void went(Collection<Entry> entries) {
        List<Pending> gone = entries.stream()
                .map(entry -> pending.remove(entry.cid()))
                .filter(java.util.Objects::nonNull)
                .toList();
        if (!gone.isEmpty()) {
            tell(observer -> observer.went(gone));
        }
    }

    void sealed(Tip tip) {
        tell(observer -> observer.sealed(tip));
    }

    private void tell(Consumer<Observer> news) {
        for (Observer observer : all) {
            try {
                news.accept(observer);
            } catch (RuntimeException e) {
                LOG.error("bug in an observer", e);
            }
        }
    }
}
