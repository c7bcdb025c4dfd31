// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import java.util.Arrays;
import java.util.Objects;

/**
 * An Ed25519 public key as its {@value #BYTES} raw bytes, and its name {@code did:key:z6Mk...}.
 *
 * <p>The bytes are not checked to be a point of the curve; whoever verifies a signature does that.
 *
 * <p>Immutable and safe to share between threads. The order is the unsigned order of the raw bytes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8032">RFC 8032</a>
 * @see <a href="https://w3c-ccg.github.io/did-key-spec/">The did:key method</a>
 */
public final class PublicKey implements Comparable<PublicKey> {

    /** Length of a key, in bytes. */
    public static final int BYTES = 32;

    private static final String DID_PREFIX = "did:key:z";
    private static final int DID_CHARS = DID_PREFIX.length() + 47;

    /** The multicodec {@code ed25519-pub} as a varint. */
    private static final byte[] MULTICODEC = {(byte) 0xed, 0x01};

    private final byte[] raw;

    /** Takes the bytes over: callers hand in an array that nobody else holds. */
    private PublicKey(byte[] raw) {
        this.raw = raw;
    }

    /**
     * Wraps the raw bytes of a key.
     *
     * @throws IllegalArgumentException unless there are 32
     */
    public static PublicKey of(byte[] raw32) {
        if (raw32.length != BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes, not " + raw32.length);
        }
        return new PublicKey(raw32.clone());
    }

    /**
     * Reads the name, {@code did:key:z6Mk...}.
     *
     * @throws IllegalArgumentException for anything that {@link #toString()} would not have written
     */
    public static PublicKey parse(String did) {
        require(did.startsWith(DID_PREFIX), "a key is written did:key:z6Mk...");
        require(did.length() == DID_CHARS, "a key has " + DID_CHARS + " characters, not " + did.length());
        byte[] bytes = Base58.decode(did.substring(DID_PREFIX.length()));
        boolean isEd25519 =
                bytes.length == MULTICODEC.length + BYTES && Arrays.mismatch(bytes, MULTICODEC) == MULTICODEC.length;
        require(isEd25519, "not an Ed25519 key: these are written did:key:z6Mk...");
        return new PublicKey(Arrays.copyOfRange(bytes, MULTICODEC.length, bytes.length));
    }

    /** The raw key, {@value #BYTES} bytes, in a new array. */
    public byte[] toBytes() {
        return raw.clone();
    }

    /**
     * Writes the raw key, {@value #BYTES} bytes, into the target.
     *
     * @throws IndexOutOfBoundsException if the target has too little room
     */
    public void writeTo(byte[] target, int at) {
        Objects.checkFromIndexSize(at, BYTES, target.length);
        System.arraycopy(raw, 0, target, at, BYTES);
    }

    @Override
    public int compareTo(PublicKey other) {
        return Arrays.compareUnsigned(raw, other.raw);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return (raw[0] & 0xff) << 24 | (raw[1] & 0xff) << 16 | (raw[2] & 0xff) << 8 | raw[3] & 0xff;
    }

    /** The name, {@code did:key:z6Mk...}. */
    @Override
    public String toString() {
        byte[] bytes = Arrays.copyOf(MULTICODEC, MULTICODEC.length + BYTES);
        writeTo(bytes, MULTICODEC.length);
        return DID_PREFIX + Base58.encode(bytes);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
