// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;

/**
 * A content identifier: the name of a block by the SHA-256 of its bytes.
 *
 * <p>Only CIDv1 with a sha2-256 digest of 32 bytes is known, and the codecs {@link #DAG_CBOR} and {@link #RAW}: whatever
 * else a peer sends is refused, so that a block has one name only. The binary form has {@value #BYTES} bytes; the text
 * form is multibase base32 ({@code b}, lower case, no padding) and has {@value #CHARS} characters. Both parsers accept
 * the canonical form alone.
 *
 * <p>Immutable and safe to share between threads. The order is the unsigned order of the binary forms.
 *
 * @see <a href="https://github.com/multiformats/cid">CID specification</a>
 */
public final class Cid implements Comparable<Cid> {

    /** Multicodec of DAG-CBOR blocks. */
    public static final int DAG_CBOR = 0x71;

    /** Multicodec of raw blocks. */
    public static final int RAW = 0x55;

    /** Length of the binary form, in bytes. */
    public static final int BYTES = 36;

    /** Length of the text form, in characters. */
    public static final int CHARS = 59;

    /** Length of the digest, in bytes. */
    public static final int DIGEST_BYTES = 32;

    private static final int VERSION = 1;
    private static final int SHA2_256 = 0x12;
    private static final int PREFIX_BYTES = BYTES - DIGEST_BYTES;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    /** Never fed, only copied: that takes a tenth of the time of a look-up by name. */
    private static final MessageDigest FRESH_DIGEST = lookUpSha256();

    private final int codec;
    private final byte[] digest;

    /** Takes the digest over: callers hand in an array that nobody else holds. */
    private Cid(int codec, byte[] digest) {
        this.codec = codec;
        this.digest = digest;
    }

    /**
     * Names a DAG-CBOR block by the SHA-256 of its bytes.
     *
     * @throws IllegalArgumentException unless the digest has 32 bytes
     */
    public static Cid of(byte[] digest32) {
        return of(DAG_CBOR, digest32);
    }

    /**
     * Names a block of the given codec by the SHA-256 of its bytes.
     *
     * @throws IllegalArgumentException for an unknown codec, or unless the digest has 32 bytes
     */
    public static Cid of(int codec, byte[] digest32) {
        requireKnown(codec);
        requireSize("a digest", DIGEST_BYTES, digest32.length);
        return new Cid(codec, digest32.clone());
    }

    /** Hashes a DAG-CBOR block to its name. The block is not looked into. */
    public static Cid hash(byte[] block) {
        return new Cid(DAG_CBOR, sha256(block));
    }

    /**
     * Hashes a block of the given codec to its name. The block is not looked into.
     *
     * @throws IllegalArgumentException for an unknown codec
     */
    public static Cid hash(int codec, byte[] block) {
        requireKnown(codec);
        return new Cid(codec, sha256(block));
    }

    /**
     * Reads the text form, {@code b...}.
     *
     * @throws IllegalArgumentException for anything that {@link #toString()} would not have written
     */
    public static Cid parse(String text) {
        require(text.startsWith("b"), "a CID is written in base32 and begins with 'b'");
        require(text.length() == CHARS, "a CID has " + CHARS + " characters, not " + text.length());
        byte[] binary = new byte[BYTES];
        int bits = 0;
        int bitCount = 0;
        int at = 0;
        for (int i = 1; i < CHARS; i++) {
            int digit = BASE32.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("a CID has no character '" + text.charAt(i) + "'");
            }
            bits = bits << 5 | digit;
            bitCount += 5;
            if (bitCount >= 8) {
                bitCount -= 8;
                binary[at++] = (byte) (bits >>> bitCount);
            }
        }
        // 58 digits carry two bits more than 36 bytes: were they free, four texts would name one block.
        require((bits & (1 << bitCount) - 1) == 0, "the last character of the CID has bits that must be zero");
        return fromBytes(binary);
    }

    /**
     * Reads the binary form, {@code 01 codec 12 20 digest}.
     *
     * @throws IllegalArgumentException for anything that {@link #toBytes()} would not have written
     */
    public static Cid fromBytes(byte[] binary) {
        requireSize("a CID", BYTES, binary.length);
        return fromBytes(binary, 0);
    }

    /**
     * Reads the binary form from {@value #BYTES} bytes of a longer array.
     *
     * @throws IllegalArgumentException for anything that {@link #toBytes()} would not have written
     * @throws IndexOutOfBoundsException if fewer than {@value #BYTES} bytes are left
     */
    public static Cid fromBytes(byte[] source, int from) {
        Objects.checkFromIndexSize(from, BYTES, source.length);
        require(source[from] == VERSION, "not a CID of version 1");
        int codec = source[from + 1] & 0xff;
        requireKnown(codec);
        require(source[from + 2] == SHA2_256 && source[from + 3] == DIGEST_BYTES, "not a sha2-256 hash of 32 bytes");
        return new Cid(codec, Arrays.copyOfRange(source, from + PREFIX_BYTES, from + BYTES));
    }

    /** The binary form, {@value #BYTES} bytes, in a new array. */
    public byte[] toBytes() {
        byte[] binary = new byte[BYTES];
        writeTo(binary, 0);
        return binary;
    }

    /**
     * Writes the binary form, {@value #BYTES} bytes, into the target.
     *
     * @throws IndexOutOfBoundsException if the target has too little room
     */
    public void writeTo(byte[] target, int at) {
        Objects.checkFromIndexSize(at, BYTES, target.length);
        target[at] = VERSION;
        target[at + 1] = (byte) codec;
        target[at + 2] = SHA2_256;
        target[at + 3] = DIGEST_BYTES;
        System.arraycopy(digest, 0, target, at + PREFIX_BYTES, DIGEST_BYTES);
    }

    /** The SHA-256 of the block, 32 bytes, in a new array. */
    public byte[] digest() {
        return digest.clone();
    }

    /** The multicodec of the block: {@link #DAG_CBOR} or {@link #RAW}. */
    public int codec() {
        return codec;
    }

    /** Whether this is the name of the block, that is, whether the block hashes to it. */
    public boolean names(byte[] block) {
        return Arrays.equals(digest, sha256(block));
    }

    @Override
    public int compareTo(Cid other) {
        // All names share the other prefix bytes, so codec and digest decide as the whole binary form would.
        return codec != other.codec
                ? Integer.compare(codec, other.codec)
                : Arrays.compareUnsigned(digest, other.digest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cid that && codec == that.codec && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return (digest[0] & 0xff) << 24 | (digest[1] & 0xff) << 16 | (digest[2] & 0xff) << 8 | digest[3] & 0xff;
    }

    /** The text form, {@code b...}, {@value #CHARS} characters. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(CHARS).append('b');
        int bits = 0;
        int bitCount = 0;
        for (byte next : toBytes()) {
            bits = bits << 8 | next & 0xff;
            bitCount += 8;
            while (bitCount >= 5) {
                bitCount -= 5;
                text.append(BASE32.charAt(bits >>> bitCount & 31));
            }
        }
        return text.append(BASE32.charAt(bits << 5 - bitCount & 31)).toString();
    }

    private static boolean isKnown(int codec) {
        return codec == DAG_CBOR || codec == RAW;
    }

    private static void requireKnown(int codec) {
        if (!isKnown(codec)) {
            throw new IllegalArgumentException("unknown codec 0x" + Integer.toHexString(codec));
        }
    }

    /** Words are put together when they are needed: names are made by the million. */
    private static void requireSize(String what, int sizeBytes, int foundBytes) {
        if (foundBytes != sizeBytes) {
            throw new IllegalArgumentException(what + " has " + sizeBytes + " bytes, not " + foundBytes);
        }
    }

    private static byte[] sha256(byte[] block) {
        try {
            return ((MessageDigest) FRESH_DIGEST.clone()).digest(block);
        } catch (CloneNotSupportedException e) {
            return lookUpSha256().digest(block);
        }
    }

    private static MessageDigest lookUpSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
