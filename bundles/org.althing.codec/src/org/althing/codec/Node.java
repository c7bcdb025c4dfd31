// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.althing.api.Cid;

/**
 * Any value of the IPLD data model but floats, as a tree: for tools, proofs and tests. Records of the ledger have readers
 * of their own and do not pass through here.
 *
 * <p>Immutable and safe to share between threads. Recursion is bounded by {@link CborReader#DEPTH_MAX}.
 *
 * @see <a href="https://ipld.io/docs/data-model/">IPLD data model</a>
 */
public sealed interface Node {

    /** An integer from -2<sup>64</sup> to 2<sup>64</sup>-1. */
    record IntNode(BigInteger value) implements Node {
        /** Refuses what DAG-CBOR cannot say. */
        public IntNode {
            if ((value.signum() < 0 ? value.not() : value).bitLength() > Long.SIZE) {
                throw new IllegalArgumentException("DAG-CBOR has no integer " + value);
            }
        }

        /** An integer from -2<sup>63</sup> to 2<sup>63</sup>-1. */
        public IntNode(long value) {
            this(BigInteger.valueOf(value));
        }
    }

    /** A byte string. */
    record Bytes(byte[] value) implements Node {
        /** Copies the bytes. */
        public Bytes {
            value = value.clone();
        }

        /** The bytes, in a new array. */
        @Override
        public byte[] value() {
            return value.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "Bytes[" + HexFormat.of().formatHex(value) + "]";
        }
    }

    /** A text; one with a lone surrogate cannot be encoded. */
    record Text(String value) implements Node {}

    /** A truth value. */
    record Bool(boolean value) implements Node {}

    /** Null. */
    record Null() implements Node {}

    /** A link to a block. */
    record Link(Cid value) implements Node {}

    /** A list. */
    record ListNode(List<Node> items) implements Node {
        /** Copies the list. */
        public ListNode {
            items = List.copyOf(items);
        }
    }

    /** A map, its keys in canonical order. */
    record MapNode(Map<String, Node> entries) implements Node {
        /** Copies and sorts the map. */
        public MapNode {
            SequencedMap<String, Node> sorted = new TreeMap<>(MapNode::compareKeys);
            sorted.putAll(entries);
            entries = Collections.unmodifiableSequencedMap(sorted);
        }

        private static int compareKeys(String a, String b) {
            byte[] left = a.getBytes(StandardCharsets.UTF_8);
            byte[] right = b.getBytes(StandardCharsets.UTF_8);
            return Cbor.compareKeys(left, 0, left.length, right, 0, right.length);
        }
    }

    /**
     * Reads the one item that fills the block.
     *
     * @throws MalformedException unless it is canonical
     */
    static Node decode(byte[] block) {
        CborReader reader = new CborReader(block);
        Node node = read(reader);
        reader.finish();
        return node;
    }

    /**
     * Reads the next item.
     *
     * @throws MalformedException unless it is canonical
     */
    static Node read(CborReader reader) {
        return switch (reader.peek()) {
            case INTEGER -> new IntNode(reader.readInteger());
            case BYTES -> new Bytes(reader.readBytes(Integer.MAX_VALUE));
            case TEXT -> new Text(reader.readText(Integer.MAX_VALUE));
            case LIST -> readList(reader);
            case MAP -> readMap(reader);
            case LINK -> new Link(reader.readLink());
            case BOOL -> new Bool(reader.readBool());
            case NULL -> {
                reader.readNull();
                yield new Null();
            }
        };
    }

    /**
     * The canonical DAG-CBOR of this tree.
     *
     * @throws IllegalStateException if it nests deeper than {@link CborReader#DEPTH_MAX}
     * @throws IllegalArgumentException if a text or key has a lone surrogate
     */
    default byte[] encode() {
        CborWriter writer = new CborWriter();
        write(writer);
        return writer.toBytes();
    }

    /**
     * Writes this tree as the next item.
     *
     * @throws IllegalStateException if it nests deeper than {@link CborReader#DEPTH_MAX}
     * @throws IllegalArgumentException if a text or key has a lone surrogate
     */
    default void write(CborWriter writer) {
        switch (this) {
            case IntNode node -> writer.integer(node.value);
            case Bytes node -> writer.bytes(node.value);
            case Text node -> writer.text(node.value);
            case Bool node -> writer.bool(node.value);
            case Null node -> writer.nil();
            case Link node -> writer.link(node.value);
            case ListNode node -> {
                writer.list(node.items.size());
                node.items.forEach(item -> item.write(writer));
            }
            case MapNode node -> {
                writer.map(node.entries.size());
                node.entries.forEach((key, value) -> value.write(writer.key(key)));
            }
        }
    }

    private static ListNode readList(CborReader reader) {
        int count = reader.readList(Integer.MAX_VALUE);
        List<Node> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(read(reader));
        }
        return new ListNode(items);
    }

    private static MapNode readMap(CborReader reader) {
        int count = reader.readMap(Integer.MAX_VALUE);
        SequencedMap<String, Node> entries = new TreeMap<>(MapNode::compareKeys);
        for (int i = 0; i < count; i++) {
            entries.put(reader.readKey(Integer.MAX_VALUE), read(reader));
        }
        return new MapNode(entries);
    }
}
