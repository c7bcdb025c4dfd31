// SPDX-License-Identifier: EPL-2.0
package org.althing.api.gossip;

import java.util.concurrent.CompletionStage;
import org.althing.api.net.PeerId;

/** Listens to a topic and judges what comes before it is passed on. A service: as long as it is registered, the node is part of the topic. */
public interface TopicValidator {

    /** Does not change; neither is the beginning of another topic, nor another of it. One validator for each. */
    String topic();

    /**
     * Judges a message, and keeps what it accepts. Called on one thread, so must return soon and finish elsewhere; of one peer, at most some
     * hundred messages are under way at once. A verdict that fails or takes more than 20 s counts as {@link Verdict#IGNORE}.
     *
     * @param from who passed it on; not its author
     * @param message the array is the validator's
     */
    CompletionStage<Verdict> validate(PeerId from, byte[] message);

    /** Whether a peer may take part in this topic: it is sent nothing of it otherwise. Asked often, so answers at once; may change at any time. */
    default boolean admits(PeerId peer) {
        return true;
    }

    /** What becomes of a message. */
    enum Verdict {
        /** It is good: pass it on. */
        ACCEPT,
        /** A fault visible in the bytes: whoever passed it on did not look. */
        REJECT,
        /** It depends on state that others may have: do not pass it on, and blame nobody. */
        IGNORE
    }
}
