// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.Effect;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Tally;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;

/** From submission to the end: sponsors, review, voting, outages, time lock, withdrawal and veto. */
class LifecycleTest extends DaoTest {

    private static final long HOUR = 3_600_000;

    @Test
    void withoutEnoughSponsorsAProposalExpires() {
        TestDao dao = dao(4, 1, new TestRules().sponsors(2, 60_000).build());
        Entry proposal = counts(dao, dao.member(0).device(), TestDao.basic());
        assertThat(dao.status(proposal.cid())).isEqualTo(ProposalStatus.SUBMITTED);
        long due = dao.state().timeMillis() + 60_000;
        assertThat(dao.state().nextDueMillis()).hasValue(due);
        counts(dao, dao.member(1).device(), new Body.Sponsorship(proposal.cid()));
        dao.sealAt(due - 1, List.of());
        assertThat(dao.status(proposal.cid())).isEqualTo(ProposalStatus.SUBMITTED);
        assertThat(dao.sealAt(due, List.of()))
                .containsExactly(new Effect.Moved(
                        proposal.cid(),
                        ProposalStatus.SUBMITTED,
                        ProposalStatus.EXPIRED,
                        "not enough sponsors in time"));
        assertThat(dao.proposal(proposal.cid()).reason()).isNotEmpty();
        assertThat(dao.state().nextDueMillis()).isEmpty();
        isVoid(dao, dao.member(2).device(), new Body.Sponsorship(proposal.cid()), "does not wait for sponsors");
    }

    @Test
    void enoughSponsorsBeginTheReview() {
        TestDao dao =
                dao(4, 1, new TestRules().sponsors(2, 60_000).review(5_000).build());
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        isVoid(dao, dao.member(0).device(), new Body.Sponsorship(proposal), "the author cannot sponsor");
        isVoid(dao, dao.member(1).device(), new Body.Sponsorship(fakeCid(1)), "no such proposal");
        counts(dao, dao.member(1).device(), new Body.Sponsorship(proposal));
        isVoid(dao, dao.member(1).device(), new Body.Sponsorship(proposal), "sponsors it already");
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.SUBMITTED);
        counts(dao, dao.member(2).device(), new Body.Sponsorship(proposal));
        assertThat(dao.proposal(proposal).sponsors())
                .containsExactlyInAnyOrder(dao.member(1).key(), dao.member(2).key());
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.REVIEW);
        assertThat(dao.state().nextDueMillis()).hasValue(dao.state().timeMillis() + 5_000);
        isVoid(dao, dao.member(3).device(), new Body.Sponsorship(proposal), "does not wait for sponsors");
    }

    @Test
    void itTakesTheRightToSponsor() {
        TestDao dao = dao(
                3,
                1,
                new TestRules()
                        .sponsors(1, HOUR)
                        .role("silent", Right.VOTE, Right.PROPOSE)
                        .build());
        Cid setup = counts(
                        dao,
                        dao.member(0).device(),
                        TestDao.basic(new Action.SetRoles(dao.member(1).key(), new TreeSet<>(List.of("silent")))))
                .cid();
        counts(dao, dao.member(2).device(), new Body.Sponsorship(setup));
        dao.decide(dao.close(dao.opened(setup)), Verdict.PASSED);
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        isVoid(dao, dao.member(1).device(), new Body.Sponsorship(proposal), "do not allow it: sponsor");
        counts(dao, dao.member(2).device(), new Body.Sponsorship(proposal));
    }

    @Test
    void aSponsorWhoLeavesHasSponsored() {
        TestDao dao = dao(4, 1, new TestRules().sponsors(0, HOUR).build());
        Action leave = new Action.Remove(dao.member(3).key());
        Cid removal = dao.open(TestDao.basic(leave));
        Rules two = new TestRules().sponsors(2, 10 * HOUR).build();
        dao.pass(new Action.SetRules(two));
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        counts(dao, dao.member(3).device(), new Body.Sponsorship(proposal));
        dao.decide(dao.close(removal), Verdict.PASSED);
        assertThat(isMember(dao, dao.member(3))).isFalse();
        counts(dao, dao.member(1).device(), new Body.Sponsorship(proposal));
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.REVIEW);
    }

    @Test
    void votingOpensAfterTheReviewAndClosesAtTheDeadline() {
        TestDao dao = dao(2, 1, new TestRules().review(5_000).voting(HOUR).build());
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        long reviewed = dao.state().timeMillis() + 5_000;
        dao.sealAt(reviewed - 1, List.of());
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.REVIEW);
        assertThat(dao.proposal(proposal).electorate()).isEmpty();
        dao.sealAt(reviewed + 3, List.of());
        assertThat(dao.proposal(proposal).electorate()).isPresent();
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VOTING);
        assertThat(dao.proposal(proposal).openedAt()).isEqualTo(dao.state().height());
        long deadline = reviewed + 3 + HOUR;
        assertThat(dao.proposal(proposal).deadlineMillis()).isEqualTo(deadline);
        assertThat(dao.state().nextDueMillis()).hasValue(deadline);
        dao.sealAt(deadline - 1, List.of());
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VOTING);
        dao.sealAt(deadline, List.of());
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.CLOSED);
        assertThat(dao.proposal(proposal).closedAt()).isEqualTo(dao.state().height());
        assertThat(dao.state().nextDueMillis()).isEmpty();
    }

    @Test
    void transitionsComeInOrderOfTimeThenName() {
        TestDao dao = dao(2, 1, new TestRules().review(5_000).voting(HOUR).build());
        List<Cid> proposals = new ArrayList<>();
        dao.seal(IntStream.range(0, 6)
                .mapToObj(i -> {
                    Entry entry = dao.entry(dao.member(i % 2).device(), TestDao.question("schulze", 1, "A", "B" + i));
                    proposals.add(entry.cid());
                    return entry;
                })
                .toArray(Entry[]::new));
        Cid later = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        proposals.sort(Comparator.naturalOrder());
        proposals.add(later);
        List<Effect> effects = dao.sealAt(dao.state().timeMillis() + 6_000, List.of());
        assertThat(effects)
                .isEqualTo(proposals.stream()
                        .map(p -> new Effect.Moved(p, ProposalStatus.REVIEW, ProposalStatus.VOTING, ""))
                        .toList());
    }

    @Test
    void theElectorateIsWhatTheOpeningSealLeaves() {
        TestDao dao = dao(
                5,
                1,
                new TestRules().review(10 * HOUR).role("silent", Right.COMMENT).build());
        PublicKey removed = dao.member(1).key();
        PublicKey silenced = dao.member(2).key();
        PublicKey powerless = dao.member(3).key();
        Body.Proposal changes = TestDao.basic(
                new Action.Remove(removed),
                new Action.SetRoles(silenced, new TreeSet<>(List.of("silent"))),
                new Action.SetPower(powerless, BigInteger.ZERO),
                new Action.SetPower(dao.member(4).key(), Tally.VOTE.multiply(BigInteger.TEN)));
        Cid first = counts(dao, dao.member(0).device(), changes).cid();
        dao.opened(first);
        assertThat(dao.proposal(first).electoratePower()).isEqualTo(Tally.VOTE.multiply(BigInteger.valueOf(5)));
        dao.close(first);
        Cid second = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        // The count that changes the members stands in the very seal that opens the second vote, after the transition.
        long due = dao.proposal(second).dueMillis();
        dao.sealAt(due, List.of(dao.entry(dao.notary(0), TestDao.counted(first, Verdict.PASSED))));
        assertThat(dao.status(first)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(dao.status(second)).isEqualTo(ProposalStatus.VOTING);
        List<PublicKey> voters = new ArrayList<>();
        dao.state().electorate(second, member -> voters.add(member.root()));
        assertThat(voters)
                .containsExactlyInAnyOrder(dao.member(0).key(), dao.member(4).key());
        ProposalState state = dao.proposal(second);
        assertThat(state.electoratePower()).isEqualTo(Tally.VOTE.multiply(BigInteger.valueOf(11)));
        assertThat(state.voterRoles()).containsExactly("member");
        assertThat(state.electorate()).isPresent();
        assertThat(state.electorate()).isNotEqualTo(dao.proposal(first).electorate());
        List<Member> atFirst = new ArrayList<>();
        dao.state().electorate(first, atFirst::add);
        assertThat(atFirst).hasSize(5);
        dao.seal();
        Cid third = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        dao.opened(third);
        assertThat(dao.proposal(third).electoratePower()).isEqualTo(state.electoratePower());
    }

    @Test
    void newRulesChangeTheElectorateWithoutAnyChangeOfMembers() {
        TestDao dao = dao(3);
        Cid before = dao.open(TestDao.basic());
        assertThat(dao.proposal(before).electoratePower()).isEqualTo(Tally.VOTE.multiply(BigInteger.valueOf(3)));
        dao.pass(new Action.SetRules(new TestRules()
                .role("member", Right.PROPOSE)
                .role("guardian", Right.VOTE)
                .build()));
        Cid after = dao.open(TestDao.basic());
        assertThat(dao.proposal(after).electoratePower()).isEqualTo(Tally.VOTE);
        assertThat(dao.proposal(after).voterRoles()).containsExactly("guardian");
        assertThat(dao.proposal(before).electoratePower()).isEqualTo(Tally.VOTE.multiply(BigInteger.valueOf(3)));
    }

    @Test
    void aClosingSealWithinTheGraceCloses() {
        TestDao dao = dao(2, 1, new TestRules().voting(HOUR).late(10_000, HOUR).build());
        Cid proposal = dao.open(TestDao.basic());
        dao.sealAt(dao.proposal(proposal).deadlineMillis() + 10_000, List.of());
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.CLOSED);
        assertThat(dao.proposal(proposal).extendedMillis()).isZero();
    }

    @Test
    void anOutageGivesTheTimeBack() {
        TestDao dao = dao(2, 1, new TestRules().voting(HOUR).late(10_000, HOUR).build());
        Cid proposal = dao.open(TestDao.basic());
        long late = dao.proposal(proposal).deadlineMillis() + 10_001;
        Entry ballot = dao.entry(dao.member(1).device(), TestDao.ballot(proposal, 0, 0));
        assertThat(dao.sealAt(late, List.of(ballot)))
                .containsExactly(new Effect.Extended(proposal, late + 10_001), new Effect.Applied(ballot.cid()));
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VOTING);
        assertThat(dao.proposal(proposal).deadlineMillis()).isEqualTo(late + 10_001);
        assertThat(dao.proposal(proposal).extendedMillis()).isEqualTo(10_001);
        assertThat(dao.state().nextDueMillis()).hasValue(late + 10_001);
        dao.close(proposal);
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.CLOSED);
        assertThat(dao.proposal(proposal).ballots()).isEqualTo(1);
    }

    @Test
    void outagesGiveBackSoMuchInAll() {
        TestDao dao =
                dao(2, 1, new TestRules().voting(HOUR).late(10_000, 30_000).build());
        Cid proposal = dao.open(TestDao.basic());
        dao.sealAt(dao.proposal(proposal).deadlineMillis() + 20_000, List.of());
        assertThat(dao.proposal(proposal).extendedMillis()).isEqualTo(20_000);
        long second = dao.proposal(proposal).deadlineMillis() + 20_000;
        dao.sealAt(second, List.of());
        assertThat(dao.proposal(proposal).extendedMillis()).isEqualTo(30_000);
        assertThat(dao.proposal(proposal).deadlineMillis()).isEqualTo(second + 10_000);
        assertThat(dao.sealAt(dao.proposal(proposal).deadlineMillis() + 20_000, List.of()))
                .containsExactly(new Effect.Moved(proposal, ProposalStatus.VOTING, ProposalStatus.CLOSED, ""));
    }

    @Test
    void theAuthorWithdrawsBeforeVotingOpens() {
        TestDao dao = dao(3, 1, new TestRules().sponsors(1, HOUR).build());
        Cid submitted = counts(dao, dao.member(1).device(), TestDao.basic()).cid();
        isVoid(dao, dao.member(0).device(), new Body.Withdrawal(submitted), "only the author");
        counts(dao, dao.member(1).device(), new Body.Withdrawal(submitted));
        assertThat(dao.status(submitted)).isEqualTo(ProposalStatus.WITHDRAWN);
        assertThat(dao.state().nextDueMillis()).isEmpty();
        isVoid(dao, dao.member(1).device(), new Body.Withdrawal(submitted), "before voting opens");
        Cid reviewed = counts(dao, dao.member(1).device(), TestDao.basic()).cid();
        counts(dao, dao.member(2).device(), new Body.Sponsorship(reviewed));
        counts(dao, dao.member(1).device(), new Body.Withdrawal(reviewed));
        assertThat(dao.status(reviewed)).isEqualTo(ProposalStatus.WITHDRAWN);
        Cid open = counts(dao, dao.member(1).device(), TestDao.basic()).cid();
        counts(dao, dao.member(2).device(), new Body.Sponsorship(open));
        dao.opened(open);
        isVoid(dao, dao.member(1).device(), new Body.Withdrawal(open), "before voting opens");
        isVoid(dao, dao.member(1).device(), new Body.Withdrawal(fakeCid(1)), "no such proposal");
    }

    @Test
    void anotherDeviceOfTheAuthorWithdrawsToo() {
        TestDao dao = dao(2);
        counts(
                dao,
                dao.member(1).root(),
                dao.member(1).adds(dao.dao(), dao.member(1).device("2")));
        Cid proposal = counts(dao, dao.member(1).device(), TestDao.basic()).cid();
        counts(dao, dao.member(1).device("2"), new Body.Withdrawal(proposal));
    }

    @Test
    void aVetoStopsAProposalUntilItIsExecuted() {
        TestDao dao = dao(2, 1, new TestRules().sponsors(0, HOUR).timeLock(HOUR).build());
        Action remove = new Action.Remove(dao.member(1).key());
        Cid review = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        isVoid(dao, dao.member(1).device(), new Body.Veto(review, "no"), "do not allow it: veto");
        veto(dao, review);
        veto(dao, dao.open(TestDao.basic()));
        Cid closed = dao.close(dao.open(TestDao.basic()));
        veto(dao, closed);
        isVoid(dao, dao.notary(0), TestDao.counted(closed, Verdict.PASSED), "does not wait for a count");
        Cid passed = dao.decide(dao.close(dao.open(TestDao.basic(remove))), Verdict.PASSED);
        assertThat(dao.status(passed)).isEqualTo(ProposalStatus.PASSED);
        veto(dao, passed);
        dao.advance(2 * HOUR);
        assertThat(isMember(dao, dao.member(1))).isTrue();
        Cid executed = dao.pass(remove);
        assertThat(dao.status(executed)).isEqualTo(ProposalStatus.EXECUTED);
        isVoid(dao, dao.member(0).device(), new Body.Veto(executed, "too late"), "has ended");
        isVoid(dao, dao.member(0).device(), new Body.Veto(fakeCid(1), "?"), "no such proposal");
    }

    @Test
    void aVetoInTheOpeningSealStands() {
        TestDao dao = dao(2);
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        Entry veto = dao.entry(dao.member(0).device(), new Body.Veto(proposal, "no"));
        dao.sealAt(dao.proposal(proposal).dueMillis(), List.of(veto));
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VETOED);
        dao.advance(10 * HOUR);
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VETOED);
    }

    private static void veto(TestDao dao, Cid proposal) {
        counts(dao, dao.member(0).device(), new Body.Veto(proposal, "because"));
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VETOED);
        assertThat(dao.proposal(proposal).reason()).isEqualTo("because");
        assertThat(dao.state().nextDueMillis()).isEmpty();
    }

    @Test
    void theTimeLockDelaysTheExecution() {
        TestDao dao = dao(2, 1, new TestRules().timeLock(HOUR).build());
        Cid proposal = dao.decide(
                dao.close(dao.open(TestDao.basic(new Action.Remove(dao.member(1).key())))), Verdict.PASSED);
        long due = dao.state().timeMillis() + HOUR;
        assertThat(dao.state().nextDueMillis()).hasValue(due);
        dao.sealAt(due - 1, List.of());
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.PASSED);
        assertThat(isMember(dao, dao.member(1))).isTrue();
        dao.sealAt(due, List.of());
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(isMember(dao, dao.member(1))).isFalse();
    }

    @Test
    void withoutATimeLockTheCountExecutes() {
        TestDao dao = dao(2);
        Cid proposal =
                dao.close(dao.open(TestDao.basic(new Action.Remove(dao.member(1).key()))));
        Entry count = dao.entry(dao.notary(0), TestDao.counted(proposal, Verdict.PASSED));
        assertThat(dao.seal(count))
                .containsExactly(
                        new Effect.Applied(count.cid()),
                        new Effect.Moved(proposal, ProposalStatus.CLOSED, ProposalStatus.PASSED, ""),
                        new Effect.Moved(proposal, ProposalStatus.PASSED, ProposalStatus.EXECUTED, ""));
        assertThat(isMember(dao, dao.member(1))).isFalse();
    }

    @Test
    void aProposalKeepsTheRulesOfItsSubmission() {
        TestDao dao = dao(
                2,
                1,
                new TestRules()
                        .sponsors(0, HOUR)
                        .review(5_000)
                        .voting(3 * HOUR)
                        .timeLock(7_000)
                        .late(10_000, HOUR)
                        .build());
        Cid changing = dao.open(TestDao.basic(new Action.SetRules(new TestRules()
                .sponsors(1, 1)
                .review(9)
                .voting(2_000)
                .timeLock(9)
                .late(1, 9)
                .quorum(Fraction.ONE)
                .threshold(Fraction.ZERO)
                .build())));
        dao.sealAt(
                dao.proposal(changing).deadlineMillis() - 2_000,
                List.of(dao.entry(dao.member(0).device(), TestDao.basic())));
        Cid old = dao.state().proposals().getLast().proposal();
        dao.decide(dao.close(changing), Verdict.PASSED);
        dao.advanceTo(dao.proposal(changing).dueMillis());
        assertThat(dao.state().rules().sponsors()).isEqualTo(1);
        dao.opened(old);
        ProposalState state = dao.proposal(old);
        assertThat(state.status()).isEqualTo(ProposalStatus.VOTING);
        assertThat(state.votingMillis()).isEqualTo(3 * HOUR);
        assertThat(state.timeLockMillis()).isEqualTo(7_000);
        assertThat(state.quorum()).isEqualTo(Fraction.of(1, 4));
        assertThat(state.threshold()).isEqualTo(Fraction.of(1, 2));
        assertThat(state.sponsorsNeeded()).isZero();
        dao.sealAt(state.deadlineMillis() + 9_999, List.of());
        assertThat(dao.status(old)).isEqualTo(ProposalStatus.CLOSED);
        Cid fresh = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        assertThat(dao.status(fresh)).isEqualTo(ProposalStatus.SUBMITTED);
        assertThat(dao.proposal(fresh).quorum()).isEqualTo(Fraction.ONE);
    }
}
