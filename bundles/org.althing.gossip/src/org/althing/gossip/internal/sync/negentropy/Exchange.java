// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.Set;
import org.althing.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * What both sides do with a message: go through its ranges and answer where the sets differ. When the answer is full, what was not looked
 * at goes back as one fingerprint, so that it comes again in smaller parts.
 */
abstract class Exchange {

    static final int VERSION = 0x61;
    private static final int VERSION_0 = 0x60;
    private static final int VERSION_LAST = 0x6f;

    /** Ranges in one message; what is smaller than a skip of three bytes does not exist. */
    static final int RANGES_MAX = Parameters.FRAME_SIZE_LIMIT_BYTES / 16;

    /** The fingerprint of all the rest, with a skip in front of it. */
    private static final int REST_MAX_BYTES = 2 * (MessageWriter.BOUND_MAX_BYTES + 1) + Fingerprint.BYTES;

    private static final int CAPACITY_BYTES = 4096;

    final ItemTree set;
    final Parameters parameters;

    Exchange(ItemTree set, Parameters parameters) {
        this.set = set;
        this.parameters = parameters;
    }

    /** A range of the message being answered, with the places of its ends in our set. */
    record Range(Item from, Item to, int lower, int upper) {}

    /** Answers a list as far as there is room; what is left of the range, or null. */
    abstract @Nullable Range answerList(Range range, Set<Item> theirs, MessageWriter out);

    static MessageWriter start() {
        return new MessageWriter(CAPACITY_BYTES).version(VERSION);
    }

    /** Whether this is a version of the protocol, of ours or of another number. */
    static boolean isVersion(int version) {
        return version >= VERSION_0 && version <= VERSION_LAST;
    }

    /**
     * Answers the ranges that are left in a message.
     *
     * @throws MalformedException if it is not one
     */
    final MessageWriter answer(MessageReader in) {
        MessageWriter out = start();
        Item from = Item.FIRST;
        int lower = 0;
        for (int ranges = 0; in.hasMore(); ranges++) {
            if (ranges == RANGES_MAX) {
                throw new MalformedException(0, "more than " + RANGES_MAX + " ranges");
            }
            Item to = in.bound();
            int upper = to.isInfinite() ? set.size() : set.lowerBound(to);
            Range left = answer(in, new Range(from, to, lower, upper), out);
            if (left != null) {
                out.fingerprint(left.from, Item.INFINITE, fingerprint(left.lower, set.size()));
                return out;
            }
            from = to;
            lower = upper;
        }
        return out;
    }

    /** What is left of the range for want of room, or null. */
    private @Nullable Range answer(MessageReader in, Range range, MessageWriter out) {
        return switch (in.mode()) {
            case SKIP -> null;
            case FINGERPRINT ->
                in.fingerprint().equals(fingerprint(range.lower, range.upper)) || split(range, out) ? null : range;
            case ID_LIST -> answerList(range, in.idList(), out);
        };
    }

    /** Sends a range in parts, or the list of what is in it; false if there is no room. */
    final boolean split(Range range, MessageWriter out) {
        MessageWriter.Mark mark = out.mark();
        int count = range.upper - range.lower;
        if (count < 2 * parameters.branching()) {
            list(range, out);
        } else {
            Item from = range.from;
            for (int i = 0; i < parameters.branching(); i++) {
                int lower = range.lower + (int) ((long) count * i / parameters.branching());
                int upper = range.lower + (int) ((long) count * (i + 1) / parameters.branching());
                Item to = upper == range.upper ? range.to : Item.boundBetween(set.get(upper - 1), set.get(upper));
                out.fingerprint(from, to, fingerprint(lower, upper));
                from = to;
            }
        }
        if (roomFor(out) >= 0) {
            return true;
        }
        out.goBack(mark);
        return false;
    }

    final void list(Range range, MessageWriter out) {
        out.idList(range.from, range.to, range.upper - range.lower);
        set.forEach(range.lower, range.upper, out::id);
    }

    /** What may still be written, in bytes, before the fingerprint of all the rest. */
    final int roomFor(MessageWriter out) {
        return parameters.frameSizeMaxBytes() - REST_MAX_BYTES - out.size();
    }

    private Fingerprint fingerprint(int lower, int upper) {
        return Fingerprint.of(set.sum(lower, upper));
    }
}
