// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The Merkle tree of RFC 9162 over an ordered list of byte strings, with proofs that a leaf is in it and that it only
 * grew. Leaves hash as {@code SHA-256(0x00 || leaf)}, inner nodes as {@code SHA-256(0x01 || left || right)}; the root of
 * no leaves is the SHA-256 of nothing.
 *
 * <p>A tree keeps all its hashes, 64 bytes a leaf, to answer for any leaf at once; whoever needs a root alone uses
 * {@link #root(List)} or a {@link Builder}. Immutable and safe to share between threads. Hashes have
 * {@value #HASH_BYTES} bytes; those that callers hand in may be of any length, and a wrong one proves nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9162#section-2.1">RFC 9162, section 2.1</a>
 */
public final class Merkle {

    /** Length of a hash, in bytes. */
    public static final int HASH_BYTES = 32;

    /** The most leaves that a tree keeps; a builder takes any number. */
    public static final int LEAVES_MAX = 1 << 25;

    /**
     * The hashes of every level side by side, the leaves' first. A node without a right neighbour is its own parent: that
     * gives the tree of the RFC, which splits at the largest power of two.
     */
    private final List<byte[]> levels;

    private Merkle(List<byte[]> levels) {
        this.levels = levels;
    }

    /**
     * The tree over these leaves.
     *
     * @throws IllegalArgumentException for more than {@value #LEAVES_MAX}
     */
    public static Merkle of(List<byte[]> leaves) {
        if (leaves.size() > LEAVES_MAX) {
            throw new IllegalArgumentException("a tree keeps at most " + LEAVES_MAX + " leaves, not " + leaves.size());
        }
        Hasher hasher = new Hasher();
        byte[] level = new byte[leaves.size() * HASH_BYTES];
        int at = 0;
        for (byte[] leaf : leaves) {
            hasher.leaf(leaf, level, at);
            at += HASH_BYTES;
        }
        List<byte[]> levels = new ArrayList<>(List.of(level));
        while (level.length > HASH_BYTES) {
            level = parents(level, hasher);
            levels.add(level);
        }
        return new Merkle(levels);
    }

    private static byte[] parents(byte[] level, Hasher hasher) {
        int pair = 2 * HASH_BYTES;
        int pairs = level.length / pair;
        byte[] parents = new byte[(level.length + HASH_BYTES) / pair * HASH_BYTES];
        for (int i = 0; i < pairs; i++) {
            hasher.node(level, i * pair, level, i * pair + HASH_BYTES, parents, i * HASH_BYTES);
        }
        System.arraycopy(level, pairs * pair, parents, pairs * HASH_BYTES, level.length - pairs * pair);
        return parents;
    }

    /** The root over these leaves. */
    public static byte[] root(List<byte[]> leaves) {
        Builder builder = new Builder();
        leaves.forEach(builder::add);
        return builder.root();
    }

    /** The hash of a leaf. */
    public static byte[] leafHash(byte[] leaf) {
        byte[] hash = new byte[HASH_BYTES];
        new Hasher().leaf(leaf, hash, 0);
        return hash;
    }

    /** How many leaves there are. */
    public int size() {
        return levels.getFirst().length / HASH_BYTES;
    }

    /** The root of all leaves. */
    public byte[] root() {
        return size() == 0 ? new Hasher().nothing() : levels.getLast().clone();
    }

    /**
     * The proof that the leaf is in this tree: the hashes to be joined with its own, from the leaf's neighbour up (RFC
     * 9162, section 2.1.3.1).
     *
     * @throws IndexOutOfBoundsException unless the index is below {@link #size()}
     */
    public List<byte[]> inclusionProof(int index) {
        int at = Objects.checkIndex(index, size());
        List<byte[]> proof = new ArrayList<>();
        for (byte[] level : levels) {
            int sibling = at ^ 1;
            if ((sibling + 1) * HASH_BYTES <= level.length) {
                proof.add(hashAt(level, sibling));
            }
            at >>= 1;
        }
        return proof;
    }

    /**
     * The proof that this tree begins with the tree of its first {@code oldSize} leaves (RFC 9162, section 2.1.4.1).
     *
     * @throws IndexOutOfBoundsException unless the old size is from 1 to {@link #size()}
     */
    public List<byte[]> consistencyProof(int oldSize) {
        Objects.checkIndex(oldSize - 1, size());
        List<byte[]> proof = new ArrayList<>();
        int from = 0;
        int to = size();
        boolean isWhole = true;
        while (oldSize != to) {
            int middle = from + Integer.highestOneBit(to - from - 1);
            if (oldSize <= middle) {
                proof.add(subtree(middle, to));
                to = middle;
            } else {
                proof.add(subtree(from, middle));
                from = middle;
                isWhole = false;
            }
        }
        if (!isWhole) {
            proof.add(subtree(from, to));
        }
        Collections.reverse(proof);
        return proof;
    }

    /** The root over the leaves of a node of this tree. */
    private byte[] subtree(int from, int to) {
        int height = Integer.SIZE - Integer.numberOfLeadingZeros(to - from - 1);
        return hashAt(levels.get(height), from >> height);
    }

    private static byte[] hashAt(byte[] level, int index) {
        return Arrays.copyOfRange(level, index * HASH_BYTES, (index + 1) * HASH_BYTES);
    }

    /**
     * Whether the proof shows that the tree of this size and root has the leaf at this index (RFC 9162, section 2.1.3.2).
     *
     * @param leafHash from {@link #leafHash}
     */
    public static boolean verifyInclusion(long index, long size, byte[] leafHash, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size || leafHash.length != HASH_BYTES) {
            return false;
        }
        Hasher hasher = new Hasher();
        long at = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] other : proof) {
            if (last == 0 || other.length != HASH_BYTES) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                hash = hasher.node(other, hash);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = hasher.node(hash, other);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }

    /**
     * Whether the proof shows that the tree of the new size and root begins with that of the old size and root (RFC 9162,
     * section 2.1.4.2).
     */
    public static boolean verifyConsistency(
            long oldSize, long newSize, byte[] oldRoot, byte[] newRoot, List<byte[]> proof) {
        if (oldSize < 1 || oldSize > newSize || proof.stream().anyMatch(hash -> hash.length != HASH_BYTES)) {
            return false;
        }
        if (oldSize == newSize) {
            return proof.isEmpty() && Arrays.equals(oldRoot, newRoot);
        }
        // A tree of a power of two is itself a node of the new one, and so is left out of the proof.
        boolean isNode = Long.bitCount(oldSize) == 1;
        if (!isNode && proof.isEmpty()) {
            return false;
        }
        byte[] seed = isNode ? oldRoot : proof.getFirst();
        List<byte[]> path = isNode ? proof : proof.subList(1, proof.size());
        return grewFrom(oldSize, newSize, oldRoot, newRoot, seed, path);
    }

    private static boolean grewFrom(
            long oldSize, long newSize, byte[] oldRoot, byte[] newRoot, byte[] seed, List<byte[]> proof) {
        Hasher hasher = new Hasher();
        int height = Long.numberOfTrailingZeros(oldSize);
        long at = oldSize - 1 >> height;
        long last = newSize - 1 >> height;
        byte[] oldHash = seed;
        byte[] newHash = seed;
        for (byte[] other : proof) {
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                oldHash = hasher.node(other, oldHash);
                newHash = hasher.node(other, newHash);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                newHash = hasher.node(newHash, other);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(oldHash, oldRoot) && Arrays.equals(newHash, newRoot);
    }

    /**
     * Takes leaves one by one and gives the root of those so far, in memory that grows with the logarithm of their number.
     * Not safe for use by several threads at once.
     */
    public static final class Builder {

        private final Hasher hasher = new Hasher();

        /** For each set bit of the size, highest first, the root over so many leaves. */
        private final byte[] peaks = new byte[(Long.SIZE + 1) * HASH_BYTES];

        private int peaksEnd;
        private long size;

        /** Adds a leaf at the end. */
        public Builder add(byte[] leaf) {
            hasher.leaf(leaf, peaks, peaksEnd);
            peaksEnd += HASH_BYTES;
            // As in binary counting, every trailing one of the old size carries: two equal subtrees become one.
            for (long ones = size; (ones & 1) == 1; ones >>= 1) {
                peaksEnd -= HASH_BYTES;
                int left = peaksEnd - HASH_BYTES;
                hasher.node(peaks, left, peaks, peaksEnd, peaks, left);
            }
            size++;
            return this;
        }

        /** How many leaves were added. */
        public long size() {
            return size;
        }

        /** The root of the leaves so far; more may be added afterwards. */
        public byte[] root() {
            if (size == 0) {
                return hasher.nothing();
            }
            byte[] root = Arrays.copyOfRange(peaks, peaksEnd - HASH_BYTES, peaksEnd);
            for (int peak = peaksEnd - 2 * HASH_BYTES; peak >= 0; peak -= HASH_BYTES) {
                hasher.node(peaks, peak, root, 0, root, 0);
            }
            return root;
        }
    }

    /** SHA-256 with the prefixes that keep leaves and nodes apart; writes in place, so that a million hashes make no garbage. */
    private static final class Hasher {

        private static final byte LEAF = 0;
        private static final byte NODE = 1;

        private final MessageDigest sha256 = Sha256.begin();

        byte[] nothing() {
            return sha256.digest();
        }

        void leaf(byte[] leaf, byte[] target, int at) {
            sha256.update(LEAF);
            sha256.update(leaf);
            digest(target, at);
        }

        byte[] node(byte[] left, byte[] right) {
            byte[] hash = new byte[HASH_BYTES];
            node(left, 0, right, 0, hash, 0);
            return hash;
        }

        void node(byte[] left, int leftAt, byte[] right, int rightAt, byte[] target, int at) {
            sha256.update(NODE);
            sha256.update(left, leftAt, HASH_BYTES);
            sha256.update(right, rightAt, HASH_BYTES);
            digest(target, at);
        }

        private void digest(byte[] target, int at) {
            try {
                sha256.digest(target, at, HASH_BYTES);
            } catch (DigestException e) {
                throw new AssertionError("the target has room", e);
            }
        }
    }
}
