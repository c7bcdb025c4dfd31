// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
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
        assertThat(outcome.delivered()).isEqualTo(1.0);
        assertThat(outcome.p99Micros()).isLessThan(1_000_000);
    }

    @Test
    void theSameSeedReplaysTheSameRun() {
        assertThat(town(3).network.events())
                .isEqualTo(town(3).network.events())
                .isNotEqualTo(town(4).network.events());
        assertThat(town(3).outcome()).isEqualTo(town(3).outcome());
    }

    private static GossipWorld town(long seed) {
        GossipWorld world = new GossipWorld(seed, 30, GossipNode.Setup.standard());
        world.startHonest();
        world.run(10, 3);
        world.settle();
        return world;
    }

    @Test
    void nodesThatComeAndGoCostTheOthersNothing() {
        int size = 60;
        int stable = 30;
        GossipWorld world = new GossipWorld(5, size, GossipNode.Setup.standard());
        world.startHonest();
        world.run(10, 0);
        world.count();
        for (int i = 0; i < 60; i++) {
            int node = stable + i % (size - stable);
            world.network.at((10 + i) * GossipWorld.SECOND, () -> world.network.stop(node));
            world.network.at((18 + i) * GossipWorld.SECOND, () -> {
                world.honest.get(node).forget(world.network.random());
                world.network.start(node);
            });
        }
        world.run(60, 2, IntStream.range(0, stable).toArray());
        world.settle();
        for (int node = 0; node < stable; node++) {
            Outcome outcome = world.outcome(0, Long.MAX_VALUE, node, -1);
            assertThat(outcome.delivered()).as("node " + node).isEqualTo(1.0);
            assertThat(outcome.p99Micros()).isLessThan(GossipWorld.SECOND);
        }
    }

    @Test
    void aPartitionThatHealsIsOneNetworkAgain() {
        GossipWorld world = new GossipWorld(6, 60, GossipNode.Setup.standard());
        world.startHonest();
        world.run(10, 2);
        world.network.partition(node -> node < 20);
        long cut = world.network.nowMicros();
        world.run(120, 1);
        assertThat(world.outcome(cut, Long.MAX_VALUE, -1, -1).delivered()).isLessThan(0.7);
        world.network.heal();
        world.run(30, 2);
        world.count();
        world.run(20, 2);
        world.settle();
        assertThat(world.outcome().delivered()).isEqualTo(1.0);
        assertThat(world.outcome().p99Micros()).isLessThan(GossipWorld.SECOND);
    }
}
