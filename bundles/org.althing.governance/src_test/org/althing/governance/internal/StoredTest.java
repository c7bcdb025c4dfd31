// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Governance;
import org.althing.api.governance.Governance.CannotResumeException;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.Rules;
import org.althing.api.seal.SealHeader;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;

/** States that are written down: what is read again is checked, item by item. */
class StoredTest extends DaoTest {

    private static final int FORMAT = 0;
    private static final int SEALS = 1;
    private static final int USAGE = 2;
    private static final int ROOT = 3;

    private final TestDao dao = lively();

    /** Some seals, a proposal with ballots and comments, another that is closed. */
    private TestDao lively() {
        TestDao made = dao(5);
        Cid closed = made.open(TestDao.question("single-choice", 1, "A", "B"));
        made.seal(made.entry(made.member(1).device(), TestDao.ballot(closed, 0, 1)));
        made.close(closed);
        Cid open = made.open(TestDao.question("single-choice", 1, "A", "B"));
        made.seal(
                made.entry(made.member(1).device(), TestDao.ballot(open, 0, 1)),
                made.entry(made.member(2).device(), TestDao.ballot(open, 0, 0)),
                made.entry(made.member(3).device(), new Body.Comment(open, Optional.empty(), "Hm.")));
        return made;
    }

    static List<byte[]> written(DaoState state) {
        List<byte[]> items = new ArrayList<>();
        assertThat(state.write(items::add)).isTrue();
        return items;
    }

    private DaoState resume(List<byte[]> items) throws CannotResumeException {
        return resume(items, dao.seals().getLast());
    }

    private DaoState resume(List<byte[]> items, TestDao.Sealed seal) throws CannotResumeException {
        Map<Cid, Entry> entries = new HashMap<>();
        dao.seals().forEach(each -> each.entries().forEach(entry -> entries.put(entry.cid(), entry)));
        var rest = items.iterator();
        DaoState state = new GovernanceService(SIGNATURES)
                .resume(dao.charter(), seal.header(), seal.cid(), entries::get, rest::next);
        assertThat(rest).isExhausted();
        return state;
    }

    private void refused(int item, String reason, UnaryOperator<byte[]> change) {
        List<byte[]> items = written(dao.state());
        items.set(item, change.apply(items.get(item)));
        assertThatThrownBy(() -> resume(items))
                .isInstanceOf(CannotResumeException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatWasWrittenIsTheSameStateAndWritesTheSame() throws Exception {
        DaoState resumed = resume(written(dao.state()));
        assertThat(resumed.root()).isEqualTo(dao.state().root());
        assertThat(resumed.proposals()).isEqualTo(dao.state().proposals());
        assertThat(written(resumed))
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(written(dao.state()));
    }

    @Test
    void aStateWithoutASealCannotBeWritten() {
        assertThat(governance.genesis(dao.charter()).write(item -> {})).isFalse();
    }

    @Test
    void anotherGovernanceRefuses() {
        Governance other = new Governance() {
            private final Governance real = governance;

            @Override
            public DaoState genesis(Entry charter) {
                return real.genesis(charter);
            }

            @Override
            public Optional<String> refuse(Body.Charter charter) {
                return real.refuse(charter);
            }

            @Override
            public Question question(ProposalState proposal, Cid openingSeal) {
                return real.question(proposal, openingSeal);
            }

            @Override
            public Decision decide(ProposalState proposal, Tally tally) {
                return real.decide(proposal, tally);
            }

            @Override
            public Cid setHash(List<Notary> notaries) {
                return real.setHash(notaries);
            }
        };
        TestDao.Sealed last = dao.seals().getLast();
        assertThatThrownBy(() -> other.resume(dao.charter(), last.header(), last.cid(), cid -> null, () -> null))
                .isInstanceOf(CannotResumeException.class);
    }

    @Test
    void anotherFormatOrVersionIsRefused() {
        refused(
                FORMAT,
                "not a state",
                item -> new CborWriter()
                        .list(3)
                        .text("other-state")
                        .integer(1)
                        .integer(0)
                        .toBytes());
        refused(
                FORMAT,
                "2 is not in 1..1",
                item -> new CborWriter()
                        .list(3)
                        .text("althing-state")
                        .integer(2)
                        .integer(0)
                        .toBytes());
    }

    @Test
    void aBlockThatAnotherStateMadeIsRefused() {
        List<byte[]> items = written(dao.state());
        for (int item = ROOT; item < items.size(); item++) {
            byte[] changed = items.get(item).clone();
            changed[changed.length - 1] ^= 1;
            List<byte[]> others = new ArrayList<>(items);
            others.set(item, changed);
            assertThatThrownBy(() -> resume(others))
                    .as("block %d", item)
                    .isInstanceOf(CannotResumeException.class)
                    .hasMessageContaining(item == ROOT ? "root block" : "other bytes than its name says");
        }
    }

    @Test
    void theStateOfAnEarlierSealIsRefused() {
        List<TestDao.Sealed> seals = dao.seals();
        SealHeader last = seals.getLast().header();
        assertThat(last.state())
                .isNotEqualTo(seals.get(seals.size() - 2).header().state());
        assertThatThrownBy(() -> resume(written(dao.state()), seals.get(seals.size() - 2)))
                .isInstanceOf(CannotResumeException.class);
    }

    @Test
    void namesOfSealsMustBeInOrderWithEachHeightOnce() {
        refused(
                SEALS,
                "names of seals out of order",
                item -> seals(item, (names, heights) -> {
                    byte[] first = Arrays.copyOf(names, Cid.DIGEST_BYTES);
                    System.arraycopy(names, Cid.DIGEST_BYTES, names, 0, Cid.DIGEST_BYTES);
                    System.arraycopy(first, 0, names, Cid.DIGEST_BYTES, Cid.DIGEST_BYTES);
                }));
        refused(
                SEALS,
                "two seals'",
                item -> seals(
                        item, (names, heights) -> System.arraycopy(heights, 0, heights, Integer.BYTES, Integer.BYTES)));
        refused(SEALS, "two seals'", item -> seals(item, (names, heights) -> heights[0] = 1));
        refused(
                SEALS,
                "another last seal",
                item -> seals(item, (names, heights) -> {
                    int last = dao.seals().size() - 1;
                    for (int at = 0; at < heights.length; at += Integer.BYTES) {
                        int height = heights[at + 3];
                        heights[at + 3] = (byte) (height == last ? 0 : height == 0 ? last : height);
                    }
                }));
        refused(
                SEALS,
                "bytes where",
                item -> new CborWriter()
                        .list(2)
                        .bytes(new byte[Cid.DIGEST_BYTES])
                        .bytes(new byte[Integer.BYTES])
                        .toBytes());
    }

    private interface Change {
        void on(byte[] names, byte[] heights);
    }

    private static byte[] seals(byte[] item, Change change) {
        CborReader in = new CborReader(item);
        in.readListExactly(2);
        byte[] names = in.readBytes(item.length);
        byte[] heights = in.readBytes(item.length);
        change.on(names, heights);
        return new CborWriter().list(2).bytes(names).bytes(heights).toBytes();
    }

    @Test
    void aSealOfTheSameDigestAndAnotherCodecIsNotOnTheChain() throws Exception {
        DaoState resumed = resume(written(dao.state()));
        var device = dao.member(4).device();
        Cid seen = dao.seals().get(1).cid();
        Entry good = dao.entry(device, dao.dao(), 0, null, seen, TestDao.question("single-choice", 1, "A", "B"));
        Entry bad = dao.entry(
                device,
                dao.dao(),
                0,
                null,
                Cid.of(Cid.RAW, seen.digest()),
                TestDao.question("single-choice", 1, "A", "B"));
        assertThat(resumed.refuse(good)).isEmpty();
        assertThat(resumed.refuse(bad)).isPresent().isEqualTo(dao.state().refuse(bad));
    }

    @Test
    void theUsageOfTheDayIsBoundedInOrderAndOfKnownKeys() {
        PublicKey known = dao.member(1).key();
        refused(USAGE, "owners out of order", item -> usage(item, known, known));
        refused(USAGE, "is not in 1..", item -> usageOf(item, 0));
        refused(USAGE, "is not in 1..", item -> usageOf(item, Rules.ENTRIES_PER_DAY_LIMIT + 1L));
        refused(USAGE, "has no key", item -> usage(item, PublicKey.of(new byte[32]), known));
    }

    private static byte[] usage(byte[] item, PublicKey first, PublicKey second) {
        CborReader in = new CborReader(item);
        int count = in.readList(1000);
        CborWriter out = new CborWriter().list(count);
        for (int i = 0; i < count; i += 2) {
            byte[] owner = in.readBytesExactly(32);
            out.bytes(i == 0 ? first.toBytes() : i == 2 && second.equals(first) ? second.toBytes() : owner);
            out.integer(in.readLong());
        }
        return out.toBytes();
    }

    private static byte[] usageOf(byte[] item, long first) {
        CborReader in = new CborReader(item);
        int count = in.readList(1000);
        CborWriter out = new CborWriter().list(count);
        for (int i = 0; i < count; i += 2) {
            out.bytes(in.readBytesExactly(32));
            long now = in.readLong();
            out.integer(i == 0 ? first : now);
        }
        return out.toBytes();
    }

    @Test
    void aResumedStateHoldsMembersToTheirQuotaOfTheDay() throws Exception {
        Rules rules = new TestRules().quotas(5, 7).build();
        TestDao strict = dao(2, 1, rules);
        List<Entry> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(strict.entry(strict.member(1).device(), TestDao.question("single-choice", 1, "A" + i, "B")));
        }
        strict.sealAt(
                strict.state().timeMillis() + 1,
                strict.state().plan(strict.state().timeMillis() + 1, all));
        TestDao.Sealed last = strict.seals().getLast();
        Map<Cid, Entry> entries = new HashMap<>();
        all.forEach(entry -> entries.put(entry.cid(), entry));
        DaoState resumed = governance.resume(
                strict.charter(),
                last.header(),
                last.cid(),
                entries::get,
                written(strict.state()).iterator()::next);
        List<Entry> rest = all.subList(5, 10);
        assertThat(resumed.plan(last.header().timeMillis() + 1, rest)).hasSize(2);
    }

    @Test
    void aProposalWhoseWordsTheLedgerHasNotIsRefused() {
        TestDao.Sealed last = dao.seals().getLast();
        assertThatThrownBy(() -> governance.resume(
                        dao.charter(),
                        last.header(),
                        last.cid(),
                        cid -> dao.charter(),
                        written(dao.state()).iterator()::next))
                .isInstanceOf(CannotResumeException.class)
                .hasMessageContaining("is no proposal");
    }

    @Test
    void aDamagedItemNeverEscapesAsAnythingElse() {
        Random random = new Random(7);
        List<byte[]> items = written(dao.state());
        for (int i = 0; i < 2000; i++) {
            List<byte[]> damaged = new ArrayList<>(items);
            int item = random.nextInt(items.size());
            byte[] bytes = damaged.get(item).clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            damaged.set(item, bytes);
            try {
                resume(damaged);
                assertThat(item).as("what no root covers").isBetween(SEALS, USAGE);
            } catch (CannotResumeException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
