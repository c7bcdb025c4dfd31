// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.althing.codec.MalformedException;

/** Reads a message of ranges and refuses what is not one with a {@link MalformedException}, and with nothing else. */
final class MessageReader {

    private static final Mode[] MODES = Mode.values();

    private final byte[] bytes;
    private int at;
    private Item last = Item.FIRST;

    MessageReader(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    int version() {
        need(1);
        return bytes[at++] & 0xff;
    }

    /** The end of the next range: not before the end of the one before, and nothing follows infinity. */
    Item bound() {
        int start = at;
        if (last.isInfinite()) {
            throw new MalformedException(start, "a range beyond infinity");
        }
        long time = varint() - 1;
        if (time != Item.INFINITE_TIME) {
            long offset = time;
            time += last.time();
            if (time == Item.INFINITE_TIME || Long.compareUnsigned(time, offset) < 0) {
                throw new MalformedException(start, "a time beyond 64 bits");
            }
        }
        long length = varint();
        if (length < 0 || length > Item.ID_BYTES) {
            throw new MalformedException(start, "a bound with a prefix of " + Long.toUnsignedString(length) + " bytes");
        }
        need((int) length);
        byte[] id = Arrays.copyOf(Arrays.copyOfRange(bytes, at, at + (int) length), Item.ID_BYTES);
        at += (int) length;
        // The specification does not forbid a prefix at infinity, and npm's @nostr-dev-kit/sync sends one.
        Item bound = time == Item.INFINITE_TIME ? Item.INFINITE : Item.of(time, id);
        if (bound.compareTo(last) < 0) {
            throw new MalformedException(start, "a range that ends before it begins");
        }
        last = bound;
        return bound;
    }

    Mode mode() {
        int start = at;
        long mode = varint();
        if (mode < 0 || mode >= MODES.length) {
            throw new MalformedException(start, "an unknown mode " + Long.toUnsignedString(mode));
        }
        return MODES[(int) mode];
    }

    Fingerprint fingerprint() {
        need(Fingerprint.BYTES);
        at += Fingerprint.BYTES;
        return Fingerprint.read(bytes, at - Fingerprint.BYTES);
    }

    /** Ids as items without a time. */
    Set<Item> idList() {
        int start = at;
        long count = varint();
        if (count < 0 || count > (bytes.length - at) / Item.ID_BYTES) {
            throw new MalformedException(start, "a list of more ids than the message has");
        }
        Set<Item> ids = HashSet.newHashSet((int) count);
        for (long i = 0; i < count; i++) {
            ids.add(Item.read(0, bytes, at));
            at += Item.ID_BYTES;
        }
        return ids;
    }

    private long varint() {
        int start = at;
        long value = 0;
        while (true) {
            need(1);
            int digit = bytes[at++];
            if (at == start + 1 && digit == (byte) 0x80) {
                throw new MalformedException(start, "a varint that could be shorter");
            }
            if (value >>> Long.SIZE - 7 != 0) {
                throw new MalformedException(start, "a varint beyond 64 bits");
            }
            value = value << 7 | digit & 0x7f;
            if (digit >= 0) {
                return value;
            }
        }
    }

    private void need(int count) {
        if (bytes.length - at < count) {
            throw new MalformedException(at, "the message ends too soon");
        }
    }
}
