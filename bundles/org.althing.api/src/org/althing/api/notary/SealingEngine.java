// SPDX-License-Identifier: EPL-2.0
package org.althing.api.notary;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.ledger.DaoLedger.Seal;

/** Turns pending entries and due transitions into seals: (state, event) to (state, actions). */
public interface SealingEngine {

    /**
     * Takes an event.
     *
     * @return what the shell must do, in this order; each action must be complete (durable, where it stores) before the next begins
     */
    List<Action> handle(Event event);

    /** What happens to the engine. */
    sealed interface Event {

        /**
         * The node starts: everything this notary has promised before.
         *
         * @param votes the vote log, in order
         * @param state the state after the last seal of the ledger
         * @param last that seal; empty before the charter is sealed
         */
        record Started(List<byte[]> votes, DaoState state, Optional<Seal> last) implements Event {
            public Started {
                votes = List.copyOf(votes);
            }
        }

        /**
         * Something may be waiting: entries, a due transition, or the time that {@link Action.WakeAt} asked for.
         *
         * @param state the state after the last seal of the ledger
         * @param pending pending entries with checked signatures
         * @param nowMillis this node's clock, Unix milliseconds
         */
        record Work(DaoState state, Collection<Entry> pending, long nowMillis) implements Event {}
    }

    /** What the shell must do. */
    sealed interface Action {

        /** Store a vote before anything that follows may leave this process. */
        record StoreVote(byte[] vote) implements Action {
            public StoreVote {
                vote = vote.clone();
            }
        }

        /**
         * Store a final seal and apply it, then send {@link Event.Work} again.
         *
         * @param step what applying it to the state of the event gives, if the engine did so: nobody need do it twice
         */
        record Finalize(Seal seal, Optional<DaoState.Step> step) implements Action {}

        /** Send {@link Event.Work} at this time at the latest. */
        record WakeAt(long timeMillis) implements Action {}

        /** This notary must not sign; it stays silent until it is replaced or restarted. The reason is for the operator. */
        record Halt(String reason) implements Action {}
    }
}
