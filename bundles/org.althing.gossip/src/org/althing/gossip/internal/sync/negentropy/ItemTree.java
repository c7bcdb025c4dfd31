// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ordered set of items: a B+ tree whose every node keeps the number and the sum of the items below it. Adding, removing, finding a place
 * and summing up a range take time in the logarithm of the size; about 65 bytes of heap an item. Not safe for use by several threads.
 */
public final class ItemTree {

    private static final int LEAF_ITEMS_MAX = 64;
    private static final int CHILDREN_MAX = 32;
    /** A node with fewer shares with its neighbour or becomes one with it. */
    private static final int FILL_MIN_FRACTION = 4;

    private Node root = new Leaf();

    private abstract static sealed class Node {

        final Sum sum = new Sum();

        /** Adds below this node; the new right neighbour if it had to be split. */
        abstract @Nullable Node add(Item item);

        abstract boolean contains(Item item);

        /** Removes an item that is here. */
        abstract void remove(Item item);

        /** The least key that may lie below. */
        abstract Item first();

        abstract int width();

        abstract int widthMax();

        /** Moves from the right neighbour, or to it, so that both have as much; all of it, if there is room. */
        abstract void share(Node right);
    }

    private static final class Leaf extends Node {

        private final Item[] items = new Item[LEAF_ITEMS_MAX];
        private int size;

        @Override
        @Nullable
        Node add(Item item) {
            if (size == LEAF_ITEMS_MAX) {
                Leaf right = new Leaf();
                share(right);
                (item.compareTo(right.items[0]) < 0 ? this : right).add(item);
                return right;
            }
            int at = -1 - Arrays.binarySearch(items, 0, size, item);
            System.arraycopy(items, at, items, at + 1, size - at);
            items[at] = item;
            size++;
            sum.add(item);
            return null;
        }

        @Override
        boolean contains(Item item) {
            return Arrays.binarySearch(items, 0, size, item) >= 0;
        }

        @Override
        void remove(Item item) {
            int at = Arrays.binarySearch(items, 0, size, item);
            System.arraycopy(items, at + 1, items, at, --size - at);
            items[size] = null;
            sum.subtract(item);
        }

        int lowerBound(Item bound) {
            int at = Arrays.binarySearch(items, 0, size, bound);
            return at >= 0 ? at : -1 - at;
        }

        @Override
        Item first() {
            return items[0];
        }

        @Override
        int width() {
            return size;
        }

        @Override
        int widthMax() {
            return LEAF_ITEMS_MAX;
        }

        @Override
        void share(Node neighbour) {
            Leaf right = (Leaf) neighbour;
            Item[] all = Arrays.copyOf(items, size + right.size);
            System.arraycopy(right.items, 0, all, size, right.size);
            int left = all.length < LEAF_ITEMS_MAX ? all.length : all.length / 2;
            refill(all, 0, left);
            right.refill(all, left, all.length);
        }

        private void refill(Item[] all, int from, int to) {
            Arrays.fill(items, null);
            size = to - from;
            System.arraycopy(all, from, items, 0, size);
            sum.clear();
            for (int i = 0; i < size; i++) {
                sum.add(items[i]);
            }
        }
    }

    private static final class Branch extends Node {

        private final Node[] children = new Node[CHILDREN_MAX];
        /** What lies below a child is not below its key; the first key is never looked at. */
        private final Item[] keys = new Item[CHILDREN_MAX];

        private int size;

        @Override
        @Nullable
        Node add(Item item) {
            int at = childOf(item);
            Node split = children[at].add(item);
            sum.add(item);
            if (split == null) {
                return null;
            }
            if (size < CHILDREN_MAX) {
                insert(at + 1, split);
                return null;
            }
            Branch right = new Branch();
            share(right);
            if (at < size) {
                insert(at + 1, split);
                sum.add(split.sum);
            } else {
                right.insert(at + 1 - size, split);
                right.sum.add(split.sum);
            }
            return right;
        }

        private void insert(int at, Node child) {
            System.arraycopy(children, at, children, at + 1, size - at);
            System.arraycopy(keys, at, keys, at + 1, size - at);
            children[at] = child;
            keys[at] = child.first();
            size++;
        }

        private int childOf(Item item) {
            int low = 1;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (keys[middle].compareTo(item) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
        }

        @Override
        boolean contains(Item item) {
            return children[childOf(item)].contains(item);
        }

        @Override
        void remove(Item item) {
            int at = childOf(item);
            Node child = children[at];
            child.remove(item);
            sum.subtract(item);
            if (child.width() < child.widthMax() / FILL_MIN_FRACTION && size > 1) {
                balance(at == size - 1 ? at - 1 : at);
            }
        }

        /** Evens a child out with its right neighbour. */
        private void balance(int left) {
            Node right = children[left + 1];
            children[left].share(right);
            if (right.width() > 0) {
                keys[left + 1] = right.first();
                return;
            }
            size--;
            System.arraycopy(children, left + 2, children, left + 1, size - left - 1);
            System.arraycopy(keys, left + 2, keys, left + 1, size - left - 1);
            children[size] = null;
            keys[size] = null;
        }

        @Override
        Item first() {
            return keys[0];
        }

        @Override
        int width() {
            return size;
        }

        @Override
        int widthMax() {
            return CHILDREN_MAX;
        }

        @Override
        void share(Node neighbour) {
            Branch right = (Branch) neighbour;
            Node[] all = Arrays.copyOf(children, size + right.size);
            Item[] allKeys = Arrays.copyOf(keys, size + right.size);
            System.arraycopy(right.children, 0, all, size, right.size);
            System.arraycopy(right.keys, 0, allKeys, size, right.size);
            int left = all.length < CHILDREN_MAX ? all.length : all.length / 2;
            refill(all, allKeys, 0, left);
            right.refill(all, allKeys, left, all.length);
        }

        private void refill(Node[] all, Item[] allKeys, int from, int to) {
            Arrays.fill(children, null);
            Arrays.fill(keys, null);
            size = to - from;
            System.arraycopy(all, from, children, 0, size);
            System.arraycopy(allKeys, from, keys, 0, size);
            sum.clear();
            for (int i = 0; i < size; i++) {
                sum.add(children[i].sum);
            }
        }
    }

    /**
     * Adds an item; false if it is here already.
     *
     * @throws IllegalArgumentException for an item with {@link Item#INFINITE_TIME}
     */
    public boolean add(Item item) {
        if (item.isInfinite()) {
            throw new IllegalArgumentException("no item is at infinity");
        }
        if (root.contains(item)) {
            return false;
        }
        Node right = root.add(item);
        if (right != null) {
            Branch top = new Branch();
            top.insert(0, root);
            top.insert(1, right);
            top.sum.add(root.sum);
            top.sum.add(right.sum);
            root = top;
        }
        return true;
    }

    /** Removes an item; false if it is not here. */
    public boolean remove(Item item) {
        if (!root.contains(item)) {
            return false;
        }
        root.remove(item);
        if (root instanceof Branch top && top.size == 1) {
            root = top.children[0];
        }
        return true;
    }

    public boolean contains(Item item) {
        return root.contains(item);
    }

    public int size() {
        return root.sum.count();
    }

    /** How many items are below the bound: the index of the first that is not. */
    int lowerBound(Item bound) {
        int before = 0;
        Node node = root;
        while (node instanceof Branch branch) {
            int at = branch.childOf(bound);
            for (int i = 0; i < at; i++) {
                before += branch.children[i].sum.count();
            }
            node = branch.children[at];
        }
        return before + ((Leaf) node).lowerBound(bound);
    }

    /** The item at an index of the order. */
    Item get(int index) {
        Objects.checkIndex(index, size());
        int left = index;
        Node node = root;
        while (node instanceof Branch branch) {
            int at = 0;
            while (left >= branch.children[at].sum.count()) {
                left -= branch.children[at++].sum.count();
            }
            node = branch.children[at];
        }
        return ((Leaf) node).items[left];
    }

    /** Adds up the items from one index to before another. */
    Sum sum(int from, int to) {
        Objects.checkFromToIndex(from, to, size());
        Sum sum = new Sum();
        addFirst(to, sum);
        Sum before = new Sum();
        addFirst(from, before);
        sum.subtract(before);
        return sum;
    }

    private void addFirst(int count, Sum target) {
        int left = count;
        Node node = root;
        while (node instanceof Branch branch) {
            int at = 0;
            while (at < branch.size - 1 && left >= branch.children[at].sum.count()) {
                target.add(branch.children[at].sum);
                left -= branch.children[at++].sum.count();
            }
            node = branch.children[at];
        }
        for (int i = 0; i < left; i++) {
            target.add(((Leaf) node).items[i]);
        }
    }

    /** Shows the items from one index to before another, in order. The set must not change meanwhile. */
    void forEach(int from, int to, Consumer<Item> visitor) {
        Objects.checkFromToIndex(from, to, size());
        visit(root, from, to, visitor);
    }

    private static void visit(Node node, int from, int to, Consumer<Item> visitor) {
        switch (node) {
            case Leaf leaf -> {
                for (int i = Math.max(from, 0); i < Math.min(to, leaf.size); i++) {
                    visitor.accept(leaf.items[i]);
                }
            }
            case Branch branch -> {
                int start = 0;
                for (int i = 0; i < branch.size && start < to; i++) {
                    int count = branch.children[i].sum.count();
                    if (start + count > from) {
                        visit(branch.children[i], from - start, to - start, visitor);
                    }
                    start += count;
                }
            }
        }
    }
}
