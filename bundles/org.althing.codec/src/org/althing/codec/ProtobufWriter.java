// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a protobuf message field by field, in the order of the calls. For one thread.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: encoding</a>
 */
public final class ProtobufWriter {

    private byte[] buffer;
    private int size;

    public ProtobufWriter() {
        this(64);
    }

    /** @param sizeBytes how many bytes are expected; more are written just as well */
    public ProtobufWriter(int sizeBytes) {
        this.buffer = new byte[sizeBytes];
    }

    /** An integer, taken as 64 bits without sign. */
    public ProtobufWriter integer(int field, long value) {
        tag(field, ProtobufReader.VARINT);
        varint(value);
        return this;
    }

    /** A truth value. */
    public ProtobufWriter bool(int field, boolean value) {
        return integer(field, value ? 1 : 0);
    }

    /** Bytes. */
    public ProtobufWriter bytes(int field, byte[] value) {
        return bytes(field, value, value.length);
    }

    /** A text, in UTF-8. */
    public ProtobufWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A message within this one; what is written to it later does not count. */
    public ProtobufWriter message(int field, ProtobufWriter message) {
        return bytes(field, message.buffer, message.size);
    }

    /** What was written so far, in bytes. */
    public int size() {
        return size;
    }

    /** What was written, in a new array. */
    public byte[] toBytes() {
        return Arrays.copyOf(buffer, size);
    }

    private ProtobufWriter bytes(int field, byte[] value, int length) {
        tag(field, ProtobufReader.LENGTH);
        varint(length);
        ensure(length);
        System.arraycopy(value, 0, buffer, size, length);
        size += length;
        return this;
    }

    private void tag(int field, int wireType) {
        if (field < 1 || field > ProtobufReader.FIELD_MAX) {
            throw new IllegalArgumentException("no field has the number " + field);
        }
        varint((long) field << 3 | wireType);
    }

    private void varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(size, more), buffer.length * 2));
        }
    }
}
