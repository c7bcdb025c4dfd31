// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.Arrays;

/** Writes a message of ranges. Skips are put in where they are needed, and only there. */
final class MessageWriter {

    static final int VARINT_MAX_BYTES = 10;
    /** A bound: its time, the length of its prefix, the prefix. */
    static final int BOUND_MAX_BYTES = VARINT_MAX_BYTES + 1 + Item.ID_BYTES;

    private byte[] bytes;
    private int size;
    private long lastTime;
    /** Where the last range ends. */
    private Item end = Item.FIRST;

    /** Where a writer was; to go back to. */
    record Mark(int size, long lastTime, Item end) {}

    MessageWriter(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    int size() {
        return size;
    }

    Mark mark() {
        return new Mark(size, lastTime, end);
    }

    void goBack(Mark mark) {
        size = mark.size;
        lastTime = mark.lastTime;
        end = mark.end;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    MessageWriter version(int version) {
        ensure(1);
        bytes[size++] = (byte) version;
        return this;
    }

    void fingerprint(Item from, Item to, Fingerprint fingerprint) {
        range(from, to, Mode.FINGERPRINT);
        ensure(Fingerprint.BYTES);
        fingerprint.write(bytes, size);
        size += Fingerprint.BYTES;
    }

    /** A list of so many ids, each to be written with {@link #id}. */
    void idList(Item from, Item to, int count) {
        range(from, to, Mode.ID_LIST);
        varint(count);
    }

    void id(Item item) {
        ensure(Item.ID_BYTES);
        item.writeId(bytes, size);
        size += Item.ID_BYTES;
    }

    void sum(Sum sum) {
        ensure(Item.ID_BYTES);
        sum.write(bytes, size);
        size += Item.ID_BYTES;
    }

    private void range(Item from, Item to, Mode mode) {
        if (!from.equals(end)) {
            bound(from);
            varint(Mode.SKIP.ordinal());
        }
        bound(to);
        varint(mode.ordinal());
        end = to;
    }

    private void bound(Item bound) {
        if (bound.isInfinite()) {
            varint(0);
            varint(0);
            return;
        }
        varint(1 + bound.time() - lastTime);
        lastTime = bound.time();
        byte[] id = bound.id();
        int length = id.length;
        while (length > 0 && id[length - 1] == 0) {
            length--;
        }
        varint(length);
        ensure(length);
        System.arraycopy(id, 0, bytes, size, length);
        size += length;
    }

    /** Digits of 7 bits, the most significant first, as few as possible; unsigned. */
    void varint(long value) {
        ensure(VARINT_MAX_BYTES);
        int digits = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
        for (int i = digits - 1; i >= 0; i--) {
            bytes[size++] = (byte) (value >>> 7 * i & 0x7f | (i == 0 ? 0 : 0x80));
        }
    }

    private void ensure(int room) {
        if (bytes.length - size < room) {
            bytes = Arrays.copyOf(bytes, Math.max(size + room, 2 * bytes.length));
        }
    }
}
