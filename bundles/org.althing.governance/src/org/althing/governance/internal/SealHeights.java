// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;

/**
 * The height of every seal so far, by the name of its header. Immutable.
 *
 * <p>Those of a resumed state lie in two arrays, as they were written, since most are never asked for; those sealed since in a trie.
 */
final class SealHeights {

    /** Seals in one written item. */
    static final int ITEM_SEALS = 16 * 1024;
    /** Seals that fit into an array: at one a second those of two years. */
    static final int SEALS_MAX = 1 << 26;

    private final byte[] digests;
    private final int[] heights;
    private final Trie<Cid, Long> since;

    private SealHeights(byte[] digests, int[] heights, Trie<Cid, Long> since) {
        this.digests = digests;
        this.heights = heights;
        this.since = since;
    }

    static SealHeights none() {
        return new SealHeights(new byte[0], new int[0], Trie.empty(Cid::toBytes));
    }

    SealHeights with(Cid header, long height) {
        return new SealHeights(digests, heights, since.with(header, height));
    }

    Optional<Long> get(Cid header) {
        if (header.codec() == Cid.DAG_CBOR) {
            byte[] digest = header.digest();
            int low = 0;
            int high = heights.length - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = compare(middle, digest, 0);
                if (order == 0) {
                    return Optional.of((long) heights[middle]);
                }
                low = order < 0 ? middle + 1 : low;
                high = order < 0 ? high : middle - 1;
            }
        }
        return since.get(header);
    }

    private int compare(int at, byte[] other, int from) {
        int mine = at * Cid.DIGEST_BYTES;
        return Arrays.compareUnsigned(digests, mine, mine + Cid.DIGEST_BYTES, other, from, from + Cid.DIGEST_BYTES);
    }

    /** Writes them in ascending order of their names, {@value #ITEM_SEALS} an item, which is a list of all names and one of all heights. */
    void write(Consumer<byte[]> items) {
        Chunks chunks = new Chunks(items);
        int[] next = {0};
        since.forEach((header, height) -> {
            byte[] digest = header.digest();
            while (next[0] < heights.length && compare(next[0], digest, 0) < 0) {
                chunks.add(digests, next[0] * Cid.DIGEST_BYTES, heights[next[0]]);
                next[0]++;
            }
            chunks.add(digest, 0, Math.toIntExact(height));
        });
        for (; next[0] < heights.length; next[0]++) {
            chunks.add(digests, next[0] * Cid.DIGEST_BYTES, heights[next[0]]);
        }
        chunks.flush();
    }

    private static final class Chunks {

        private final Consumer<byte[]> items;
        private final byte[] names = new byte[ITEM_SEALS * Cid.DIGEST_BYTES];
        private final byte[] places = new byte[ITEM_SEALS * Integer.BYTES];
        private int count;

        Chunks(Consumer<byte[]> items) {
            this.items = items;
        }

        void add(byte[] digests, int from, int height) {
            System.arraycopy(digests, from, names, count * Cid.DIGEST_BYTES, Cid.DIGEST_BYTES);
            for (int i = 0; i < Integer.BYTES; i++) {
                places[count * Integer.BYTES + i] = (byte) (height >>> 8 * (Integer.BYTES - 1 - i));
            }
            count++;
            if (count == ITEM_SEALS) {
                flush();
            }
        }

        void flush() {
            if (count > 0) {
                items.accept(new CborWriter(names.length + places.length)
                        .list(2)
                        .bytes(Arrays.copyOf(names, count * Cid.DIGEST_BYTES))
                        .bytes(Arrays.copyOf(places, count * Integer.BYTES))
                        .toBytes());
                count = 0;
            }
        }
    }

    /**
     * Reads the names of the seals of a chain.
     *
     * @param last name of the last
     * @throws MalformedException unless every height up to the last has one name, and the last has this
     */
    static SealHeights read(Supplier<byte[]> items, Cid last, long height) {
        if (height >= SEALS_MAX) {
            throw new MalformedException(0, "more than " + SEALS_MAX + " seals");
        }
        int count = (int) height + 1;
        byte[] digests = new byte[count * Cid.DIGEST_BYTES];
        int[] heights = new int[count];
        BitSet seen = new BitSet(count);
        for (int from = 0; from < count; ) {
            CborReader in = new CborReader(items.get());
            in.readListExactly(2);
            int here = Math.min(ITEM_SEALS, count - from);
            System.arraycopy(
                    in.readBytesExactly(here * Cid.DIGEST_BYTES), 0, digests, from * Cid.DIGEST_BYTES, digests(here));
            byte[] places = in.readBytesExactly(here * Integer.BYTES);
            in.finish();
            for (int i = 0; i < here; i++) {
                int at = i * Integer.BYTES;
                int place = (places[at] & 0xff) << 24
                        | (places[at + 1] & 0xff) << 16
                        | (places[at + 2] & 0xff) << 8
                        | places[at + 3] & 0xff;
                require(place >= 0 && place < count && !seen.get(place), "a height that is no seal's, or two seals'");
                seen.set(place);
                heights[from + i] = place;
            }
            from += here;
        }
        SealHeights read = new SealHeights(digests, heights, Trie.empty(Cid::toBytes));
        for (int i = 1; i < count; i++) {
            require(read.compare(i - 1, digests, digests(i)) < 0, "names of seals out of order");
        }
        require(read.get(last).filter(at -> at == height).isPresent(), "another last seal");
        return read;
    }

    private static int digests(int count) {
        return count * Cid.DIGEST_BYTES;
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new MalformedException(0, reason);
        }
    }
}
