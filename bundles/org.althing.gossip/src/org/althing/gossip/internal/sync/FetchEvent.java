// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica;

/** What happens to a {@link Fetcher}. */
sealed interface FetchEvent {

    /** A peer that speaks the protocol can be asked. */
    record Joined(PeerId peer) implements FetchEvent {}

    /** It cannot be asked any more; what it was asked will not be answered. */
    record Left(PeerId peer) implements FetchEvent {}

    /** A peer has told of its own accord how far it is. */
    record Claimed(PeerId peer, long height) implements FetchEvent {}

    /** A peer knows the DAO by now, or gives it to us by now: that it did not before is forgotten. */
    record Knows(PeerId peer) implements FetchEvent {}

    /** @param sizeBytes of the answer on the wire */
    record Answered(PeerId peer, long id, Answer answer, int sizeBytes) implements FetchEvent {}

    /** A request could not be sent, or its stream broke. */
    record Failed(PeerId peer, long id, String reason) implements FetchEvent {}

    /** The peer broke the protocol in a way that bytes prove. */
    record Misbehaved(PeerId peer, String reason) implements FetchEvent {}

    /** The node has taken a seal. */
    record Taken(long height) implements FetchEvent {}

    /** The node has refused a seal, or cannot store one. */
    record NotTaken(long height, String reason) implements FetchEvent {}

    /** The chain of the node grew, whoever brought the seal. */
    record Advanced(Replica.Tip tip) implements FetchEvent {}

    /** Time has passed. */
    record Ticked() implements FetchEvent {}
}
