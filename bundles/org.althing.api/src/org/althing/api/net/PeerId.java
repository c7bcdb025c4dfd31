// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.util.Arrays;
import java.util.Optional;
import org.althing.api.Base58;
import org.althing.api.PublicKey;

/**
 * The name of a peer: the multihash of its public key. An Ed25519 key stands in its name as it is ({@code 12D3KooW...}); keys of other kinds
 * are hashed, or kept as they are where they are short, and stay opaque here.
 *
 * <p>Immutable and safe to share between threads. The order is the unsigned order of the bytes.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p: peer ids and keys</a>
 */
public final class PeerId implements Comparable<PeerId> {

    /** Length of the longest name, in bytes. */
    public static final int SIZE_MAX_BYTES = 44;

    /** Length of the longest text, in characters; base32 takes more than base58. */
    public static final int TEXT_MAX_CHARS = 80;

    /** A key whose protobuf is no longer than this is not hashed. */
    private static final int INLINE_MAX_BYTES = 42;

    private static final byte IDENTITY = 0x00;
    private static final byte SHA2_256 = 0x12;
    private static final int SHA2_256_BYTES = 32;

    /** Identity multihash of 36 bytes, in it the protobuf {Type = Ed25519, Data = 32 bytes}. */
    private static final byte[] ED25519_PREFIX = {IDENTITY, 0x24, 0x08, 0x01, 0x12, 0x20};

    /** A CID, version 1, of the multicodec libp2p-key. */
    private static final byte[] CID_PREFIX = {0x01, 0x72};

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private final byte[] multihash;

    /** Takes the bytes over: callers hand in an array that nobody else holds. */
    private PeerId(byte[] multihash) {
        require(multihash.length >= 2, "a peer id is a multihash");
        int length = multihash.length - 2;
        boolean isHash = multihash[0] == SHA2_256 && length == SHA2_256_BYTES;
        boolean isInline = multihash[0] == IDENTITY && length > 0 && length <= INLINE_MAX_BYTES;
        require(
                isHash || isInline,
                "a peer id is a SHA-256 multihash or a key of at most " + INLINE_MAX_BYTES + " bytes");
        require(multihash[1] == length, "a peer id tells a length other than its own");
        this.multihash = multihash;
    }

    /**
     * Reads the binary form.
     *
     * @throws IllegalArgumentException unless it is one
     */
    public static PeerId of(byte[] multihash) {
        return new PeerId(multihash.clone());
    }

    /** The peer of an Ed25519 key. */
    public static PeerId of(PublicKey key) {
        byte[] multihash = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + PublicKey.BYTES);
        key.writeTo(multihash, ED25519_PREFIX.length);
        return new PeerId(multihash);
    }

    /**
     * Reads either text form: base58 ({@code 12D3KooW...}, {@code Qm...}) or a CID in base32 ({@code bafz...}).
     *
     * @throws IllegalArgumentException unless it is one
     */
    public static PeerId parse(String text) {
        require(
                !text.isEmpty() && text.length() <= TEXT_MAX_CHARS,
                "a peer id has 1 to " + TEXT_MAX_CHARS + " characters");
        if (text.startsWith("1") || text.startsWith("Qm")) {
            return new PeerId(Base58.decode(text));
        }
        require(text.startsWith("b"), "a peer id begins with 12D3KooW, 16Uiu2, Qm or bafz");
        byte[] cid = base32(text.substring(1));
        require(Arrays.mismatch(cid, CID_PREFIX) == CID_PREFIX.length, "not the CID of a libp2p key");
        return new PeerId(Arrays.copyOfRange(cid, CID_PREFIX.length, cid.length));
    }

    /** The key of this peer; empty unless it is an Ed25519 key. */
    public Optional<PublicKey> key() {
        boolean isEd25519 = multihash.length == ED25519_PREFIX.length + PublicKey.BYTES
                && Arrays.mismatch(multihash, ED25519_PREFIX) == ED25519_PREFIX.length;
        return isEd25519
                ? Optional.of(PublicKey.of(Arrays.copyOfRange(multihash, ED25519_PREFIX.length, multihash.length)))
                : Optional.empty();
    }

    /** The multihash, at most {@value #SIZE_MAX_BYTES} bytes, in a new array. */
    public byte[] toBytes() {
        return multihash.clone();
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId that && Arrays.equals(multihash, that.multihash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(multihash);
    }

    /** The base58 form. */
    @Override
    public String toString() {
        return Base58.encode(multihash);
    }

    /** RFC 4648 in lower case and without padding; bits left over must be zero. */
    private static byte[] base32(String text) {
        byte[] bytes = new byte[text.length() * 5 / 8];
        int bits = 0;
        int bitCount = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = BASE32.indexOf(text.charAt(i));
            require(digit >= 0, "base32 has no character '" + text.charAt(i) + "'");
            bits = (bits << 5 | digit) & 0xfff;
            bitCount += 5;
            if (bitCount >= 8) {
                bitCount -= 8;
                bytes[at++] = (byte) (bits >>> bitCount);
            }
        }
        require(bitCount < 5 && (bits & (1 << bitCount) - 1) == 0, "base32 ends in the middle of a byte");
        return bytes;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
