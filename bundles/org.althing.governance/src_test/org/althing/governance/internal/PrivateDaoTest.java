// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Effect;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalStatus;
import org.althing.codec.Ed25519;
import org.althing.codec.Enclosure;
import org.althing.codec.GroupKeys;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.junit.jupiter.api.Test;

class PrivateDaoTest {

    private static final Ed25519 SIGNATURES = Ed25519.fastest();
    private static final GovernanceService GOVERNANCE = new GovernanceService(SIGNATURES);

    private final TestDao dao = TestDao.foundPrivate(GOVERNANCE, SIGNATURES, 3, TestDao.rules());

    private static Cid name(int number) {
        return Enclosure.name(TestDao.groupKey(number));
    }

    private String voidness(Entry entry) {
        return dao.seal(entry).stream()
                .filter(Effect.Voided.class::isInstance)
                .map(effect -> ((Effect.Voided) effect).reason())
                .findFirst()
                .orElse("");
    }

    @Test
    void theCharterNamesTheFirstKeyAndTheReaders() {
        assertThat(dao.state().groupKeys()).containsExactly(name(0));
        assertThat(dao.state().groupKeyDue()).isFalse();
        assertThat(dao.state().member(dao.member(1).key()).flatMap(Member::reader))
                .contains(dao.member(1).reader());
    }

    @Test
    void whatIsEnclosedCounts() {
        Cid proposal = dao.open(TestDao.basic());
        dao.seal(dao.entry(dao.member(1).device(), TestDao.ballot(proposal, 0, 0)));
        assertThat(dao.proposal(proposal).ballots()).isEqualTo(1);
    }

    @Test
    void whatIsSaidInClearIsVoid() {
        Entry clear = dao.entryInClear(dao.member(1).device(), 0, null, TestDao.basic());
        assertThat(voidness(clear)).contains("must be enclosed");
        assertThat(dao.state().proposals()).isEmpty();
    }

    @Test
    void whatNobodyCanOpenIsVoid() {
        Body.Enclosed foreign = new Body.Enclosed(name(7), new byte[32], new byte[272]);
        assertThat(voidness(dao.entryInClear(dao.member(1).device(), 0, null, foreign)))
                .isEqualTo("no group key of the DAO opens it");
    }

    @Test
    void inAPublicDaoNothingIsEnclosed() {
        TestDao open = TestDao.found(GOVERNANCE, SIGNATURES, 2, 1, TestDao.rules());
        Entry entry = open.entry(open.member(1).device(), new Body.Enclosed(name(0), new byte[32], new byte[272]));
        assertThat(open.seal(entry))
                .containsExactly(new Effect.Voided(entry.cid(), "the DAO is public, nothing is enclosed in it"));
        Entry opened = open.entry(open.member(0).device(), new Body.Enclosed(name(0), new byte[32], new byte[272]))
                .opened(TestDao.basic());
        assertThat(open.seal(opened))
                .containsExactly(new Effect.Voided(opened.cid(), "the DAO is public, nothing is enclosed in it"));
        assertThat(open.seal(open.entry(open.notary(0), new Body.GroupKey(1, name(1))))
                        .toString())
                .contains("the DAO is public");
        assertThat(open.seal(open.entry(
                                open.member(0).root(),
                                new Body.ReaderChanged(open.member(0).reader())))
                        .toString())
                .contains("the DAO is public");
    }

    @Test
    void whoeverLeavesTakesNoKeyAlong() {
        dao.pass(new Action.Remove(dao.member(2).key()));
        assertThat(dao.state().groupKeyDue()).isTrue();
        dao.seal(dao.rekey());
        assertThat(dao.state().groupKeys()).containsExactly(name(0), name(1));
        assertThat(dao.state().groupKeyDue()).isFalse();
        Cid proposal = dao.open(TestDao.basic());
        assertThat(dao.status(proposal)).isEqualTo(ProposalStatus.VOTING);
    }

    @Test
    void aKeyIsNamedOnlyWhenOneIsDueAndInItsTurn() {
        assertThat(voidness(dao.entry(dao.notary(0), new Body.GroupKey(1, name(1)))))
                .contains("no group key is due");
        dao.pass(new Action.Remove(dao.member(2).key()));
        assertThat(voidness(dao.entry(dao.notary(0), new Body.GroupKey(2, name(1)))))
                .contains("has number 1");
        assertThat(voidness(dao.entry(dao.notary(0), new Body.GroupKey(1, name(0)))))
                .contains("already");
        assertThat(voidness(dao.entry(dao.notary(0), new Body.GroupKey(1, name(1)))))
                .isEmpty();
    }

    @Test
    void anotherNodeOfAMemberMakesAKeyDue() {
        TestMember other = dao.stranger("other");
        dao.seal(dao.entry(dao.member(1).root(), new Body.ReaderChanged(other.reader())));
        assertThat(dao.state().member(dao.member(1).key()).flatMap(Member::reader))
                .contains(other.reader());
        assertThat(dao.state().groupKeyDue()).isTrue();
    }

    @Test
    void noMemberUsesUpTheGroupKeys() {
        TestMember member = dao.member(1);
        assertThat(voidness(dao.entry(member.root(), new Body.ReaderChanged(member.reader()))))
                .contains("reads with that key already");
        assertThat(dao.state().groupKeyDue()).isFalse();
        for (int i = 0; i < Body.READER_CHANGES_MAX; i++) {
            assertThat(changed(member, "other " + i)).isEmpty();
            assertThat(dao.state().groupKeyDue()).isTrue();
            dao.seal(dao.rekey());
        }
        assertThat(changed(member, "one more")).contains("at most 32 times");
        assertThat(dao.state().groupKeyDue()).isFalse();
        assertThat(changed(dao.member(2), "of another")).isEmpty();
        dao.seal(dao.rekey());
        dao.pass(new Action.Remove(member.key()));
        dao.seal(dao.rekey());
        dao.pass(member.admitPrivately(dao.dao(), "member"));
        dao.forget(member.root());
        assertThat(changed(member, "again")).isEmpty();
    }

    private String changed(TestMember member, String to) {
        return voidness(
                dao.entry(member.root(), new Body.ReaderChanged(dao.stranger(to).reader())));
    }

    @Test
    void membersAreAdmittedWithAReadingKeyThatTheyConsentTo() {
        TestMember guest = dao.stranger("guest");
        Cid without = dao.pass(guest.admit(dao.dao(), 1, "member"));
        assertThat(dao.proposal(without).reason()).contains("needs the member's reading key");
        Action.Admit good = guest.admitPrivately(dao.dao(), "member");
        Cid swapped = dao.pass(new Action.Admit(
                good.name(),
                good.root(),
                good.device(),
                good.deviceProof(),
                good.rootProof(),
                good.roles(),
                good.power(),
                Optional.of(dao.member(0).reader())));
        assertThat(dao.proposal(swapped).reason()).contains("bad proof of the root key");
        Cid admitted = dao.pass(good);
        assertThat(dao.status(admitted)).isEqualTo(ProposalStatus.EXECUTED);
        TestDao open = TestDao.found(GOVERNANCE, SIGNATURES, 2, 1, TestDao.rules());
        Cid reading = open.pass(open.stranger("guest").admitPrivately(open.dao(), "member"));
        assertThat(open.proposal(reading).reason()).contains("takes no reading key");
    }

    @Test
    void aPrivateCharterNeedsReadingKeysOfAllFounders() {
        Body.Charter body = (Body.Charter) TestDao.found(GOVERNANCE, SIGNATURES, 2, 1, TestDao.rules())
                .charter()
                .body();
        Body.Charter closed = new Body.Charter(
                body.name(),
                body.purpose(),
                body.salt(),
                body.founders(),
                body.notaries(),
                body.rules(),
                Optional.of(name(0)));
        assertThat(GOVERNANCE.refuse(closed))
                .hasValueSatisfying(reason -> assertThat(reason).contains("reading key"));
    }

    @Test
    void whatWasOpenedTooEarlyIsAsItWasSigned() throws Exception {
        Entry early = dao.entry(dao.member(1).device(), TestDao.basic());
        assertThat(GroupKeys.of(dao.groupKeys()).open(early, List.of()).body()).isInstanceOf(Body.Enclosed.class);
        assertThatThrownBy(() -> early.shut().shut().opened(early.body()).opened(early.body()))
                .isInstanceOf(IllegalStateException.class);
    }
}
