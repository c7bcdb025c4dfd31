// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.althing.api.Cid;

/**
 * Reads one DAG-CBOR item and refuses everything but its canonical form: arguments that could be shorter, unsorted or
 * doubled keys, indefinite lengths, floats, undefined, tags other than a CID's, malformed CIDs and UTF-8, nesting deeper
 * than {@value #DEPTH_MAX}, lengths beyond the input, trailing bytes (see {@link #finish()}).
 *
 * <p>The caller pulls the items that its format has, in their order. Containers close by themselves after their last
 * item. Whatever else the bytes hold (another kind of item, one too few, one too many) is a {@link MalformedException}
 * naming the offset in the array; the reader is then spent. No input makes it throw anything else.
 *
 * <p>No method allocates more than the input justifies: a count or a length is checked against the bytes that are left.
 * The array is not copied and must not change meanwhile. Not safe for use by several threads at once.
 *
 * @see <a href="https://ipld.io/specs/codecs/dag-cbor/spec/">DAG-CBOR specification</a>, strictness
 */
public final class CborReader {

    /** Lists and maps nest at most this deep; a lone scalar has depth 0. */
    public static final int DEPTH_MAX = Cbor.DEPTH_MAX;

    /** What the next item is. */
    public enum Kind {
        /** An integer from -2<sup>64</sup> to 2<sup>64</sup>-1. */
        INTEGER,
        /** A byte string. */
        BYTES,
        /** A text. */
        TEXT,
        /** A list. */
        LIST,
        /** A map. */
        MAP,
        /** A link to a block. */
        LINK,
        /** True or false. */
        BOOL,
        /** Null. */
        NULL
    }

    private static final Kind[] KIND_OF_MAJOR = {
        Kind.INTEGER, Kind.INTEGER, Kind.BYTES, Kind.TEXT, Kind.LIST, Kind.MAP, Kind.LINK
    };

    private final byte[] input;
    private final int end;
    private int position;

    /** How many items each open container still holds; a map holds a key and a value for each pair. */
    private final int[] left = new int[DEPTH_MAX + 1];

    /** Where the last key of each open map lies, -1 before the first. */
    private final int[] keyFrom = new int[DEPTH_MAX + 1];

    private final int[] keyLength = new int[DEPTH_MAX + 1];
    private final boolean[] isMap = new boolean[DEPTH_MAX + 1];
    private final int depthMax;
    private int depth;

    /** Reads the item that fills the array. */
    public CborReader(byte[] input) {
        this(input, 0, input.length);
    }

    /**
     * Reads the item that fills a part of the array; offsets in errors are offsets in the array.
     *
     * @throws IndexOutOfBoundsException if the part is not inside the array
     */
    public CborReader(byte[] input, int from, int to) {
        this(input, from, to, 0);
    }

    /** Reads an item that is to be embedded at the given depth, and so may itself nest the less. */
    CborReader(byte[] input, int from, int to, int depthOutside) {
        Objects.checkFromToIndex(from, to, input.length);
        this.input = input;
        this.position = from;
        this.end = to;
        this.depthMax = DEPTH_MAX - depthOutside;
        left[0] = 1;
    }

    /** The offset in the array of the next unread byte. */
    public int position() {
        return position;
    }

    /** The array that is read; not to be changed. */
    byte[] input() {
        return input;
    }

    /**
     * Ends the reading.
     *
     * @throws MalformedException if the item has more in it than was read, or if bytes trail it
     */
    public void finish() {
        if (left[0] != 0) {
            throw malformed(position, "more items than the format has");
        }
        if (position != end) {
            throw malformed(position, (end - position) + " trailing bytes");
        }
    }

    /** What the next item is; nothing is read. */
    public Kind peek() {
        int initial = initial();
        int major = initial >>> 5;
        if (major < KIND_OF_MAJOR.length) {
            return KIND_OF_MAJOR[major];
        }
        return switch (initial) {
            case Cbor.FALSE, Cbor.TRUE -> Kind.BOOL;
            case Cbor.NULL -> Kind.NULL;
            default -> throw malformed(position, refusal(initial));
        };
    }

    /** Reads an integer from -2<sup>63</sup> to 2<sup>63</sup>-1; a greater one is malformed here. */
    public long readLong() {
        int at = beginValue();
        boolean negative = (initial() & 0xe0) == Cbor.NEGATIVE << 5;
        long argument = head(negative ? Cbor.NEGATIVE : Cbor.UNSIGNED);
        if (argument < 0) {
            throw malformed(at, "integer beyond 64 bits with sign");
        }
        endValue();
        return negative ? ~argument : argument;
    }

    /** Reads an integer from the given range; one outside it is malformed here. */
    public long readLong(long min, long max) {
        int at = position;
        long value = readLong();
        if (value < min || value > max) {
            throw malformed(at, value + " is not in " + min + ".." + max);
        }
        return value;
    }

    /** Reads any integer, from -2<sup>64</sup> to 2<sup>64</sup>-1. */
    public BigInteger readInteger() {
        beginValue();
        boolean negative = (initial() & 0xe0) == Cbor.NEGATIVE << 5;
        long argument = head(negative ? Cbor.NEGATIVE : Cbor.UNSIGNED);
        endValue();
        BigInteger unsigned = BigInteger.valueOf(argument >>> 1).shiftLeft(1).or(BigInteger.valueOf(argument & 1));
        return negative ? unsigned.not() : unsigned;
    }

    /** Reads a byte string of at most so many bytes. */
    public byte[] readBytes(int lengthMax) {
        int at = beginValue();
        int length = length(Cbor.BYTES);
        if (length > lengthMax) {
            throw malformed(at, length + " bytes where at most " + lengthMax + " may be");
        }
        return takeBytes(length);
    }

    /** Reads a byte string of exactly so many bytes. */
    public byte[] readBytesExactly(int length) {
        int at = beginValue();
        int actual = length(Cbor.BYTES);
        if (actual != length) {
            throw malformed(at, actual + " bytes where " + length + " must be");
        }
        return takeBytes(length);
    }

    /** Reads a text of at most so many UTF-8 bytes. */
    public String readText(int lengthMaxBytes) {
        int at = beginValue();
        int length = length(Cbor.TEXT);
        if (length > lengthMaxBytes) {
            throw malformed(at, "a text of " + length + " bytes where at most " + lengthMaxBytes + " may be");
        }
        String text = takeText(length);
        endValue();
        return text;
    }

    /** Reads a truth value. */
    public boolean readBool() {
        int at = beginValue();
        int initial = initial();
        if (initial != Cbor.FALSE && initial != Cbor.TRUE) {
            throw malformed(at, "expected a truth value, found " + name(initial));
        }
        position++;
        endValue();
        return initial == Cbor.TRUE;
    }

    /** Reads null. */
    public void readNull() {
        int at = beginValue();
        int initial = initial();
        if (initial != Cbor.NULL) {
            throw malformed(at, "expected null, found " + name(initial));
        }
        position++;
        endValue();
    }

    /** Reads null if it comes next, and says whether it did. */
    public boolean tryNull() {
        if (initial() != Cbor.NULL) {
            return false;
        }
        readNull();
        return true;
    }

    /** Reads a link to a block. */
    public Cid readLink() {
        int at = beginLink();
        try {
            Cid cid = Cid.fromBytes(input, position);
            position += Cid.BYTES;
            endValue();
            return cid;
        } catch (IllegalArgumentException e) {
            throw malformed(at, Objects.requireNonNull(e.getMessage()));
        }
    }

    /** Reads the head of a list of at most so many items, and gives their number. */
    public int readList(int countMax) {
        return readContainer(Cbor.LIST, 0, countMax);
    }

    /** Reads the head of a list whose number of items is in the range, and gives that number. */
    public int readList(int countMin, int countMax) {
        return readContainer(Cbor.LIST, countMin, countMax);
    }

    /** Reads the head of a list of exactly so many items. */
    public void readListExactly(int count) {
        readContainer(Cbor.LIST, count, count);
    }

    /** Reads the head of a map of at most so many pairs, and gives their number. */
    public int readMap(int countMax) {
        return readContainer(Cbor.MAP, 0, countMax);
    }

    /** Reads the head of a map whose number of pairs is in the range, and gives that number. */
    public int readMap(int countMin, int countMax) {
        return readContainer(Cbor.MAP, countMin, countMax);
    }

    /** Reads the head of a map of exactly so many pairs. */
    public void readMapExactly(int count) {
        readContainer(Cbor.MAP, count, count);
    }

    /** Reads the next key of the open map, of at most so many UTF-8 bytes. */
    public String readKey(int lengthMaxBytes) {
        int at = position;
        int length = beginKey();
        if (length > lengthMaxBytes) {
            throw malformed(at, "a key of " + length + " bytes where at most " + lengthMaxBytes + " may be");
        }
        String key = takeText(length);
        endKey(at, position - length, length);
        return key;
    }

    /** Reads the next key of the open map, which must be this one (in ASCII). */
    public void expectKey(String key) {
        int at = position;
        int length = beginKey();
        int from = position;
        if (!isKey(key, from, length)) {
            throw malformed(at, "expected key \"" + key + "\"");
        }
        position += length;
        endKey(at, from, length);
    }

    /** Reads past the next item, with all checks. Where a key is due, that is the key alone. */
    public void skip() {
        int floor = depth;
        do {
            skipHead();
        } while (depth > floor);
    }

    /** Reads past the next item, with all checks, and gives its bytes, which are canonical. */
    public byte[] slice() {
        int from = beginValue();
        skip();
        return Arrays.copyOfRange(input, from, position);
    }

    private void skipHead() {
        if (isAtKey()) {
            int at = position;
            int length = beginKey();
            int from = position;
            skipText(length);
            endKey(at, from, length);
            return;
        }
        switch (peek()) {
            case INTEGER -> {
                beginValue();
                head(initial() >>> 5);
                endValue();
            }
            case BYTES -> {
                beginValue();
                // Not "position += length(...)": Java would read position before length moves it past the head.
                int length = length(Cbor.BYTES);
                position += length;
                endValue();
            }
            case TEXT -> {
                beginValue();
                skipText(length(Cbor.TEXT));
                endValue();
            }
            case LIST -> readList(Integer.MAX_VALUE);
            case MAP -> readMap(Integer.MAX_VALUE);
            case LINK -> readLink();
            case BOOL -> readBool();
            case NULL -> readNull();
        }
    }

    private int readContainer(int major, int countMin, int countMax) {
        int at = beginValue();
        long count = head(major);
        int itemsEach = major == Cbor.MAP ? 2 : 1;
        // Every item takes a byte at least, so a count that the input cannot hold is refused before anybody trusts it.
        if (count < 0 || count > (end - position) / itemsEach) {
            throw malformed(at, "more items than bytes are left");
        }
        if (count < countMin || count > countMax) {
            String wanted = countMin == countMax ? "" + countMax : countMin + " to " + countMax;
            throw malformed(at, count + (major == Cbor.MAP ? " pairs" : " items") + " where " + wanted + " must be");
        }
        open(at, major == Cbor.MAP, (int) count * itemsEach);
        return (int) count;
    }

    private void open(int at, boolean map, int itemCount) {
        if (depth == depthMax) {
            throw malformed(at, "nested deeper than " + DEPTH_MAX);
        }
        if (itemCount == 0) {
            endValue();
            return;
        }
        depth++;
        left[depth] = itemCount;
        isMap[depth] = map;
        keyFrom[depth] = -1;
    }

    private int beginValue() {
        if (isAtKey()) {
            throw malformed(position, "expected a value, found a key");
        }
        if (left[depth] == 0) {
            throw malformed(position, "fewer items than the format has");
        }
        return position;
    }

    private void endValue() {
        while (--left[depth] == 0 && depth > 0) {
            depth--;
        }
    }

    private boolean isAtKey() {
        return depth > 0 && isMap[depth] && (left[depth] & 1) == 0;
    }

    private int beginKey() {
        if (!isAtKey()) {
            throw malformed(position, "expected a key");
        }
        return length(Cbor.TEXT);
    }

    private void endKey(int at, int from, int length) {
        int last = keyFrom[depth];
        if (last >= 0) {
            int order = Cbor.compareKeys(input, last, keyLength[depth], input, from, length);
            if (order >= 0) {
                throw malformed(at, order == 0 ? "doubled key" : "unsorted key");
            }
        }
        keyFrom[depth] = from;
        keyLength[depth] = length;
        left[depth]--;
    }

    private boolean isKey(String key, int from, int length) {
        if (key.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (input[from + i] != key.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Reads the head of a link up to its CID, and gives the offset of the head. */
    private int beginLink() {
        int at = beginValue();
        if (head(Cbor.TAG) != Cbor.CID_TAG) {
            throw malformed(at, "a tag other than 42");
        }
        if (length(Cbor.BYTES) != 1 + Cid.BYTES) {
            throw malformed(at, "a CID has " + Cid.BYTES + " bytes after its prefix");
        }
        if (input[position++] != Cbor.CID_PREFIX) {
            throw malformed(at, "a CID in tag 42 begins with a zero byte");
        }
        return at;
    }

    private byte[] takeBytes(int length) {
        byte[] bytes = Arrays.copyOfRange(input, position, position + length);
        position += length;
        endValue();
        return bytes;
    }

    private String takeText(int length) {
        int from = position;
        skipText(length);
        return new String(input, from, length, StandardCharsets.UTF_8);
    }

    private void skipText(int length) {
        for (int i = position; i < position + length; i++) {
            if (input[i] < 0) {
                requireUtf8(length);
                break;
            }
        }
        position += length;
    }

    private void requireUtf8(int length) {
        byte[] utf8 = Arrays.copyOfRange(input, position, position + length);
        // The decoder puts a replacement character for what is malformed, so only good UTF-8 survives the way back.
        byte[] again = new String(utf8, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(utf8, again)) {
            throw malformed(position + Arrays.mismatch(utf8, again), "not UTF-8");
        }
    }

    /** Reads a head and gives its argument, a length that the input can hold. */
    private int length(int major) {
        int at = position;
        long length = head(major);
        if (length < 0 || length > end - position) {
            throw malformed(at, "longer than the input");
        }
        return (int) length;
    }

    private int initial() {
        if (position == end) {
            throw malformed(position, "the input ends too early");
        }
        return input[position] & 0xff;
    }

    /** Reads a head of the wanted major type and gives its argument, as 64 bits without sign. */
    private long head(int major) {
        int at = position;
        int initial = initial();
        if (initial >>> 5 != major) {
            throw malformed(at, "expected " + name(major << 5) + ", found " + name(initial));
        }
        position++;
        int info = initial & 0x1f;
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw malformed(at, info == 31 ? "indefinite length" : "reserved argument");
        }
        int width = 1 << info - 24;
        if (end - position < width) {
            throw malformed(at, "the input ends too early");
        }
        long argument = wideArgument(width);
        boolean isShortest = width == 1 ? argument >= 24 : argument >>> 4 * width != 0;
        if (!isShortest) {
            throw malformed(at, "argument not in its shortest form");
        }
        return argument;
    }

    private long wideArgument(int width) {
        long argument = 0;
        int from = position;
        for (int i = from; i < from + width; i++) {
            argument = argument << 8 | input[i] & 0xff;
        }
        position = from + width;
        return argument;
    }

    private static String name(int initial) {
        return switch (initial >>> 5) {
            case Cbor.UNSIGNED, Cbor.NEGATIVE -> "an integer";
            case Cbor.BYTES -> "bytes";
            case Cbor.TEXT -> "a text";
            case Cbor.LIST -> "a list";
            case Cbor.MAP -> "a map";
            case Cbor.TAG -> "a link";
            default ->
                initial == Cbor.NULL
                        ? "null"
                        : initial == Cbor.FALSE || initial == Cbor.TRUE ? "a truth value" : refusal(initial);
        };
    }

    private static String refusal(int initial) {
        return switch (initial) {
            case 0xf9, 0xfa, 0xfb -> "a float";
            case 0xff -> "a break without an indefinite length";
            default -> "an unknown simple value";
        };
    }

    private static MalformedException malformed(int at, String reason) {
        return new MalformedException(at, reason);
    }
}
