// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes one protobuf message from the end to the beginning, so that a length is known when its turn comes. */
final class ProtobufWriter {

    private static final int SIZE_MIN_BYTES = 64;

    private byte[] bytes;
    private int start;

    ProtobufWriter(int sizeHintBytes) {
        bytes = new byte[Math.max(SIZE_MIN_BYTES, sizeHintBytes)];
        start = bytes.length;
    }

    /** How much is written so far: the difference of two is the size of what lies between. */
    int size() {
        return bytes.length - start;
    }

    ProtobufWriter uint64(int field, long value) {
        varint(value);
        return tag(field, ProtobufReader.VARINT);
    }

    ProtobufWriter bytes(int field, byte[] value) {
        reserve(value.length);
        start -= value.length;
        System.arraycopy(value, 0, bytes, start, value.length);
        return closed(field, value.length);
    }

    ProtobufWriter string(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufWriter id(int field, MessageId id) {
        reserve(MessageId.BYTES);
        start -= MessageId.BYTES;
        id.write(bytes, start);
        return closed(field, MessageId.BYTES);
    }

    /** Puts the head before a nested message whose {@code size} bytes were written last. */
    ProtobufWriter closed(int field, int size) {
        varint(size);
        return tag(field, ProtobufReader.BYTES);
    }

    byte[] toBytes() {
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    private ProtobufWriter tag(int field, int wireType) {
        varint((long) field << 3 | wireType);
        return this;
    }

    private void varint(long value) {
        int size = 1;
        for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
            size++;
        }
        reserve(size);
        start -= size;
        for (int i = 0; i < size; i++) {
            bytes[start + i] = (byte) (value >>> 7 * i & 0x7f | (i < size - 1 ? 0x80 : 0));
        }
    }

    private void reserve(int more) {
        if (more > start) {
            int size = size();
            byte[] larger = new byte[Math.max(2 * bytes.length, size + more)];
            System.arraycopy(bytes, start, larger, larger.length - size, size);
            start = larger.length - size;
            bytes = larger;
        }
    }
}
