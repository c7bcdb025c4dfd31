// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of the house are uninstalled, and others of another name take their place, while ballots are on their way. */
@Timeout(120)
class ReplacementTest {

    private static final int MEMBERS = 5;
    private static final int SOME_BALLOTS = 40;

    @TempDir
    Path data;

    private static Cid opened(Community community) throws Exception {
        return community.open(TestDao.question("single-choice", 1, "A", "B"));
    }

    private static void awaitProblem(Community community, String part) {
        Community.await(() -> community.problems().stream().anyMatch(problem -> problem.contains(part)));
    }

    private static void awaitNoProblem(Community community) {
        Community.await(() -> community.problems().isEmpty());
    }

    @Test
    void givenAnotherTallyEngine_thenItCountsWhatThisOneDidNot() throws Exception {
        byte[] other = Providers.copyOf("org.althing.tally", "test.tally");
        try (Community community = Community.founded(data, MEMBERS)) {
            Cid proposal = opened(community);
            try (Traffic traffic = Traffic.start(community, proposal)) {
                traffic.flow(SOME_BALLOTS);
                try (Providers.Gone gone = Providers.uninstall("org.althing.tally")) {
                    awaitProblem(community, "no tally engine");
                    traffic.finish();
                    community.timer.advanceTo(
                            community.assembly().proposal(proposal.toString()).deadlineMillis());
                    awaitProblem(community, "cannot recount " + proposal);
                    assertThat(community.status(proposal.toString())).isEqualTo("closed");
                    try (Providers.Guest guest = Providers.install("test.tally", other)) {
                        traffic.checkOutcome();
                    }
                    awaitProblem(community, "no tally engine");
                }
                awaitNoProblem(community);
            }
        }
    }

    @Test
    void givenAnotherBundleOfVotingMethods_thenStatusNamesTheMethodMeanwhile() throws Exception {
        byte[] other = Providers.copyOf("org.althing.methods", "test.methods");
        try (Community community = Community.founded(data, MEMBERS)) {
            Cid proposal = opened(community);
            try (Traffic traffic = Traffic.start(community, proposal)) {
                traffic.flow(SOME_BALLOTS);
                try (Providers.Gone gone = Providers.uninstall("org.althing.methods")) {
                    awaitProblem(community, "voting method single-choice version 1");
                    traffic.flow(SOME_BALLOTS);
                    try (Providers.Guest guest = Providers.install("test.methods", other)) {
                        awaitNoProblem(community);
                        traffic.checkOutcome();
                    }
                }
            }
        }
    }

    @Test
    void givenAnotherNotary_thenItSealsWhatWasAcknowledgedMeanwhile() throws Exception {
        byte[] other = Providers.copyOf("org.althing.notary", "test.notary");
        try (Community community = Community.founded(data, MEMBERS)) {
            Cid proposal = opened(community);
            try (Traffic traffic = Traffic.start(community, proposal)) {
                traffic.flow(SOME_BALLOTS);
                try (Providers.Gone gone = Providers.uninstall("org.althing.notary")) {
                    awaitProblem(community, "no sealing protocol");
                    traffic.flow(SOME_BALLOTS);
                    assertThat(community.assembly().dao(community.dao).pending())
                            .isPositive();
                    try (Providers.Guest guest = Providers.install("test.notary", other)) {
                        awaitNoProblem(community);
                        traffic.checkOutcome();
                    }
                }
            }
        }
    }

    @Test
    void givenAnotherGossip_thenStatusSaysWhatIsMissingMeanwhileAndNoBallotIsLost() throws Exception {
        byte[] other = Providers.copyOf("org.althing.gossip", "test.gossip");
        try (Community community = Community.networked(data, MEMBERS)) {
            awaitNoProblem(community);
            Cid proposal = opened(community);
            try (Traffic traffic = Traffic.start(community, proposal)) {
                traffic.flow(SOME_BALLOTS);
                try (Providers.Gone gone = Providers.uninstall("org.althing.gossip")) {
                    awaitProblem(community, "no gossip");
                    awaitProblem(community, "no entry sync");
                    traffic.flow(SOME_BALLOTS);
                    try (Providers.Guest guest = Providers.install("test.gossip", other)) {
                        awaitNoProblem(community);
                        traffic.checkOutcome();
                    }
                    awaitProblem(community, "no gossip");
                }
                awaitNoProblem(community);
            }
        }
    }

    @Test
    void givenAnotherLedgerOnTheSameFolder_thenTheNodeReplaysAndGoesOn() throws Exception {
        byte[] other = Providers.copyOf("org.althing.ledger", "test.ledger");
        try (Community community = Community.founded(data, MEMBERS)) {
            Cid proposal = opened(community);
            try (Traffic traffic = Traffic.start(community, proposal)) {
                traffic.flow(SOME_BALLOTS);
                try (Providers.Gone gone = Providers.uninstall("org.althing.ledger")) {
                    awaitProblem(community, "no ledger");
                    assertThatThrownBy(() -> community.assembly().dao(community.dao))
                            .isInstanceOf(AlthingException.class)
                            .hasMessageContaining("no ledger");
                    traffic.stall();
                    try (Providers.Guest guest = Providers.install("test.ledger", other)) {
                        awaitNoProblem(community);
                        traffic.flow(SOME_BALLOTS);
                    }
                    awaitProblem(community, "no ledger");
                }
                awaitNoProblem(community);
                traffic.checkOutcome();
            }
        }
    }

    @Test
    void givenTwoLedgers_whenTheOneInUseGoes_thenTheOtherTakesOverAtOnce() throws Exception {
        byte[] other = Providers.copyOf("org.althing.ledger", "test.ledger");
        try (Community community = Community.founded(data, MEMBERS);
                Providers.Guest guest = Providers.install("test.ledger", other)) {
            Cid proposal = opened(community);
            try (Traffic traffic = Traffic.start(community, proposal)) {
                traffic.flow(SOME_BALLOTS);
                try (Providers.Gone gone = Providers.uninstall("org.althing.ledger")) {
                    awaitNoProblem(community);
                    traffic.flow(SOME_BALLOTS);
                }
                guest.close();
                awaitNoProblem(community);
                traffic.checkOutcome();
            }
        }
    }

    @Test
    void givenALedgerWithoutTheData_thenTheDaoIsNotServedUntilTheRightOneIsBack() throws Exception {
        byte[] memory = Providers.memoryLedger("test.memory");
        try (Community community = Community.founded(data, MEMBERS)) {
            Cid proposal = opened(community);
            String root = community.stateRoot();
            byte[] charter = community.charter(new TestRules().build(), Community.notary(community.node()));
            assertThat(Cid.hash(charter)).hasToString(community.dao);
            try (Providers.Gone gone = Providers.uninstall("org.althing.ledger");
                    Providers.Guest guest = Providers.install("test.memory", memory)) {
                awaitProblem(community, "does not hold anything of it");
                assertThat(community.problems()).anyMatch(problem -> problem.contains(community.dao));
                assertThat(community.assembly().daos()).isEmpty();
                // Sealing from the charter on again would be a second history under the same key.
                assertThatThrownBy(() -> community.assembly().found(charter)).hasMessageContaining("not served");
            }
            awaitNoProblem(community);
            assertThat(community.stateRoot()).isEqualTo(root);
            try (Traffic traffic = Traffic.start(community, proposal)) {
                traffic.checkOutcome();
            }
        }
    }

    @Test
    void givenAllInMemory_thenTheContractHolds() throws Exception {
        byte[] memory = Providers.memoryLedger("test.memory");
        try (Providers.Gone gone = Providers.uninstall("org.althing.ledger");
                Providers.Guest guest = Providers.install("test.memory", memory);
                Community community = Community.founded(data, MEMBERS)) {
            Cid proposal = opened(community);
            try (Traffic traffic = Traffic.start(community, proposal)) {
                traffic.checkOutcome();
            }
        }
    }
}
