// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as real processes on two switches, and the cable between them is pulled. */
class PartitionTest {

    private static final int[] WEST = {0, 1};
    private static final int[] EAST = {2, 3};
    private static final int[] ALL = {0, 1, 2, 3};

    @TempDir
    Path folder;

    @Test
    void twoHalvesThatNobodyBringsTogetherFindEachOtherByThosePeersThatTheyRemember() throws Exception {
        String missing = CutLan.missing();
        assumeTrue(
                missing.isEmpty() || System.getenv("CI") != null,
                "needs root and network namespaces (iproute2): " + missing);
        try (CutLan lan = new CutLan()) {
            NodeProcess.Place meeting = lan.add(false);
            List<NodeProcess.Place> places = List.of(lan.add(false), lan.add(false), lan.add(true), lan.add(true));
            Path hub = Files.createDirectories(folder.resolve("hub"));
            try (NodeProcess rendezvous = NodeProcess.start(hub, meeting, List.of(), "--rendezvous");
                    Network network = Network.started(folder, places, List.of(rendezvous.address()))) {
                for (int i = 1; i < places.size(); i++) {
                    network.joinWithoutAddresses(i, 0);
                }
                for (int i : ALL) {
                    network.awaitVoting(i);
                }
                // From here on nobody knows of anybody but by remembering.
                rendezvous.kill();
                vote(network, 1, ALL);
                network.awaitSame(ALL);

                lan.cut();
                for (int i : EAST) {
                    network.node(i).end();
                }
                vote(network, 2, WEST);
                for (int i : EAST) {
                    network.node(i).begin();
                }
                vote(network, 2, EAST);
                vote(network, 3, ALL);
                for (int i : WEST) {
                    assertThat(network.has(0, network.member(i))).isTrue();
                    assertThat(network.has(2, network.member(i)))
                            .as("it is cut")
                            .isFalse();
                }
                for (int i : EAST) {
                    assertThat(network.has(0, network.member(i)))
                            .as("it is cut")
                            .isFalse();
                }

                lan.mend();
                network.awaitSame(ALL);
                network.assertNothingLost(ALL);
                network.assertNoProblems(ALL);
            }
        }
    }

    private static void vote(Network network, int revision, int... members) {
        for (int i : members) {
            assertThat(network.vote(i, revision))
                    .as("the ballot of member %d", i)
                    .isTrue();
        }
    }
}
