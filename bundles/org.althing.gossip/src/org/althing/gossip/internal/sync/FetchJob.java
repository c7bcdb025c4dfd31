// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;

/** Something to be fetched, under way to one peer or to two. */
abstract sealed class FetchJob {

    private final Set<PeerId> askedOf = new HashSet<>();
    private int copies;
    private long lastAskedMillis;

    abstract Request request(Cid dao);

    /** What a peer must have claimed to be asked. */
    abstract long height();

    void asked(PeerId peer, long nowMillis) {
        askedOf.add(peer);
        copies++;
        lastAskedMillis = nowMillis;
    }

    /** A copy is under way no more; whether none is. */
    boolean ended() {
        return --copies == 0;
    }

    boolean mayBeAskedTwice(PeerId peer, long nowMillis) {
        return copies > 0
                && copies < FetchLimits.COPIES_MAX
                && nowMillis - lastAskedMillis >= FetchLimits.TWICE_AFTER_MILLIS
                && !askedOf.contains(peer);
    }

    /** How far the peer is. */
    static final class Status extends FetchJob {

        @Override
        Request request(Cid dao) {
            return new Request.Status(dao);
        }

        @Override
        long height() {
            return Long.MIN_VALUE;
        }
    }

    /** The charter, which tells who signs the first seal. */
    static final class Charter extends FetchJob {

        @Override
        Request request(Cid dao) {
            return new Request.Entries(dao, List.of(dao));
        }

        @Override
        long height() {
            return 0;
        }
    }

    static final class Headers extends FetchJob {

        private final long from;

        Headers(long from) {
            this.from = from;
        }

        long from() {
            return from;
        }

        @Override
        Request request(Cid dao) {
            return new Request.Headers(dao, from, SyncLimits.HEADERS_MAX);
        }

        @Override
        long height() {
            return from;
        }
    }

    static final class Bodies extends FetchJob {

        private final long from;
        private final int count;
        private final int cids;

        Bodies(long from, int count, int cids) {
            this.from = from;
            this.count = count;
            this.cids = cids;
        }

        long from() {
            return from;
        }

        int count() {
            return count;
        }

        /** How many CIDs they hold. */
        int cids() {
            return cids;
        }

        @Override
        Request request(Cid dao) {
            return new Request.Bodies(dao, from, count);
        }

        @Override
        long height() {
            return from + count - 1;
        }
    }

    /** Entries of one seal or of several. */
    static final class Piece extends FetchJob {

        private final List<Slice> slices;
        private final int sizeMaxBytes;

        Piece(List<Slice> slices, int sizeMaxBytes) {
            this.slices = List.copyOf(slices);
            this.sizeMaxBytes = sizeMaxBytes;
        }

        List<Slice> slices() {
            return slices;
        }

        int sizeMaxBytes() {
            return sizeMaxBytes;
        }

        @Override
        Request request(Cid dao) {
            return new Request.Sealed(dao, slices, sizeMaxBytes);
        }

        @Override
        long height() {
            return slices.getLast().height();
        }
    }
}
