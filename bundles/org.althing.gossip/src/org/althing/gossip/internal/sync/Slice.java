// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

/** So many entries of the seal at a height, from a place in its order on. Ordered by place. */
record Slice(long height, int from, int count) implements Comparable<Slice> {

    int to() {
        return from + count;
    }

    /** What is left of this slice after its first entries. */
    Slice after(int entries) {
        return new Slice(height, from + entries, count - entries);
    }

    Slice first(int entries) {
        return new Slice(height, from, entries);
    }

    @Override
    public int compareTo(Slice other) {
        int order = Long.compare(height, other.height);
        order = order != 0 ? order : Integer.compare(from, other.from);
        return order != 0 ? order : Integer.compare(count, other.count);
    }
}
