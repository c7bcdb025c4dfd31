// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.nio.ByteBuffer;

/**
 * Unsigned integers below 2^63 in groups of seven bits, the lowest first. There is one form for each: a longer one is refused.
 *
 * @see <a href="https://github.com/multiformats/unsigned-varint">unsigned-varint</a>
 */
public final class Uvarint {

    /** The longest form, in bytes. */
    public static final int SIZE_MAX_BYTES = 9;

    private Uvarint() {}

    /**
     * How many bytes the value takes.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static int size(long value) {
        if (value < 0) {
            throw new IllegalArgumentException(value + " is negative");
        }
        return value == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7;
    }

    /**
     * Writes the value.
     *
     * @return the place after it
     * @throws IndexOutOfBoundsException if the target has too little room
     */
    public static int write(long value, byte[] target, int at) {
        int end = at + size(value);
        long rest = value;
        int position = at;
        while (position < end - 1) {
            target[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[position] = (byte) rest;
        return end;
    }

    /**
     * Reads a value and moves the buffer past it.
     *
     * @return the value; -1 if the buffer ends too early, and stays where it was
     * @throws IllegalArgumentException for a longer form than the value needs, and for one of more than {@value #SIZE_MAX_BYTES} bytes
     */
    public static long read(ByteBuffer source) {
        long value = 0;
        int from = source.position();
        int available = Math.min(SIZE_MAX_BYTES, source.remaining());
        for (int i = 0; i < available; i++) {
            byte next = source.get(from + i);
            value |= (long) (next & 0x7f) << 7 * i;
            if (next >= 0) {
                if (next == 0 && i > 0) {
                    throw new IllegalArgumentException("a varint is longer than its value needs");
                }
                source.position(from + i + 1);
                return value;
            }
        }
        if (available == SIZE_MAX_BYTES) {
            throw new IllegalArgumentException("a varint is longer than " + SIZE_MAX_BYTES + " bytes");
        }
        return -1;
    }
}
