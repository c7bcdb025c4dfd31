// SPDX-License-Identifier: EPL-2.0
package org.althing.api;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * An Ed25519 signature: {@value #BYTES} bytes, R then S.
 *
 * <p>Immutable and safe to share between threads. Any 64 bytes make a value; whether it is good, a verification tells.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8032">RFC 8032</a>
 */
public final class Signature {

    /** Length of a signature, in bytes. */
    public static final int BYTES = 64;

    private final byte[] raw;

    /** Takes the bytes over: callers hand in an array that nobody else holds. */
    private Signature(byte[] raw) {
        this.raw = raw;
    }

    /**
     * Wraps the bytes of a signature.
     *
     * @throws IllegalArgumentException unless there are 64
     */
    public static Signature of(byte[] raw64) {
        if (raw64.length != BYTES) {
            throw new IllegalArgumentException("an Ed25519 signature has 64 bytes, not " + raw64.length);
        }
        return new Signature(raw64.clone());
    }

    /** The signature, {@value #BYTES} bytes, in a new array. */
    public byte[] toBytes() {
        return raw.clone();
    }

    /**
     * Writes the signature, {@value #BYTES} bytes, into the target.
     *
     * @throws IndexOutOfBoundsException if the target has too little room
     */
    public void writeTo(byte[] target, int at) {
        Objects.checkFromIndexSize(at, BYTES, target.length);
        System.arraycopy(raw, 0, target, at, BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signature that && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    /** The bytes in lower-case hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(raw);
    }
}
