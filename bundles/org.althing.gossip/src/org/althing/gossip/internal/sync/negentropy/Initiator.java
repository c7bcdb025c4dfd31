// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.Optional;
import java.util.Set;
import org.althing.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The side that asks and learns how the sets differ. One object serves one reconciliation: {@link #begin()}, then {@link #next} with each
 * answer until it gives nothing more to send. Belongs to the thread of its set, which may change between two messages; what changed meanwhile
 * is then told or not.
 *
 * @see <a href="https://github.com/hoytech/negentropy/blob/master/docs/negentropy-protocol-v1.md">Negentropy Protocol V1</a>
 */
public final class Initiator extends Exchange {

    private final Differences differences;
    private int rounds;

    /** Hears of each difference, at least once. */
    public interface Differences {

        /** We have it, the other side has not. */
        void have(Item item);

        /** The other side claims to have something with this id. */
        void need(byte[] id);
    }

    public Initiator(ItemTree set, Parameters parameters, Differences differences) {
        super(set, parameters);
        this.differences = differences;
    }

    /** The first message. */
    public byte[] begin() {
        rounds = 1;
        MessageWriter out = start();
        split(new Range(Item.FIRST, Item.INFINITE, 0, set.size()), out);
        return out.toBytes();
    }

    /**
     * Takes an answer.
     *
     * @return what to send next; empty if all is known, or enough rounds are done
     * @throws MalformedException if it is not a message of the version we speak
     */
    public Optional<byte[]> next(byte[] answer) {
        if (answer.length > Parameters.FRAME_SIZE_LIMIT_BYTES) {
            throw new MalformedException(0, "an answer of " + answer.length + " bytes");
        }
        MessageReader in = new MessageReader(answer);
        int version = in.version();
        if (version != VERSION) {
            throw new MalformedException(0, "an answer of version 0x" + Integer.toHexString(version));
        }
        byte[] next = answer(in).toBytes();
        if (next.length == 1 || rounds >= parameters.roundsMax()) {
            return Optional.empty();
        }
        rounds++;
        return Optional.of(next);
    }

    /** How many messages were made. */
    public int rounds() {
        return rounds;
    }

    @Override
    @Nullable
    Range answerList(Range range, Set<Item> theirs, MessageWriter out) {
        set.forEach(range.lower(), range.upper(), item -> {
            if (!theirs.remove(item.timeless())) {
                differences.have(item);
            }
        });
        theirs.forEach(item -> differences.need(item.id()));
        return null;
    }
}
