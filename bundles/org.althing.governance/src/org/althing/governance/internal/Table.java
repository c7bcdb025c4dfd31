// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.althing.api.Cid;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.Hamt;
import org.jspecify.annotations.Nullable;

/** A map of the state: an IPLD HashMap whose keys and records have types. Immutable, like the tree beneath. */
final class Table<K, V> {

    /** How keys and records are written; docs/formats/state.cddl has the encodings. */
    interface Layout<K, V> {
        byte[] bytes(K key);

        K key(byte[] bytes);

        void write(CborWriter out, V record);

        V read(K key, CborReader in);
    }

    private final Layout<K, V> layout;
    private final Hamt tree;
    /**
     * What was looked up last: judging one entry asks for its key several times. Threads may overwrite each other's, which costs a look-up,
     * no more, since it is immutable and the tree never changes.
     */
    private @Nullable Found<K, V> last;

    private record Found<K, V>(K key, Optional<V> record) {}

    private Table(Layout<K, V> layout, Hamt tree) {
        this.layout = layout;
        this.tree = tree;
    }

    static <K, V> Table<K, V> empty(Layout<K, V> layout) {
        return new Table<>(layout, Hamt.empty());
    }

    /** A tree as it was written. */
    static <K, V> Table<K, V> load(Layout<K, V> layout, Cid root, Hamt.Loader blocks) {
        return new Table<>(layout, blocks.load(root));
    }

    Optional<V> get(K key) {
        Found<K, V> found = last;
        if (found == null || !found.key.equals(key)) {
            found = new Found<>(key, tree.get(layout.bytes(key)).map(bytes -> layout.read(key, new CborReader(bytes))));
            last = found;
        }
        return found.record;
    }

    Table<K, V> with(K key, V record) {
        CborWriter out = new CborWriter();
        layout.write(out, record);
        return new Table<>(layout, tree.put(layout.bytes(key), out.toBytes()));
    }

    /** Hands over all pairs, in the order of the tree. */
    void forEach(BiConsumer<K, V> sink) {
        tree.forEach((bytes, record) -> {
            K key = layout.key(bytes);
            sink.accept(key, layout.read(key, new CborReader(record)));
        });
    }

    /** Hands over all records as they are written. */
    void forEachRecord(Consumer<byte[]> sink) {
        tree.forEach((bytes, record) -> sink.accept(record));
    }

    Cid root() {
        return tree.root();
    }

    /** Hands over every block. */
    void blocks(BiConsumer<Cid, byte[]> sink) {
        tree.blocks(sink);
    }

    /** Hands over every block that is not known, and makes it known. */
    void blocks(Set<Cid> known, BiConsumer<Cid, byte[]> sink) {
        tree.blocks(known, sink);
    }

    /** Whether both are the same tree, which costs nothing to say; two trees of equal content may still say no. */
    boolean same(Table<K, V> other) {
        return tree == other.tree;
    }
}
