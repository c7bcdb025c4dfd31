// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.althing.api.Cid;

/**
 * Writes DAG-CBOR and can write nothing but its canonical form.
 *
 * <p>Containers announce their size and close by themselves after the last item; map keys must come sorted. A call that
 * would break the form (an unsorted key, an item too many, a container left open at {@link #toBytes()}) is a bug of the
 * caller and throws {@link IllegalStateException}, after which the writer is to be dropped or {@link #reset()}.
 *
 * <pre>{@code
 * byte[] block = new CborWriter().map(2).key("dao").link(dao).key("seq").integer(7).toBytes();
 * }</pre>
 *
 * <p>Grows as needed up to {@link Integer#MAX_VALUE} bytes. Not safe for use by several threads at once.
 *
 * @see <a href="https://ipld.io/specs/codecs/dag-cbor/spec/">DAG-CBOR specification</a>, strictness
 */
public final class CborWriter {

    private static final int CAPACITY_BYTES_DEFAULT = 512;

    private byte[] bytes;
    private int size;

    /** How many items each open container still awaits; a map awaits a key and a value for each pair. */
    private final int[] awaited = new int[Cbor.DEPTH_MAX + 1];

    /** Where the last key of each open map lies, -1 before the first. */
    private final int[] keyFrom = new int[Cbor.DEPTH_MAX + 1];

    private final int[] keyLength = new int[Cbor.DEPTH_MAX + 1];
    private final boolean[] isMap = new boolean[Cbor.DEPTH_MAX + 1];
    private int depth;

    /** A writer with room for a usual entry. */
    public CborWriter() {
        this(CAPACITY_BYTES_DEFAULT);
    }

    /** A writer with room for so many bytes before it grows. */
    public CborWriter(int capacityBytes) {
        bytes = new byte[capacityBytes];
        awaited[0] = 1;
    }

    /** Forgets everything written and keeps the buffer. */
    public CborWriter reset() {
        size = 0;
        depth = 0;
        awaited[0] = 1;
        return this;
    }

    /** Writes an integer. */
    public CborWriter integer(long value) {
        beginValue();
        head(value < 0 ? Cbor.NEGATIVE : Cbor.UNSIGNED, value < 0 ? ~value : value);
        return endValue();
    }

    /**
     * Writes an integer from -2<sup>64</sup> to 2<sup>64</sup>-1.
     *
     * @throws IllegalArgumentException outside that range
     */
    public CborWriter integer(BigInteger value) {
        BigInteger argument = value.signum() < 0 ? value.not() : value;
        if (argument.bitLength() > Long.SIZE) {
            throw new IllegalArgumentException("DAG-CBOR has no integer " + value);
        }
        beginValue();
        head(value.signum() < 0 ? Cbor.NEGATIVE : Cbor.UNSIGNED, argument.longValue());
        return endValue();
    }

    /** Writes a byte string. */
    public CborWriter bytes(byte[] value) {
        beginValue();
        head(Cbor.BYTES, value.length);
        append(value);
        return endValue();
    }

    /**
     * Writes a text.
     *
     * @throws IllegalArgumentException if the text has a lone surrogate, which UTF-8 cannot say
     */
    public CborWriter text(String value) {
        beginValue();
        utf8(value);
        return endValue();
    }

    /** Writes a truth value. */
    public CborWriter bool(boolean value) {
        beginValue();
        append(value ? Cbor.TRUE : Cbor.FALSE);
        return endValue();
    }

    /** Writes null. */
    public CborWriter nil() {
        beginValue();
        append(Cbor.NULL);
        return endValue();
    }

    /** Writes a link to a block. */
    public CborWriter link(Cid cid) {
        beginValue();
        head(Cbor.TAG, Cbor.CID_TAG);
        head(Cbor.BYTES, 1 + Cid.BYTES);
        append(Cbor.CID_PREFIX);
        ensure(Cid.BYTES);
        cid.writeTo(bytes, size);
        size += Cid.BYTES;
        return endValue();
    }

    /**
     * Writes an item that is canonical already: what another writer made, or what {@link CborReader#slice()} gave. It is
     * trusted to be so.
     */
    public CborWriter raw(byte[] canonicalItem) {
        if (canonicalItem.length == 0) {
            throw new IllegalStateException("no item has 0 bytes");
        }
        beginValue();
        append(canonicalItem);
        return endValue();
    }

    /** Opens a list of so many items. */
    public CborWriter list(int itemCount) {
        return open(Cbor.LIST, itemCount, itemCount);
    }

    /** Opens a map of so many pairs, each a {@link #key} and a value. */
    public CborWriter map(int pairCount) {
        return open(Cbor.MAP, pairCount, Math.multiplyExact(pairCount, 2));
    }

    /**
     * Writes the next key of the open map.
     *
     * @throws IllegalStateException unless it comes after the last key: longer, or of one length and greater in its UTF-8
     *         bytes
     * @throws IllegalArgumentException if the key has a lone surrogate, which UTF-8 cannot say
     */
    public CborWriter key(String key) {
        if (!isAtKey()) {
            throw new IllegalStateException("no key is due before " + key);
        }
        int from = utf8(key);
        int length = size - from;
        int last = keyFrom[depth];
        if (last >= 0 && Cbor.compareKeys(bytes, last, keyLength[depth], bytes, from, length) >= 0) {
            throw new IllegalStateException("key is not after the one before it: " + key);
        }
        keyFrom[depth] = from;
        keyLength[depth] = length;
        awaited[depth]--;
        return this;
    }

    /** How many bytes are written. */
    public int size() {
        return size;
    }

    /**
     * The finished item, in a new array.
     *
     * @throws IllegalStateException if a container is still open, or nothing is written
     */
    public byte[] toBytes() {
        if (awaited[0] != 0) {
            throw new IllegalStateException("unfinished: " + awaited[depth] + " more items at depth " + depth);
        }
        return Arrays.copyOf(bytes, size);
    }

    private CborWriter open(int major, int count, int itemCount) {
        if (count < 0) {
            throw new IllegalArgumentException("a container has no " + count + " items");
        }
        beginValue();
        if (depth == Cbor.DEPTH_MAX) {
            throw new IllegalStateException("nested deeper than " + Cbor.DEPTH_MAX);
        }
        head(major, count);
        if (count == 0) {
            return endValue();
        }
        depth++;
        awaited[depth] = itemCount;
        isMap[depth] = major == Cbor.MAP;
        keyFrom[depth] = -1;
        return this;
    }

    private void beginValue() {
        if (isAtKey()) {
            throw new IllegalStateException("a key is due");
        }
        if (awaited[depth] == 0) {
            throw new IllegalStateException("the item is complete");
        }
    }

    private CborWriter endValue() {
        while (--awaited[depth] == 0 && depth > 0) {
            depth--;
        }
        return this;
    }

    private boolean isAtKey() {
        return depth > 0 && isMap[depth] && (awaited[depth] & 1) == 0;
    }

    /** Writes the shortest head for an unsigned argument: RFC 8949 section 4.2.1 allows no other. */
    private void head(int major, long argument) {
        ensure(1 + Long.BYTES);
        int type = major << 5;
        if (argument >= 0 && argument < 24) {
            bytes[size++] = (byte) (type | (int) argument);
        } else if (argument >>> 8 == 0) {
            bytes[size++] = (byte) (type | 24);
            bytes[size++] = (byte) argument;
        } else if (argument >>> 16 == 0) {
            argument(type | 25, argument, 2);
        } else if (argument >>> 32 == 0) {
            argument(type | 26, argument, 4);
        } else {
            argument(type | 27, argument, 8);
        }
    }

    private void argument(int initial, long argument, int width) {
        bytes[size++] = (byte) initial;
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (argument >>> shift);
        }
    }

    /** Writes head and bytes of a text; the result is where its bytes begin. */
    private int utf8(String text) {
        int start = size;
        int length = text.length();
        head(Cbor.TEXT, length);
        ensure(length);
        int from = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                size = start;
                return beyondAscii(text);
            }
            bytes[from + i] = (byte) c;
        }
        size = from + length;
        return from;
    }

    private int beyondAscii(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        // getBytes puts a question mark for a lone surrogate, so only a well-formed text survives the way back.
        if (!new String(utf8, StandardCharsets.UTF_8).equals(text)) {
            throw new IllegalArgumentException("the text has a lone surrogate");
        }
        head(Cbor.TEXT, utf8.length);
        append(utf8);
        return size - utf8.length;
    }

    private void append(int single) {
        ensure(1);
        bytes[size++] = (byte) single;
    }

    private void append(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    private void ensure(int room) {
        if (bytes.length - size < room) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, room), (int)
                    Math.min(2L * size, Integer.MAX_VALUE - 8)));
        }
    }
}
