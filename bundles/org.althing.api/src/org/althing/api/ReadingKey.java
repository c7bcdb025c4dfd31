// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import java.util.Arrays;

/**
 * The public half of the key by which a member's node reads a private DAO: X25519, as its {@value #BYTES} raw bytes, and its name {@code did:key:z6LS...}.
 * Immutable and safe to share between threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7748">RFC 7748</a>
 * @see <a href="https://w3c-ccg.github.io/did-key-spec/">The did:key method</a>
 */
public final class ReadingKey {

    /** Length of a key, in bytes. */
    public static final int BYTES = 32;

    private static final String DID_PREFIX = "did:key:z";
    private static final int DID_CHARS = DID_PREFIX.length() + 47;
    /** The multicodec {@code x25519-pub} as a varint. */
    private static final byte[] MULTICODEC = {(byte) 0xec, 0x01};

    private final byte[] raw;

    private ReadingKey(byte[] raw) {
        this.raw = raw;
    }

    /**
     * Wraps the raw bytes of a key.
     *
     * @throws IllegalArgumentException unless there are 32
     */
    public static ReadingKey of(byte[] raw32) {
        require(raw32.length == BYTES, "an X25519 key has 32 bytes, not " + raw32.length);
        return new ReadingKey(raw32.clone());
    }

    /**
     * Reads the name, {@code did:key:z6LS...}.
     *
     * @throws IllegalArgumentException for anything that {@link #toString()} would not have written
     */
    public static ReadingKey parse(String did) {
        require(did.startsWith(DID_PREFIX) && did.length() == DID_CHARS, "a reading key is written did:key:z6LS...");
        byte[] bytes = Base58.decode(did.substring(DID_PREFIX.length()));
        boolean isX25519 =
                bytes.length == MULTICODEC.length + BYTES && Arrays.mismatch(bytes, MULTICODEC) == MULTICODEC.length;
        require(isX25519, "not a reading key: these are written did:key:z6LS...");
        return new ReadingKey(Arrays.copyOfRange(bytes, MULTICODEC.length, bytes.length));
    }

    /** The raw key, {@value #BYTES} bytes, in a new array. */
    public byte[] toBytes() {
        return raw.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReadingKey that && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    /** The name, {@code did:key:z6LS...}. */
    @Override
    public String toString() {
        byte[] bytes = Arrays.copyOf(MULTICODEC, MULTICODEC.length + BYTES);
        System.arraycopy(raw, 0, bytes, MULTICODEC.length, BYTES);
        return DID_PREFIX + Base58.encode(bytes);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
