// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.althing.api.Fraction;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Tally;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a proposal may be. Where the decoder would refuse the bytes already, the check is asked directly. */
class ProposalTest extends DaoTest {

    private static final Rules RULES = TestDao.rules();

    @Test
    void aProposalThatKeepsTheRulesIsSubmitted() {
        TestDao dao = dao(2);
        Entry entry = counts(dao, dao.member(1).device(), TestDao.question("schulze:winning", 2, "A", "B", "C"));
        ProposalState state = dao.proposal(entry.cid());
        assertThat(state.number()).isEqualTo(1);
        assertThat(state.author()).isEqualTo(dao.member(1).key());
        assertThat(state.submittedAt()).isEqualTo(1);
        assertThat(state.status()).isEqualTo(ProposalStatus.REVIEW);
        Entry next = counts(dao, dao.member(0).device(), TestDao.basic());
        assertThat(dao.state().proposals())
                .extracting(ProposalState::proposal)
                .containsExactly(entry.cid(), next.cid());
        assertThat(dao.proposal(next.cid()).number()).isEqualTo(2);
    }

    @Test
    void itTakesTheRightToPropose() {
        TestDao dao = dao(
                2,
                1,
                new TestRules()
                        .role("silent", Right.VOTE, Right.SPONSOR, Right.COMMENT, Right.VETO)
                        .build());
        dao.pass(new Action.SetRoles(dao.member(1).key(), new TreeSet<>(List.of("silent"))));
        isVoid(dao, dao.member(1).device(), TestDao.basic(), "do not allow it: propose");
        counts(dao, dao.member(0).device(), TestDao.basic());
    }

    @Test
    void theMethodMustBeEnabled() {
        TestDao dao = dao(1, 1, new TestRules().methods("basic", "schulze").build());
        isVoid(dao, dao.member(0).device(), TestDao.question("borda", 1, "A", "B"), "borda is not enabled");
        isVoid(dao, dao.member(0).device(), TestDao.question("not a method", 1, "A", "B"), "no such name");
        counts(dao, dao.member(0).device(), TestDao.question("schulze:margin", 1, "A", "B"));
    }

    @Test
    void optionsMustBeGood() {
        TestDao dao = dao(1);
        isVoid(dao, dao.member(0).device(), TestDao.question("schulze", 1), "options: must be from 1");
        isVoid(dao, dao.member(0).device(), TestDao.question("schulze", 1, "A", " "), "options: must not be blank");
        isVoid(dao, dao.member(0).device(), TestDao.question("schulze", 1, "A", "A"), "options: one is named twice");
        against(question("schulze", 1, options(1025)), "options: must be from 1 to 1024");
        against(question("schulze", 1, List.of("x".repeat(129))), "options: at most 128 bytes");
        fine(question("schulze", 1, options(1024)));
        fine(question("schulze", 1, List.of("x".repeat(128))));
    }

    @Test
    void seatsMustBeFilledFromTheOptions() {
        TestDao dao = dao(1);
        isVoid(dao, dao.member(0).device(), TestDao.question("schulze", 3, "A", "B"), "seats");
        against(question("schulze", 0, List.of("A")), "seats");
        fine(question("schulze", 2, List.of("A", "B")));
    }

    @Test
    void basicHasThreeOptions() {
        TestDao dao = dao(1);
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.question("basic", 1, "For", "Against"),
                "basic has for, against and abstain");
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.question("basic", 1, "A", "B", "C", "D"),
                "basic has for, against and abstain");
    }

    @Test
    void whatNoMethodCouldCountIsVoid() {
        TestDao dao = dao(1);
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.question("basic", 2, "For", "Against", "Abstain"),
                "seats: basic has one");
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.question("basic:margin", 1, "For", "Against", "Abstain"),
                "method: basic has no variants");
    }

    @Test
    void onlyBasicCarriesActions() {
        TestDao dao = dao(2);
        Body.Proposal b = TestDao.basic(new Action.Remove(dao.member(1).key()));
        Body.Proposal other =
                new Body.Proposal(b.title(), b.text(), b.options(), "schulze", 1, 1, false, b.actions(), b.terms());
        isVoid(dao, dao.member(0).device(), other, "only the method basic");
        counts(dao, dao.member(0).device(), b);
    }

    @Test
    void termsAreAtLeastTheRules() {
        TestDao dao = dao(
                1,
                1,
                new TestRules()
                        .review(10)
                        .voting(5_000)
                        .timeLock(10)
                        .quorum(Fraction.of(1, 3))
                        .threshold(Fraction.of(1, 2))
                        .build());
        Fraction less = Fraction.of(1, 4);
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.basic(terms(9L, null, null, null, null)),
                "terms: reviewMillis: lower");
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.basic(terms(null, 4_999L, null, null, null)),
                "terms: votingMillis: lower");
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.basic(terms(null, null, 9L, null, null)),
                "terms: timeLockMillis: lower");
        isVoid(dao, dao.member(0).device(), TestDao.basic(terms(null, null, null, less, null)), "terms: quorum: lower");
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.basic(terms(null, null, null, null, less)),
                "terms: threshold: lower");
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.basic(terms(null, null, null, null, Fraction.ONE)),
                "threshold: 1 or more");
        counts(
                dao,
                dao.member(0).device(),
                TestDao.basic(terms(10L, 5_000L, 10L, Fraction.of(1, 3), Fraction.of(1, 2))));
        Entry stricter = counts(
                dao, dao.member(0).device(), TestDao.basic(terms(11L, 6_000L, 12L, Fraction.ONE, Fraction.of(2, 3))));
        ProposalState state = dao.proposal(stricter.cid());
        assertThat(state.reviewMillis()).isEqualTo(11);
        assertThat(state.votingMillis()).isEqualTo(6_000);
        assertThat(state.timeLockMillis()).isEqualTo(12);
        assertThat(state.quorum()).isEqualTo(Fraction.ONE);
        assertThat(state.threshold()).isEqualTo(Fraction.of(2, 3));
    }

    @Test
    void termsHaveBounds() {
        long tooLong = Rules.PERIOD_MAX_MILLIS + 1;
        against(TestDao.basic(terms(tooLong, null, null, null, null)), "reviewMillis: must be from");
        against(TestDao.basic(terms(null, tooLong, null, null, null)), "votingMillis: must be from");
        against(TestDao.basic(terms(null, null, tooLong, null, null)), "timeLockMillis: must be from");
        against(TestDao.basic(terms(null, null, null, Fraction.of(3, 2), null)), "quorum: must be from 0 to 1");
        against(
                TestDao.basic(terms(null, null, null, Fraction.of(999_999_999_999L, 1_000_000_000_000L), null)),
                "quorum: no number in it");
        against(
                TestDao.basic(terms(null, null, null, null, Fraction.of(999_999_999_999L, 1_000_000_000_000L))),
                "threshold: no number in it");
        fine(TestDao.basic(
                terms(Rules.PERIOD_MAX_MILLIS, Rules.PERIOD_MAX_MILLIS, Rules.PERIOD_MAX_MILLIS, Fraction.ONE, null)));
    }

    @Test
    void wordsHaveBounds() {
        TestDao dao = dao(1);
        Body.Proposal b = TestDao.basic();
        isVoid(dao, dao.member(0).device(), titled(" ", "text"), "title: must not be blank");
        against(titled("x".repeat(257), ""), "title: at most 256 bytes");
        against(titled("\u00e9".repeat(129), ""), "title: at most 256 bytes");
        against(titled("t", "x".repeat(Body.TEXT_MAX_BYTES + 1)), "text: at most");
        fine(titled("\u00e9".repeat(128), "x".repeat(Body.TEXT_MAX_BYTES)));
        against(new Body.Proposal("t", "", b.options(), "basic", 0, 1, false, List.of(), Terms.NONE), "methodVersion");
        fine(new Body.Proposal("t", "", b.options(), "basic", 1, 1, false, List.of(), Terms.NONE));
    }

    @Test
    void actionsHaveBounds() {
        TestDao dao = dao(2);
        Action remove = new Action.Remove(dao.member(1).key());
        against(TestDao.basic(Collections.nCopies(257, remove).toArray(new Action[0])), "actions: at most 256");
        fine(TestDao.basic(Collections.nCopies(256, remove).toArray(new Action[0])));
        Action tooMuch = new Action.SetPower(dao.member(1).key(), Tally.POWER_MAX.add(BigInteger.ONE));
        against(TestDao.basic(tooMuch), "actions: power");
        against(TestDao.basic(new Action.SetPower(dao.member(1).key(), BigInteger.ONE.negate())), "actions: power");
        fine(TestDao.basic(new Action.SetPower(dao.member(1).key(), Tally.POWER_MAX)));
        against(
                TestDao.basic(dao.stranger("x")
                        .admit(
                                dao.dao(),
                                Tally.POWER_MAX.add(BigInteger.ONE),
                                dao.stranger("x").device())),
                "power");
        against(TestDao.basic(dao.stranger(" ").admit(dao.dao(), 1)), "actions: name: must not be blank");
        TreeSet<String> roles = new TreeSet<>(options(65));
        against(TestDao.basic(new Action.SetRoles(dao.member(1).key(), roles)), "actions: roles: at most 64");
        against(
                TestDao.basic(dao.stranger("x").admit(dao.dao(), 1, roles.toArray(new String[0]))),
                "actions: roles: at most 64");
        against(TestDao.basic(new Action.SetNotaries(List.of(), new TreeMap<>())), "actions: at least one notary");
        Action.SetNotaries set = dao.setNotaries(dao.notary(0), dao.signer("n1"));
        against(
                TestDao.basic(new Action.SetNotaries(TestDao.set(dao.notary(0)), set.consents())),
                "actions: a consent is by a key that is not named");
        isVoid(
                dao,
                dao.member(0).device(),
                TestDao.basic(new Action.SetRules(new TestRules().methods("BAD").build())),
                "actions: methods: 'BAD'");
    }

    @Test
    void aVoidProposalIsNoProposal() {
        TestDao dao = dao(1);
        Entry entry = isVoid(dao, dao.member(0).device(), TestDao.question("schulze", 1), "options");
        assertThat(dao.state().proposal(entry.cid())).isEmpty();
        assertThat(dao.state().proposals()).isEmpty();
    }

    private static void against(Body.Proposal proposal, String reason) {
        assertThat(Forms.proposal(proposal, RULES))
                .hasValueSatisfying(text -> assertThat(text).contains(reason));
    }

    private static void fine(Body.Proposal proposal) {
        assertThat(Forms.proposal(proposal, RULES)).isEmpty();
    }

    private static Body.Proposal titled(String title, String text) {
        return new Body.Proposal(title, text, TestDao.basic().options(), "basic", 1, 1, false, List.of(), Terms.NONE);
    }

    private static Body.Proposal question(String method, int seats, List<String> options) {
        return TestDao.question(method, seats, options.toArray(new String[0]));
    }

    private static List<String> options(int count) {
        return IntStream.range(0, count).mapToObj(i -> "option " + i).toList();
    }

    private static Terms terms(
            @Nullable Long review,
            @Nullable Long voting,
            @Nullable Long timeLock,
            @Nullable Fraction quorum,
            @Nullable Fraction threshold) {
        return new Terms(
                maybe(review),
                maybe(voting),
                maybe(timeLock),
                Optional.ofNullable(quorum),
                Optional.ofNullable(threshold));
    }

    private static OptionalLong maybe(@Nullable Long millis) {
        return millis == null ? OptionalLong.empty() : OptionalLong.of(millis);
    }
}
