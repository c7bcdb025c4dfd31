// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.althing.gossip.internal.pubsub.GossipWorld.Outcome;
import org.junit.jupiter.api.Test;

/** Networks in good faith: large ones, changing ones, broken ones. */
class SimulationTest {

    @Test
    void aThousandPeersAllGetEveryMessage() {
        GossipWorld world = new GossipWorld(1, 1000, GossipNode.Setup.standard());
        world.startHonest();
        world.run(10, 0);
        world.count();
        world.run(20, 2);
        world.run(5, 0);
        Outcome outcome = world.outcome();
        System.out.println(outcome + " events " + world.network.events());
        assertThat(outcome.delivered()).isEqualTo(1.0);
        assertThat(outcome.p99Micros()).isLessThan(1_000_000);
    }
}
