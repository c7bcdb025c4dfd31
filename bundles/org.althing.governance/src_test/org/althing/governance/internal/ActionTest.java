// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.Signature;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Tally;
import org.althing.codec.Consent;
import org.althing.codec.EntryCodec;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.Test;

/** What a passed proposal does, and when it cannot. */
class ActionTest extends DaoTest {

    private final TestDao dao =
            dao(4, 1, new TestRules().role("other", Right.VOTE).build());
    private final TestMember stranger = dao.stranger("stranger");

    @Test
    void aMemberIsAdmittedWithItsKeys() {
        executes(stranger.admit(dao.dao(), 3, "member", "other"));
        Member member = dao.state().member(stranger.key()).orElseThrow();
        assertThat(member)
                .isEqualTo(new Member(
                        stranger.key(),
                        "stranger",
                        new TreeSet<>(List.of("member", "other")),
                        Tally.VOTE.multiply(BigInteger.valueOf(3)),
                        true,
                        dao.state().height()));
        assertThat(dao.state().key(stranger.key()).orElseThrow().kind()).isEqualTo(KeyState.Kind.ROOT);
        assertThat(dao.state().key(stranger.device().key()).orElseThrow().owner())
                .isEqualTo(stranger.key());
        counts(dao, stranger.device(), TestDao.basic());
    }

    @Test
    void nobodyIsAdmittedWithoutBothProofs() {
        Action.Admit good = stranger.admit(dao.dao(), 1, "member");
        Action.Admit foreign = stranger.admit(fakeCid(1), 1, "member");
        Action.Admit founding = stranger.admit(Consent.founding(dao.member(0).key(), TestDao.NAME), 1, "member");
        impossible(admit(good, foreign.deviceProof(), good.rootProof()), "bad proof of the device key");
        impossible(admit(good, good.deviceProof(), foreign.rootProof()), "bad proof of the root key");
        impossible(founding, "bad proof");
        impossible(admit(good, good.rootProof(), good.deviceProof()), "bad proof");
        executes(good);
    }

    @Test
    void nobodyIsAdmittedTwice() {
        impossible(dao.member(1).admit(dao.dao(), 1, "member"), "is a member already");
        impossible("is a member already", stranger.admit(dao.dao(), 1), stranger.admit(dao.dao(), 1));
    }

    @Test
    void keysHaveOneOwner() {
        TestMember m = dao.member(1);
        impossible(stranger.admit(dao.dao(), Tally.VOTE, m.device()), "device key has another use");
        impossible(stranger.admit(dao.dao(), Tally.VOTE, m.root()), "device key has another use");
        impossible(stranger.admit(dao.dao(), Tally.VOTE, dao.notary(0)), "device key has another use");
        impossible(stranger.admit(dao.dao(), Tally.VOTE, stranger.root()), "two keys");
        TestMember borrower = dao.stranger("m1/device/ext");
        counts(dao, m.root(), m.adds(dao.dao(), borrower.root()));
        impossible(borrower.admit(dao.dao(), 1), "root key has another use");
    }

    @Test
    void rolesMustExist() {
        impossible(stranger.admit(dao.dao(), 1, "wizard"), "no role wizard");
        impossible(new Action.SetRoles(dao.member(1).key(), new TreeSet<>(List.of("wizard"))), "no role wizard");
        executes(new Action.SetRoles(dao.member(1).key(), new TreeSet<>(List.of("other"))));
        assertThat(dao.state().member(dao.member(1).key()).orElseThrow().roles())
                .containsExactly("other");
    }

    @Test
    void actionsSeeWhatThoseBeforeThemDid() {
        Rules withWizards =
                new TestRules(dao.state().rules()).role("wizard", Right.VOTE).build();
        executes(
                new Action.SetRules(withWizards),
                stranger.admit(dao.dao(), 1, "wizard"),
                new Action.SetPower(stranger.key(), BigInteger.TEN));
        assertThat(dao.state().member(stranger.key()).orElseThrow().power()).isEqualTo(BigInteger.TEN);
    }

    @Test
    void allActionsHappenOrNone() {
        Cid proposal = dao.pass(
                new Action.Remove(dao.member(1).key()),
                dao.setNotaries(dao.signer("n7")),
                new Action.SetRules(new TestRules().build()),
                stranger.admit(dao.dao(), 1, "member"),
                new Action.Remove(dao.stranger("nobody").key()));
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VOID);
        assertThat(isMember(dao, dao.member(1))).isTrue();
        assertThat(dao.state().key(stranger.key())).isEmpty();
        assertThat(dao.state().rules().roles()).containsKey("other");
        assertThat(dao.state().notaries()).isEqualTo(TestDao.set(dao.notary(0)));
        assertThat(dao.state().epoch()).isZero();
        assertThat(dao.state().nextDueMillis()).isEmpty();
    }

    @Test
    void onlyMembersAreRemovedOrChanged() {
        impossible(new Action.Remove(stranger.key()), "is not a member");
        impossible(new Action.SetPower(stranger.key(), BigInteger.ONE), "is not a member");
        impossible(new Action.SetRoles(stranger.key(), new TreeSet<>()), "is not a member");
        impossible(new Action.Remove(dao.member(1).device().key()), "is not a member");
        executes(new Action.Remove(dao.member(1).key()));
        impossible(new Action.Remove(dao.member(1).key()), "is not a member");
        impossible(new Action.SetPower(dao.member(1).key(), BigInteger.ONE), "is not a member");
        impossible(new Action.SetRoles(dao.member(1).key(), new TreeSet<>()), "is not a member");
    }

    @Test
    void theLastMemberStays() {
        Action[] all = {
            new Action.Remove(dao.member(1).key()),
            new Action.Remove(dao.member(2).key()),
            new Action.Remove(dao.member(3).key())
        };
        List<Action> more = new ArrayList<>(List.of(all));
        more.add(new Action.Remove(dao.member(0).key()));
        impossible("last member", more.toArray(new Action[0]));
        executes(all);
        impossible(new Action.Remove(dao.member(0).key()), "last member");
        executes(dao.member(1).admit(dao.dao(), 1, "member"));
        executes(
                new Action.SetPower(dao.member(0).key(), BigInteger.ONE),
                new Action.Remove(dao.member(1).key()));
        impossible(new Action.Remove(dao.member(0).key()), "last member");
    }

    @Test
    void aFormerMemberMayComeBackWithItsOwnKeysOnly() {
        TestMember m = dao.member(1);
        Entry before = counts(dao, m.device(), TestDao.basic());
        executes(new Action.Remove(m.key()));
        assertThat(dao.state().member(m.key()).orElseThrow().active()).isFalse();
        impossible(m.admit(dao.dao(), Tally.VOTE, dao.member(2).device()), "device key has another use");
        executes(m.admit(dao.dao(), 7, "other"));
        assertThat(dao.state().member(m.key()).orElseThrow().since())
                .isEqualTo(dao.state().height());
        assertThat(dao.state().member(m.key()).orElseThrow().power())
                .isEqualTo(Tally.VOTE.multiply(BigInteger.valueOf(7)));
        assertThat(dao.state().key(m.device().key()).orElseThrow().last()).isEqualTo(before.cid());
        executes(new Action.Remove(m.key()));
        executes(m.admit(dao.dao(), Tally.VOTE, m.device("new"), "other"));
        sealable(dao, dao.entry(m.device("new"), TestDao.basic()));
        sealable(dao, dao.entry(m.device(), TestDao.basic()));
    }

    @Test
    void aRevokedOrFrozenKeyDoesNotComeBack() {
        TestMember m = dao.member(1);
        counts(dao, m.root(), new Body.KeyRevoked(m.device().key()));
        executes(new Action.Remove(m.key()));
        impossible(m.admit(dao.dao(), 1, "member"), "revoked or frozen");
        TestMember frozen = dao.member(2);
        freeze(frozen.root(), frozen.adds(dao.dao(), frozen.device("a")), frozen.adds(dao.dao(), frozen.device("b")));
        executes(new Action.Remove(frozen.key()));
        impossible(frozen.admit(dao.dao(), 1, "member"), "root key is frozen");
    }

    @Test
    void aNewNotarySetEndsTheEpoch() {
        TestSigner next = dao.signer("n1");
        List<Notary> set = TestDao.set(dao.notary(0), next);
        Cid proposal = dao.close(dao.open(TestDao.basic(dao.setNotaries(dao.notary(0), next))));
        Cid oldSet = governance.setHash(dao.state().notaries());
        dao.seal(dao.entry(dao.notary(0), TestDao.counted(proposal, Verdict.PASSED)));
        assertThat(dao.state().epoch()).isEqualTo(1);
        assertThat(dao.state().notaries()).isEqualTo(set);
        var header = dao.seals().getLast().header();
        assertThat(header.epoch()).isZero();
        assertThat(header.set()).isEqualTo(oldSet);
        assertThat(header.nextSet()).isEqualTo(governance.setHash(set)).isNotEqualTo(oldSet);
        assertThat(status(dao, next.key())).isEqualTo(KeyState.Status.ACTIVE);
        assertThat(dao.state().key(next.key()).orElseThrow().kind()).isEqualTo(KeyState.Kind.NOTARY);
        dao.seal();
        assertThat(dao.seals().getLast().header().epoch()).isEqualTo(1);
        assertThat(dao.state().epoch()).isEqualTo(1);
    }

    @Test
    void notariesStandInTheOrderOfTheirKeys() {
        List<Notary> reversed =
                TestDao.set(dao.notary(0), dao.signer("n1"), dao.signer("n2")).reversed();
        executes(new Action.SetRules(dao.state().rules()));
        World world = World.empty(TestDao.rules(), Optional.empty());
        assertThat(run(
                                world,
                                new Action.SetNotaries(
                                        reversed,
                                        dao.setNotaries(dao.signer("n1"), dao.signer("n2"), dao.notary(0))
                                                .consents()))
                        .notaries())
                .isEqualTo(reversed.reversed());
    }

    @Test
    void whoeverJoinsTheNotariesConsents() {
        TestSigner next = dao.signer("n1");
        TestSigner other = dao.signer("n2");
        List<Notary> set = TestDao.set(dao.notary(0), next);
        impossible(new Action.SetNotaries(set, new TreeMap<>()), next.key() + " does not consent");
        impossible(
                new Action.SetNotaries(set, new TreeMap<>(Map.of(next.key(), TestDao.consent(fakeCid(1), next)))),
                "does not consent");
        impossible(
                new Action.SetNotaries(set, new TreeMap<>(Map.of(next.key(), TestDao.consent(dao.dao(), other)))),
                "does not consent");
        TestDao two = dao(1, 2, TestDao.rules());
        // Who is a notary already has consented, or founded.
        assertThat(two.status(two.pass(new Action.SetNotaries(TestDao.set(two.notary(0)), new TreeMap<>()))))
                .isEqualTo(ProposalStatus.EXECUTED);
        List<Notary> both = TestDao.set(two.notary(0), two.notary(1));
        assertThat(two.proposal(two.pass(new Action.SetNotaries(both, new TreeMap<>())))
                        .reason())
                .contains(two.notary(1).key() + " does not consent");
        Signature consent = TestDao.consent(two.dao(), two.notary(1));
        assertThat(two.status(two.pass(new Action.SetNotaries(
                        both, new TreeMap<>(Map.of(two.notary(1).key(), consent))))))
                .isEqualTo(ProposalStatus.EXECUTED);
    }

    @Test
    void aFormerNotaryMayComeBack() {
        TestDao two = dao(1, 2, TestDao.rules());
        two.pass(two.setNotaries(two.notary(0)));
        assertThat(status(two, two.notary(1).key())).isEqualTo(KeyState.Status.REVOKED);
        two.pass(two.setNotaries(two.notary(0), two.notary(1)));
        assertThat(status(two, two.notary(1).key())).isEqualTo(KeyState.Status.ACTIVE);
        assertThat(two.state().key(two.notary(1).key()).orElseThrow().sequence())
                .isZero();
    }

    @Test
    void aMembersKeyIsNoNotarysKey() {
        impossible(dao.setNotaries(dao.notary(0), dao.member(1).device()), "notary's key has another use");
        impossible(dao.setNotaries(dao.member(1).root()), "notary's key has another use");
    }

    @Test
    void aFrozenNotaryIsNotChosenAgain() {
        TestDao four = dao(2, 4, TestDao.rules());
        Entry first = four.entry(four.notary(3), 0, null, TestDao.counted(fakeCid(1), Verdict.PASSED));
        Entry second = four.entry(four.notary(3), 0, null, TestDao.counted(fakeCid(2), Verdict.PASSED));
        counts(
                four,
                four.member(0).device(),
                new Body.Equivocation(EntryCodec.encode(first), EntryCodec.encode(second)));
        Cid keeping = four.pass(four.setNotaries(four.notary(2), four.notary(3)));
        assertThat(four.proposal(keeping).reason()).contains("frozen");
        Cid dropping = four.pass(four.setNotaries(four.notary(0), four.notary(1)));
        assertThat(four.status(dropping)).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(status(four, four.notary(3).key())).isEqualTo(KeyState.Status.FROZEN);
    }

    @Test
    void formsAreCheckedAtExecutionToo() {
        World world = World.empty(TestDao.rules(), Optional.empty());
        assertThat(failure(world, new Action.SetNotaries(List.of(), new TreeMap<>())))
                .contains("at least one notary");
        assertThat(failure(
                        world, new Action.SetRules(new TestRules().methods("X").build())))
                .contains("no name of a method");
    }

    private World run(World world, Action action) {
        try {
            return Enactment.in(dao.dao(), 1, SIGNATURES, world).run(List.of(action));
        } catch (Enactment.ImpossibleException e) {
            throw new AssertionError(e);
        }
    }

    private String failure(World world, Action action) {
        try {
            Enactment.in(dao.dao(), 1, SIGNATURES, world).run(List.of(action));
            return "";
        } catch (Enactment.ImpossibleException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void freeze(TestSigner key, Body one, Body other) {
        Entry first = dao.entry(key, 0, null, one);
        Entry second = dao.entry(key, 0, null, other);
        counts(dao, dao.member(0).device(), new Body.Equivocation(EntryCodec.encode(first), EntryCodec.encode(second)));
    }

    private static Action.Admit admit(Action.Admit a, Signature deviceProof, Signature rootProof) {
        return new Action.Admit(a.name(), a.root(), a.device(), deviceProof, rootProof, a.roles(), a.power());
    }

    private void executes(Action... actions) {
        Cid proposal = dao.pass(actions);
        assertThat(dao.proposal(proposal).reason()).isEmpty();
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.EXECUTED);
    }

    private void impossible(Action action, String reason) {
        impossible(reason, action);
    }

    private void impossible(String reason, Action... actions) {
        List<Member> members = dao.state().members();
        Cid proposal = dao.pass(actions);
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VOID);
        assertThat(dao.proposal(proposal).reason()).contains(reason);
        assertThat(dao.state().members()).isEqualTo(members);
    }
}
