// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.althing.api.Cid;
import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link Hamt}: a bit for each of 32 places, and a slot for each set bit.
 *
 * <p>The invariant that makes the form canonical: buckets hold 1 to {@value #BUCKET_SIZE} entries in the order of their
 * keys, and below every node but the root lie more than {@value #BUCKET_SIZE} entries, so that no bucket could stand in
 * its place.
 *
 * <p>Links stand for children only in a node that is being read from a block; a tree in use has none.
 */
final class HamtNode implements HamtSlot {

    static final HamtNode EMPTY = new HamtNode(0, new HamtSlot[0], 0);

    /** Root map, node, data, bucket and entry lie around a value in the root block, the deepest place for one. */
    static final int DEPTH_AROUND_VALUES = 5;

    private static final int BIT_WIDTH = 5;
    private static final int BUCKET_SIZE = 3;
    private static final int SHA2_256 = 0x12;

    /** The last depth for which a hash of 256 bits has five of its own. */
    private static final int DEPTH_LAST = 256 / BIT_WIDTH - 1;

    private final int bitmap;
    private final HamtSlot[] slots;
    private final int size;

    /** The name of this node's block, once hashed; racing threads compute the same, so no lock. */
    private volatile @Nullable Cid cid;

    private HamtNode(int bitmap, HamtSlot[] slots, int size) {
        this.bitmap = bitmap;
        this.slots = slots;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    Optional<byte[]> get(byte[] hash, int depth, byte[] key) {
        return switch (slot(hash, depth)) {
            case null -> Optional.empty();
            case HamtNode child -> child.get(hash, depth + 1, key);
            case Bucket bucket -> Optional.ofNullable(bucket.find(key)).map(Entry::value);
            case Link link -> throw new MissingBlockException(link.cid());
        };
    }

    /** This node and the entry, in place of any of its key; this very node if that changes nothing. */
    HamtNode with(byte[] hash, int depth, Entry entry) {
        if (depth > DEPTH_LAST) {
            throw new IllegalStateException("more than " + BUCKET_SIZE + " keys share 255 bits of SHA-256");
        }
        return switch (slot(hash, depth)) {
            case null -> replace(hash, depth, new Bucket(new Entry[] {entry}));
            case HamtNode child -> replace(hash, depth, child.with(hash, depth + 1, entry));
            case Bucket bucket -> replace(hash, depth, grow(bucket, depth, entry));
            case Link link -> throw new MissingBlockException(link.cid());
        };
    }

    private static HamtSlot grow(Bucket bucket, int depth, Entry entry) {
        Entry present = bucket.find(entry.key());
        if (present != null && Arrays.equals(present.value(), entry.value())) {
            return bucket;
        }
        Bucket grown = bucket.with(entry);
        if (grown.size() <= BUCKET_SIZE) {
            return grown;
        }
        HamtNode node = EMPTY;
        for (Entry each : grown.entries()) {
            node = node.with(Sha256.hash(each.key()), depth + 1, each);
        }
        return node;
    }

    /** This node without the key: this very node if it has none, and a bucket where that is the canonical form. */
    HamtSlot without(byte[] hash, int depth, byte[] key) {
        HamtNode rest = switch (slot(hash, depth)) {
            case null -> this;
            case HamtNode child -> replace(hash, depth, child.without(hash, depth + 1, key));
            case Bucket bucket -> bucket.find(key) == null ? this : replace(hash, depth, bucket.without(key));
            case Link link -> throw new MissingBlockException(link.cid());
        };
        return depth > 0 && rest.size <= BUCKET_SIZE ? rest.collapse() : rest;
    }

    /** The entries of this node as one bucket; so few of them lie in buckets of this node, by the invariant. */
    private Bucket collapse() {
        Entry[] entries = Arrays.stream(slots)
                .flatMap(slot -> Arrays.stream(((Bucket) slot).entries()))
                .toArray(Entry[]::new);
        Arrays.sort(entries, Bucket.BY_KEY);
        return new Bucket(entries);
    }

    /** This node with the slot in the place that the hash names, or with none there if the slot is empty. */
    private HamtNode replace(byte[] hash, int depth, HamtSlot slot) {
        int bit = bit(hash, depth);
        int at = rank(bit);
        if ((bitmap & bit) == 0) {
            HamtSlot[] more = new HamtSlot[slots.length + 1];
            System.arraycopy(slots, 0, more, 0, at);
            System.arraycopy(slots, at, more, at + 1, slots.length - at);
            more[at] = slot;
            return new HamtNode(bitmap | bit, more, size + slot.size());
        }
        if (slots[at] == slot) {
            return this;
        }
        if (slot.size() == 0) {
            HamtSlot[] fewer = new HamtSlot[slots.length - 1];
            System.arraycopy(slots, 0, fewer, 0, at);
            System.arraycopy(slots, at + 1, fewer, at, fewer.length - at);
            return new HamtNode(bitmap & ~bit, fewer, size - slots[at].size());
        }
        HamtSlot[] changed = slots.clone();
        changed[at] = slot;
        return new HamtNode(bitmap, changed, size - slots[at].size() + slot.size());
    }

    void forEach(BiConsumer<byte[], byte[]> action) {
        for (HamtSlot slot : slots) {
            switch (slot) {
                case HamtNode child -> child.forEach(action);
                case Bucket bucket -> {
                    for (Entry entry : bucket.entries()) {
                        action.accept(entry.key().clone(), entry.value().clone());
                    }
                }
                case Link link -> throw new MissingBlockException(link.cid());
            }
        }
    }

    /** The name of this node's block, this node being a root. */
    Cid rootCid() {
        return cid(0, new CborWriter());
    }

    /** Gives the blocks of this root and all below, parents first. */
    void blocks(BiConsumer<Cid, byte[]> action) {
        blocks(0, new CborWriter(), action);
    }

    private void blocks(int depth, CborWriter out, BiConsumer<Cid, byte[]> action) {
        action.accept(cid(depth, out), block(depth, out));
        for (HamtSlot slot : slots) {
            if (slot instanceof HamtNode child) {
                child.blocks(depth + 1, out, action);
            }
        }
    }

    /** The same without the blocks that are known, which get to know these. */
    void blocks(Set<Cid> known, BiConsumer<Cid, byte[]> action) {
        blocks(0, new CborWriter(), known, action);
    }

    private void blocks(int depth, CborWriter out, Set<Cid> known, BiConsumer<Cid, byte[]> action) {
        Cid name = cid(depth, out);
        if (!known.add(name)) {
            return;
        }
        action.accept(name, block(depth, out));
        for (HamtSlot slot : slots) {
            if (slot instanceof HamtNode child) {
                child.blocks(depth + 1, out, known, action);
            }
        }
    }

    void prove(byte[] hash, int depth, List<byte[]> blocks) {
        blocks.add(block(depth, new CborWriter()));
        if (slot(hash, depth) instanceof HamtNode child) {
            child.prove(hash, depth + 1, blocks);
        }
    }

    private Cid cid(int depth, CborWriter out) {
        Cid known = cid;
        if (known == null) {
            known = Cid.hash(block(depth, out));
            cid = known;
        }
        return known;
    }

    private byte[] block(int depth, CborWriter out) {
        // The children share the buffer, so they are named before this node begins to write.
        for (HamtSlot slot : slots) {
            if (slot instanceof HamtNode child) {
                child.cid(depth + 1, out);
            }
        }
        out.reset();
        if (depth > 0) {
            write(out);
        } else {
            write(out.map(3).key("hamt"));
            out.key("hashAlg").integer(SHA2_256).key("bucketSize").integer(BUCKET_SIZE);
        }
        return out.toBytes();
    }

    private void write(CborWriter out) {
        out.list(2).bytes(bitmapBytes()).list(slots.length);
        for (HamtSlot slot : slots) {
            switch (slot) {
                case HamtNode child -> out.link(Objects.requireNonNull(child.cid, "named before its parent"));
                case Link link -> out.link(link.cid());
                case Bucket bucket -> {
                    out.list(bucket.entries().length);
                    for (Entry entry : bucket.entries()) {
                        out.list(2).bytes(entry.key()).raw(entry.value());
                    }
                }
            }
        }
    }

    /** Place i is bit i mod 8, from the lowest, of byte i / 8. */
    private byte[] bitmapBytes() {
        return new byte[] {(byte) bitmap, (byte) (bitmap >>> 8), (byte) (bitmap >>> 16), (byte) (bitmap >>> 24)};
    }

    /** @param known nodes by their names, checked in the places where they stood */
    static HamtNode load(Cid root, Function<Cid, byte @Nullable []> source, Map<Cid, HamtNode> known) {
        return load(root, source, known, new Path());
    }

    private static HamtNode load(
            Cid cid, Function<Cid, byte @Nullable []> source, Map<Cid, HamtNode> known, Path path) {
        HamtNode shared = known.get(cid);
        if (shared != null) {
            // All its keys lead to the place where it was checked, so one of them tells whether that is this one.
            if (path.depth > 0 && !path.leads(Sha256.hash(shared.anyKey()))) {
                throw malformed(cid, 0, "a node in a place that the hashes of its keys do not name");
            }
            return shared;
        }
        byte[] block = source.apply(cid);
        if (block == null) {
            throw new MissingBlockException(cid);
        }
        HamtNode node = read(cid, block, path);
        HamtSlot[] loaded = node.slots.clone();
        int bits = node.bitmap;
        for (int at = 0; at < loaded.length; at++) {
            if (loaded[at] instanceof Link link) {
                path.enter(Integer.numberOfTrailingZeros(bits));
                loaded[at] = load(link.cid(), source, known, path);
                path.leave();
            }
            bits &= bits - 1;
        }
        HamtNode whole = new HamtNode(node.bitmap, loaded, entries(loaded));
        whole.cid = cid;
        known.put(cid, whole);
        return whole;
    }

    static Optional<byte[]> verify(Cid root, byte[] key, List<byte[]> blocks) {
        byte[] hash = Sha256.hash(key);
        Path path = new Path();
        Cid next = root;
        for (int i = 0; i < blocks.size(); i++) {
            HamtNode node = read(next, blocks.get(i), path);
            HamtSlot slot = node.slot(hash, i);
            if (!(slot instanceof Link link)) {
                if (i < blocks.size() - 1) {
                    throw new MalformedException(0, "the proof goes on after its end");
                }
                return node.get(hash, i, key);
            }
            next = link.cid();
            path.enter(place(hash, i));
        }
        throw new MalformedException(0, "the proof lacks block " + next);
    }

    private byte[] anyKey() {
        return switch (slots[0]) {
            case HamtNode child -> child.anyKey();
            case Bucket bucket -> bucket.entries()[0].key();
            case Link link -> throw new MissingBlockException(link.cid());
        };
    }

    /** Where in the tree a block is being read. */
    private static final class Path {

        private final int[] places = new int[DEPTH_LAST + 1];
        private int depth;

        void enter(int place) {
            places[depth++] = place;
        }

        void leave() {
            depth--;
        }

        /** Whether a key of this hash belongs into this place of the node that is read. */
        boolean leads(byte[] hash, int place) {
            return leads(hash) && place(hash, depth) == place;
        }

        /** Whether a key of this hash belongs into the node that is read, or below. */
        boolean leads(byte[] hash) {
            for (int d = 0; d < depth; d++) {
                if (place(hash, d) != places[d]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Reads one node with all checks that need no other, its children left as links. */
    private static HamtNode read(Cid cid, byte[] block, Path path) {
        if (!cid.names(block)) {
            throw malformed(cid, 0, "these are other bytes than its name says");
        }
        CborReader in = new CborReader(block);
        try {
            HamtNode node = path.depth == 0 ? readRoot(in, path) : readNode(in, path);
            in.finish();
            return node;
        } catch (MalformedException e) {
            throw malformed(cid, e.offset(), e.reason());
        }
    }

    private static HamtNode readRoot(CborReader in, Path path) {
        in.readMapExactly(3);
        in.expectKey("hamt");
        HamtNode node = readNode(in, path);
        in.expectKey("hashAlg");
        in.readLong(SHA2_256, SHA2_256);
        in.expectKey("bucketSize");
        in.readLong(BUCKET_SIZE, BUCKET_SIZE);
        return node;
    }

    private static HamtNode readNode(CborReader in, Path path) {
        in.readListExactly(2);
        byte[] map = in.readBytesExactly(4);
        int bitmap = map[0] & 0xff | (map[1] & 0xff) << 8 | (map[2] & 0xff) << 16 | (map[3] & 0xff) << 24;
        HamtSlot[] slots = new HamtSlot[Integer.bitCount(bitmap)];
        in.readListExactly(slots.length);
        int bits = bitmap;
        for (int at = 0; at < slots.length; at++) {
            slots[at] = readSlot(in, path, Integer.numberOfTrailingZeros(bits));
            bits &= bits - 1;
        }
        HamtNode node = new HamtNode(bitmap, slots, entries(slots));
        // A node with a child has enough entries, since the child itself is held to this.
        boolean hasLinks = Arrays.stream(slots).anyMatch(Link.class::isInstance);
        if (path.depth > 0 && !hasLinks && node.size <= BUCKET_SIZE) {
            throw new MalformedException(in.position(), "a node of so few entries must be a bucket of its parent");
        }
        return node;
    }

    private static int entries(HamtSlot[] slots) {
        return Arrays.stream(slots).mapToInt(HamtSlot::size).sum();
    }

    private static HamtSlot readSlot(CborReader in, Path path, int place) {
        int at = in.position();
        if (in.peek() == CborReader.Kind.LIST) {
            return readBucket(in, path, place);
        }
        Cid child = in.readLink();
        if (child.codec() != Cid.DAG_CBOR) {
            throw new MalformedException(at, "a child must be a DAG-CBOR block");
        }
        if (path.depth == DEPTH_LAST) {
            throw new MalformedException(at, "deeper than the hash has bits");
        }
        return new Link(child);
    }

    private static Bucket readBucket(CborReader in, Path path, int place) {
        int at = in.position();
        Entry[] entries = new Entry[in.readList(BUCKET_SIZE)];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = readEntry(in, path, place);
            if (i > 0 && Bucket.BY_KEY.compare(entries[i - 1], entries[i]) >= 0) {
                throw new MalformedException(at, "keys of a bucket out of order");
            }
        }
        if (entries.length == 0) {
            throw new MalformedException(at, "an empty bucket");
        }
        return new Bucket(entries);
    }

    private static Entry readEntry(CborReader in, Path path, int place) {
        int at = in.position();
        in.readListExactly(2);
        byte[] key = in.readBytes(Hamt.KEY_BYTES_MAX);
        if (!path.leads(Sha256.hash(key), place)) {
            throw new MalformedException(at, "a key in a place that its hash does not name");
        }
        return new Entry(key, in.slice());
    }

    private static MalformedException malformed(Cid cid, long offset, String reason) {
        return new MalformedException(offset, "block " + cid + ": " + reason);
    }

    private @Nullable HamtSlot slot(byte[] hash, int depth) {
        int bit = bit(hash, depth);
        return (bitmap & bit) == 0 ? null : slots[rank(bit)];
    }

    private int rank(int bit) {
        return Integer.bitCount(bitmap & bit - 1);
    }

    private static int bit(byte[] hash, int depth) {
        return 1 << place(hash, depth);
    }

    /** Five bits of the hash, from the left, for each depth. */
    private static int place(byte[] hash, int depth) {
        int from = depth * BIT_WIDTH;
        int at = from >>> 3;
        int twoBytes = (hash[at] & 0xff) << 8 | (at + 1 < hash.length ? hash[at + 1] & 0xff : 0);
        return twoBytes >>> 16 - BIT_WIDTH - (from & 7) & 31;
    }
}
