// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.althing.api.Cid;
import org.jspecify.annotations.Nullable;

/**
 * A persistent map from byte strings to DAG-CBOR items, in the blocks of an IPLD HashMap: sha2-256, bitWidth 5,
 * bucketSize 3. One content has one root, whatever puts and removes led to it, and any value or absence is provable.
 *
 * <p>Keys have at most {@value #KEY_BYTES_MAX} bytes. Values are canonical items that nest at most
 * {@value #VALUE_DEPTH_MAX} deep, so that the block around them keeps within {@link CborReader#DEPTH_MAX}. A change copies
 * the path to the changed bucket (about five nodes for a million entries) and shares the rest; the root is hashed when
 * it is asked for, and only what changed is hashed again.
 *
 * <p>Immutable and safe to share between threads.
 *
 * @see <a href="https://ipld.io/specs/advanced-data-layouts/hamt/spec/">IPLD HashMap specification</a>
 */
public final class Hamt {

    /** The longest key, in bytes. */
    public static final int KEY_BYTES_MAX = 64;

    /** The deepest nesting of a value. */
    public static final int VALUE_DEPTH_MAX = CborReader.DEPTH_MAX - HamtNode.DEPTH_AROUND_VALUES;

    private static final Hamt EMPTY = new Hamt(HamtNode.EMPTY);

    private final HamtNode root;

    private Hamt(HamtNode root) {
        this.root = root;
    }

    /** The map without entries. */
    public static Hamt empty() {
        return EMPTY;
    }

    /**
     * Reads a whole map from its blocks and checks all that can be checked: that every block hashes to its name, is
     * canonical, and lies where the hashes of its keys say; so the same entries would give the same root here.
     *
     * <p>Asks for each block once, parents first. Memory and time grow with the blocks that the source gives.
     *
     * @param source gives the block of a name, or null
     * @throws MissingBlockException if the source gives null
     * @throws MalformedException if a block is not what this class would have written
     */
    public static Hamt load(Cid root, Function<Cid, byte @Nullable []> source) {
        return new Loader(source).load(root);
    }

    /**
     * Reads maps that share blocks, as {@link #load} does each: every block is asked for once, in the order in which {@link
     * #blocks(Set, BiConsumer)} gives those of the same maps, and the maps share in memory what they share in blocks. For one thread; once it
     * has thrown, it is spent.
     */
    public static final class Loader {

        private final Map<Cid, HamtNode> known = new HashMap<>();
        private final Function<Cid, byte @Nullable []> source;

        /** @param source gives the block of a name, or null */
        public Loader(Function<Cid, byte @Nullable []> source) {
            this.source = source;
        }

        /** As {@link Hamt#load}. */
        public Hamt load(Cid root) {
            return new Hamt(HamtNode.load(root, source, known));
        }
    }

    /**
     * What the map with this root holds for the key, by a proof from {@link #prove}.
     *
     * @param blocks the blocks on the key's path, the root's first
     * @return the value; empty if the proof shows that there is none
     * @throws MalformedException if the blocks prove neither, with the reason
     * @throws IllegalArgumentException if the key is longer than {@value #KEY_BYTES_MAX} bytes
     */
    public static Optional<byte[]> verify(Cid root, byte[] key, List<byte[]> blocks) {
        return HamtNode.verify(root, requireKey(key), blocks);
    }

    /**
     * The value of the key, a copy.
     *
     * @throws IllegalArgumentException if the key is longer than {@value #KEY_BYTES_MAX} bytes
     */
    public Optional<byte[]> get(byte[] key) {
        return root.get(Sha256.hash(requireKey(key)), 0, key).map(byte[]::clone);
    }

    /**
     * This map with the value for the key, in place of any other.
     *
     * @param value a canonical DAG-CBOR item, copied
     * @throws MalformedException unless the value is one, nesting at most {@value #VALUE_DEPTH_MAX} deep
     * @throws IllegalArgumentException if the key is longer than {@value #KEY_BYTES_MAX} bytes
     */
    public Hamt put(byte[] key, byte[] value) {
        CborReader reader = new CborReader(value, 0, value.length, HamtNode.DEPTH_AROUND_VALUES);
        reader.skip();
        reader.finish();
        HamtSlot.Entry entry = new HamtSlot.Entry(requireKey(key).clone(), value.clone());
        return of(root.with(Sha256.hash(key), 0, entry));
    }

    /**
     * This map without the key.
     *
     * @throws IllegalArgumentException if the key is longer than {@value #KEY_BYTES_MAX} bytes
     */
    public Hamt remove(byte[] key) {
        return of((HamtNode) root.without(Sha256.hash(requireKey(key)), 0, key));
    }

    /** How many entries there are. */
    public int size() {
        return root.size();
    }

    /** Gives every entry, as copies, in the order of the tree: by the hash of the key, within a bucket by the key. */
    public void forEach(BiConsumer<byte[], byte[]> action) {
        root.forEach(action);
    }

    /** The name of the root block; equal for equal contents. */
    public Cid root() {
        return root.rootCid();
    }

    /** Gives every block, parents first, the root's first of all. */
    public void blocks(BiConsumer<Cid, byte[]> action) {
        root.blocks(action);
    }

    /**
     * Gives every block that is not in {@code known}, parents first, and adds it there. What lies below a known block is known.
     *
     * @param known names of blocks, of this map or of others that share some with it; changed
     */
    public void blocks(Set<Cid> known, BiConsumer<Cid, byte[]> action) {
        root.blocks(known, action);
    }

    /**
     * The blocks that prove the value of the key, or its absence, under {@link #root()}: those on its path, the root's
     * first.
     *
     * @throws IllegalArgumentException if the key is longer than {@value #KEY_BYTES_MAX} bytes
     */
    public List<byte[]> prove(byte[] key) {
        List<byte[]> blocks = new ArrayList<>();
        root.prove(Sha256.hash(requireKey(key)), 0, blocks);
        return blocks;
    }

    private Hamt of(HamtNode changed) {
        return changed == root ? this : new Hamt(changed);
    }

    private static byte[] requireKey(byte[] key) {
        if (key.length > KEY_BYTES_MAX) {
            throw new IllegalArgumentException("a key has at most " + KEY_BYTES_MAX + " bytes, not " + key.length);
        }
        return key;
    }
}
