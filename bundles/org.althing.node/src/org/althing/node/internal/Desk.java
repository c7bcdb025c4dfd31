// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.althing.api.Signer;
import org.althing.api.evidence.Evidence;
import org.althing.api.governance.Governance;
import org.althing.api.node.Timer;
import org.althing.api.notary.SealingProtocol;
import org.althing.api.tally.TallyEngine;

/**
 * What every pipeline of a node works with.
 *
 * @param notary the node's notary key
 * @param counters runs recounts, few at a time
 * @param protocol how notaries agree, if such a bundle runs at the moment
 * @param tally who counts, if such a bundle runs at the moment
 * @param evidence who writes evidence, if such a bundle runs at the moment
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
        Listeners listeners) {}
