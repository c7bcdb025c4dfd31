// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.ProposalView;
import org.althing.api.entry.Body;
import org.althing.api.evidence.Evidence;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a charter to an outcome and its evidence, on one node. */
@Timeout(120)
class RoundTripTest {

    @TempDir
    Path data;

    @Test
    void aDaoIsFoundedProposesVotesAndDecides() throws Exception {
        try (Community community = Community.founded(data, 5)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "Ferry", "Bridge", "Tunnel"));
            int[] votes = {1, 1, 0, 1};
            for (int i = 0; i < votes.length; i++) {
                assertThat(community
                                .say(community.device(i), TestDao.ballot(proposal, 0, votes[i]))
                                .state())
                        .isEqualTo("sealed");
            }
            ProposalView open = community.assembly().proposal(proposal.toString());
            assertThat(open.ballots()).isEqualTo(4);
            assertThat(open.tally().orElseThrow().running()).isTrue();
            ProposalView decided = community.decided(proposal);
            assertThat(decided.tally().orElseThrow()).satisfies(tally -> {
                assertThat(tally.winners()).containsExactly("Bridge");
                assertThat(tally.scores())
                        .containsEntry("Bridge", "3")
                        .containsEntry("Ferry", "1")
                        .containsEntry("Tunnel", "0");
                assertThat(tally.running()).isFalse();
                assertThat(tally.resultHash())
                        .isEqualTo(decided.results().getFirst().tally());
            });
            assertThat(decided.status()).isEqualTo("executed");
            assertThat(decided.results())
                    .singleElement()
                    .satisfies(result -> assertThat(result.notary())
                            .isEqualTo(community.node().notary().toString()));
            assertThat(community.assembly().status().problems()).isEmpty();
        }
    }

    @Test
    void aPassedProposalAdmitsAMemberWhoThenVotes() throws Exception {
        try (Community community = Community.founded(data, 3)) {
            TestMember guest = new TestMember("guest", community.signatures);
            Cid admission = community.open(TestDao.basic(guest.admit(Cid.parse(community.dao), 2, "member")));
            for (int i = 0; i < 3; i++) {
                community.say(community.device(i), TestDao.ballot(admission, 0, 0));
            }
            assertThat(community.decided(admission).status()).isEqualTo("executed");
            assertThat(community.assembly().members(community.dao))
                    .filteredOn(member -> member.name().equals("guest"))
                    .singleElement()
                    .satisfies(member -> {
                        assertThat(member.power()).isEqualTo("2");
                        assertThat(member.devices())
                                .containsExactly(guest.device().key().toString());
                    });
            Cid next = community.open(TestDao.question("single-choice", 1, "A", "B"));
            community.say(guest.device(), TestDao.ballot(next, 0, 1));
            assertThat(community.decided(next).tally().orElseThrow().winners()).containsExactly("B");
        }
    }

    @Test
    void aNewDeviceSpeaksForItsMemberUntilItIsRevoked() throws Exception {
        try (Community community = Community.founded(data, 2)) {
            TestMember member = community.members.get(1);
            var phone = member.device("phone");
            community.say(member.root(), member.adds(Cid.parse(community.dao), phone));
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            assertThat(community
                            .say(phone, new Body.Comment(proposal, Optional.empty(), "From the road"))
                            .state())
                    .isEqualTo("sealed");
            assertThat(community.assembly().comments(proposal.toString()))
                    .singleElement()
                    .satisfies(comment -> {
                        assertThat(comment.text()).isEqualTo("From the road");
                        assertThat(comment.authorName()).isEqualTo("m1");
                    });
            community.say(member.root(), new Body.KeyRevoked(phone.key()));
            assertThat(community.assembly().members(community.dao))
                    .filteredOn(view -> view.name().equals("m1"))
                    .singleElement()
                    .satisfies(view -> assertThat(view.devices())
                            .containsExactly(member.device().key().toString()));
        }
    }

    @Test
    void aBatchMayHoldAProposalAndWhatRefersToIt() throws Exception {
        try (Community community = Community.founded(data, 2)) {
            byte[] proposal = community.entry(community.device(0), TestDao.question("single-choice", 1, "A", "B"));
            Cid cid = Cid.hash(proposal);
            byte[] comment = community.entry(community.device(1), new Body.Comment(cid, Optional.empty(), "At once"));
            assertThat(community.assembly().submitAll(List.of(proposal, comment), Community.WAIT_MILLIS))
                    .extracting(Assembly.Submission::state)
                    .containsExactly("sealed", "sealed");
        }
    }

    @Test
    void aBallotIsReplacedByAHigherRevision() throws Exception {
        try (Community community = Community.founded(data, 2)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            String member = community.members.get(1).key().toString();
            assertThat(community.assembly().ballot(proposal.toString(), member)).isEmpty();
            community.say(community.device(1), TestDao.ballot(proposal, 0, 0));
            community.say(community.device(1), TestDao.ballot(proposal, 1, 1));
            assertThat(community
                            .assembly()
                            .ballot(proposal.toString(), member)
                            .orElseThrow()
                            .revision())
                    .isEqualTo(1);
            assertThat(community.decided(proposal).tally().orElseThrow().winners())
                    .containsExactly("B");
        }
    }

    @Test
    void manyEntriesOfOneMemberAreSpreadOverSeals() throws Exception {
        try (Community community =
                Community.founded(data, 1, new TestRules().quotas(4, 1_000).build())) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            long before = community.assembly().dao(community.dao).height();
            List<byte[]> comments = community.chain(
                    community.device(0), 10, i -> new Body.Comment(proposal, Optional.empty(), "No. " + i));
            assertThat(community.assembly().submitAll(comments, Community.WAIT_MILLIS))
                    .allSatisfy(answer -> assertThat(answer.state()).isEqualTo("sealed"));
            List<Assembly.SealView> seals = community.assembly().seals(community.dao, before + 1, 100);
            assertThat(seals.stream().mapToInt(Assembly.SealView::entries).sum())
                    .isEqualTo(10);
            assertThat(seals).allSatisfy(seal -> assertThat(seal.entries()).isLessThanOrEqualTo(4));
        }
    }

    @Test
    void evidenceOfTheOutcomeHolds() throws Exception {
        try (Community community = Community.founded(data.resolve("node"), 3)) {
            Cid proposal = community.open(TestDao.question("schulze", 1, "A", "B"));
            for (int i = 0; i < 3; i++) {
                var ranking = new org.althing.api.tally.Choice.Ranking(List.of(List.of(i % 2), List.of(1 - i % 2)));
                community.say(community.device(i), new Body.Ballot(proposal, 0, ranking));
            }
            community.decided(proposal);
            for (String subject : List.of(proposal.toString(), community.dao)) {
                Path file = data.resolve(subject + ".car");
                Assembly.EvidenceFile written = community.assembly().export(subject, file.toString());
                assertThat(written.sizeBytes()).isEqualTo(Files.size(file));
                Evidence.Report report = Installed.service(Evidence.class)
                        .verify(file, Optional.of(Cid.parse(community.dao)), Optional.empty());
                assertThat(report.claims()).noneMatch(claim -> claim.verdict() == Evidence.Verdict.FAILS);
                assertThat(report.holds()).isTrue();
            }
        }
    }
}
