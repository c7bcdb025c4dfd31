// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica.EntryAnswer;
import org.althing.api.sync.Replica.Pending;

/** What happens to a {@link PendingSync}. */
sealed interface PendingEvent {

    record Joined(PeerId peer) implements PendingEvent {}

    record Left(PeerId peer) implements PendingEvent {}

    /** A peer has shown that it has pending entries which we lack. */
    record Differs(PeerId peer) implements PendingEvent {}

    record Answered(PeerId peer, long id, Answer answer) implements PendingEvent {}

    record Failed(PeerId peer, long id, String reason) implements PendingEvent {}

    /** Entries are pending that were not. */
    record Came(List<Pending> entries) implements PendingEvent {}

    /** Entries are pending no more. */
    record Went(List<Pending> entries) implements PendingEvent {}

    /** What became of the entries of a {@link PendingAction.Bring}, in their order; none if the node cannot take any now. */
    record Judged(long id, List<EntryAnswer> answers) implements PendingEvent {}

    /** Time has passed. */
    record Ticked() implements PendingEvent {}
}
