// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.evidence.Evidence;
import org.althing.api.evidence.Evidence.Claim;
import org.althing.api.evidence.Evidence.Outcome;
import org.althing.api.evidence.Evidence.Report;
import org.althing.api.evidence.Evidence.Verdict;
import org.althing.api.governance.Effect;
import org.althing.api.tally.Choice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member and an auditor do: write evidence, verify it. */
class EvidenceTest {

    private static final SampleDao.Story STORY = SampleDao.story();
    private static final SampleDao DAO = STORY.dao();

    @TempDir
    Path folder;

    private final Evidence evidence = new EvidenceService(SampleDao.GOVERNANCE, SampleDao.ENGINE);

    private Path write(Optional<Cid> proposal) throws Exception {
        Path file = folder.resolve("evidence.car");
        long size = evidence.write(DAO.ledger, DAO.state(), proposal, file);
        assertThat(Files.size(file)).isEqualTo(size);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        return file;
    }

    private static Claim claim(Report report, String id) {
        return report.claims().stream()
                .filter(claim -> claim.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWholeDaoIsReplayed() throws Exception {
        Report report = evidence.verify(
                write(Optional.empty()),
                Optional.of(DAO.state().dao()),
                DAO.state().head());
        assertThat(report.claims()).allMatch(claim -> claim.verdict() == Verdict.HOLDS);
        assertThat(report.holds()).isTrue();
        assertThat(report.completeness()).isEqualTo("replayed");
        assertThat(report.claims())
                .extracting(Claim::id)
                .containsExactly(
                        "file",
                        "dao",
                        "chain",
                        "certificates",
                        "pin",
                        "signatures",
                        "sealing",
                        "roots",
                        "recount",
                        "decision");
        assertThat(report.outcomes()).extracting(Outcome::title).containsExactly("The ferry", "A newcomer", "A snack");
    }

    @Test
    void aProposalIsAttested() throws Exception {
        for (Cid proposal : List.of(STORY.ferry(), STORY.newcomer(), STORY.snack())) {
            Path file = write(Optional.of(proposal));
            Report report = evidence.verify(file, Optional.empty(), Optional.empty());
            assertThat(report.claims()).allMatch(claim -> claim.verdict() == Verdict.HOLDS);
            assertThat(report.holds()).isTrue();
            assertThat(report.completeness()).isEqualTo("attested");
            assertThat(report.daoName()).hasValue("Ferry");
            assertThat(claim(report, "dao").detail()).contains("true of this DAO only");
            Files.delete(file);
        }
    }

    @Test
    void theOutcomeIsThatOfTheRecount() throws Exception {
        Report report = evidence.verify(write(Optional.of(STORY.ferry())), Optional.empty(), Optional.empty());
        String tally = DAO.state()
                .proposal(STORY.ferry())
                .orElseThrow()
                .outcome()
                .orElseThrow()
                .tally()
                .toString();
        assertThat(report.outcomes())
                .containsExactly(
                        new Outcome(STORY.ferry().toString(), "The ferry", "executed", List.of("Sell it"), tally, 4));
        assertThat(claim(report, "electorate").detail())
                .isEqualTo("4 of 5 members may vote, with power 7000000000000000000");
    }

    @Test
    void theSameContentMakesTheSameFile() throws Exception {
        assertThat(Samples.file(DAO, Optional.of(STORY.snack())))
                .isEqualTo(Samples.file(DAO, Optional.of(STORY.snack())));
    }

    @Test
    void anotherDaoOrSealThanTheReaderKnowsFails() throws Exception {
        Path file = write(Optional.empty());
        Cid other = Cid.hash(new byte[] {1});
        assertThat(claim(evidence.verify(file, Optional.of(other), Optional.empty()), "dao")
                        .verdict())
                .isEqualTo(Verdict.FAILS);
        assertThat(claim(evidence.verify(file, Optional.empty(), Optional.of(other)), "pin")
                        .verdict())
                .isEqualTo(Verdict.FAILS);
    }

    @Test
    void withoutTheMethodARecountStaysOpenAndTheReportDoesNotHold() throws Exception {
        Evidence poor = new EvidenceService(SampleDao.GOVERNANCE, Methods.none());
        Path file = folder.resolve("evidence.car");
        poor.write(DAO.ledger, DAO.state(), Optional.of(STORY.ferry()), file);
        Report report = poor.verify(file, Optional.empty(), Optional.empty());
        assertThat(claim(report, "recount").verdict()).isEqualTo(Verdict.OPEN);
        assertThat(claim(report, "recount").detail()).contains("needs schulze version 1");
        assertThat(claim(report, "decision").verdict()).isEqualTo(Verdict.OPEN);
        assertThat(claim(report, "ballots").verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(report.holds()).isFalse();
    }

    @Test
    void aFileThatExistsIsNotTouched() throws Exception {
        Path file = Files.writeString(folder.resolve("evidence.car"), "mine");
        assertThatThrownBy(() -> evidence.write(DAO.ledger, DAO.state(), Optional.empty(), file))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining("exists");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aProposalThatIsNotDecidedIsRefusedWithWhatToDo() throws Exception {
        SampleDao dao = new SampleDao(3, 1, 2);
        Cid open = dao.open(0, SampleDao.question("Open", "approval"));
        Path file = folder.resolve("evidence.car");
        assertThatThrownBy(() -> evidence.write(dao.ledger, dao.state(), Optional.of(open), file))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining("export it after the decision");
        dao.close(open);
        assertThatThrownBy(() -> evidence.write(dao.ledger, dao.state(), Optional.of(open), file))
                .hasMessageContaining("still counting");
        assertThatThrownBy(() -> evidence.write(dao.ledger, dao.state(), Optional.of(Cid.hash(new byte[1])), file))
                .hasMessageContaining("there is no proposal");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aSingleNotaryAndOneBallotDoToo() throws Exception {
        SampleDao dao = new SampleDao(1, 1, -1);
        Cid proposal = dao.open(0, SampleDao.question("Alone", "approval"));
        dao.seal(dao.vote(0, proposal, 0, new Choice.Approval(List.of(1))));
        assertThat(dao.effects()).hasOnlyElementsOfType(Effect.Applied.class);
        dao.close(proposal);
        dao.decide(proposal);
        for (Optional<Cid> what : List.of(Optional.<Cid>empty(), Optional.of(proposal))) {
            Path file = Files.write(folder.resolve("small.car"), Samples.file(dao, what));
            assertThat(evidence.verify(file, Optional.empty(), Optional.empty()).holds())
                    .isTrue();
        }
    }

    @Test
    void theStoryHasWhatItClaims() {
        assertThat(DAO.ledger.height()).isGreaterThan(12);
        assertThat(DAO.state().epoch()).isEqualTo(1);
        assertThat(DAO.state().members()).hasSize(6);
        assertThat(DAO.state()
                        .ballot(STORY.ferry(), DAO.members.get(0).key())
                        .orElseThrow()
                        .revision())
                .isEqualTo(1);
        assertThat(DAO.state().ballot(STORY.ferry(), DAO.members.get(4).key()))
                .as("void")
                .isEmpty();
        assertThat(DAO.state().proposal(STORY.newcomer()).orElseThrow().body()).isInstanceOf(Body.Proposal.class);
    }
}
