// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ItemTreeTest {

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    @Property(tries = 60)
    void isTheSortedSetThatItStandsFor(@ForAll long seed, @ForAll @IntRange(max = 6000) int steps) {
        Random random = new Random(seed);
        TreeSet<Item> expected = new TreeSet<>();
        ItemTree tree = new ItemTree();
        boolean shrinks = random.nextBoolean();
        for (int i = 0; i < steps; i++) {
            boolean adds = random.nextInt(10) < (shrinks && i > steps / 2 ? 2 : 7);
            Item item = adds || expected.isEmpty() ? Sets.near(random) : some(expected, random);
            assertThat(adds ? tree.add(item) : tree.remove(item))
                    .isEqualTo(adds ? expected.add(item) : expected.remove(item));
        }
        check(tree, new ArrayList<>(expected), random);
    }

    private static Item some(TreeSet<Item> items, Random random) {
        Item found = items.ceiling(Sets.near(random));
        return found != null ? found : items.last();
    }

    private static void check(ItemTree tree, List<Item> expected, Random random) {
        assertThat(tree.size()).isEqualTo(expected.size());
        List<Item> all = new ArrayList<>();
        tree.forEach(0, tree.size(), all::add);
        assertThat(all).isEqualTo(expected);
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(expected.size() + 1);
            int to = from + random.nextInt(expected.size() + 1 - from);
            List<Item> part = new ArrayList<>();
            tree.forEach(from, to, part::add);
            assertThat(part).isEqualTo(expected.subList(from, to));
            assertThat(number(tree.sum(from, to))).isEqualTo(sum(part));
            assertThat(tree.sum(from, to).count()).isEqualTo(to - from);
            if (from < to) {
                assertThat(tree.get(from)).isEqualTo(expected.get(from));
            }
            Item bound = Sets.near(random);
            assertThat(tree.lowerBound(bound)).isEqualTo((int)
                    expected.stream().filter(item -> item.compareTo(bound) < 0).count());
        }
    }

    private static BigInteger sum(List<Item> items) {
        return items.stream()
                .map(item -> littleEndian(item.id()))
                .reduce(BigInteger.ZERO, BigInteger::add)
                .mod(MODULUS);
    }

    private static BigInteger number(Sum sum) {
        byte[] bytes = new byte[Item.ID_BYTES];
        sum.write(bytes, 0);
        return littleEndian(bytes);
    }

    private static BigInteger littleEndian(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }

    @Property
    void aBoundBetweenTwoItemsPartsThemAndIsShort(@ForAll long seed) {
        Random random = new Random(seed);
        Item one = Sets.near(random);
        Item other = Sets.near(random);
        if (one.equals(other)) {
            return;
        }
        Item before = one.compareTo(other) < 0 ? one : other;
        Item next = before == one ? other : one;
        Item bound = Item.boundBetween(before, next);
        assertThat(bound).isGreaterThan(before).isLessThanOrEqualTo(next);
        if (before.time() != next.time()) {
            assertThat(bound).isEqualTo(new Item(next.time(), 0, 0, 0, 0));
        }
    }

    @Example
    void nothingIsKeptAtInfinity() {
        assertThatThrownBy(() -> new ItemTree().add(Item.INFINITE)).isInstanceOf(IllegalArgumentException.class);
    }
}
