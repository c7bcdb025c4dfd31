// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.althing.api.Cid;

/** Random trees of the data model, small but with every kind and every width of head in them. */
final class Nodes {

    private static final int DEPTH_MAX = 5;
    private static final String[] TEXTS = {"", "a", "dao", "é", "日本", "😀", "\u0000", "\uffff", "x".repeat(30)};

    private Nodes() {}

    static Arbitrary<Node> any() {
        return Arbitraries.randomValue(random -> any(random, 0));
    }

    static Node any(Random random, int depth) {
        int kinds = depth == DEPTH_MAX ? 6 : 8;
        return switch (random.nextInt(kinds)) {
            case 0 -> new Node.IntNode(integer(random));
            case 1 -> new Node.Bytes(bytes(random, random.nextInt(10) == 0 ? 300 : 30));
            case 2 -> new Node.Text(text(random));
            case 3 -> new Node.Bool(random.nextBoolean());
            case 4 -> new Node.Null();
            case 5 -> new Node.Link(Cid.hash(random.nextBoolean() ? Cid.DAG_CBOR : Cid.RAW, bytes(random, 4)));
            case 6 -> list(random, depth);
            default -> map(random, depth);
        };
    }

    private static Node list(Random random, int depth) {
        List<Node> items = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            items.add(any(random, depth + 1));
        }
        return new Node.ListNode(items);
    }

    private static Node map(Random random, int depth) {
        Map<String, Node> entries = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            entries.put(text(random), any(random, depth + 1));
        }
        return new Node.MapNode(entries);
    }

    private static BigInteger integer(Random random) {
        BigInteger unsigned = new BigInteger(random.nextInt(65), random);
        return random.nextBoolean() ? unsigned : unsigned.not();
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)] + (random.nextBoolean() ? "" : random.nextInt(1000));
    }

    static byte[] bytes(Random random, int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax + 1)];
        random.nextBytes(bytes);
        return bytes;
    }
}
