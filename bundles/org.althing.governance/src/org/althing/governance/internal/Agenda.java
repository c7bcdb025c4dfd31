// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.althing.api.Cid;

/**
 * What the DAO waits for: transitions with a time, and closed proposals without an agreed count. Derived from the proposals; a fold works on
 * a {@link #copy} and a state never changes its own.
 */
final class Agenda {

    /** A transition; the order is that in which a seal applies them. */
    record Due(long millis, Cid proposal) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return millis != other.millis ? Long.compare(millis, other.millis) : proposal.compareTo(other.proposal);
        }
    }

    private final TreeSet<Due> due;
    private final TreeSet<Cid> uncounted;

    private Agenda(TreeSet<Due> due, TreeSet<Cid> uncounted) {
        this.due = due;
        this.uncounted = uncounted;
    }

    static Agenda empty() {
        return new Agenda(new TreeSet<>(), new TreeSet<>());
    }

    Agenda copy() {
        return new Agenda(new TreeSet<>(due), new TreeSet<>(uncounted));
    }

    void add(Due transition) {
        due.add(transition);
    }

    void remove(Due transition) {
        due.remove(transition);
    }

    Optional<Due> first() {
        return due.isEmpty() ? Optional.empty() : Optional.of(due.first());
    }

    void awaitCount(Cid proposal) {
        uncounted.add(proposal);
    }

    void awaitNoCount(Cid proposal) {
        uncounted.remove(proposal);
    }

    /** The closed proposals without an agreed count, by ascending CID. */
    List<Cid> uncounted() {
        return List.copyOf(uncounted);
    }
}
