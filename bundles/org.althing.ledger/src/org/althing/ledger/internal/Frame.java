// SPDX-License-Identifier: EPL-2.0
package org.althing.ledger.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a record lies in a log: a header of {@value #HEADER_BYTES} bytes, then the payload. All numbers are big-endian.
 *
 * <pre>
 *  0  marker          8   random, one for a store
 *  8  sequence        8   1, 2, 3, ... through all segments
 * 16  name           32   see {@link Kind}
 * 48  kind, length    4   kind in the upper 8 bits, length of the payload in the lower 24
 * 52  payload CRC     4   CRC-32C
 * 56  header CRC      4   CRC-32C of the 56 bytes before
 * </pre>
 *
 * <p>The marker lets a scan find the next frame behind damaged bytes. It is random because payloads come from peers: who does not know it
 * cannot hide a false frame inside an entry. The sequence shows how many frames a damaged stretch held. The header's own CRC keeps a
 * flipped length from leading the scan astray.
 */
record Frame(long sequence, Kind kind, int length, int payloadCrc) {

    static final int HEADER_BYTES = 60;
    static final int NAME_AT = 16;
    static final int NAME_BYTES = 32;
    static final int PAYLOAD_SIZE_MAX_BYTES = (1 << Position.LENGTH_BITS) - 1;
    static final int SIZE_MAX_BYTES = HEADER_BYTES + PAYLOAD_SIZE_MAX_BYTES;

    private static final int MARKER_AT = 0;
    private static final int SEQUENCE_AT = 8;
    private static final int KIND_AT = 48;
    private static final int PAYLOAD_CRC_AT = 52;
    private static final int HEADER_CRC_AT = 56;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** What a frame is; the code is what lies on the disk. */
    enum Kind {
        /** Name: SHA-256 of the entry. Payload: the entry. */
        ENTRY(1),
        /** Name: height (8 bytes), then the first 24 bytes of the header's SHA-256. Payload: see {@link SealCodec}. */
        SEAL(2),
        /** Name: SHA-256 of the entry that can never be sealed. No payload. */
        DROP(3),
        /** Ends a batch: all before it was written before it. Name: see {@link Commit}. No payload. */
        COMMIT(4),
        /** In the vote log only. Name: sequence of the entry log up to which all was durable before (8 bytes), zeros. Payload: the vote. */
        VOTE(5);

        private static final Kind[] BY_CODE = values();

        final int code;

        Kind(int code) {
            this.code = code;
        }

        static @Nullable Kind of(int code) {
            return code >= 1 && code <= BY_CODE.length ? BY_CODE[code - 1] : null;
        }
    }

    int size() {
        return HEADER_BYTES + length;
    }

    static int getInt(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static long getLong(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static void putInt(byte[] bytes, int at, int value) {
        INT.set(bytes, at, value);
    }

    static void putLong(byte[] bytes, int at, long value) {
        LONG.set(bytes, at, value);
    }

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** Writes the header of a frame whose payload is already in its place behind it. */
    static void writeHeader(byte[] target, int at, long marker, long sequence, Kind kind, byte[] name, int length) {
        putLong(target, at + MARKER_AT, marker);
        putLong(target, at + SEQUENCE_AT, sequence);
        System.arraycopy(name, 0, target, at + NAME_AT, NAME_BYTES);
        putInt(target, at + KIND_AT, kind.code << 24 | length);
        putInt(target, at + PAYLOAD_CRC_AT, crc(target, at + HEADER_BYTES, length));
        putInt(target, at + HEADER_CRC_AT, crc(target, at, HEADER_CRC_AT));
    }

    /** The header at this place, or null if none is there that is whole; the payload is not looked at. */
    static @Nullable Frame readHeader(byte[] source, int at, long marker) {
        if (getLong(source, at + MARKER_AT) != marker
                || getInt(source, at + HEADER_CRC_AT) != crc(source, at, HEADER_CRC_AT)) {
            return null;
        }
        Kind kind = Kind.of(source[at + KIND_AT] & 0xff);
        int length = getInt(source, at + KIND_AT) & 0xffffff;
        if (kind == null || length > PAYLOAD_SIZE_MAX_BYTES) {
            return null;
        }
        return new Frame(getLong(source, at + SEQUENCE_AT), kind, length, getInt(source, at + PAYLOAD_CRC_AT));
    }

    /** Whether the payload behind the header at this place is what was written. */
    boolean isPayloadWhole(byte[] source, int at) {
        return crc(source, at + HEADER_BYTES, length) == payloadCrc;
    }

    /** What the header at this place, damaged or not, says of the payload. */
    static int storedPayloadCrc(byte[] source, int at) {
        return getInt(source, at + PAYLOAD_CRC_AT);
    }

    /** Whether the damaged header at this place still says that it is an entry's. */
    static boolean looksLikeEntry(byte[] source, int at) {
        return source[at + KIND_AT] == Kind.ENTRY.code;
    }
}
