// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.util.List;
import java.util.function.Consumer;
import org.althing.api.assembly.Assembly;

/** Tells what happens in a node, as it happens. Safe for use by many threads. */
public interface Feed {

    /**
     * Tells a listener everything from now on, in the order of each DAO. The listener runs on the thread that makes things happen: it must
     * return at once and not throw.
     */
    Subscription subscribe(Consumer<Happening> listener);

    /** A listener that is told. */
    interface Subscription extends AutoCloseable {

        /** The listener is told nothing more. Idempotent. */
        @Override
        void close();
    }

    /** Something that happened; views show it already. Identifiers are text as in {@link org.althing.api.assembly.Assembly}. */
    sealed interface Happening {

        String dao();
    }

    /** A seal was stored and applied. */
    record Sealed(String dao, long height, String header, long timeMillis, int entries, String stateRoot)
            implements Happening {}

    /**
     * A seal moved a proposal on, or changed what is counted for it.
     *
     * @param status as in {@link org.althing.api.assembly.Assembly.ProposalView}
     * @param moved whether the status is new
     * @param ballots how many count now
     * @param height of the seal
     */
    record ProposalChanged(String dao, String proposal, String status, boolean moved, long ballots, long height)
            implements Happening {}

    /**
     * Entries came in and are durable; a seal will follow.
     *
     * @param entries their CIDs, at most {@link #ENTRIES_MAX}
     * @param count how many there are in all
     */
    record EntriesTaken(String dao, List<String> entries, int count) implements Happening {

        /** CIDs that one happening names. */
        public static final int ENTRIES_MAX = 64;

        public EntriesTaken {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A DAO is behind its peers and something has changed about that, or it has just caught up; told once in a while, not at each entry.
     *
     * @param sync how far it is
     */
    record CatchingUp(String dao, Assembly.SyncView sync) implements Happening {}
}
