// SPDX-License-Identifier: EPL-2.0
package org.althing.api.sync;

import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;

/** Tells how far DAOs have caught up. A service of whoever exchanges entries with peers. Safe for use by many threads. */
public interface Syncing {

    /** Empty if nobody catches up for this DAO. Answers at once. */
    Optional<SyncProgress> progress(Cid dao);

    /** Whether a peer may have what belongs to this DAO: it is public, or the peer has proved to be the node of an active member. */
    default boolean mayHave(Cid dao, PeerId peer) {
        return true;
    }

    /** Says that a peer has shown, e.g. by gossip, that it has the seal at this height: entry sync need not wait until it asks. */
    void claimed(Cid dao, PeerId peer, long height);

    /** Says that a peer has shown, e.g. by gossip, that it has pending entries which this node lacks: it is the next to reconcile with. */
    void differs(Cid dao, PeerId peer);
}
