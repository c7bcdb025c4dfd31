// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A member of a reconciled set: a time, and an id of 32 bytes whose big-endian words are {@code a} to {@code d}. Ordered by time, then by
 * id, all unsigned. Bounds of ranges are items, too: the bytes that a bound leaves out are zero.
 *
 * @param time any 64 bits but {@link #INFINITE_TIME}; the unit is the caller's
 */
public record Item(long time, long a, long b, long c, long d) implements Comparable<Item> {

    /** Length of an id. */
    public static final int ID_BYTES = 32;
    /** Marks the bound that nothing reaches; no item has this time. */
    public static final long INFINITE_TIME = -1;

    static final Item FIRST = new Item(0, 0, 0, 0, 0);
    static final Item INFINITE = new Item(INFINITE_TIME, 0, 0, 0, 0);

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    /**
     * An item with this id.
     *
     * @throws IllegalArgumentException unless the id has {@link #ID_BYTES} bytes
     */
    public static Item of(long time, byte[] id) {
        if (id.length != ID_BYTES) {
            throw new IllegalArgumentException("an id has " + ID_BYTES + " bytes, not " + id.length);
        }
        return read(time, id, 0);
    }

    /** Reads an id that the caller knows to be there. */
    static Item read(long time, byte[] bytes, int at) {
        return new Item(
                time,
                (long) WORD.get(bytes, at),
                (long) WORD.get(bytes, at + 8),
                (long) WORD.get(bytes, at + 16),
                (long) WORD.get(bytes, at + 24));
    }

    void writeId(byte[] target, int at) {
        WORD.set(target, at, a);
        WORD.set(target, at + 8, b);
        WORD.set(target, at + 16, c);
        WORD.set(target, at + 24, d);
    }

    /** The id, in a new array. */
    public byte[] id() {
        byte[] id = new byte[ID_BYTES];
        writeId(id, 0);
        return id;
    }

    /** Only the id, with time 0: what a list of ids can tell of an item. */
    Item timeless() {
        return time == 0 ? this : new Item(0, a, b, c, d);
    }

    boolean isInfinite() {
        return time == INFINITE_TIME;
    }

    /** The shortest bound above {@code before} and not above {@code next}, which follows it. */
    static Item boundBetween(Item before, Item next) {
        if (before.time != next.time) {
            return new Item(next.time, 0, 0, 0, 0);
        }
        if (before.a != next.a) {
            return new Item(next.time, head(before.a, next.a), 0, 0, 0);
        }
        if (before.b != next.b) {
            return new Item(next.time, next.a, head(before.b, next.b), 0, 0);
        }
        if (before.c != next.c) {
            return new Item(next.time, next.a, next.b, head(before.c, next.c), 0);
        }
        return new Item(next.time, next.a, next.b, next.c, head(before.d, next.d));
    }

    /** The bytes of {@code next} up to the first that differs. */
    private static long head(long before, long next) {
        int sameBytes = Long.numberOfLeadingZeros(before ^ next) / Byte.SIZE;
        return next & -1L << Long.SIZE - Byte.SIZE * (sameBytes + 1);
    }

    @Override
    public int compareTo(Item other) {
        int order = Long.compareUnsigned(time, other.time);
        order = order != 0 ? order : Long.compareUnsigned(a, other.a);
        order = order != 0 ? order : Long.compareUnsigned(b, other.b);
        order = order != 0 ? order : Long.compareUnsigned(c, other.c);
        return order != 0 ? order : Long.compareUnsigned(d, other.d);
    }

    /** Ids are hashes; who makes some that collide here meets the order above. */
    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(time) + ":" + HexFormat.of().toHexDigits(a);
    }
}
