// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.ProposalView;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.governance.Notary;
import org.althing.api.identity.Keystore;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Merkle;
import org.althing.codec.SealCodec;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node knows after it was stopped in the middle of things. */
@Timeout(120)
class RestartTest {

    @TempDir
    Path data;

    @Test
    void givenARestartAfterEveryStep_thenTheOutcomeIsTheSame() throws Exception {
        try (Community community = Community.founded(data, 3)) {
            community.restart();
            String proposal = community
                    .say(community.device(0), TestDao.question("single-choice", 1, "A", "B"))
                    .entry();
            community.restart();
            community.timer.advanceTo(community.assembly().proposal(proposal).dueMillis());
            Community.await(() -> community.status(proposal).equals("voting"));
            community.restart();
            for (int i = 0; i < 3; i++) {
                community.say(community.device(i), TestDao.ballot(Cid.parse(proposal), 0, 1));
                String root = community.stateRoot();
                community.restart();
                assertThat(community.stateRoot()).isEqualTo(root);
            }
            ProposalView decided = community.decided(Cid.parse(proposal));
            community.restart();
            assertThat(community.assembly().proposal(proposal)).isEqualTo(decided);
            assertThat(decided.tally().orElseThrow().winners()).containsExactly("B");
            assertThat(community.assembly().status().problems()).isEmpty();
        }
    }

    @Test
    void givenADeadlineThatPassedWhileTheNodeWasDown_thenItClosesAndCountsAtOnce() throws Exception {
        try (Community community = Community.founded(data, 1)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            community.say(community.device(0), TestDao.ballot(proposal, 0, 0));
            long deadline = community.assembly().proposal(proposal.toString()).deadlineMillis();
            community.node().close();
            community.timer.advanceTo(deadline + 1_000);
            community.restart();
            Community.await(() -> community.status(proposal.toString()).equals("executed"));
        }
    }

    @Test
    void givenAnAcknowledgedEntryThatWasNotSealed_whenTheNodeStartsAgain_thenItIsSealed() throws Exception {
        try (Community community = Community.founded(data, 2)) {
            List<byte[]> entries =
                    community.chain(community.device(1), 200, i -> TestDao.question("single-choice", 1, "A" + i, "B"));
            List<Submission> answers = community.assembly().submitAll(entries, 0);
            assertThat(answers).noneMatch(answer -> answer.state().equals("refused"));
            community.restart();
            Community.await(() -> pending(community) == 0);
            assertThat(community.assembly().dao(community.dao).proposals()).isEqualTo(200);
        }
    }

    private static int pending(Community community) {
        try {
            return community.assembly().dao(community.dao).pending();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givenAClosedNode_thenItsAssemblySaysSo() throws Exception {
        try (Community community = Community.founded(data, 1)) {
            var assembly = community.assembly();
            community.node().close();
            assertThatThrownBy(() -> assembly.daos())
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("has stopped")
                    .hasMessageContaining("althing node");
            community.restart();
        }
    }

    @Test
    void givenANodeOnTheFolder_whenASecondStarts_thenItIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Community community = Community.founded(data, 1)) {
            NodeLauncher launcher = Installed.service(NodeLauncher.class);
            assertThatThrownBy(() -> launcher.start(NodeSettings.of(data)))
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining("holds the data folder")
                    .hasMessageContaining("--data");
            assertThat(Files.exists(community.node().socket())).isTrue();
            assertThat(community
                            .say(community.device(0), TestDao.question("single-choice", 1, "A", "B"))
                            .state())
                    .isEqualTo("sealed");
        }
    }

    @Test
    void givenAFolderThatIsAFile_thenTheErrorNamesItAndWhatToDo() throws Exception {
        Path file = Files.writeString(data.resolve("occupied"), "x");
        NodeLauncher launcher = Installed.service(NodeLauncher.class);
        assertThatThrownBy(() -> launcher.start(NodeSettings.of(file)))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--data")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void givenALedgerChangedBehindTheNode_thenTheDaoIsNotServedAndStatusSaysWhy() throws Exception {
        try (Community community = Community.founded(data, 1)) {
            community.say(community.device(0), TestDao.question("single-choice", 1, "A", "B"));
            community.node().close();
            damageTheCharter();
            community.restart();
            assertThat(community.assembly().daos()).isEmpty();
            assertThat(community.assembly().status().problems())
                    .anyMatch(problem -> problem.contains(community.dao) && problem.contains("not served"));
            // Founded again, it must not begin anew over what its ledger holds.
            byte[] charter = community.charter(new TestRules().build(), Community.notary(community.node()));
            assertThat(Cid.hash(charter)).hasToString(community.dao);
            assertThatThrownBy(() -> community.assembly().found(charter))
                    .isInstanceOf(AlthingException.class)
                    .hasMessageContaining(community.dao)
                    .hasMessageContaining("not served");
            assertThat(community.assembly().daos()).isEmpty();
        }
    }

    /** Turns a bit of the charter, where the entries lie. */
    private void damageTheCharter() throws Exception {
        byte[] words = "To be tested.".getBytes(StandardCharsets.US_ASCII);
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                for (int at = 0; at + words.length <= bytes.length; at++) {
                    if (Arrays.equals(bytes, at, at + words.length, words, 0, words.length)) {
                        bytes[at] ^= 1;
                        Files.write(file, bytes);
                    }
                }
            }
        }
    }

    @Test
    void givenASealThatNobodyCouldHaveMade_thenTheDaoIsNotServed() throws Exception {
        try (Community community = Community.founded(data, 1)) {
            community.node().close();
            // As if another notary had sealed on: the header is right in form, but claims a state that its entries do
            // not make.
            try (Ledger.Folder folder = Installed.service(Ledger.class).open(data)) {
                DaoLedger ledger = folder.dao(Cid.parse(community.dao));
                DaoLedger.Seal last = ledger.seal(0).orElseThrow();
                var header = SealCodec.decodeHeader(last.header());
                var forged = new SealHeader(
                        header.dao(),
                        0,
                        1,
                        1,
                        last.cid(),
                        header.timeMillis() + 1,
                        0,
                        Merkle.root(List.of()),
                        Cid.hash(new byte[] {1}),
                        header.set(),
                        header.nextSet());
                ledger.seal(new DaoLedger.Seal(1, SealCodec.encode(forged), List.of(), last.certificate()))
                        .join();
            }
            community.restart();
            assertThat(community.assembly().daos()).isEmpty();
            assertThat(community.assembly().status().problems())
                    .singleElement()
                    .asString()
                    .contains("height 1")
                    .contains("another state");
        }
    }

    @Test
    void givenALostVoteLog_thenTheNodeServesButSealsNoMore() throws Exception {
        try (Community community = Community.founded(data, 1)) {
            String root = community.stateRoot();
            community.node().close();
            try (Stream<Path> files = Files.walk(data)) {
                for (Path votes : files.filter(
                                file -> file.getFileName().toString().startsWith("votes"))
                        .toList()) {
                    Files.write(votes, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
                }
            }
            community.restart();
            byte[] proposal = community.entry(community.device(0), TestDao.question("single-choice", 1, "A", "B"));
            assertThat(community.assembly().submit(proposal, 0).state()).isEqualTo("pending");
            assertThat(community.stateRoot()).isEqualTo(root);
            assertThat(community.assembly().status().problems()).anyMatch(problem -> problem.contains("vote log"));
        }
    }

    @Test
    void givenAnotherNotaryKey_thenTheNodeDoesNotSeal() throws Exception {
        try (Community community = Community.founded(data, 1)) {
            community.node().close();
            Files.delete(data.resolve("notary.key"));
            var fresh = Installed.service(Keystore.class).notaryKey(data.resolve("notary.key"));
            community.restart();
            assertThat(community.node().notary()).isEqualTo(fresh.key());
            byte[] proposal = community.entry(community.device(0), TestDao.question("single-choice", 1, "A", "B"));
            assertThat(community.assembly().submit(proposal, 0).state()).isEqualTo("pending");
            assertThat(community.assembly().dao(community.dao).height()).isZero();
            assertThat(Community.notary(community.node()))
                    .extracting(Notary::key)
                    .containsExactly(fresh.key());
        }
    }
}
