// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.althing.api.Cid;
import org.althing.codec.CborReader;
import org.althing.codec.Hamt;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;

/**
 * The blocks of states. States share most of their blocks, so one that was needed before is read again from its place instead of being
 * expected next.
 */
final class StateBlocks {

    /** Blocks of states in one file: enough for a hundred million members; about 200 bytes of memory each. */
    static final int BLOCKS_MAX = 1 << 22;
    /** The largest map that is looked at as a whole, in bytes: several million members; it is held in memory. */
    static final long MAP_SIZE_MAX_BYTES = 1L << 29;

    private final Blocks blocks;
    private final Map<Cid, Long> known = new HashMap<>();

    StateBlocks(Blocks blocks) {
        this.blocks = blocks;
    }

    byte[] take(Cid cid) {
        Long spot = known.get(cid);
        if (spot != null) {
            return blocks.again(cid, spot);
        }
        if (known.size() == BLOCKS_MAX) {
            throw new Stopped(
                    ClaimKind.FILE, "more than " + BLOCKS_MAX + " blocks of states; this program cannot check so many");
        }
        Blocks.Block block = blocks.next(cid);
        known.put(cid, block.spot());
        return block.bytes();
    }

    <T> T decode(Cid cid, String what, Function<byte[], T> decoder) {
        return Blocks.decode(cid, what, take(cid), decoder);
    }

    /** A whole map, complete by its form. */
    Hamt map(Cid root, String what) {
        long[] sizeBytes = {0};
        try {
            return Hamt.load(root, cid -> {
                byte[] block = take(cid);
                sizeBytes[0] += block.length;
                if (sizeBytes[0] > MAP_SIZE_MAX_BYTES) {
                    throw new Stopped(
                            ClaimKind.FILE,
                            "the map of " + what + " has more than " + MAP_SIZE_MAX_BYTES
                                    + " bytes; this program cannot check it");
                }
                return block;
            });
        } catch (MalformedException e) {
            throw new Stopped(ClaimKind.FILE, "the map of " + what + ": " + e.getMessage());
        }
    }

    /** What a map holds for a key, proven by the blocks on the key's path alone. */
    Optional<byte[]> lookUp(Cid root, byte[] key, String what) {
        try {
            return Hamt.verify(root, key, path(root, key));
        } catch (MalformedException e) {
            throw new Stopped(ClaimKind.FILE, "the map of " + what + ": " + e.getMessage());
        }
    }

    /** The blocks from the root to the key's bucket; {@link Hamt#verify} looks whether they are what they should be. */
    private List<byte[]> path(Cid root, byte[] key) {
        byte[] hash = Cid.hash(key).digest();
        List<byte[]> path = new ArrayList<>();
        Optional<Cid> next = Optional.of(root);
        while (next.isPresent()) {
            byte[] block = take(next.get());
            next = child(block, hash, path.size());
            path.add(block);
        }
        return path;
    }

    private static final int BIT_WIDTH = 5;
    private static final int BITS = Merkle.HASH_BYTES * Byte.SIZE;

    /** The node's child on the way of the hash, if the way goes on. */
    private static Optional<Cid> child(byte[] node, byte[] hash, int depth) {
        CborReader in = new CborReader(node);
        if (depth == 0) {
            in.readMapExactly(3);
            in.expectKey("hamt");
        }
        in.readListExactly(2);
        byte[] map = in.readBytesExactly(4);
        int bitmap = map[0] & 0xff | (map[1] & 0xff) << 8 | (map[2] & 0xff) << 16 | (map[3] & 0xff) << 24;
        int bit = 1 << place(hash, depth);
        int slots = in.readList(Integer.SIZE);
        int rank = Integer.bitCount(bitmap & bit - 1);
        if ((bitmap & bit) == 0 || rank >= slots) {
            return Optional.empty();
        }
        for (int i = 0; i < rank; i++) {
            in.skip();
        }
        return in.peek() == CborReader.Kind.LINK ? Optional.of(in.readLink()) : Optional.empty();
    }

    /** Five bits of the hash, from the left, for each depth. */
    private static int place(byte[] hash, int depth) {
        int place = 0;
        for (int bit = depth * BIT_WIDTH; bit < (depth + 1) * BIT_WIDTH; bit++) {
            if (bit >= BITS) {
                throw new MalformedException(0, "deeper than the hash has bits");
            }
            place = place << 1 | hash[bit >>> 3] >>> 7 - (bit & 7) & 1;
        }
        return place;
    }
}
