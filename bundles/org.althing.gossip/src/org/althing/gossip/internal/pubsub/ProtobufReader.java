// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.althing.codec.MalformedException;

/**
 * Reads one protobuf message in place: nothing is copied before its length is known to be within its limit and within the message.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol buffers, encoding</a>
 */
final class ProtobufReader {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private static final int VARINT_BYTES_MAX = 10;

    private final byte[] bytes;
    private final int end;
    private int position;
    private int wireType;

    ProtobufReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private ProtobufReader(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    int position() {
        return position;
    }

    /** The number of the next field, or 0 at the end of the message. */
    int nextField() {
        if (position == end) {
            return 0;
        }
        int at = position;
        long tag = readVarint();
        wireType = (int) tag & 7;
        long field = tag >>> 3;
        if (field == 0 || field > 0x1fff_ffff) {
            throw new MalformedException(at, "no field has the number " + field);
        }
        return (int) field;
    }

    boolean readBool() {
        return readUint64() != 0;
    }

    long readUint64() {
        expect(VARINT);
        return readVarint();
    }

    /** A nested message, of which the rest of this one is not part. */
    ProtobufReader readMessage() {
        int size = readSize(end - position);
        ProtobufReader nested = new ProtobufReader(bytes, position, position + size);
        position += size;
        return nested;
    }

    byte[] readBytes(int sizeMax) {
        int size = readSize(sizeMax);
        byte[] value = Arrays.copyOfRange(bytes, position, position + size);
        position += size;
        return value;
    }

    String readString(int sizeMax) {
        int size = readSize(sizeMax);
        int at = position;
        position += size;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, size))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException(at, "not UTF-8");
        }
    }

    MessageId readMessageId() {
        int at = position;
        int size = readSize(MessageId.BYTES);
        if (size != MessageId.BYTES) {
            throw new MalformedException(at, "a message id has " + MessageId.BYTES + " bytes, not " + size);
        }
        MessageId id = MessageId.read(bytes, position);
        position += size;
        return id;
    }

    /** Passes over a field that this version does not know. */
    void skip() {
        switch (wireType) {
            case VARINT -> readVarint();
            case BYTES -> advance(readSize(end - position));
            case FIXED64 -> advance(8);
            case FIXED32 -> advance(4);
            default -> throw new MalformedException(position, "wire type " + wireType);
        }
    }

    private void advance(int size) {
        if (size > end - position) {
            throw new MalformedException(position, "the message ends in the middle of a field");
        }
        position += size;
    }

    private int readSize(int sizeMax) {
        expect(BYTES);
        int at = position;
        long size = readVarint();
        if (size < 0 || size > sizeMax) {
            throw new MalformedException(at, "a length of " + Long.toUnsignedString(size) + " bytes, limit " + sizeMax);
        }
        if (size > end - position) {
            throw new MalformedException(at, "the message ends in the middle of a field");
        }
        return (int) size;
    }

    private void expect(int type) {
        if (wireType != type) {
            throw new MalformedException(position, "wire type " + wireType + " where " + type + " belongs");
        }
    }

    private long readVarint() {
        int at = position;
        long value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX; i++) {
            if (position == end) {
                throw new MalformedException(at, "the message ends in the middle of a number");
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException(at, "a number of more than " + VARINT_BYTES_MAX + " bytes");
    }
}
