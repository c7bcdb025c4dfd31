// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signer;
import org.althing.api.seal.Certificate;
import org.althing.codec.Car;
import org.althing.codec.Hamt;
import org.althing.codec.Merkle;
import org.althing.codec.Node;
import org.althing.codec.SealCodec;
import org.althing.codec.Tag;
import org.jspecify.annotations.Nullable;

/**
 * An attacker at work on an evidence file: changes blocks, then makes everything above them fit again, as far as the keys at hand allow. All
 * links, names in byte strings, inclusion proofs of lone entries, Merkle roots of listed ones and maps of one block are made anew; entries and
 * votes are signed again by whoever's key is at hand.
 */
final class Forgery {

    private final Map<Cid, byte[]> original = new LinkedHashMap<>();
    private final Map<Cid, Node> blocks = new LinkedHashMap<>();
    private final Map<Cid, UnaryOperator<Node>> lastTouches = new HashMap<>();
    private final Map<PublicKey, Signer> keys;
    private final Cid root;

    Forgery(byte[] file, Map<PublicKey, Signer> keys) {
        this.keys = keys;
        try (Car.Reader reader = Car.read(new ByteArrayInputStream(file), 1 << 20)) {
            root = reader.roots().getFirst();
            for (Car.Block block = reader.next(); block != null; block = reader.next()) {
                original.put(block.cid(), block.bytes());
                blocks.put(block.cid(), Node.decode(block.bytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- Finding the way in the file

    Cid root() {
        return root;
    }

    List<Cid> names() {
        return List.copyOf(original.keySet());
    }

    Node block(Cid cid) {
        Node node = blocks.get(cid);
        if (node == null) {
            throw new AssertionError("no block " + cid);
        }
        return node;
    }

    byte[] bytes(Cid cid) {
        return original.get(cid).clone();
    }

    static Node at(Node node, Object... path) {
        Node found = node;
        for (Object step : path) {
            found = step instanceof String key
                    ? ((Node.MapNode) found).entries().get(key)
                    : ((Node.ListNode) found).items().get((Integer) step);
        }
        return found;
    }

    static Cid link(Node node, Object... path) {
        return ((Node.Link) at(node, path)).value();
    }

    Cid page() {
        return link(block(root), "pages", 0);
    }

    int seals() {
        return ((Node.ListNode) block(page())).items().size();
    }

    Cid header(int height) {
        return link(block(page()), height, 0);
    }

    Cid state(int height) {
        return link(block(header(height)), "state");
    }

    Cid map(int height, String name) {
        return link(block(state(height)), name);
    }

    // --- Changing it

    /** Changes a block; what it links to is still called by the old names. */
    Forgery change(Cid block, UnaryOperator<Node> change) {
        blocks.put(block, change.apply(block(block)));
        return this;
    }

    /** Changes what stands at a place of a block. */
    Forgery change(Cid block, UnaryOperator<Node> change, Object... path) {
        return change(block, node -> with(node, change, path));
    }

    Forgery set(Cid block, Node value, Object... path) {
        return change(block, old -> value, path);
    }

    /** Changes the record under a key of a map that is one block. */
    Forgery record(Cid map, byte[] key, UnaryOperator<Node> change) {
        return change(map, node -> hamt(node, (k, v) -> Arrays.equals(k, key) ? change.apply(v) : v));
    }

    /** A block that the file did not have. */
    Cid add(Node node) {
        Cid cid = Cid.hash(node.encode());
        blocks.put(cid, node);
        return cid;
    }

    /** Changes a block after everything in it fits and is signed. */
    Forgery touchLast(Cid block, UnaryOperator<Node> change) {
        lastTouches.put(block, change);
        return this;
    }

    /** Puts one name for another, everywhere. */
    Forgery rename(Cid from, Cid to) {
        blocks.replaceAll(
                (cid, node) -> deep(node, each -> each.equals(new Node.Link(from)) ? new Node.Link(to) : each));
        return this;
    }

    static Node with(Node node, UnaryOperator<Node> change, Object... path) {
        if (path.length == 0) {
            return change.apply(node);
        }
        Object[] rest = Arrays.copyOfRange(path, 1, path.length);
        if (path[0] instanceof String key) {
            Map<String, Node> entries = new LinkedHashMap<>(((Node.MapNode) node).entries());
            entries.put(key, with(entries.get(key), change, rest));
            return new Node.MapNode(entries);
        }
        List<Node> items = new ArrayList<>(((Node.ListNode) node).items());
        int at = (Integer) path[0];
        items.set(at, with(items.get(at), change, rest));
        return new Node.ListNode(items);
    }

    static Node.IntNode number(long value) {
        return new Node.IntNode(value);
    }

    static UnaryOperator<Node> plus(long more) {
        return node -> new Node.IntNode(((Node.IntNode) node).value().add(BigInteger.valueOf(more)));
    }

    // --- Making it fit

    private final Map<Cid, Cid> renamed = new HashMap<>();
    private final Map<Cid, byte[]> made = new LinkedHashMap<>();
    private final Map<String, Cid> leaves = new HashMap<>();
    private final Map<String, Cid> bodies = new HashMap<>();

    /** The whole file in the order in which a verifier wants it, everything above the changes made to fit. */
    byte[] fit() {
        refit();
        Map<Cid, byte[]> forged = made;
        Path file = null;
        try {
            file = Files.createTempFile("forgery", ".car");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    WritingBlocks out = new WritingBlocks(channel, name(root), forged::get)) {
                Manifest manifest = Manifest.decode(out.next(name(root)).bytes());
                new Verifier(
                                SampleDao.GOVERNANCE,
                                Methods.none(),
                                SampleDao.SIGNATURES,
                                Runnable::run,
                                EnumSet.noneOf(Check.class))
                        .verify(out, manifest, 1);
                out.force();
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            try {
                if (file != null) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The file with its blocks in the order that they had, everything above the changes made to fit. */
    byte[] fitInOldOrder() {
        refit();
        return car(name(root), new ArrayList<>(made.keySet()), made);
    }

    /** The name that a block has now. */
    Cid name(Cid old) {
        return renamed.getOrDefault(old, old);
    }

    private void refit() {
        renamed.clear();
        made.clear();
        leaves.clear();
        bodies.clear();
        for (Cid cid : blocks.keySet()) {
            leaves.put(new Node.Bytes(Merkle.leafHash(cid.toBytes())).toString(), cid);
            listed(cid).ifPresent(entries -> bodies.put(new Node.Bytes(root(entries)).toString(), cid));
        }
        for (Cid cid : List.copyOf(blocks.keySet())) {
            rename(cid);
        }
    }

    private static byte[] root(List<Cid> entries) {
        return Merkle.root(entries.stream().map(Cid::toBytes).toList());
    }

    /** The entries that a block lists, if it is such a list. */
    private Optional<List<Cid>> listed(Cid cid) {
        byte[] bytes = original.get(cid);
        if (bytes == null || !(Node.decode(bytes) instanceof Node.ListNode list)) {
            return Optional.empty();
        }
        boolean all = !list.items().isEmpty() && list.items().stream().allMatch(Node.Link.class::isInstance);
        return all
                ? Optional.of(list.items().stream()
                        .map(item -> ((Node.Link) item).value())
                        .toList())
                : Optional.empty();
    }

    private Cid rename(Cid cid) {
        Cid known = renamed.get(cid);
        if (known != null) {
            return known;
        }
        Node node = blocks.get(cid);
        if (node == null) {
            return cid;
        }
        Node fitted = deep(node, this::fit);
        if (isHamt(fitted) && !fitted.equals(node)) {
            fitted = hamt(fitted, (key, value) -> value);
        }
        fitted = sign(node, fitted);
        UnaryOperator<Node> touch = lastTouches.get(cid);
        byte[] bytes = (touch == null ? fitted : touch.apply(fitted)).encode();
        Cid now = Cid.hash(bytes);
        renamed.put(cid, now);
        made.put(now, bytes);
        return now;
    }

    private Node fit(Node node) {
        return switch (node) {
            case Node.Link link -> new Node.Link(rename(link.value()));
            case Node.Bytes bytes -> fit(bytes);
            default -> node;
        };
    }

    private Node fit(Node.Bytes bytes) {
        byte[] value = bytes.value();
        if (value.length == Cid.BYTES) {
            try {
                return new Node.Bytes(rename(Cid.fromBytes(value)).toBytes());
            } catch (IllegalArgumentException e) {
                return bytes;
            }
        }
        Cid body = value.length == Merkle.HASH_BYTES ? bodies.get(bytes.toString()) : null;
        if (body != null) {
            Node list = Node.decode(made.get(rename(body)));
            if (list instanceof Node.ListNode entries
                    && entries.items().stream().allMatch(Node.Link.class::isInstance)) {
                return new Node.Bytes(root(entries.items().stream()
                        .map(item -> ((Node.Link) item).value())
                        .toList()));
            }
            return bytes;
        }
        Cid leaf = value.length == Merkle.HASH_BYTES ? leaves.get(bytes.toString()) : null;
        return leaf == null
                ? bytes
                : new Node.Bytes(Merkle.leafHash(rename(leaf).toBytes()));
    }

    static Node deep(Node node, UnaryOperator<Node> leaf) {
        return switch (node) {
            case Node.ListNode list ->
                new Node.ListNode(
                        list.items().stream().map(item -> deep(item, leaf)).toList());
            case Node.MapNode map -> {
                Map<String, Node> entries = new LinkedHashMap<>();
                map.entries().forEach((key, value) -> entries.put(key, deep(value, leaf)));
                yield new Node.MapNode(entries);
            }
            case Node.IntNode n -> leaf.apply(n);
            case Node.Bytes n -> leaf.apply(n);
            case Node.Text n -> leaf.apply(n);
            case Node.Bool n -> leaf.apply(n);
            case Node.Null n -> leaf.apply(n);
            case Node.Link n -> leaf.apply(n);
        };
    }

    // --- Maps of one block

    /** Changes a record. */
    interface Change {
        @Nullable
        Node apply(byte[] key, Node value);
    }

    static boolean isHamt(Node node) {
        return node instanceof Node.MapNode map
                && map.entries().containsKey("hashAlg")
                && map.entries().get("hamt") instanceof Node.ListNode hamt
                && hamt.items().size() == 2
                && hamt.items().get(1) instanceof Node.ListNode slots
                && slots.items().stream().noneMatch(Node.Link.class::isInstance);
    }

    /** The map with changed records; a record that becomes null is gone. */
    static Node hamt(Node node, Change change) {
        Hamt map = Hamt.empty();
        try {
            for (Node bucket : ((Node.ListNode) at(node, "hamt", 1)).items()) {
                for (Node pair : ((Node.ListNode) bucket).items()) {
                    byte[] key = ((Node.Bytes) at(pair, 0)).value();
                    Node value = change.apply(key, at(pair, 1));
                    map = value == null ? map : map.put(key, value.encode());
                }
            }
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // A change has made it no map; then it stays as it is.
            return node;
        }
        byte[][] block = new byte[1][];
        int[] count = {0};
        map.blocks((cid, bytes) -> {
            block[0] = count[0]++ == 0 ? bytes : block[0];
        });
        return count[0] == 1 ? Node.decode(block[0]) : node;
    }

    static Node put(Node hamt, byte[] key, Node value) {
        Hamt map = Hamt.empty().put(key, value.encode());
        for (Node bucket : ((Node.ListNode) at(hamt, "hamt", 1)).items()) {
            for (Node pair : ((Node.ListNode) bucket).items()) {
                map = map.put(((Node.Bytes) at(pair, 0)).value(), at(pair, 1).encode());
            }
        }
        byte[][] block = new byte[1][];
        map.blocks((cid, bytes) -> block[0] = block[0] == null ? bytes : block[0]);
        return Node.decode(block[0]);
    }

    // --- Signatures

    private Node sign(Node before, Node fitted) {
        if (isEntry(fitted)) {
            Node payload = at(fitted, 0);
            Signer signer = signer(at(payload, "key"));
            boolean same = isEntry(before)
                    && original.values().stream().anyMatch(bytes -> Arrays.equals(bytes, fitted.encode()));
            return signer == null || same
                    ? fitted
                    : new Node.ListNode(List.of(
                            payload,
                            new Node.Bytes(signer.sign(Tag.ENTRY.prefix(payload.encode()))
                                    .toBytes())));
        }
        return isCertificate(fitted) ? vote(fitted) : fitted;
    }

    static boolean isEntry(Node node) {
        return node instanceof Node.ListNode list
                && list.items().size() == 2
                && list.items().getFirst() instanceof Node.MapNode map
                && map.entries().containsKey("seq");
    }

    static boolean isCertificate(Node node) {
        return node instanceof Node.MapNode map
                && map.entries().containsKey("votes")
                && map.entries().containsKey("header");
    }

    private @Nullable Signer signer(@Nullable Node key) {
        return key instanceof Node.Bytes bytes && bytes.value().length == PublicKey.BYTES
                ? keys.get(PublicKey.of(bytes.value()))
                : null;
    }

    private Node vote(Node certificate) {
        try {
            byte[] message = SealCodec.voteMessage(
                    Certificate.Kind.FINALIZE,
                    link(certificate, "dao"),
                    ((Node.IntNode) at(certificate, "epoch")).value().longValue(),
                    ((Node.IntNode) at(certificate, "view")).value().longValue(),
                    link(certificate, "header"));
            return with(
                    certificate,
                    votes -> new Node.ListNode(((Node.ListNode) votes)
                            .items().stream()
                                    .map(vote -> {
                                        Signer signer = signer(at(vote, 0));
                                        return signer == null
                                                ? vote
                                                : new Node.ListNode(List.of(
                                                        at(vote, 0),
                                                        new Node.Bytes(signer.sign(message)
                                                                .toBytes())));
                                    })
                                    .toList()),
                    "votes");
        } catch (ClassCastException | IndexOutOfBoundsException e) {
            return certificate;
        }
    }

    // --- Files

    /** A file of blocks in any order. */
    static byte[] car(Cid root, List<Cid> order, Map<Cid, byte[]> blocks) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Car.Writer out = Car.write(bytes, List.of(root))) {
            for (Cid cid : order) {
                out.write(cid, blocks.get(cid));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The blocks of a file by name, in order. */
    static Map<Cid, byte[]> blocks(byte[] file) {
        return new LinkedHashMap<>(new Forgery(file, Map.of()).original);
    }
}
