// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.althing.codec.MalformedException;
import org.althing.fuzz.FuzzTarget;

/** Messages of Negentropy, for whoever asks and for whoever answers. */
public final class NegentropyTarget {

    private static final Parameters PARAMETERS = new Parameters(4, Parameters.FRAME_SIZE_MIN_BYTES, 8);
    private static final ItemTree OURS = tree(1);

    private NegentropyTarget() {}

    public static List<byte[]> seeds() {
        byte[] asked = initiator(tree(2)).begin();
        byte[] answered = new Responder(OURS, PARAMETERS).answer(asked);
        Optional<byte[]> next = initiator(tree(2)).next(answered);
        byte[] lists = initiator(tree(1, 5)).begin();
        return List.of(asked, answered, next.orElse(answered), lists, new byte[] {0x60}, new byte[] {0x61});
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            byte[] answer = new Responder(OURS, PARAMETERS).answer(input);
            FuzzTarget.require(answer.length <= PARAMETERS.frameSizeMaxBytes(), "an answer keeps to its bound");
            understood(answer);
        } catch (MalformedException e) {
            // Refused, as declared.
        }
        try {
            Optional<byte[]> next = asking().next(input);
            next.ifPresent(message -> FuzzTarget.require(
                    message.length <= PARAMETERS.frameSizeMaxBytes(), "a question keeps to its bound"));
            next.ifPresent(NegentropyTarget::understood);
        } catch (MalformedException e) {
            // Refused, as declared.
        }
    }

    /** What is made of any message is a message. */
    private static void understood(byte[] ours) {
        try {
            new Responder(OURS, PARAMETERS).answer(ours);
        } catch (MalformedException e) {
            throw new AssertionError("an answer that is no message", e);
        }
    }

    private static Initiator asking() {
        Initiator initiator = initiator(OURS);
        initiator.begin();
        return initiator;
    }

    private static Initiator initiator(ItemTree set) {
        return new Initiator(set, PARAMETERS, new Initiator.Differences() {
            @Override
            public void have(Item item) {
                FuzzTarget.require(OURS.size() > 0, "what is told of is ours");
            }

            @Override
            public void need(byte[] id) {
                FuzzTarget.require(id.length == Item.ID_BYTES, "an id is whole");
            }
        });
    }

    private static ItemTree tree(long seed) {
        return tree(seed, 300);
    }

    private static ItemTree tree(long seed, int size) {
        Random random = new Random(seed);
        ItemTree tree = new ItemTree();
        for (int i = 0; i < size; i++) {
            tree.add(new Item(random.nextInt(20), random.nextInt(3), random.nextLong(), 0, random.nextLong()));
        }
        return tree;
    }
}
