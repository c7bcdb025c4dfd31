// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A persistent map in memory for what is derived and not part of the state's root. Immutable: a change makes a new map that shares what
 * did not change, so states on two branches never see each other's.
 *
 * <p>Keys are spread by their own bytes, which are hashes or keys and so as good as random; who grinds keys with a common prefix pays
 * sixteen times more for each level, and the longest path has two levels a byte.
 */
final class Trie<K, V> {

    private static final int WIDTH = 16;

    private sealed interface Node<K, V> {}

    private record Leaf<K, V>(byte[] path, K key, V value) implements Node<K, V> {}

    private record Fork<K, V>(@Nullable Node<K, V>[] children) implements Node<K, V> {}

    private final Function<K, byte[]> paths;
    private final @Nullable Node<K, V> root;

    private Trie(Function<K, byte[]> paths, @Nullable Node<K, V> root) {
        this.paths = paths;
        this.root = root;
    }

    /**
     * A map without keys.
     *
     * @param paths gives distinct byte strings of one length to distinct keys
     */
    static <K, V> Trie<K, V> empty(Function<K, byte[]> paths) {
        return new Trie<>(paths, null);
    }

    Optional<V> get(K key) {
        byte[] path = paths.apply(key);
        Node<K, V> node = root;
        for (int depth = 0; node instanceof Fork<K, V> fork; depth++) {
            node = fork.children[nibble(path, depth)];
        }
        return node instanceof Leaf<K, V> leaf && Arrays.equals(leaf.path, path)
                ? Optional.of(leaf.value)
                : Optional.empty();
    }

    Trie<K, V> with(K key, V value) {
        return new Trie<>(paths, put(root, new Leaf<>(paths.apply(key), key, value), 0));
    }

    /** Hands over all pairs, in the order of the keys' bytes. */
    void forEach(BiConsumer<K, V> sink) {
        forEach(root, sink);
    }

    private static <K, V> Node<K, V> put(@Nullable Node<K, V> node, Leaf<K, V> leaf, int depth) {
        if (node == null || node instanceof Leaf<K, V> old && Arrays.equals(old.path, leaf.path)) {
            return leaf;
        }
        Node<K, V>[] children = switch (node) {
            case Fork<K, V> fork -> fork.children.clone();
            case Leaf<K, V> old -> alone(old, depth);
        };
        int at = nibble(leaf.path, depth);
        children[at] = put(children[at], leaf, depth + 1);
        return new Fork<>(children);
    }

    private static <K, V> Node<K, V>[] alone(Leaf<K, V> leaf, int depth) {
        @SuppressWarnings("unchecked") // an array of a generic type can be made in no other way
        Node<K, V>[] children = (Node<K, V>[]) new Node<?, ?>[WIDTH];
        children[nibble(leaf.path, depth)] = leaf;
        return children;
    }

    private static <K, V> void forEach(@Nullable Node<K, V> node, BiConsumer<K, V> sink) {
        if (node instanceof Leaf<K, V> leaf) {
            sink.accept(leaf.key, leaf.value);
        } else if (node instanceof Fork<K, V> fork) {
            for (Node<K, V> child : fork.children) {
                forEach(child, sink);
            }
        }
    }

    private static int nibble(byte[] path, int depth) {
        int octet = path[depth >> 1];
        return ((depth & 1) == 0 ? octet >> 4 : octet) & 0xf;
    }
}
