// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.Set;
import org.althing.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The side that answers. It keeps nothing between two messages, so any number of initiators can be answered from one set. Belongs to the
 * thread of its set. Work for a message is in proportion to its size times the logarithm of the set's.
 *
 * @see <a href="https://github.com/hoytech/negentropy/blob/master/docs/negentropy-protocol-v1.md">Negentropy Protocol V1</a>
 */
public final class Responder extends Exchange {

    /** What is in front of the ids of a list: a skip, a bound, the mode and the count. */
    private static final int LIST_HEAD_MAX_BYTES =
            2 * (MessageWriter.BOUND_MAX_BYTES + 1) + MessageWriter.VARINT_MAX_BYTES;

    public Responder(ItemTree set, Parameters parameters) {
        super(set, parameters);
    }

    /**
     * The answer to a message; a single byte with the version we speak if the message is of another one.
     *
     * @throws MalformedException if it is not a message
     */
    public byte[] answer(byte[] message) {
        if (message.length > Parameters.FRAME_SIZE_LIMIT_BYTES) {
            throw new MalformedException(0, "a message of " + message.length + " bytes");
        }
        MessageReader in = new MessageReader(message);
        int version = in.version();
        if (!isVersion(version)) {
            throw new MalformedException(0, "not a message of Negentropy");
        }
        return version == VERSION ? answer(in).toBytes() : start().toBytes();
    }

    @Override
    @Nullable
    Range answerList(Range range, Set<Item> theirs, MessageWriter out) {
        if (isSame(range, theirs)) {
            return null;
        }
        int room = (roomFor(out) - LIST_HEAD_MAX_BYTES) / Item.ID_BYTES;
        if (room >= range.upper() - range.lower()) {
            list(range, out);
            return null;
        }
        if (room <= 0) {
            return range;
        }
        int upper = range.lower() + room;
        Item to = Item.boundBetween(set.get(upper - 1), set.get(upper));
        list(new Range(range.from(), to, range.lower(), upper), out);
        return new Range(to, range.to(), upper, range.upper());
    }

    private boolean isSame(Range range, Set<Item> theirs) {
        if (theirs.size() != range.upper() - range.lower()) {
            return false;
        }
        boolean[] same = {true};
        set.forEach(range.lower(), range.upper(), item -> same[0] &= theirs.contains(item.timeless()));
        return same[0];
    }
}
