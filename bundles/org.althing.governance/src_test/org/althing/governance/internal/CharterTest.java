// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.DaoState.InvalidSealException;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.codec.Consent;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.Test;

/** Founding. */
class CharterTest extends DaoTest {

    private final List<TestMember> people = IntStream.range(0, 3)
            .mapToObj(i -> new TestMember("m" + i, SIGNATURES))
            .toList();
    private final List<TestSigner> notaries = IntStream.range(0, 2)
            .mapToObj(i -> new TestSigner("n" + i, SIGNATURES))
            .toList();
    private final Entry entry = TestDao.charter(SIGNATURES, people, notaries, TestDao.rules());
    private final Body.Charter charter = (Body.Charter) entry.body();

    @Test
    void beforeTheCharterIsSealedThereIsNothing() {
        DaoState genesis = governance.genesis(entry);
        assertThat(genesis.dao()).isEqualTo(entry.cid());
        assertThat(genesis.height()).isEqualTo(-1);
        assertThat(genesis.timeMillis()).isEqualTo(-1);
        assertThat(genesis.head()).isEmpty();
        assertThat(genesis.members()).isEmpty();
        assertThat(genesis.notaries()).isEqualTo(charter.notaries());
        assertThat(genesis.rules()).isEqualTo(charter.rules());
        assertThat(genesis.epoch()).isZero();
        assertThat(genesis.name()).isEqualTo("Test");
        assertThat(genesis.purpose()).isEqualTo("To be tested.");
        assertThat(genesis.nextDueMillis()).isEmpty();
    }

    @Test
    void theFirstSealHoldsTheCharterAlone() throws InvalidSealException {
        DaoState genesis = governance.genesis(entry);
        TestDao same = dao(3, 2, TestDao.rules());
        Entry other = same.entry(same.member(0).device(), TestDao.basic());
        assertThat(genesis.refuse(entry)).isEmpty();
        assertThat(genesis.voidness(entry)).isEmpty();
        assertThat(genesis.refuse(other)).isPresent();
        assertThat(genesis.voidness(other)).isPresent();
        assertThat(genesis.plan(5, List.of(other, entry, entry))).containsExactly(entry);
        assertThatThrownBy(() -> genesis.apply(5, List.of())).isInstanceOf(InvalidSealException.class);
        assertThatThrownBy(() -> genesis.apply(5, List.of(entry, other))).isInstanceOf(InvalidSealException.class);
        assertThatThrownBy(() -> genesis.apply(5, List.of(other))).isInstanceOf(InvalidSealException.class);
        assertThat(genesis.apply(5, List.of(entry)).nextNotaries()).isEqualTo(charter.notaries());
    }

    @Test
    void theFoundersAreMembersThen() {
        TestDao dao = dao(3, 2, TestDao.rules());
        assertThat(dao.state().height()).isZero();
        assertThat(dao.state().members())
                .hasSize(3)
                .allSatisfy(m -> assertThat(m.since()).isZero())
                .allSatisfy(m -> assertThat(m.active()).isTrue());
        assertThat(dao.state().members()).isSortedAccordingTo((a, b) -> a.root().compareTo(b.root()));
        KeyState root = dao.state().key(dao.member(0).key()).orElseThrow();
        assertThat(root.sequence()).isZero();
        assertThat(root.last()).isEqualTo(dao.dao());
        assertThat(dao.state().key(dao.member(1).key()).orElseThrow().sequence())
                .isEqualTo(-1);
        assertThat(dao.state().key(dao.notary(1).key()).orElseThrow().kind()).isEqualTo(KeyState.Kind.NOTARY);
        assertThat(dao.state().notaries()).isEqualTo(charter.notaries());
    }

    @Test
    void genesisTakesACharterOfItsFirstFounder() {
        assertThat(governance.refuse(charter)).isEmpty();
        Entry byAnother = with(entry, people.get(1).root().key(), 0, charter);
        assertThatThrownBy(() -> governance.genesis(byAnother)).hasMessageContaining("first founder");
        Entry later = with(entry, entry.key(), 1, charter);
        assertThatThrownBy(() -> governance.genesis(later)).hasMessageContaining("first founder");
        Entry ofADao = new Entry(entry.cid(), 1, fakeCid(1), entry.key(), 0, null, null, 0, charter, entry.signature());
        assertThatThrownBy(() -> governance.genesis(ofADao)).hasMessageContaining("first founder");
        Entry noCharter = with(entry, entry.key(), 0, TestDao.basic());
        assertThatThrownBy(() -> governance.genesis(noCharter)).hasMessageContaining("no charter");
        Entry bad = with(
                entry,
                entry.key(),
                0,
                charter(c -> new Body.Charter(" ", "", c.salt(), c.founders(), c.notaries(), c.rules())));
        assertThatThrownBy(() -> governance.genesis(bad)).hasMessageContaining("name");
    }

    @Test
    void aFounderConsentsToOneNameAndOneConvener() {
        Action.Admit first = people.get(0).admit(founding("Test", 0), 1);
        Action.Admit second = people.get(1).admit(founding("Test", 0), 1);
        assertThat(governance.refuse(founders(charter, List.of(first, second)))).isEmpty();
        against("bad proof", c -> founders(c, List.of(first, people.get(1).admit(founding("Other", 0), 1))));
        against("bad proof", c -> founders(c, List.of(first, people.get(1).admit(founding("Test", 2), 1))));
        against("bad proof", c -> founders(c, List.of(people.get(1).admit(founding("Test", 1), 1), first)));
    }

    @Test
    void theRestOfTheCharterIsTheConveners() {
        byte[] salt = charter.salt();
        salt[0]++;
        Body.Charter other = new Body.Charter(
                charter.name(),
                "Something else.",
                salt,
                charter.founders(),
                TestDao.set(notaries.get(0)),
                new TestRules().review(0).build());
        assertThat(governance.refuse(other)).isEmpty();
    }

    private Cid founding(String name, int convener) {
        return Consent.founding(people.get(convener).key(), name);
    }

    @Test
    void aCharterNamesWhatIsWrong() {
        against(
                "name: must not be blank",
                c -> new Body.Charter("", "", c.salt(), c.founders(), c.notaries(), c.rules()));
        against(
                "name: at most",
                c -> new Body.Charter("x".repeat(129), "", c.salt(), c.founders(), c.notaries(), c.rules()));
        against(
                "purpose",
                c -> new Body.Charter(
                        "x", "x".repeat(Body.TEXT_MAX_BYTES + 1), c.salt(), c.founders(), c.notaries(), c.rules()));
        against("salt", c -> new Body.Charter("x", "", new byte[15], c.founders(), c.notaries(), c.rules()));
        against("founders: at least one", c -> new Body.Charter("x", "", c.salt(), List.of(), c.notaries(), c.rules()));
        against(
                "founders: at most 200",
                c -> founders(c, Collections.nCopies(201, c.founders().getFirst())));
        against(
                "is a member already",
                c -> founders(c, Collections.nCopies(2, c.founders().getFirst())));
        against("bad proof", c -> founders(c, List.of(people.get(0).admit(fakeCid(1), 1))));
        against("no role wizard", c -> founders(c, List.of(people.get(0).admit(founding("Test", 0), 1, "wizard"))));
        against("notaries: at least one", c -> notaries(c, List.of()));
        against(
                "notaries: at most 64",
                c -> notaries(
                        c,
                        TestDao.set(IntStream.range(0, 65)
                                .mapToObj(i -> new TestSigner("x" + i, SIGNATURES))
                                .toArray(TestSigner[]::new))));
        against("named twice", c -> notaries(c, TestDao.set(notaries.get(0), notaries.get(0))));
        against(
                "at most 8 addresses",
                c -> notaries(c, List.of(new Notary(notaries.get(0).key(), Collections.nCopies(9, "/ip4/127.0.0.1")))));
        against("another use", c -> notaries(c, TestDao.set(people.get(0).device())));
    }

    @Test
    void rulesNameWhatIsWrong() {
        Fraction fine = Fraction.of(999_999_999L, 1_000_000_000L);
        Fraction tooFine = Fraction.of(9_999_999_999L, 10_000_000_000L);
        rules("quorum: must be", new TestRules().quorum(Fraction.of(3, 2)));
        rules("quorum: must be", new TestRules().quorum(Fraction.of(-1, 2)));
        rules("quorum: no number", new TestRules().quorum(tooFine));
        rules("threshold: 1 or more", new TestRules().threshold(Fraction.ONE));
        rules("threshold: must be", new TestRules().threshold(Fraction.of(-1, 2)));
        rules("sponsors", new TestRules().sponsors(-1, 1));
        rules("sponsors", new TestRules().sponsors(1025, 1));
        rules("sponsorMillis", new TestRules().sponsors(1, -1));
        rules("sponsorMillis", new TestRules().sponsors(1, Rules.PERIOD_MAX_MILLIS + 1));
        rules("reviewMillis", new TestRules().review(-1));
        rules("votingMillis", new TestRules().voting(999));
        rules("votingMillis", new TestRules().voting(Rules.PERIOD_MAX_MILLIS + 1));
        rules("timeLockMillis", new TestRules().timeLock(-1));
        rules("graceMillis", new TestRules().late(-1, 0));
        rules("extensionMaxMillis", new TestRules().late(0, -1));
        rules("entriesPerSealMax", new TestRules().quotas(0, 1));
        rules("entriesPerSealMax", new TestRules().quotas(17, 1));
        rules("entriesPerDayMax", new TestRules().quotas(1, 0));
        rules("entriesPerDayMax", new TestRules().quotas(1, 100_001));
        rules("roles: must not be blank", new TestRules().role(" ", Right.VOTE));
        rules("methods: 'schulze:winning' is no name of a method", new TestRules().methods("schulze:winning"));
        rules("methods: 'Schulze' is no name of a method", new TestRules().methods("Schulze"));
        TestRules many = new TestRules();
        IntStream.range(0, 63).forEach(i -> many.role("r" + i));
        rules("at most 64 roles", many);
        rules(
                "at most 64 methods",
                new TestRules()
                        .methods(IntStream.range(0, 65).mapToObj(i -> "m" + i).toArray(String[]::new)));
        assertThat(Forms.rules(Rules.usual())).isEmpty();
        assertThat(Forms.rules(new TestRules()
                        .quorum(Fraction.ONE)
                        .threshold(fine)
                        .sponsors(1024, 0)
                        .review(0)
                        .voting(1000)
                        .timeLock(Rules.PERIOD_MAX_MILLIS)
                        .late(0, 0)
                        .quotas(1, 1)
                        .methods()
                        .build()))
                .isEmpty();
    }

    private void against(String reason, UnaryOperator<Body.Charter> change) {
        Optional<String> refusal = governance.refuse(charter(change));
        assertThat(refusal).hasValueSatisfying(text -> assertThat(text).contains(reason));
    }

    private void rules(String reason, TestRules rules) {
        against(
                "rules: " + reason,
                c -> new Body.Charter(c.name(), c.purpose(), c.salt(), c.founders(), c.notaries(), rules.build()));
    }

    private Body.Charter charter(UnaryOperator<Body.Charter> change) {
        return change.apply(charter);
    }

    private static Body.Charter founders(Body.Charter c, List<Action.Admit> founders) {
        return new Body.Charter(c.name(), c.purpose(), c.salt(), founders, c.notaries(), c.rules());
    }

    private static Body.Charter notaries(Body.Charter c, List<Notary> notaries) {
        return new Body.Charter(c.name(), c.purpose(), c.salt(), c.founders(), notaries, c.rules());
    }

    private static Entry with(Entry entry, PublicKey key, long sequence, Body body) {
        return new Entry(entry.cid(), entry.sizeBytes(), null, key, sequence, null, null, 0, body, entry.signature());
    }
}
