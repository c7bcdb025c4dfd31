// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

/** Ids added up modulo 2^256, each read as a little-endian number, and how many they are. Mutable; belongs to one thread. */
final class Sum {

    private int count;
    /** Least significant first. */
    private long w0;

    private long w1;
    private long w2;
    private long w3;

    int count() {
        return count;
    }

    void clear() {
        count = 0;
        w0 = 0;
        w1 = 0;
        w2 = 0;
        w3 = 0;
    }

    void add(Item item) {
        count++;
        addWords(
                Long.reverseBytes(item.a()),
                Long.reverseBytes(item.b()),
                Long.reverseBytes(item.c()),
                Long.reverseBytes(item.d()));
    }

    void add(Sum other) {
        count += other.count;
        addWords(other.w0, other.w1, other.w2, other.w3);
    }

    void subtract(Item item) {
        count--;
        subtractWords(
                Long.reverseBytes(item.a()),
                Long.reverseBytes(item.b()),
                Long.reverseBytes(item.c()),
                Long.reverseBytes(item.d()));
    }

    void subtract(Sum other) {
        count -= other.count;
        subtractWords(other.w0, other.w1, other.w2, other.w3);
    }

    private void subtractWords(long x0, long x1, long x2, long x3) {
        // -x is ~x + 1, with the carry of the + 1 running on through the words that are zero.
        boolean zero0 = x0 == 0;
        boolean zero1 = zero0 && x1 == 0;
        boolean zero2 = zero1 && x2 == 0;
        addWords(-x0, zero0 ? -x1 : ~x1, zero1 ? -x2 : ~x2, zero2 ? -x3 : ~x3);
    }

    private void addWords(long x0, long x1, long x2, long x3) {
        w0 += x0;
        long carry = Long.compareUnsigned(w0, x0) < 0 ? 1 : 0;
        long y1 = x1 + carry;
        carry = y1 == 0 ? carry : 0;
        w1 += y1;
        carry |= Long.compareUnsigned(w1, y1) < 0 ? 1 : 0;
        long y2 = x2 + carry;
        carry = y2 == 0 ? carry : 0;
        w2 += y2;
        carry |= Long.compareUnsigned(w2, y2) < 0 ? 1 : 0;
        w3 += x3 + carry;
    }

    /** The 32 bytes, least significant first. */
    void write(byte[] target, int at) {
        new Item(0, Long.reverseBytes(w0), Long.reverseBytes(w1), Long.reverseBytes(w2), Long.reverseBytes(w3))
                .writeId(target, at);
    }
}
