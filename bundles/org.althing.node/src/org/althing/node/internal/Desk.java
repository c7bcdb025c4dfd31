// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.Signer;
import org.althing.api.evidence.Evidence;
import org.althing.api.governance.Governance;
import org.althing.api.node.Timer;
import org.althing.api.notary.SealingProtocol;
import org.althing.api.sync.SyncProgress;
import org.althing.api.sync.Syncing;
import org.althing.api.tally.TallyEngine;

/**
 * What every pipeline of a node works with.
 *
 * @param notary the node's notary key
 * @param counters runs recounts, few at a time
 * @param protocol how notaries agree, if such a bundle runs at the moment
 * @param tally who counts, if such a bundle runs at the moment
 * @param evidence who writes evidence, if such a bundle runs at the moment
 * @param syncing who catches up with peers, if such a bundle runs at the moment
 * @param outbox where goes what is to be spread
 * @param listeners who is told what happens
 */
record Desk(
        Governance governance,
        Verifier verifier,
        Signer notary,
        Timer timer,
        Executor counters,
        Supplier<Optional<SealingProtocol>> protocol,
        Supplier<Optional<TallyEngine>> tally,
        Supplier<Optional<Evidence>> evidence,
        Supplier<Optional<Syncing>> syncing,
        Outbox outbox,
        Listeners listeners) {

    /** How far a DAO has caught up; empty if nobody does that. */
    Optional<SyncProgress> progress(Cid dao) {
        return syncing.get().flatMap(service -> service.progress(dao));
    }
}
