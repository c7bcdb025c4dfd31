// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as real processes on the loopback find one DAO, whatever happens to them. */
class PeersTest {

    private static final boolean SOAK = Boolean.getBoolean("althing.soak");
    private static final int NODES = 8;
    /** Whom everybody is told to be connected with; it dies half way. */
    private static final int BOOTSTRAP = 1;

    private static final int PARTITION_SECONDS = 3;

    @TempDir
    Path folder;

    @Test
    void threeNodesShowTheSameAndSeeBallotsOfEach() throws Exception {
        try (Network network = Network.started(folder, 3)) {
            network.join(1, 0);
            network.awaitVoting(1);
            network.join(2, 1);
            network.awaitVoting(2);
            for (int revision = 1; revision <= 3; revision++) {
                for (int i = 0; i < 3; i++) {
                    assertThat(network.vote(i, revision)).isTrue();
                }
            }
            network.awaitSame(0, 1, 2);
            network.assertNothingLost(0, 1, 2);
            network.assertNoProblems(0, 1, 2);
        }
    }

    @Test
    void theProofOfAForkOutlivesKillsReachesALateComerAndFreezesTheKey() throws Exception {
        try (Network network = Network.started(folder, 4)) {
            network.join(1, 0);
            network.join(2, 0, 1);
            network.awaitVoting(1);
            network.awaitVoting(2);
            network.awaitSame(0, 1, 2);
            network.node(0).kill(); // While there is no notary, no seal has the proof.
            List<Cid> halves = network.fork(1, 1, 2);
            network.awaitProof(1, 1);
            network.awaitProof(2, 1);
            network.node(2).kill();
            network.node(1).kill();
            network.node(1).begin();
            network.awaitProof(1, 1); // From its own disk: it is alone.
            network.join(3, 1);
            network.awaitProof(3, 1);
            network.node(2).begin();
            network.awaitProof(2, 1);
            for (int i = 1; i < network.size(); i++) {
                assertThat(network.held(i, halves))
                        .as("halves of the fork that node %d has taken", i)
                        .isLessThanOrEqualTo(1);
            }
            network.node(0).begin();
            for (int i = 0; i < network.size(); i++) {
                network.awaitFrozen(i, 1);
            }
            assertThat(network.vote(2, 1)).isTrue();
            network.awaitSame(0, 1, 2, 3);
        }
    }

    @Test
    void eightNodesLoseNothingToKillsAPartitionAndTheEndOfTheirBootstrapNode() throws Exception {
        long seed = Long.getLong("althing.seed", System.nanoTime());
        try {
            eight(new SplittableRandom(seed), SOAK ? 60 : 3);
        } catch (AssertionError e) {
            throw new AssertionError("with -Dalthing.seed=" + seed, e);
        }
    }

    private void eight(SplittableRandom random, int rounds) throws Exception {
        try (Network network = Network.started(folder, NODES)) {
            network.join(BOOTSTRAP, 0);
            network.awaitVoting(BOOTSTRAP);
            for (int i = 2; i < NODES; i++) {
                // Invited by the bootstrap node, and told of two more; only those who came first know the notary.
                network.join(i, BOOTSTRAP, i == 2 ? 0 : i - 1, i < 4 ? 0 : i - 2);
            }
            int[] all = but(-1);
            for (int i : all) {
                network.awaitVoting(i);
            }
            int[] left = all;
            for (int round = 1; round <= rounds; round++) {
                vote(network, left, round);
                if (round == rounds / 2) {
                    network.node(BOOTSTRAP).kill();
                    left = but(BOOTSTRAP);
                }
                int victim = left[random.nextInt(left.length)];
                network.node(victim).kill();
                vote(network, left, round);
                network.node(victim).begin();
                if (round == rounds - 1) {
                    divide(network, left, round);
                }
            }
            vote(network, left, rounds + 1);
            network.awaitSame(left);
            network.assertNothingLost(left);
            network.assertNoProblems(left);
        }
    }

    /** Those beyond the middle are cut off for a while; on both sides members go on. */
    private static void divide(Network network, int[] left, int round) throws Exception {
        int[] cutOff = Arrays.copyOfRange(left, left.length / 2, left.length);
        for (int i : cutOff) {
            network.node(i).pause();
        }
        try {
            vote(network, Arrays.copyOf(left, left.length / 2), round + 1);
            TimeUnit.SECONDS.sleep(PARTITION_SECONDS);
        } finally {
            for (int i : cutOff) {
                network.node(i).resume();
            }
        }
    }

    private static void vote(Network network, int[] members, int revision) {
        for (int i : members) {
            network.vote(i, revision);
        }
    }

    /** All but one that is dead for good. */
    private static int[] but(int dead) {
        return IntStream.range(0, NODES).filter(i -> i != dead).toArray();
    }
}
