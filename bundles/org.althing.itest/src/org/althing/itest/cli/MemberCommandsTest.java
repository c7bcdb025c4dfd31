// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.codec.Ed25519;
import org.althing.testkit.governance.TestMember;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a DAO, typed by its members. */
class MemberCommandsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long HOUR_MILLIS = 3_600_000;

    @TempDir
    Path folder;

    private final SteppedTimer timer = new SteppedTimer(1_800_000_000_000L);
    private Path passphrase = Path.of("");
    private Path data = Path.of("");
    private RunningNode node;

    @BeforeEach
    void start() throws Exception {
        data = folder.resolve("data");
        passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse\n");
        node = Shell.service(NodeLauncher.class).start(new NodeSettings(data, Optional.of(timer)));
        sign("key", "new", "--name", "Asta").fine();
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void aMotionIsProposedVotedDecidedExportedAndVerified() throws Exception {
        String dao = found("--role", "member", "--role", "guardian");
        String proposal = propose("Buy the ferry", "--text", "It floats.");
        type("vote", proposal, "Maybe").fails(2, "no option 'Maybe'; the options are 1 For, 2 Against, 3 Abstain");
        assertThat(sign("vote", proposal.substring(0, 16), "Against", "--json")
                        .fine()
                        .json()
                        .path("revision")
                        .asLong())
                .isZero();
        JsonNode second = sign("vote", proposal, "for", "--json").fine().json();
        assertThat(second.path("revision").asLong()).isEqualTo(1);
        assertThat(second.path("state").asText()).isEqualTo("sealed");
        sign("comment", proposal, "At last").fine();
        decide(proposal, "executed");
        JsonNode shown = type("show", proposal, "--json").fine().json();
        assertThat(shown.path("tally").path("winners").get(0).asText()).isEqualTo("For");
        assertThat(shown.path("myBallot").path("choice").asText()).isEqualTo("For");
        assertThat(shown.path("comments").get(0).path("text").asText()).isEqualTo("At last");
        assertThat(type("show", proposal).fine().out())
                .contains("Buy the ferry", "executed: For", "Your ballot: For", "At last");
        sign("vote", proposal, "Against").fails(2, "is not open for votes: it is executed");

        Path file = folder.resolve("ferry.car");
        type("export", proposal, file.toString()).fine();
        JsonNode report =
                type("verify", "--dao", dao, file.toString(), "--json").fine().json();
        assertThat(report.path("holds").asBoolean()).isTrue();
        assertThat(report.path("outcomes").get(0).path("winners").get(0).asText())
                .isEqualTo("For");
        Typed other = Typed.type("verify", "--dao", proposal, file.toString());
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.out()).contains("NOT verified");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Typed tampered = Typed.type(
                "verify", Files.write(folder.resolve("tampered.car"), bytes).toString(), "--json");
        assertThat(tampered.exit()).isEqualTo(1);
        assertThat(tampered.json().path("holds").asBoolean()).isFalse();
    }

    @Test
    void aPassedProposalChangesTheRules() throws Exception {
        found();
        sign("propose", "Rules", "--set-rule", "colour=red").fails(2, "no rule 'colour'");
        sign("propose", "Rules", "--set-rule", "voting=0s").fails(2, "out of range");
        sign("propose", "Rules", "--set-rule", "role.clerk=reign").fails(2, "no right 'reign'");
        String proposal = propose(
                "Rules",
                "--set-rule",
                "quorum=1/3",
                "--set-rule",
                "time-lock=2d",
                "--set-rule",
                "role.clerk=comment,propose",
                "--set-rule",
                "methods=basic,schulze");
        await(proposal, "voting");
        sign("vote", proposal, "For").fine();
        decide(proposal, "executed");
        JsonNode rules = type("dao", "show", "--json").fine().json().path("rules");
        assertThat(rules.path("quorum").asText()).isEqualTo("1/3");
        assertThat(rules.path("timeLockMillis").asLong()).isEqualTo(48 * HOUR_MILLIS);
        assertThat(rules.path("roles").path("clerk")).hasSize(2);
        assertThat(rules.path("roles").path("member")).isNotEmpty();
        assertThat(rules.path("methods")).hasSize(2);
        assertThat(rules.path("threshold").asText()).isEqualTo("1/2");
        sign("propose", "Colour", "--option", "Red", "--option", "Blue", "--method", "approval")
                .fails(2, "not enabled");
    }

    @Test
    void aStrangerCannotVoteUntilAdmitted() throws Exception {
        String dao = found();
        String question = propose("Colour", "--option", "Red", "--option", "Blue", "--method", "approval");
        sign("key", "new", "--name", "Brynja").fine();
        as("brynja", "vote", question, "Red").fails(2, "is not known to DAO");
        Path card = folder.resolve("brynja.card");
        as("brynja", "key", "card", "--dao", dao, "--out", card.toString()).fine();
        String admission = as("asta", "propose", "Admit Brynja", "--admit", card.toString(), "--json")
                .fine()
                .json()
                .path("entry")
                .asText();
        await(admission, "voting");
        as("asta", "vote", admission, "For").fine();
        decide(admission, "executed");
        String next = as(
                        "brynja",
                        "propose",
                        "Ranking",
                        "--option",
                        "A",
                        "--option",
                        "B",
                        "--option",
                        "C",
                        "--method",
                        "schulze",
                        "--json")
                .fine()
                .json()
                .path("entry")
                .asText();
        await(next, "voting");
        as("brynja", "vote", next, "B > A = C").fine();
        assertThat(as("brynja", "vote", next, "--blank", "--json")
                        .fine()
                        .json()
                        .path("revision")
                        .asLong())
                .isEqualTo(1);
        assertThat(type("dao", "show", "--json").fine().json().path("memberList"))
                .hasSize(2);
    }

    @Test
    void offlineBallotsAreHandedInLater() throws Exception {
        found();
        String proposal = propose("Buy the ferry");
        Path file = folder.resolve("ballot.entry");
        sign("vote", proposal, "For", "--offline", file.toString()).fine();
        sign("comment", proposal, "hm").fails(2, "signed entries that no node has seen");
        assertThat(type("import", file.toString()).fine().out()).contains("1 entry: 1 sealed");
        sign("comment", proposal, "hm").fine();
        assertThat(type("show", proposal, "--json").json().path("ballots").asLong())
                .isEqualTo(1);
    }

    @Test
    void badInputIsOneLine() throws Exception {
        found();
        sign("vote", "bafyreiaaaaaaaaaa", "For").fails(2, "");
        String weighted = propose("Budget", "--option", "A", "--option", "B", "--method", "weighted");
        for (String weight : List.of("NaN", "Infinity", "-1", "1000001", "0.5")) {
            sign("vote", weighted, "A=" + weight).fails(2, "'A=" + weight + "'");
        }
        sign("vote", weighted, "A=0").fails(2, "no valid ballot for weighted");
        sign("vote", weighted, "C=1").fails(2, "no option 'C'");
        sign("propose", "x", "--method", "dice").fails(2, "no voting method 'dice'");
        sign("propose", "x", "--voting", "1ms").fails(2, "");
        String stranger = new TestMember("stranger", Ed25519.fastest()).key().toString();
        sign("propose", "x", "--remove", stranger).fails(2, "--remove: " + stranger + " is no member of this DAO");
        sign("propose", "x", "--set-roles", stranger + "=member").fails(2, "is no member of this DAO");
        sign("propose", "x", "--set-power", stranger + "=2").fails(2, "is no member of this DAO");
        sign("propose", "x", "--option", "A", "--seats", "2").fails(2, "--seats: 2 is out of range; write 1 to 1");
        sign("withdraw", weighted).fails(2, "");
        sign("veto", weighted, "No").fails(2, "");
        type("export", weighted, folder.resolve("early.car").toString()).fails(2, "");
        type("proposals", "--dao", "bafyreiaaaaaaaaaa").fails(2, "");
        type("vote", weighted, "A=1", "--identity", "nobody").fails(2, "no identity 'nobody'");
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong horse\n");
        type("vote", weighted, "A=1", "--passphrase-file", wrong.toString()).fails(3, "");
    }

    @Test
    void oneFolderHasOneNodeAndMustBeWritable() throws Exception {
        Typed.type("node", "--data", data.toString()).fails(3, data.toString());
        Path file = Files.writeString(folder.resolve("file"), "x");
        Typed.type("node", "--data", file.resolve("data").toString()).fails(3, file.toString());
        Typed.type("status", "--data", folder.resolve("nobody").toString()).fails(3, "no node serves");
    }

    @Test
    void givenAPortInUseOrNoAddress_thenTheNodeSaysSoAndDoesNotRun() throws Exception {
        Path fresh = folder.resolve("fresh");
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            String place = "127.0.0.1:" + taken.getLocalPort();
            Typed.type("node", "--data", fresh.toString(), "--http", place).fails(3, "cannot listen on " + place);
        }
        for (String bad : List.of("7146", "localhost", "localhost:x", "localhost:65536", ":7146", "")) {
            Typed.type("node", "--data", fresh.toString(), "--http", bad).fails(2, "HOST:PORT");
        }
    }

    private String found(String... options) {
        List<String> line = new ArrayList<>(List.of("dao", "create", "Ferry co-op", "--voting", "1h", "--json"));
        line.addAll(List.of(options));
        return sign(line.toArray(String[]::new)).fine().json().path("dao").asText();
    }

    private String propose(String title, String... options) {
        List<String> line = new ArrayList<>(List.of("propose", title, "--json"));
        line.addAll(List.of(options));
        String proposal =
                sign(line.toArray(String[]::new)).fine().json().path("entry").asText();
        await(proposal, "voting");
        return proposal;
    }

    private void decide(String proposal, String status) {
        timer.advance(HOUR_MILLIS + 1);
        await(proposal, status);
    }

    /** Waits for what the node's threads do. */
    private void await(String proposal, String status) {
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            timer.advance(1);
            try {
                String now = node.assembly().proposal(proposal).status();
                if (now.equals(status)) {
                    return;
                }
                assertThat(System.nanoTime())
                        .as("'" + status + "' within " + PATIENCE + ", but it is '" + now + "'")
                        .isLessThan(endNanos);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            Thread.onSpinWait();
        }
    }

    private Typed type(String... line) {
        List<String> all = new ArrayList<>(List.of(line));
        all.addAll(List.of("--data", data.toString()));
        return Typed.type(all.toArray(String[]::new));
    }

    private Typed sign(String... line) {
        List<String> all = new ArrayList<>(List.of(line));
        all.addAll(List.of("--passphrase-file", passphrase.toString()));
        return type(all.toArray(String[]::new));
    }

    private Typed as(String identity, String... line) {
        List<String> all = new ArrayList<>(List.of(line));
        all.addAll(List.of("--identity", identity));
        return sign(all.toArray(String[]::new));
    }
}
