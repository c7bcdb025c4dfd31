// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.List;
import org.althing.gossip.internal.pubsub.Rpc.Message;

/** A message that is not judged yet. */
final class Incoming {

    /** A guess of the heap that it takes beside its data. */
    static final int BYTES = 260;

    final MessageId id;
    final Message message;
    final long sinceMillis;
    /** Whether it came because we had asked for it. */
    final boolean fetched;
    /** The first one brought it first; at most {@link RouterLimits#SENDERS_MAX}. */
    final List<Peer> senders = new ArrayList<>(2);
    /** Whose window it takes a place in, once it is handed to validation. */
    Peer validatedFor;

    boolean inValidation;

    Incoming(MessageId id, Message message, Peer from, long sinceMillis, boolean fetched) {
        this.id = id;
        this.message = message;
        this.sinceMillis = sinceMillis;
        this.fetched = fetched;
        this.validatedFor = from;
        senders.add(from);
    }

    int size() {
        return message.data().length;
    }
}
