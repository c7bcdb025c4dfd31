// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a protobuf message field by field, for the few messages of libp2p. Nothing is allocated before its length is known to fit the input
 * and the caller's bound. Varints must be in their shortest form and texts in UTF-8; groups are refused.
 *
 * <pre>{@code
 * for (int field = in.next(); field != 0; field = in.next()) {
 *     switch (field) {
 *         case 1 -> key = in.bytes(KEY_MAX_BYTES);
 *         default -> in.skip();
 *     }
 * }
 * }</pre>
 *
 * <p>Methods throw {@link MalformedException}. For one thread.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: encoding</a>
 */
public final class ProtobufReader {

    /** The highest number of a field. */
    public static final int FIELD_MAX = (1 << 29) - 1;

    static final int VARINT = 0;
    static final int FIXED_64 = 1;
    static final int LENGTH = 2;
    static final int FIXED_32 = 5;

    private static final int VARINT_MAX_BYTES = 10;

    private final byte[] input;
    private final int end;
    private int position;
    private int wireType = -1;

    /** Reads all of the input, which nobody may change meanwhile. */
    public ProtobufReader(byte[] input) {
        this(input, 0, input.length);
    }

    private ProtobufReader(byte[] input, int from, int end) {
        this.input = input;
        this.position = from;
        this.end = end;
    }

    /** Where in the input the next byte is read, for a refusal of one's own. */
    public int position() {
        return position;
    }

    /** The number of the next field, whose value must be read or skipped; 0 at the end. */
    public int next() {
        if (wireType >= 0) {
            throw new IllegalStateException("the value of the last field was not read");
        }
        if (position == end) {
            return 0;
        }
        int at = position;
        long tag = varint();
        wireType = (int) tag & 7;
        boolean isKnown = wireType == VARINT || wireType == FIXED_64 || wireType == LENGTH || wireType == FIXED_32;
        if (!isKnown || tag >>> 3 == 0 || tag >>> 3 > FIELD_MAX) {
            throw new MalformedException(at, "no field of a message begins like this");
        }
        return (int) (tag >>> 3);
    }

    /** An integer, as 64 bits without sign. */
    public long integer() {
        expect(VARINT);
        return varint();
    }

    /** An integer from 0 to the bound. */
    public int integer(int max) {
        int at = position;
        long value = integer();
        if (value < 0 || value > max) {
            throw new MalformedException(at, Long.toUnsignedString(value) + " where at most " + max + " may be");
        }
        return (int) value;
    }

    /** A truth value, written as 0 or 1. */
    public boolean bool() {
        return integer(1) == 1;
    }

    /** Bytes, in a new array. */
    public byte[] bytes(int sizeMaxBytes) {
        int length = length(sizeMaxBytes);
        position += length;
        return Arrays.copyOfRange(input, position - length, position);
    }

    /** A text of at most so many bytes. */
    public String text(int sizeMaxBytes) {
        int at = position;
        int length = length(sizeMaxBytes);
        position += length;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(input, position - length, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException(at, "not UTF-8");
        }
    }

    /** A message within this one, to be read by itself. */
    public ProtobufReader message(int sizeMaxBytes) {
        int length = length(sizeMaxBytes);
        position += length;
        return new ProtobufReader(input, position - length, position);
    }

    /** Passes over a value. */
    public void skip() {
        switch (wireType) {
            case VARINT -> integer();
            case LENGTH -> {
                // Not "position += length(...)": Java would read position before length moves it past the varint.
                int length = length(Integer.MAX_VALUE);
                position += length;
            }
            case FIXED_32 -> skip(Integer.BYTES);
            case FIXED_64 -> skip(Long.BYTES);
            default -> throw new IllegalStateException("no field was begun");
        }
    }

    private void skip(int bytes) {
        if (end - position < bytes) {
            throw new MalformedException(position, "the message ends too early");
        }
        wireType = -1;
        position += bytes;
    }

    private int length(int sizeMaxBytes) {
        int at = position;
        expect(LENGTH);
        long length = varint();
        if (length < 0 || length > end - position) {
            throw new MalformedException(at, "longer than the message");
        }
        if (length > sizeMaxBytes) {
            throw new MalformedException(at, length + " bytes where at most " + sizeMaxBytes + " may be");
        }
        return (int) length;
    }

    private void expect(int wanted) {
        if (wireType != wanted) {
            throw new MalformedException(position, "a value of wire type " + wireType + ", not " + wanted);
        }
        wireType = -1;
    }

    private long varint() {
        int at = position;
        long value = 0;
        for (int i = 0; i < VARINT_MAX_BYTES; i++) {
            if (position == end) {
                throw new MalformedException(at, "the message ends too early");
            }
            byte next = input[position++];
            value |= (long) (next & 0x7f) << 7 * i;
            if (next >= 0) {
                if (next == 0 && i > 0 || next > 1 && i == VARINT_MAX_BYTES - 1) {
                    throw new MalformedException(at, "a varint that is not in its shortest form");
                }
                return value;
            }
        }
        throw new MalformedException(at, "a varint of more than " + VARINT_MAX_BYTES + " bytes");
    }
}
