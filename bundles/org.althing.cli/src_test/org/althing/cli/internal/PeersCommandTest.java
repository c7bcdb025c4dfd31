// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.assembly.Assembly.NetworkView;
import org.althing.api.assembly.Assembly.PeerView;
import org.althing.api.assembly.Assembly.SyncView;
import org.althing.api.net.NetCounters;
import org.althing.api.node.AssemblyClients;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersCommandTest {

    private static final String SELF = "12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo";
    private static final String PEER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

    private final FakeAssembly assembly = new FakeAssembly();
    private CommandRun run = new CommandRun(Path.of(""));

    @BeforeEach
    void begin(@TempDir Path folder) {
        run = new CommandRun(folder).with(AssemblyClients.class, (Nearby) data -> assembly);
        run.variables.put("ALTHING_HOME", folder.toString());
    }

    private void network() {
        assembly.network = Optional.of(new NetworkView(
                SELF,
                List.of("/ip4/192.0.2.1/tcp/7147/p2p/" + SELF),
                2,
                new NetCounters(1, 1, 5, 1_572_864, 17, 0, 0, Map.of("reset", 3L))));
    }

    private static SyncView sync(long known, boolean stalled) {
        return new SyncView(
                FakeAssembly.DAO.toString(),
                4,
                known,
                known == 4,
                10,
                known - 4,
                200,
                stalled ? -1 : 65_000,
                3,
                stalled,
                stalled ? "3 peers do not answer" : "");
    }

    @Test
    void peersAreShownWithTheirConduct() {
        network();
        assembly.sync = List.of(sync(4, false));
        assembly.peers = List.of(
                new PeerView(
                        PEER,
                        "/ip4/192.0.2.7/tcp/40123",
                        true,
                        CommandRun.NOW_MILLIS - 3_600_000,
                        "js-libp2p/3\u001b[31m",
                        12_340,
                        -7.26,
                        1),
                new PeerView(SELF, "", false, CommandRun.NOW_MILLIS, "", -1, 0, 0));
        CommandRun.Printed printed = run.run("peers");
        assertThat(printed.exit()).isZero();
        assertThat(printed.out())
                .contains("Peer id     " + SELF)
                .contains("Listening   /ip4/192.0.2.1/tcp/7147/p2p/" + SELF)
                .contains("1 came in, 1 dialled")
                .contains("1.5 MiB in, 17 B out")
                .contains("has all 5 seals that are known")
                .contains("…" + PEER.substring(PEER.length() - 8))
                .contains("12.3 ms")
                .contains("-7.3")
                .contains("1 h")
                .contains("(not told)")
                .doesNotContain("\u001b[31m");
        assertThat(printed.out().lines().filter(line -> !line.startsWith("Listening")))
                .allMatch(line -> line.length() <= 80);
        JsonNode json = run.run("peers", "--json").json();
        assertThat(json.at("/peers/0/roundTripMicros").longValue()).isEqualTo(12_340);
        assertThat(json.at("/network/counters/ends/reset").longValue()).isEqualTo(3);
        assertThat(json.at("/sync/0/inSync").booleanValue()).isTrue();
    }

    @Test
    void howFarADaoHasCaughtUpIsToldInWords() {
        network();
        assembly.sync = List.of(
                sync(5, false),
                sync(9, true),
                new SyncView(FakeAssembly.DAO.toString(), -1, -1, true, 0, 0, 0, -1, 2, false, ""));
        assertThat(run.run("peers").out())
                .contains("is wanted, but none of 2 peers has it, or it is private")
                .contains("is at seal 4 of 5, 1 entry to come, 200 a second, 1 min 5 s left")
                .contains("is at seal 4 of 9, 5 entries to come; nothing comes: 3 peers do not answer")
                .contains("No peers yet; `althing dao invite`");
    }

    @Test
    void anInviteIsALinkThatJoins() {
        assembly.listening = List.of("/ip4/192.0.2.1/tcp/7147/p2p/" + SELF);
        String link = run.run("dao", "invite").out().strip();
        assertThat(link)
                .isEqualTo("althing:" + FakeAssembly.DAO + "?seal=" + FakeAssembly.SEAL
                        + "&height=3&peer=/ip4/192.0.2.1/tcp/7147/p2p/" + SELF);
        assertThat(run.run("dao", "invite", "--json").json().path("link").textValue())
                .isEqualTo(link);
        CommandRun.Printed printed = run.run("dao", "join", link);
        assertThat(printed.exit()).isZero();
        assertThat(printed.out()).contains("Joined " + FakeAssembly.DAO, "althing peers");
        assertThat(assembly.joined).contains(assembly.invite(""));
        assertThat(run.run("dao", "join", FakeAssembly.DAO.toString(), "--json")
                        .json()
                        .path("dao")
                        .textValue())
                .isEqualTo(FakeAssembly.DAO.toString());
    }

    @Test
    void whatIsNoInviteIsRefusedBeforeANodeIsAsked() {
        for (String wrong : List.of("", "x", "https://dao.example", "althing:" + FakeAssembly.DAO + "?seal=x")) {
            CommandRun.Printed printed = run.run("dao", "join", wrong);
            assertThat(printed.exit()).isEqualTo(2);
            assertThat(printed.err().lines()).hasSize(1);
            assertThat(printed.err()).contains("LINK: this is no invite: ").contains("in quotes");
        }
        assertThat(run.run("dao", "join").exit()).isEqualTo(2);
        assertThat(assembly.joined).isEmpty();
    }

    @Test
    void whoListensNowhereIsToldSo() {
        CommandRun.Printed printed = run.run("dao", "invite");
        assertThat(printed.exit()).isZero();
        assertThat(printed.err()).contains("listens nowhere").contains("--listen");
    }

    @Test
    void withoutANetworkItSaysWhatToDo() {
        CommandRun.Printed printed = run.run("peers");
        assertThat(printed.exit()).isEqualTo(3);
        assertThat(printed.err()).contains("this node has no network; start it with --listen");
    }
}
