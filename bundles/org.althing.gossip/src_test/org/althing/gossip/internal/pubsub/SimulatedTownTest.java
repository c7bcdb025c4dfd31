// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.althing.gossip.internal.pubsub.SimulatedTown.Figures;
import org.junit.jupiter.api.Test;

/** The course of {@code althing bench sim}, with fewer nodes. */
class SimulatedTownTest {

    @Test
    void everyEntryReachesEveryNodeAndACutIsMendedByEntrySync() {
        Figures figures = new SimulatedTown(1, 100).live();
        assertThat(figures.delivered()).isEqualTo(1.0);
        assertThat(figures.p99Millis()).isBetween(5.0, 3000.0);
        assertThat(figures.hopsMean()).isBetween(1.0, 6.0);
        assertThat(figures.duplicates()).isBetween(0.1, 12.0);
        assertThat(figures.missedInCut()).as("what gossip could not bring").isPositive();
        assertThat(figures.missedForGood()).isZero();
        assertThat(figures.convergedSeconds()).isBetween(0.0, 120.0);
        assertThat(figures.syncBytesPerSecond()).isPositive();
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        Figures one = new SimulatedTown(2, 30).live();
        assertThat(new SimulatedTown(2, 30).live()).isEqualTo(one);
        assertThat(new SimulatedTown(3, 30).live()).isNotEqualTo(one);
    }
}
