// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.Effect;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Right;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Tally;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;

/** Ballots and comments. */
class BallotTest extends DaoTest {

    @Test
    void aBallotOfTheElectorateCounts() {
        TestDao dao = dao(3);
        Cid proposal = dao.open(TestDao.basic());
        Entry one = counts(dao, dao.member(1).device(), TestDao.ballot(proposal, 0, 0));
        Entry two = counts(dao, dao.member(2).device(), new Body.Ballot(proposal, 5, new Choice.Blank()));
        assertThat(dao.state().ballot(proposal, dao.member(1).key()))
                .hasValue(new CountingBallot(dao.member(1).key(), one.cid(), 0, Tally.VOTE));
        List<CountingBallot> all = new ArrayList<>();
        dao.state().ballots(proposal, all::add);
        assertThat(all).extracting(CountingBallot::ballot).containsExactlyInAnyOrder(one.cid(), two.cid());
        ProposalState state = dao.proposal(proposal);
        assertThat(state.ballots()).isEqualTo(2);
        assertThat(state.ballotPower()).isEqualTo(Tally.VOTE.multiply(BigInteger.TWO));
    }

    @Test
    void thereMustBeAnOpenProposal() {
        TestDao dao = dao(2);
        isVoid(dao, dao.member(1).device(), TestDao.ballot(fakeCid(1), 0, 0), "no such proposal");
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        isVoid(dao, dao.member(1).device(), TestDao.ballot(proposal, 0, 0), "not open for votes");
        dao.opened(proposal);
        counts(dao, dao.member(1).device(), TestDao.ballot(proposal, 0, 0));
        dao.close(proposal);
        isVoid(dao, dao.member(1).device(), TestDao.ballot(proposal, 1, 0), "not open for votes");
    }

    @Test
    void aBallotInTheOpeningSealIsTooEarly() {
        TestDao dao = dao(2);
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        Entry ballot = dao.entry(dao.member(1).device(), TestDao.ballot(proposal, 0, 0));
        assertThat(dao.sealAt(dao.proposal(proposal).dueMillis(), List.of(ballot)))
                .contains(new Effect.Voided(ballot.cid(), "voting opens with the end of this seal"));
        assertThat(dao.proposal(proposal).ballots()).isZero();
        counts(dao, dao.member(1).device(), TestDao.ballot(proposal, 0, 0));
    }

    @Test
    void aBallotInTheClosingSealIsTooLate() {
        TestDao dao = dao(2);
        Cid proposal = dao.open(TestDao.basic());
        Entry ballot = dao.entry(dao.member(1).device(), TestDao.ballot(proposal, 0, 0));
        assertThat(dao.sealAt(dao.proposal(proposal).deadlineMillis(), List.of(ballot)))
                .contains(new Effect.Voided(ballot.cid(), "the proposal is not open for votes"));
        assertThat(dao.proposal(proposal).ballots()).isZero();
    }

    @Test
    void aBallotRightBeforeTheClosingSealCounts() {
        TestDao dao = dao(2);
        Cid proposal = dao.open(TestDao.basic());
        dao.sealAt(
                dao.proposal(proposal).deadlineMillis() - 1,
                List.of(dao.entry(dao.member(1).device(), TestDao.ballot(proposal, 0, 0))));
        dao.close(proposal);
        assertThat(dao.proposal(proposal).ballots()).isEqualTo(1);
    }

    @Test
    void theElectorateDecidesNotThePresentRoles() {
        TestDao dao = dao(
                5,
                1,
                new TestRules().voting(3_600_000).role("silent", Right.PROPOSE).build());
        TestMember late = dao.stranger("late");
        dao.pass(
                new Action.SetRoles(dao.member(1).key(), new TreeSet<>(List.of("silent"))),
                new Action.SetPower(dao.member(2).key(), BigInteger.ZERO),
                new Action.Remove(dao.member(3).key()));
        Cid changing = dao.open(TestDao.basic(
                late.admit(dao.dao(), 1, "member"),
                dao.member(3).admit(dao.dao(), 1, "member"),
                new Action.SetRoles(dao.member(1).key(), new TreeSet<>(List.of("member"))),
                new Action.SetPower(dao.member(2).key(), Tally.VOTE),
                new Action.SetRoles(dao.member(4).key(), new TreeSet<>()),
                new Action.SetPower(dao.member(0).key(), Tally.VOTE.multiply(BigInteger.TEN))));
        dao.sealAt(dao.proposal(changing).deadlineMillis() - 60_000, List.of());
        Cid proposal = dao.open(TestDao.basic());
        dao.decide(dao.close(changing), Verdict.PASSED);
        assertThat(dao.status(changing)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VOTING);
        for (TestMember m : List.of(late, dao.member(1), dao.member(2), dao.member(3))) {
            isVoid(dao, m.device(), TestDao.ballot(proposal, 0, 0), "not among those who may vote");
        }
        counts(dao, dao.member(4).device(), TestDao.ballot(proposal, 0, 0));
        counts(dao, dao.member(0).device(), TestDao.ballot(proposal, 0, 0));
        assertThat(dao.state()
                        .ballot(proposal, dao.member(0).key())
                        .orElseThrow()
                        .power())
                .isEqualTo(Tally.VOTE);
    }

    @Test
    void aRemovalStopsLaterBallotsAndSparesEarlierOnes() {
        TestDao dao = dao(3, 1, new TestRules().voting(3_600_000).build());
        TestMember gone = dao.member(2);
        Cid removal = dao.open(TestDao.basic(new Action.Remove(gone.key())));
        dao.sealAt(dao.proposal(removal).deadlineMillis() - 60_000, List.of());
        Cid proposal = dao.open(TestDao.basic());
        Entry ballot = counts(dao, gone.device(), TestDao.ballot(proposal, 0, 0));
        dao.decide(dao.close(removal), Verdict.PASSED);
        refused(dao, dao.entry(gone.device(), TestDao.ballot(proposal, 1, 1)), "no member any more", true);
        assertThat(dao.state().ballot(proposal, gone.key()).orElseThrow().ballot())
                .isEqualTo(ballot.cid());
    }

    @Test
    void theHighestRevisionCountsThenTheLastSealed() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        counts(dao, m.root(), m.adds(dao.dao(), m.device("2")));
        Cid proposal = dao.open(TestDao.basic());
        counts(dao, m.device(), TestDao.ballot(proposal, 3, 0));
        isVoid(dao, m.device("2"), TestDao.ballot(proposal, 2, 1), "higher revision");
        Entry equal = counts(dao, m.device("2"), TestDao.ballot(proposal, 3, 1));
        assertThat(dao.state().ballot(proposal, m.key()).orElseThrow().ballot()).isEqualTo(equal.cid());
        Entry higher = counts(dao, m.device(), TestDao.ballot(proposal, 4, 1));
        assertThat(dao.state().ballot(proposal, m.key()).orElseThrow().ballot()).isEqualTo(higher.cid());
        assertThat(dao.proposal(proposal).ballots()).isEqualTo(1);
        assertThat(dao.proposal(proposal).ballotPower()).isEqualTo(Tally.VOTE);
    }

    @Test
    void manyBallotsInOneSealCountOneAfterTheOther() {
        TestDao dao = dao(4);
        Cid proposal = dao.open(TestDao.basic());
        List<Entry> ballots = new ArrayList<>();
        for (int i = 1; i < 4; i++) {
            for (long revision : new long[] {1, 2, 0}) {
                ballots.add(dao.entry(dao.member(i).device(), TestDao.ballot(proposal, revision, 0)));
            }
        }
        List<Effect> effects = dao.seal(ballots.toArray(new Entry[0]));
        for (int i = 1; i < 4; i++) {
            assertThat(dao.state()
                            .ballot(proposal, dao.member(i).key())
                            .orElseThrow()
                            .ballot())
                    .isEqualTo(ballots.get(3 * i - 2).cid());
        }
        assertThat(effects.stream().filter(Effect.Voided.class::isInstance)).hasSize(3);
        assertThat(dao.proposal(proposal).ballots()).isEqualTo(3);
        assertThat(dao.proposal(proposal).ballotPower()).isEqualTo(Tally.VOTE.multiply(BigInteger.valueOf(3)));
    }

    @Test
    void aChoiceHasAForm() {
        assertThat(Forms.choice(new Choice.Blank())).isEmpty();
        assertThat(Forms.choice(new Choice.Single(1023))).isEmpty();
        assertThat(Forms.choice(new Choice.Single(-1))).isPresent();
        assertThat(Forms.choice(new Choice.Single(1024))).isPresent();
        assertThat(Forms.choice(new Choice.Approval(List.of(0, 2)))).isEmpty();
        assertThat(Forms.choice(new Choice.Approval(List.of(2, 0)))).isPresent();
        assertThat(Forms.choice(new Choice.Approval(List.of(2, 2)))).isPresent();
        assertThat(Forms.choice(new Choice.Approval(List.of(2, 1024)))).isPresent();
        assertThat(Forms.choice(new Choice.Weights(List.of(0, 1), List.of(0L, Choice.WEIGHT_MAX))))
                .isEmpty();
        assertThat(Forms.choice(new Choice.Weights(List.of(1, 0), List.of(1L, 1L))))
                .isPresent();
        assertThat(Forms.choice(new Choice.Weights(List.of(0), List.of(Choice.WEIGHT_MAX + 1))))
                .isPresent();
        assertThat(Forms.choice(new Choice.Weights(List.of(0), List.of(-1L)))).isPresent();
        assertThat(Forms.choice(new Choice.Ranking(List.of(List.of(3), List.of(0, 1)))))
                .isEmpty();
        assertThat(Forms.choice(new Choice.Ranking(List.of(List.of(1, 0))))).isPresent();
        assertThat(Forms.choice(new Choice.Ranking(List.of(List.of())))).isPresent();
    }

    @Test
    void aBallotThatNoDecoderWouldReadIsVoid() {
        TestDao dao = dao(2);
        Cid proposal = dao.open(TestDao.basic());
        Entry good = dao.entry(dao.member(1).device(), TestDao.ballot(proposal, 0, 0));
        assertThat(dao.state().voidness(good)).isEmpty();
        assertThat(dao.state().voidness(with(good, TestDao.ballot(proposal, 0, -1))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("option"));
        assertThat(dao.state().voidness(with(good, TestDao.ballot(proposal, -1, 0))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("revision"));
    }

    @Test
    void whetherAChoiceSuitsTheMethodIsForTheCountToSay() {
        TestDao dao = dao(2);
        Cid proposal = dao.open(TestDao.basic());
        counts(dao, dao.member(1).device(), new Body.Ballot(proposal, 0, new Choice.Approval(List.of(900))));
    }

    @Test
    void aMemberComments() {
        TestDao dao = dao(2);
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        Cid empty = dao.proposal(proposal).comments();
        Entry comment = counts(dao, dao.member(1).device(), new Body.Comment(proposal, Optional.empty(), "Hm."));
        counts(dao, dao.member(0).device(), new Body.Comment(proposal, Optional.of(comment.cid()), "What?"));
        assertThat(dao.proposal(proposal).comments()).isNotEqualTo(empty);
    }

    @Test
    void aCommentNeedsAProposalAndItsParentThere() {
        TestDao dao = dao(2, 1, new TestRules().review(3_600_000).build());
        Cid proposal = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        Cid other = counts(dao, dao.member(0).device(), TestDao.basic()).cid();
        Entry comment = counts(dao, dao.member(1).device(), new Body.Comment(proposal, Optional.empty(), "Hm."));
        isVoid(dao, dao.member(1).device(), new Body.Comment(fakeCid(1), Optional.empty(), "Hm."), "no such proposal");
        isVoid(
                dao,
                dao.member(1).device(),
                new Body.Comment(other, Optional.of(comment.cid()), "Hm."),
                "no comment on this proposal");
        isVoid(
                dao,
                dao.member(1).device(),
                new Body.Comment(proposal, Optional.of(proposal), "Hm."),
                "no comment on this proposal");
        Entry tooLong =
                with(comment, new Body.Comment(proposal, Optional.empty(), "x".repeat(Body.TEXT_MAX_BYTES + 1)));
        assertThat(dao.state().voidness(tooLong))
                .hasValueSatisfying(reason -> assertThat(reason).contains("text: at most"));
    }

    @Test
    void itTakesTheRightToComment() {
        TestDao dao = dao(
                2,
                1,
                new TestRules()
                        .role("silent", Right.PROPOSE, Right.VOTE, Right.SPONSOR, Right.VETO)
                        .build());
        Cid proposal = dao.pass(new Action.SetRoles(dao.member(1).key(), new TreeSet<>(List.of("silent"))));
        isVoid(
                dao,
                dao.member(1).device(),
                new Body.Comment(proposal, Optional.empty(), "Hm."),
                "do not allow it: comment");
        counts(dao, dao.member(0).device(), new Body.Comment(proposal, Optional.empty(), "Hm."));
    }

    private static Entry with(Entry entry, Body body) {
        return new Entry(
                entry.cid(),
                entry.sizeBytes(),
                entry.dao(),
                entry.key(),
                entry.sequence(),
                entry.previous(),
                entry.seen(),
                entry.timeMillis(),
                body,
                entry.signature());
    }
}
