// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.Collection;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Random sets, and what a reconciliation of two must tell. */
final class Sets {

    private Sets() {}

    /** Few times and few different bytes, so that items share times and beginnings of ids. */
    static Item near(Random random) {
        return new Item(random.nextInt(4), word(random), word(random), word(random), word(random));
    }

    private static long word(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> 1L << random.nextInt(Long.SIZE);
            default -> random.nextLong();
        };
    }

    static Item any(Random random, long timeMax) {
        return new Item(
                random.nextLong(timeMax), random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    static ItemTree tree(Collection<Item> items) {
        ItemTree tree = new ItemTree();
        items.forEach(tree::add);
        return tree;
    }

    /** The ids alone, as lists of ids tell them. */
    static Set<Item> ids(Collection<Item> items) {
        return items.stream().map(Item::timeless).collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<Item> without(Set<Item> from, Set<Item> what) {
        Set<Item> left = new TreeSet<>(from);
        left.removeAll(what);
        return left;
    }

    /** What an initiator has heard. */
    static final class Heard implements Initiator.Differences {

        final Set<Item> have = new TreeSet<>();
        final Set<Item> need = new TreeSet<>();

        @Override
        public void have(Item item) {
            have.add(item.timeless());
        }

        @Override
        public void need(byte[] id) {
            need.add(Item.of(0, id));
        }
    }
}
