// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.althing.api.Cid;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.Effect;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;

/** How the counts of notaries become an outcome. */
class CountedTest extends DaoTest {

    private final TestDao dao = dao(3, 4, TestDao.rules());

    @Test
    void theOutcomeTakesEffectWithTheQuorumOfEqualCounts() {
        Cid proposal = dao.close(dao.open(TestDao.basic()));
        Body.Counted passed = TestDao.counted(proposal, Verdict.PASSED);
        counts(dao, dao.notary(0), passed);
        counts(dao, dao.notary(1), TestDao.counted(proposal, Verdict.REJECTED));
        counts(dao, dao.notary(2), passed);
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.CLOSED);
        assertThat(dao.proposal(proposal).results()).hasSize(2);
        assertThat(dao.proposal(proposal).results().get(passed))
                .containsExactly(dao.notary(0).key(), dao.notary(2).key());
        counts(dao, dao.notary(3), passed);
        ProposalState state = dao.proposal(proposal);
        assertThat(state.status()).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(state.outcome()).hasValue(passed);
        assertThat(state.decidedAt()).isEqualTo(dao.state().height());
    }

    @Test
    void everyByteMustBeEqual() {
        Cid proposal = dao.close(dao.open(TestDao.basic()));
        counts(dao, dao.notary(0), new Body.Counted(proposal, fakeCid(1), new Decision(Verdict.PASSED, List.of(0))));
        counts(dao, dao.notary(1), new Body.Counted(proposal, fakeCid(2), new Decision(Verdict.PASSED, List.of(0))));
        counts(dao, dao.notary(2), new Body.Counted(proposal, fakeCid(1), new Decision(Verdict.PASSED, List.of(0, 1))));
        counts(dao, dao.notary(3), new Body.Counted(proposal, fakeCid(1), new Decision(Verdict.REJECTED, List.of(0))));
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.CLOSED);
    }

    @Test
    void otherVerdictsEndTheProposal() {
        Cid rejected = dao.decide(
                dao.close(dao.open(TestDao.basic(new Action.Remove(dao.member(1).key())))), Verdict.REJECTED);
        Cid missed = dao.decide(
                dao.close(dao.open(TestDao.basic(new Action.Remove(dao.member(1).key())))), Verdict.QUORUM_MISSED);
        assertThat(dao.status(rejected)).isEqualTo(ProposalStatus.REJECTED);
        assertThat(dao.status(missed)).isEqualTo(ProposalStatus.QUORUM_MISSED);
        assertThat(isMember(dao, dao.member(1))).isTrue();
    }

    @Test
    void aNotaryCountsOnce() {
        Cid proposal = dao.close(dao.open(TestDao.basic()));
        counts(dao, dao.notary(0), TestDao.counted(proposal, Verdict.PASSED));
        isVoid(dao, dao.notary(0), TestDao.counted(proposal, Verdict.REJECTED), "counted it already");
        isVoid(dao, dao.notary(0), TestDao.counted(proposal, Verdict.PASSED), "counted it already");
    }

    @Test
    void onlyAClosedProposalIsCounted() {
        isVoid(dao, dao.notary(0), TestDao.counted(fakeCid(1), Verdict.PASSED), "no such proposal");
        Cid proposal = dao.open(TestDao.basic());
        isVoid(dao, dao.notary(0), TestDao.counted(proposal, Verdict.PASSED), "does not wait for a count");
        dao.decide(dao.close(proposal), Verdict.PASSED);
        isVoid(dao, dao.notary(3), TestDao.counted(proposal, Verdict.PASSED), "does not wait for a count");
    }

    @Test
    void winnersAreOptions() {
        Cid proposal = dao.close(dao.open(TestDao.basic()));
        isVoid(
                dao,
                dao.notary(0),
                new Body.Counted(proposal, fakeCid(1), new Decision(Verdict.PASSED, List.of(3))),
                "not an option");
        isVoid(
                dao,
                dao.notary(0),
                new Body.Counted(proposal, fakeCid(1), new Decision(Verdict.PASSED, List.of(1, 1))),
                "named twice");
        Entry good = counts(
                dao,
                dao.notary(0),
                new Body.Counted(proposal, fakeCid(1), new Decision(Verdict.PASSED, List.of(2, 1, 0))));
        Body negative = new Body.Counted(proposal, fakeCid(1), new Decision(Verdict.PASSED, List.of(-1)));
        Entry undecodable = new Entry(
                good.cid(),
                good.sizeBytes(),
                good.dao(),
                dao.notary(1).key(),
                0,
                null,
                good.seen(),
                0,
                negative,
                good.signature());
        assertThat(dao.state().voidness(undecodable)).hasValue("a winner is not an option");
    }

    @Test
    void aSmallerSetMayHaveAgreedAlready() {
        Cid waiting =
                dao.close(dao.open(TestDao.basic(new Action.Remove(dao.member(2).key()))));
        Cid split = dao.close(dao.open(TestDao.basic()));
        for (int i = 0; i < 2; i++) {
            counts(dao, dao.notary(i), TestDao.counted(waiting, Verdict.PASSED));
        }
        counts(dao, dao.notary(0), TestDao.counted(split, Verdict.PASSED));
        assertThat(dao.status(waiting)).isEqualTo(ProposalStatus.CLOSED);
        Cid shrinking = dao.pass(dao.setNotaries(dao.notary(0), dao.notary(1)));
        assertThat(dao.status(shrinking)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(dao.status(waiting)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(dao.proposal(waiting).decidedAt())
                .isEqualTo(dao.proposal(shrinking).decidedAt());
        assertThat(isMember(dao, dao.member(2))).isFalse();
        assertThat(dao.status(split)).isEqualTo(ProposalStatus.CLOSED);
    }

    @Test
    void aSmallerSetMayHaveAgreedAlreadyWhenTheTimeLockEnds() {
        TestDao locked = dao(2, 4, new TestRules().timeLock(60_000).build());
        Cid shrinking = locked.decide(
                locked.close(locked.open(TestDao.basic(locked.setNotaries(locked.notary(0))))), Verdict.PASSED);
        long due = locked.proposal(shrinking).dueMillis();
        Cid waiting = counts(locked, locked.member(0).device(), TestDao.basic()).cid();
        assertThat(due).isGreaterThan(locked.state().timeMillis());
        TestDao other = dao(2, 4, new TestRules().timeLock(8 * 3_600_000).build());
        Cid lateShrink = other.decide(
                other.close(other.open(TestDao.basic(other.setNotaries(other.notary(0))))), Verdict.PASSED);
        Cid early = other.close(other.open(TestDao.basic()));
        counts(other, other.notary(0), TestDao.counted(early, Verdict.REJECTED));
        assertThat(other.status(early)).isEqualTo(ProposalStatus.CLOSED);
        other.sealAt(other.proposal(lateShrink).dueMillis(), List.of());
        assertThat(other.status(lateShrink)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(other.status(early)).isEqualTo(ProposalStatus.REJECTED);
        assertThat(locked.status(waiting)).isEqualTo(ProposalStatus.REVIEW);
    }

    @Test
    void whatHasEndedIsNotCountedAgainByASmallerSet() {
        Cid vetoed =
                dao.close(dao.open(TestDao.basic(new Action.Remove(dao.member(2).key()))));
        for (int i = 0; i < 2; i++) {
            counts(dao, dao.notary(i), TestDao.counted(vetoed, Verdict.PASSED));
        }
        counts(dao, dao.member(0).device(), new Body.Veto(vetoed, "no"));
        dao.pass(dao.setNotaries(dao.notary(0), dao.notary(1)));
        assertThat(dao.status(vetoed)).isEqualTo(ProposalStatus.VETOED);
        assertThat(isMember(dao, dao.member(2))).isTrue();
    }

    @Test
    void whatIsDecidedIsNotDecidedAgainByASmallerSet() {
        TestDao locked = dao(2, 4, new TestRules().timeLock(8 * 3_600_000).build());
        Cid shrinking = locked.decide(
                locked.close(locked.open(TestDao.basic(locked.setNotaries(locked.notary(0))))), Verdict.PASSED);
        Cid waiting = locked.decide(locked.close(locked.open(TestDao.basic())), Verdict.PASSED);
        ProposalState before = locked.proposal(waiting);
        locked.sealAt(locked.proposal(shrinking).dueMillis(), List.of());
        assertThat(locked.status(shrinking)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(locked.proposal(waiting)).isEqualTo(before);
    }

    @Test
    void theVoiceOfAFormerNotaryIsGone() {
        TestDao two = dao(2, 4, TestDao.rules());
        Cid waiting = two.close(two.open(TestDao.basic()));
        for (int i = 0; i < 2; i++) {
            counts(two, two.notary(i), TestDao.counted(waiting, Verdict.PASSED));
        }
        Cid changing = two.close(two.open(
                TestDao.basic(two.setNotaries(two.notary(1), two.notary(2), two.notary(3), two.signer("n4")))));
        two.decide(changing, Verdict.PASSED);
        counts(two, two.notary(2), TestDao.counted(waiting, Verdict.PASSED));
        assertThat(two.status(waiting)).isEqualTo(ProposalStatus.CLOSED);
        counts(two, two.signer("n4"), TestDao.counted(waiting, Verdict.PASSED));
        assertThat(two.status(waiting)).isEqualTo(ProposalStatus.EXECUTED);
    }

    @Test
    void aNotaryRemovedEarlierInTheSameSealCountsNothing() {
        Cid changing = dao.close(dao.open(TestDao.basic(dao.setNotaries(dao.signer("n9")))));
        Cid other = dao.close(dao.open(TestDao.basic()));
        Entry[] entries = new Entry[8];
        for (int i = 0; i < 4; i++) {
            entries[2 * i] = dao.entry(dao.notary(i), TestDao.counted(changing, Verdict.PASSED));
            entries[2 * i + 1] = dao.entry(dao.notary(i), TestDao.counted(other, Verdict.PASSED));
        }
        List<Effect> effects = dao.seal(entries);
        assertThat(dao.status(changing)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(effects.stream().filter(Effect.Voided.class::isInstance)).hasSize(3);
        assertThat(dao.status(other)).isEqualTo(ProposalStatus.CLOSED);
        assertThat(dao.proposal(other).results().values())
                .allSatisfy(signed -> assertThat(signed).hasSize(2));
    }
}
