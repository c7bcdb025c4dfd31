// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.net.PeerId;

/** What a {@link Fetcher} wants done. */
sealed interface FetchAction {

    /** Send a request; its answer, or that there will be none, comes back with this number. */
    record Ask(PeerId peer, long id, Request request) implements FetchAction {}

    /** Bring the node the next seal, with its entries that the ledger lacks. */
    record Bring(Seal seal, List<byte[]> entries) implements FetchAction {
        public Bring {
            entries = List.copyOf(entries);
        }
    }

    /** A peer was slow, silent, or without what it claimed; it is left alone for a while. */
    record Pause(PeerId peer, String reason, long millis) implements FetchAction {}

    /** A peer has lied or broken the protocol; it is asked nothing more. */
    record Ban(PeerId peer, String reason) implements FetchAction {}

    /** People must know: nothing comes, or what came cannot be. */
    record Alarm(String problem) implements FetchAction {}
}
