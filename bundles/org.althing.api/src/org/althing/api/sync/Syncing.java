// SPDX-License-Identifier: EPL-2.0
package org.althing.api.sync;

import java.util.Optional;
import org.althing.api.Cid;

/** Tells how far DAOs have caught up. A service of whoever exchanges entries with peers. Safe for use by many threads. */
public interface Syncing {

    /** Empty if nobody catches up for this DAO. Answers at once. */
    Optional<SyncProgress> progress(Cid dao);
}
