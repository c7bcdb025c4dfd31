// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.DaoState.InvalidSealException;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.KeyState;
import org.althing.api.seal.SealHeader;
import org.althing.codec.EntryCodec;
import org.althing.codec.SealCodec;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.Test;

/** What can be sealed, in which order and how much of it. */
class SealingTest extends DaoTest {

    private static final Body REMARK = new Body.Comment(fakeCid(1), Optional.empty(), "void, but sealable");

    @Test
    void anEntryOfAnActiveKeyThatComesNextCanBeSealed() {
        TestDao dao = dao(2);
        sealable(dao, dao.entry(dao.member(1).device(), REMARK));
    }

    @Test
    void anUnknownKeyWaits() {
        TestDao dao = dao(1);
        Entry entry = dao.entry(dao.stranger("x").device(), REMARK);
        refused(dao, entry, "not known", false);
        assertThat(dao.state().voidness(entry)).hasValue("its key is not known here");
    }

    @Test
    void anEntryOfAnotherDaoIsRefusedForEver() {
        TestDao dao = dao(1);
        TestSigner device = dao.member(0).device();
        Cid head = dao.state().head().orElseThrow();
        refused(dao, dao.entry(device, fakeCid(5), 0, null, head, REMARK), "another DAO", true);
        refused(dao, dao.entry(dao.signer("who"), fakeCid(5), 0, null, head, REMARK), "another DAO", true);
        sealable(dao, dao.entry(device, dao.dao(), 0, null, head, REMARK));
    }

    @Test
    void aCharterIsSealedOnce() {
        TestDao dao = dao(1);
        refused(dao, dao.charter(), "another DAO, or would found this one again", true);
    }

    @Test
    void eachKindOfKeySaysWhatItIsFor() {
        TestDao dao = dao(2);
        TestMember m = dao.member(1);
        Cid any = fakeCid(1);
        List<Body> ofRoots = List.of(
                m.adds(dao.dao(), m.device("2")), new Body.KeyRevoked(m.device().key()));
        List<Body> ofDevices = List.of(
                TestDao.basic(),
                new Body.Sponsorship(any),
                new Body.Withdrawal(any),
                new Body.Veto(any, "no"),
                TestDao.ballot(any, 0, 0),
                REMARK);
        Body ofNotaries = TestDao.counted(any, Verdict.PASSED);
        Body ofDevicesAndNotaries = new Body.Equivocation(new byte[1], new byte[1]);
        Stream.concat(ofDevices.stream(), Stream.of(ofNotaries, ofDevicesAndNotaries))
                .forEach(body -> refused(dao, dao.entry(m.root(), 0, null, body), "a root key cannot say this", true));
        Stream.concat(ofRoots.stream(), Stream.of(ofNotaries))
                .forEach(body ->
                        refused(dao, dao.entry(m.device(), 0, null, body), "a device key cannot say this", true));
        Stream.concat(ofRoots.stream(), ofDevices.stream())
                .forEach(body ->
                        refused(dao, dao.entry(dao.notary(0), 0, null, body), "a notary key cannot say this", true));
        ofRoots.forEach(body -> sealable(dao, dao.entry(m.root(), 0, null, body)));
        Stream.concat(ofDevices.stream(), Stream.of(ofDevicesAndNotaries))
                .forEach(body -> sealable(dao, dao.entry(m.device(), 0, null, body)));
        Stream.of(ofNotaries, ofDevicesAndNotaries)
                .forEach(body -> sealable(dao, dao.entry(dao.notary(0), 0, null, body)));
    }

    @Test
    void onlyANotarySignsWhatFitsNoProof() {
        TestDao dao = dao(2);
        byte[] half = new byte[Entry.SIZE_MAX_BYTES / 2];
        Body garbage = new Body.Equivocation(half, half);
        Entry large = dao.entry(dao.member(1).device(), 0, null, garbage);
        assertThat(large.sizeBytes()).isGreaterThan(Entry.SIZE_MAX_BYTES);
        refused(dao, large, "at most 65536 bytes", true);
        assertThat(dao.state().judge().excuse(large))
                .hasValueSatisfying(excuse -> assertThat(excuse).contains("fits no proof"));
        sealable(dao, dao.entry(dao.notary(0), 0, null, garbage));
    }

    @Test
    void aKeysEntriesFollowOneAnother() {
        TestDao dao = dao(1);
        TestSigner device = dao.member(0).device();
        Entry first = dao.entry(device, REMARK);
        Entry second = dao.entry(device, REMARK);
        refused(dao, second, "the entry before it is not sealed yet", false);
        dao.seal(first);
        sealable(dao, second);
        refused(dao, first, "sealed already", true);
        refused(dao, dao.entry(device, 1, fakeCid(9), REMARK), "does not follow", true);
        dao.seal(second);
        assertThat(dao.state().key(device.key()).orElseThrow().sequence()).isEqualTo(1);
    }

    @Test
    void whatIsSeenMustBeASealOnThisChain() {
        TestDao dao = dao(1);
        TestSigner device = dao.member(0).device();
        Cid charterSeal = dao.state().head().orElseThrow();
        dao.seal();
        refused(dao, dao.entry(device, dao.dao(), 0, null, fakeCid(3), REMARK), "not on this chain", false);
        sealable(dao, dao.entry(device, dao.dao(), 0, null, charterSeal, REMARK));
        sealable(dao, dao.entry(device, dao.dao(), 0, null, dao.state().head().orElseThrow(), REMARK));
    }

    @Test
    void aSealOfAnotherBranchIsNotOnThisChain() throws InvalidSealException {
        TestDao dao = dao(1);
        DaoState fork = dao.state();
        DaoState.Step other = fork.apply(fork.timeMillis() + 7, List.of());
        SealHeader header = TestDao.header(fork, other, List.of(), governance);
        Cid otherHead = Cid.hash(SealCodec.encode(header));
        DaoState otherState = other.sealed(header, otherHead);
        dao.seal();
        Entry entry = dao.entry(dao.member(0).device(), dao.dao(), 0, null, otherHead, REMARK);
        assertThat(otherState.refuse(entry)).isEmpty();
        refused(dao, entry, "not on this chain", false);
    }

    @Test
    void aRevokedKeyCannotBeSealedForEver() {
        TestDao dao = dao(1);
        TestMember m = dao.member(0);
        counts(dao, m.root(), new Body.KeyRevoked(m.device().key()));
        refused(dao, dao.entry(m.device(), REMARK), "revoked", true);
    }

    @Test
    void aFormerMembersEntriesCannotBeSealedForEver() {
        TestDao dao = dao(3);
        TestMember gone = dao.member(2);
        Entry before = dao.entry(gone.device(), REMARK);
        dao.pass(new Action.Remove(gone.key()));
        refused(dao, before, "no member any more", true);
        refused(dao, dao.entry(gone.device(), REMARK), "no member any more", true);
        refused(dao, dao.entry(gone.root(), gone.adds(dao.dao(), gone.device("2"))), "no member any more", true);
        assertThat(dao.state().voidness(dao.entry(gone.device(), 0, null, REMARK)))
                .hasValue("its author is no member any more");
    }

    @Test
    void whoComesBackGoesOnWhereItsChainWasSealedAndIsNoForger() {
        TestDao dao = dao(3);
        TestMember m = dao.member(2);
        counts(dao, m.device(), TestDao.basic());
        Entry given = dao.entry(m.device(), REMARK);
        dao.pass(new Action.Remove(m.key()));
        Entry between = dao.entry(m.device(), given.sequence() + 1, given.cid(), REMARK);
        dao.pass(m.admit(dao.dao(), 1, "member"));
        refused(dao, given, "signed before its author became a member", true);
        refused(dao, between, "signed before its author became a member", true);
        dao.forget(m.device());
        Entry again = counts(dao, m.device(), TestDao.basic());
        assertThat(again.sequence()).isEqualTo(given.sequence());
        isVoid(
                dao,
                dao.member(0).device(),
                new Body.Equivocation(EntryCodec.encode(given), EntryCodec.encode(again)),
                "before its author became a member");
        assertThat(status(dao, m.device().key())).isEqualTo(KeyState.Status.ACTIVE);
        Entry twice = dao.entry(m.device(), again.sequence(), again.previous(), REMARK);
        counts(dao, dao.member(0).device(), new Body.Equivocation(EntryCodec.encode(again), EntryCodec.encode(twice)));
        assertThat(status(dao, m.device().key())).isEqualTo(KeyState.Status.FROZEN);
    }

    @Test
    void whatWasSignedBeforeAnAdmissionIsNotSealedAfterIt() {
        TestDao dao = dao(3);
        TestMember guest = dao.stranger("guest");
        Entry early = dao.entry(guest.device(), REMARK);
        refused(dao, early, "its key is not known here", false);
        dao.pass(guest.admit(dao.dao(), 1, "member"));
        refused(dao, early, "signed before its author became a member", true);
        dao.forget(guest.device());
        sealable(dao, dao.entry(guest.device(), 0, null, REMARK));
    }

    @Test
    void ofSeveralReasonsOneThatHoldsForEverIsGiven() {
        TestDao dao = dao(3);
        TestMember gone = dao.member(2);
        Entry sealed = dao.entry(gone.device(), REMARK);
        dao.seal(sealed);
        dao.pass(new Action.Remove(gone.key()));
        assertThat(dao.state().voidness(dao.entry(gone.device(), REMARK))).hasValue("its author is no member any more");
        refused(dao, sealed, "sealed already", true);
    }

    @Test
    void aFormerNotarysEntriesWait() {
        TestDao dao = dao(1, 2, TestDao.rules());
        dao.pass(dao.setNotaries(dao.notary(0)));
        refused(
                dao,
                dao.entry(dao.notary(1), TestDao.counted(fakeCid(1), Verdict.PASSED)),
                "no notary any more",
                false);
        sealable(dao, dao.entry(dao.notary(0), TestDao.counted(fakeCid(1), Verdict.PASSED)));
    }

    @Test
    void theDailyQuotaCountsAllKeysOfAMemberAndEndsWithTheDay() {
        TestDao dao = dao(2, 1, new TestRules().quotas(16, 3).build());
        TestMember m = dao.member(1);
        dao.seal(dao.entry(m.root(), m.adds(dao.dao(), m.device("2"))));
        dao.seal(dao.entry(m.device(), REMARK), dao.entry(m.device("2"), REMARK));
        Entry fourth = dao.entry(m.device(), REMARK);
        assertThat(dao.state().plan(dao.state().timeMillis() + 1, List.of(fourth)))
                .isEmpty();
        // It may wait: tomorrow it can be sealed.
        assertThat(dao.state().refuse(fourth)).isEmpty();
        sealable(dao, dao.entry(dao.member(0).device(), REMARK));
        long tomorrow = TestDao.START_MILLIS + 86_400_000L;
        assertThat(dao.state().plan(tomorrow - 1, List.of(fourth))).isEmpty();
        dao.sealAt(tomorrow, List.of(fourth));
        assertThat(dao.state().refuse(dao.entry(m.device(), REMARK))).isEmpty();
    }

    @Test
    void theCharterCountsForItsFoundersDay() {
        TestDao dao = dao(1, 1, new TestRules().quotas(16, 1).build());
        Entry remark = dao.entry(dao.member(0).device(), REMARK);
        assertThat(dao.state().plan(dao.state().timeMillis() + 1, List.of(remark)))
                .isEmpty();
        assertThat(dao.state().plan(TestDao.START_MILLIS + 86_400_000L, List.of(remark)))
                .containsExactly(remark);
    }

    @Test
    void theQuotaOfASealCountsAllKeysOfAMember() throws InvalidSealException {
        TestDao dao = dao(2, 1, new TestRules().quotas(3, 100).build());
        TestMember m = dao.member(1);
        dao.seal(dao.entry(m.root(), m.adds(dao.dao(), m.device("2"))));
        List<Entry> pending = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            pending.add(dao.entry(m.device(), REMARK));
            pending.add(dao.entry(m.device("2"), REMARK));
        }
        long later = dao.state().timeMillis() + 1;
        List<Entry> plan = dao.state().plan(later, pending);
        assertThat(plan).hasSize(3);
        dao.state().apply(later, plan);
        assertThatThrownBy(() -> dao.state().apply(later, inOrder(dao, pending)))
                .hasMessageContaining("quota");
        dao.sealAt(later, plan);
        pending.removeAll(plan);
        dao.sealAt(later + 1, pending);
    }

    @Test
    void theDailyQuotaBoundsASealToo() {
        TestDao dao = dao(2, 1, new TestRules().quotas(16, 5).build());
        TestSigner device = dao.member(1).device();
        List<Entry> pending = remarks(dao, device, 7);
        long later = dao.state().timeMillis() + 1;
        assertThat(dao.state().plan(later, pending)).isEqualTo(pending.subList(0, 5));
        assertThatThrownBy(() -> dao.state().apply(later, pending.subList(0, 6)))
                .hasMessageContaining("quota");
    }

    @Test
    void notariesHaveQuotasOfTheirOwn() {
        TestDao dao = dao(1, 1, new TestRules().quotas(1, 1).build());
        List<Entry> counts = IntStream.range(0, 17)
                .mapToObj(i -> dao.entry(dao.notary(0), TestDao.counted(fakeCid(i), Verdict.PASSED)))
                .toList();
        assertThat(dao.state().plan(dao.state().timeMillis() + 1, counts)).isEqualTo(counts.subList(0, 16));
        dao.seal(counts.subList(0, 16).toArray(new Entry[0]));
        assertThat(dao.state().refuse(counts.get(16))).isEmpty();
    }

    @Test
    void entriesStandByKindThenLotThenSequence() throws InvalidSealException {
        TestDao dao = dao(20, 4, TestDao.rules());
        List<Entry> pending = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TestMember m = dao.member(i);
            pending.addAll(remarks(dao, m.device(), 2));
            pending.add(dao.entry(m.root(), m.adds(dao.dao(), m.device("2"))));
        }
        for (int i = 0; i < 4; i++) {
            pending.add(dao.entry(dao.notary(i), TestDao.counted(fakeCid(i), Verdict.PASSED)));
        }
        long later = dao.state().timeMillis() + 1;
        List<Entry> plan = dao.state().plan(later, pending);
        assertThat(plan).isEqualTo(inOrder(dao, pending)).hasSize(64);
        dao.state().apply(later, plan);
        for (int i = 0; i + 1 < plan.size(); i++) {
            List<Entry> swapped = new ArrayList<>(plan);
            Collections.swap(swapped, i, i + 1);
            assertThatThrownBy(() -> dao.state().apply(later, swapped)).isInstanceOf(InvalidSealException.class);
        }
    }

    @Test
    void anEntryCannotStandTwice() {
        TestDao dao = dao(1);
        Entry entry = dao.entry(dao.member(0).device(), REMARK);
        long later = dao.state().timeMillis() + 1;
        assertThatThrownBy(() -> dao.state().apply(later, List.of(entry, entry)))
                .hasMessageContaining("sealed already");
        assertThat(dao.state().plan(later, List.of(entry, entry))).containsExactly(entry);
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        TestDao dao = dao(10, 4, new TestRules().quotas(5, 1000).build());
        List<Entry> pending = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            pending.addAll(remarks(dao, dao.member(i).device(), 7));
            // A second entry with a sequence number that is taken: one of the two is chosen, whoever came first.
            pending.add(dao.entry(dao.member(i).device(), 0, null, TestDao.ballot(fakeCid(1), i, 0)));
        }
        long later = dao.state().timeMillis() + 1;
        List<Entry> plan = dao.state().plan(later, pending);
        for (int seed = 0; seed < 20; seed++) {
            List<Entry> shuffled = new ArrayList<>(pending);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(dao.state().plan(later, shuffled)).isEqualTo(plan);
        }
    }

    @Test
    void timeGoesForward() {
        TestDao dao = dao(1);
        long now = dao.state().timeMillis();
        assertThatThrownBy(() -> dao.state().apply(now, List.of()))
                .isInstanceOf(InvalidSealException.class)
                .hasMessageContaining("time");
        assertThatThrownBy(() -> dao.state().plan(now, List.of())).isInstanceOf(IllegalArgumentException.class);
        dao.sealAt(now + 1, List.of());
    }

    @Test
    void aKeyAddedInASealCanBeUsedFromTheNextOn() {
        TestDao dao = dao(1);
        TestMember m = dao.member(0);
        Entry added = dao.entry(m.root(), m.adds(dao.dao(), m.device("2")));
        Entry used = dao.entry(m.device("2"), REMARK);
        long later = dao.state().timeMillis() + 1;
        assertThat(dao.state().plan(later, List.of(added, used))).containsExactly(added);
        assertThatThrownBy(() -> dao.state().apply(later, List.of(added, used))).hasMessageContaining("not known");
        dao.seal(added);
        sealable(dao, used);
    }

    @Test
    void sealabilityIsJudgedAfterTheTransitionsOfTheSeal() {
        TestDao dao = dao(3, 1, new TestRules().timeLock(60_000).build());
        TestMember gone = dao.member(2);
        Cid proposal = dao.decide(dao.close(dao.open(TestDao.basic(new Action.Remove(gone.key())))), Verdict.PASSED);
        Entry entry = dao.entry(gone.device(), REMARK);
        long due = dao.proposal(proposal).dueMillis();
        assertThat(dao.state().plan(due - 1, List.of(entry))).containsExactly(entry);
        assertThat(dao.state().plan(due, List.of(entry))).isEmpty();
        assertThatThrownBy(() -> dao.state().apply(due, List.of(entry))).hasMessageContaining("no member any more");
    }

    @Test
    void aSealHoldsSoManyEntriesAndBallotsAreDeferredLast() throws InvalidSealException {
        int people = 300;
        TestDao dao = dao(100);
        dao.admit(people - 100);
        List<Entry> pending = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            TestSigner device = dao.member(i).device();
            if (i % 10 == 0) {
                pending.addAll(remarks(dao, device, 16));
            } else {
                // The ballot comes after a remark, which must go with it, and before others, which need not.
                pending.addAll(remarks(dao, device, 1));
                pending.add(dao.entry(device, TestDao.ballot(fakeCid(1), 0, 0)));
                pending.addAll(remarks(dao, device, 14));
            }
        }
        long later = dao.state().timeMillis() + 1;
        assertThat(pending).hasSizeGreaterThan(SealHeader.ENTRIES_MAX);
        List<Entry> plan = dao.state().plan(later, pending);
        assertThat(plan).hasSize(SealHeader.ENTRIES_MAX);
        assertThat(plan.stream().filter(e -> e.body() instanceof Body.Ballot)).hasSize(people - people / 10);
        dao.state().apply(later, plan);
        assertThatThrownBy(() -> dao.state().apply(later, inOrder(dao, pending)))
                .hasMessageContaining("at most 4096");
    }

    @Test
    void aSealHoldsSoManyBytes() throws InvalidSealException {
        TestDao dao = dao(20);
        String text = "x".repeat(Body.TEXT_MAX_BYTES);
        List<Entry> pending = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TestSigner device = dao.member(i).device();
            for (int j = 0; j < 10; j++) {
                pending.add(dao.entry(device, new Body.Comment(fakeCid(1), Optional.empty(), text)));
            }
            pending.add(dao.entry(device, TestDao.ballot(fakeCid(1), 0, 0)));
        }
        long later = dao.state().timeMillis() + 1;
        List<Entry> plan = dao.state().plan(later, pending);
        long size = plan.stream().mapToLong(Entry::sizeBytes).sum();
        assertThat(size)
                .isBetween(SealHeader.ENTRIES_SIZE_MAX_BYTES - 60_000L, (long) SealHeader.ENTRIES_SIZE_MAX_BYTES);
        dao.state().apply(later, plan);
        assertThatThrownBy(() -> dao.state().apply(later, inOrder(dao, pending)))
                .hasMessageContaining("bytes; at most");
    }

    @Test
    void aMembersBallotGoesBeforeItsRemarksFromAnotherDevice() {
        TestDao dao = dao(2, 1, new TestRules().quotas(2, 100).build());
        TestMember m = dao.member(1);
        for (String other : List.of("a", "b", "c", "d")) {
            dao.seal(dao.entry(m.root(), m.adds(dao.dao(), m.device(other))));
            List<Entry> pending = new ArrayList<>(remarks(dao, m.device(), 2));
            Entry ballot = dao.entry(m.device(other), TestDao.ballot(fakeCid(1), 0, 0));
            pending.add(ballot);
            assertThat(dao.state().plan(dao.state().timeMillis() + 1, pending))
                    .hasSize(2)
                    .contains(ballot);
            dao.forget(m.device());
        }
    }

    @Test
    void aHeaderMustBeThatOfTheStep() throws InvalidSealException {
        TestDao dao = dao(1);
        DaoState.Step step = dao.state().apply(dao.state().timeMillis() + 5, List.of());
        DaoState.Step other = dao.state().apply(dao.state().timeMillis() + 6, List.of());
        SealHeader header = TestDao.header(dao.state(), other, List.of(), governance);
        assertThatThrownBy(() -> step.sealed(header, fakeCid(1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(other.sealed(header, fakeCid(1)).height()).isEqualTo(1);
        SealHeader h = header;
        List<SealHeader> wrong = List.of(
                new SealHeader(
                        fakeCid(2),
                        0,
                        1,
                        1,
                        h.previous(),
                        h.timeMillis(),
                        0,
                        h.entriesRoot(),
                        h.state(),
                        h.set(),
                        h.nextSet()),
                new SealHeader(
                        h.dao(),
                        0,
                        1,
                        2,
                        h.previous(),
                        h.timeMillis(),
                        0,
                        h.entriesRoot(),
                        h.state(),
                        h.set(),
                        h.nextSet()),
                new SealHeader(
                        h.dao(),
                        0,
                        1,
                        1,
                        fakeCid(2),
                        h.timeMillis(),
                        0,
                        h.entriesRoot(),
                        h.state(),
                        h.set(),
                        h.nextSet()),
                new SealHeader(
                        h.dao(),
                        0,
                        1,
                        1,
                        h.previous(),
                        h.timeMillis(),
                        0,
                        h.entriesRoot(),
                        fakeCid(2),
                        h.set(),
                        h.nextSet()));
        wrong.forEach(bad ->
                assertThatThrownBy(() -> other.sealed(bad, fakeCid(1))).isInstanceOf(IllegalArgumentException.class));
    }

    private static List<Entry> remarks(TestDao dao, TestSigner device, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> dao.entry(device, REMARK))
                .toList();
    }

    /** The order of a seal, said once more, from docs/formats/althing.cddl. */
    private static List<Entry> inOrder(TestDao dao, List<Entry> entries) {
        DaoState state = dao.state();
        Comparator<Entry> byKind =
                Comparator.comparing(e -> state.key(e.key()).map(KeyState::kind).orElseThrow());
        return entries.stream()
                .sorted(byKind.thenComparing(e -> lot(state, e), Arrays::compareUnsigned)
                        .thenComparing(Entry::sequence))
                .toList();
    }

    private static byte[] lot(DaoState state, Entry entry) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(state.head().orElseThrow().toBytes());
            sha.update(entry.key().toBytes());
            return sha.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
