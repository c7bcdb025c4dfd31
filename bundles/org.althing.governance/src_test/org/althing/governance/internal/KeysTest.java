// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.Effect;
import org.althing.api.governance.KeyState;
import org.althing.codec.EntryCodec;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.Test;

/** Adding, revoking and freezing keys. */
class KeysTest extends DaoTest {

    @Test
    void aMemberAddsADevice() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        counts(dao, m.root(), m.adds(dao.dao(), m.device("2")));
        KeyState key = dao.state().key(m.device("2").key()).orElseThrow();
        assertThat(key)
                .isEqualTo(new KeyState(
                        m.device("2").key(), KeyState.Kind.DEVICE, m.key(), KeyState.Status.ACTIVE, -1, null));
    }

    @Test
    void aDeviceMustWantTo() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        Signature forAnother = dao.member(0).adds(dao.dao(), m.device("2")).proof();
        Signature elsewhere = m.adds(fakeCid(1), m.device("2")).proof();
        isVoid(dao, m.root(), new Body.KeyAdded(m.device("2").key(), forAnother), "does not prove");
        isVoid(dao, m.root(), new Body.KeyAdded(m.device("2").key(), elsewhere), "does not prove");
    }

    @Test
    void aKeyBelongsToOneOwnerForEver() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        String used = "used before";
        isVoid(dao, m.root(), m.adds(dao.dao(), dao.member(0).device()), used);
        isVoid(dao, m.root(), m.adds(dao.dao(), m.device()), used);
        isVoid(dao, m.root(), m.adds(dao.dao(), m.root()), used);
        isVoid(dao, m.root(), m.adds(dao.dao(), dao.notary(0)), used);
        counts(dao, m.root(), new Body.KeyRevoked(m.device().key()));
        isVoid(dao, m.root(), m.adds(dao.dao(), m.device()), used);
    }

    @Test
    void onlyAnOwnActiveDeviceCanBeRevoked() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        String none = "no such active device key";
        isVoid(dao, m.root(), new Body.KeyRevoked(dao.member(0).device().key()), none);
        isVoid(dao, m.root(), new Body.KeyRevoked(m.root().key()), none);
        isVoid(dao, m.root(), new Body.KeyRevoked(dao.signer("x").key()), none);
        counts(dao, m.root(), new Body.KeyRevoked(m.device().key()));
        assertThat(status(dao, m.device().key())).isEqualTo(KeyState.Status.REVOKED);
        isVoid(dao, m.root(), new Body.KeyRevoked(m.device().key()), none);
    }

    @Test
    void revocationSparesWhatIsSealed() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        Cid proposal = dao.open(TestDao.basic());
        counts(dao, m.device(), TestDao.ballot(proposal, 0, 0));
        counts(dao, m.root(), new Body.KeyRevoked(m.device().key()));
        assertThat(dao.state().ballot(proposal, m.key())).isPresent();
    }

    @Test
    void whatAKeySignedIsVoidOnceItIsRevokedInTheSameSeal() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        Cid proposal = dao.open(TestDao.basic());
        Entry ballot = dao.entry(m.device(), TestDao.ballot(proposal, 0, 0));
        Entry revoked = dao.entry(m.root(), new Body.KeyRevoked(m.device().key()));
        assertThat(dao.seal(ballot, revoked))
                .containsExactly(
                        new Effect.Applied(revoked.cid()),
                        new Effect.Voided(ballot.cid(), "its key was revoked or frozen before it in the same seal"));
        assertThat(dao.state().ballot(proposal, m.key())).isEmpty();
        assertThat(dao.state().key(m.device().key()).orElseThrow().last()).isEqualTo(ballot.cid());
        assertThat(status(dao, m.device().key())).isEqualTo(KeyState.Status.REVOKED);
    }

    @Test
    void twoEntriesWithOneNumberFreezeTheirKey() {
        TestDao dao = dao(3);
        TestMember cheat = dao.member(1);
        Cid proposal = dao.open(TestDao.basic());
        Entry first = counts(dao, cheat.device(), TestDao.ballot(proposal, 0, 0));
        Entry second = dao.entry(cheat.device(), 0, null, TestDao.ballot(proposal, 0, 1));
        counts(dao, dao.member(2).device(), proof(first, second));
        assertThat(status(dao, cheat.device().key())).isEqualTo(KeyState.Status.FROZEN);
        assertThat(dao.state().ballot(proposal, cheat.key()).orElseThrow().ballot())
                .isEqualTo(first.cid());
        refused(dao, dao.entry(cheat.device(), TestDao.ballot(proposal, 1, 1)), "frozen", true);
        isVoid(dao, dao.member(2).device(), proof(first, second), "frozen already");
        isVoid(dao, cheat.root(), new Body.KeyRevoked(cheat.device().key()), "no such active device key");
    }

    @Test
    void aNotaryCanProveItAndBeProvenToo() {
        TestDao dao = dao(2, 4, TestDao.rules());
        List<Entry> pair = pair(
                dao,
                dao.member(1).root(),
                dao.member(1).adds(dao.dao(), dao.signer("a")),
                new Body.KeyRevoked(fakeKey(dao)));
        counts(dao, dao.notary(0), proof(pair.get(0), pair.get(1)));
        assertThat(status(dao, dao.member(1).key())).isEqualTo(KeyState.Status.FROZEN);
        List<Entry> notarys = pair(
                dao,
                dao.notary(1),
                TestDao.counted(fakeCid(1), Verdict.PASSED),
                TestDao.counted(fakeCid(1), Verdict.REJECTED));
        counts(dao, dao.member(0).device(), proof(notarys.get(0), notarys.get(1)));
        assertThat(status(dao, dao.notary(1).key())).isEqualTo(KeyState.Status.FROZEN);
    }

    @Test
    void aRevokedKeyCanStillBeFrozen() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        List<Entry> pair = pair(dao, m.device(), remark("a"), remark("b"));
        counts(dao, m.root(), new Body.KeyRevoked(m.device().key()));
        counts(dao, dao.member(0).device(), proof(pair.get(0), pair.get(1)));
        assertThat(status(dao, m.device().key())).isEqualTo(KeyState.Status.FROZEN);
    }

    @Test
    void aKeyCanProveItsOwnEquivocation() {
        TestDao dao = dao(2);
        TestSigner device = dao.member(1).device();
        List<Entry> pair = pair(dao, device, remark("a"), remark("b"));
        Entry entry = counts(dao, device, proof(pair.get(0), pair.get(1)));
        KeyState key = dao.state().key(device.key()).orElseThrow();
        assertThat(key.status()).isEqualTo(KeyState.Status.FROZEN);
        assertThat(key.last()).isEqualTo(entry.cid());
    }

    @Test
    void aProofOfEquivocationMustHold() {
        TestDao dao = dao(3);
        TestSigner by = dao.member(0).device();
        TestSigner device = dao.member(1).device();
        TestSigner other = dao.member(2).device();
        Entry entry = dao.entry(device, 3, fakeCid(3), remark("a"));
        Entry twin = dao.entry(device, 3, fakeCid(3), remark("b"));
        isVoid(dao, by, new Body.Equivocation(new byte[] {1}, EntryCodec.encode(twin)), "no entry");
        isVoid(dao, by, proof(entry, dao.entry(device, 4, fakeCid(3), remark("b"))), "do not share");
        isVoid(dao, by, proof(entry, dao.entry(other, 3, fakeCid(3), remark("b"))), "do not share");
        isVoid(dao, by, proof(entry, entry), "the same entry");
        Cid head = dao.state().head().orElseThrow();
        Entry abroad = dao.entry(device, fakeCid(8), 3, fakeCid(3), head, remark("b"));
        isVoid(dao, by, proof(entry, abroad), "another DAO");
        isVoid(dao, by, proof(abroad, entry), "another DAO");
        isVoid(dao, by, proof(entry, forged(twin)), "a signature is bad");
        isVoid(dao, by, proof(forged(twin), entry), "a signature is bad");
        TestSigner unknown = dao.signer("unknown");
        List<Entry> pair = pair(dao, unknown, remark("a"), remark("b"));
        isVoid(dao, by, proof(pair.get(0), pair.get(1)), "not known here");
        counts(dao, by, proof(entry, twin));
    }

    @Test
    void theCharterIsOneOfItsKeysEntries() {
        TestDao dao = dao(2);
        TestMember founder = dao.member(0);
        Entry second = dao.entry(
                founder.root(), 0, null, new Body.KeyRevoked(founder.device().key()));
        counts(dao, dao.member(1).device(), proof(dao.charter(), second));
        assertThat(status(dao, founder.key())).isEqualTo(KeyState.Status.FROZEN);
    }

    @Test
    void whatAKeySignedIsVoidOnceItIsFrozenInTheSameSeal() {
        TestDao dao = dao(10);
        Cid proposal = dao.open(TestDao.basic());
        List<Entry> entries = new ArrayList<>();
        TestSigner cheat = dao.member(1).device();
        List<Entry> pair = pair(dao, cheat, TestDao.ballot(proposal, 0, 0), TestDao.ballot(proposal, 0, 1));
        entries.add(pair.get(0));
        for (int i = 2; i < 10; i++) {
            entries.add(dao.entry(dao.member(i).device(), proof(pair.get(0), pair.get(1))));
        }
        List<Effect> effects = dao.seal(entries.toArray(new Entry[0]));
        List<Entry> sealed = dao.seals().getLast().entries();
        boolean ballotFirst = sealed.getFirst().cid().equals(pair.get(0).cid());
        assertThat(effects.contains(new Effect.Applied(pair.get(0).cid()))).isEqualTo(ballotFirst);
        assertThat(effects.stream().filter(Effect.Voided.class::isInstance)).hasSize(ballotFirst ? 7 : 8);
        assertThat(status(dao, cheat.key())).isEqualTo(KeyState.Status.FROZEN);
    }

    @Test
    void aFrozenNotaryHasNoVoice() {
        TestDao dao = dao(2, 4, TestDao.rules());
        Cid proposal = dao.close(dao.open(TestDao.basic()));
        dao.seal(dao.entry(dao.notary(0), TestDao.counted(proposal, Verdict.PASSED)));
        Entry first = dao.entry(dao.notary(0), 7, fakeCid(1), TestDao.counted(proposal, Verdict.PASSED));
        Entry second = dao.entry(dao.notary(0), 7, fakeCid(1), TestDao.counted(proposal, Verdict.REJECTED));
        counts(dao, dao.member(0).device(), proof(first, second));
        for (int i = 1; i <= 2; i++) {
            dao.seal(dao.entry(dao.notary(i), TestDao.counted(proposal, Verdict.PASSED)));
        }
        assertThat(dao.proposal(proposal).outcome()).isEmpty();
        dao.seal(dao.entry(dao.notary(3), TestDao.counted(proposal, Verdict.PASSED)));
        assertThat(dao.proposal(proposal).outcome()).isPresent();
        assertThat(dao.status(dao.pass(dao.setNotaries(dao.notary(1)))).name()).isEqualTo("EXECUTED");
    }

    private static Entry forged(Entry entry) {
        byte[] bytes = EntryCodec.encode(entry);
        bytes[bytes.length - 1] ^= 1;
        return EntryCodec.decode(bytes);
    }

    private static List<Entry> pair(TestDao dao, Signer key, Body one, Body other) {
        return List.of(dao.entry(key, 0, null, one), dao.entry(key, 0, null, other));
    }

    private static Body remark(String text) {
        return new Body.Comment(fakeCid(1), Optional.empty(), text);
    }

    private static Body.Equivocation proof(Entry first, Entry second) {
        return new Body.Equivocation(EntryCodec.encode(first), EntryCodec.encode(second));
    }

    private static PublicKey fakeKey(TestDao dao) {
        return dao.signer("fake").key();
    }
}
