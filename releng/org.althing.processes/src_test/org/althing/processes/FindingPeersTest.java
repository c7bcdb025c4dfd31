// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as real processes on the loopback that know no address of each other find each other: each way alone. */
class FindingPeersTest {

    @TempDir
    Path folder;

    @Test
    void aNodeOfTheLocalNetworkIsFoundByMulticastDns() throws Exception {
        try (Network network = Network.started(folder, 2, List.of(), "--mdns")) {
            network.joinWithoutAddresses(1, 0);
            network.awaitVoting(1);
            assertThat(network.vote(1, 1)).isTrue();
            network.awaitSame(0, 1);
            network.assertNothingLost(0, 1);
            network.assertNoProblems(0, 1);
        }
    }

    @Test
    void aNodeIsFoundByARendezvousNodeThatHasNotJoinedTheDao() throws Exception {
        Path hub = Files.createDirectories(folder.resolve("hub"));
        try (NodeProcess rendezvous = NodeProcess.start(hub, List.of(), "--rendezvous");
                Network network = Network.started(folder, 3, List.of(rendezvous.address()))) {
            network.joinWithoutAddresses(1, 0);
            network.awaitVoting(1);
            network.joinWithoutAddresses(2, 0);
            network.awaitVoting(2);
            // It was needed to meet, not to stay together.
            rendezvous.kill();
            assertThat(network.vote(1, 1)).isTrue();
            assertThat(network.vote(2, 1)).isTrue();
            network.awaitSame(0, 1, 2);
            network.assertNothingLost(0, 1, 2);
            network.assertNoProblems(0, 1, 2);
        }
    }
}
