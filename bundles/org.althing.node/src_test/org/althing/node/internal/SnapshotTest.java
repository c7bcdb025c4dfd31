// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Governance;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;
import org.althing.codec.SealCodec;
import org.althing.governance.internal.GovernanceService;
import org.althing.testkit.MemoryLedger;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start from a snapshot, and all that makes a start pass over one. */
class SnapshotTest {

    private static final Ed25519 SIGNATURES = Ed25519.fastest();
    private static final int HEADER_ITEM = 0;
    private static final int USAGE_ITEM = 3;
    private static final int DIGEST_BYTES = 32;
    private static final int DEVICES = 0;
    private static final int VOIDS = 1;
    private static final int COMMENTS = 2;

    @TempDir
    Path folder;

    private final Governance governance = new GovernanceService(SIGNATURES);
    private final TestDao dao = TestDao.found(governance, SIGNATURES, 4, 1, TestDao.rules());
    private final MemoryLedger ledgers = new MemoryLedger();
    private final HeldTimer timer = new HeldTimer();
    private DaoLedger ledger;
    private Cid proposal;

    /** A proposal, ballots, comments, one void, one device more. */
    @BeforeEach
    void live() throws Exception {
        proposal = dao.open(TestDao.question("single-choice", 1, "A", "B"));
        dao.seal(
                dao.entry(dao.member(1).device(), TestDao.ballot(proposal, 0, 1)),
                dao.entry(dao.member(2).device(), TestDao.ballot(Cid.hash(new byte[1]), 0, 0)),
                dao.entry(dao.member(3).device(), new Body.Comment(proposal, Optional.empty(), "One.")),
                dao.entry(
                        dao.member(3).root(),
                        dao.member(3).adds(dao.dao(), dao.member(3).device("2"))));
        dao.seal(dao.entry(dao.member(2).device(), new Body.Comment(proposal, Optional.empty(), "Two.")));
        ledger = ledgers.open(folder).dao(dao.dao());
        store(dao.seals(), ledger);
    }

    private void store(List<TestDao.Sealed> seals, DaoLedger into) {
        for (TestDao.Sealed seal : seals) {
            into.add(seal.entries().stream().map(EntryCodec::encode).toList()).join();
            into.seal(seal(seal, dao.notary(0))).join();
        }
    }

    private static DaoLedger.Seal seal(TestDao.Sealed seal, TestSigner signer) {
        SealHeader header = seal.header();
        Certificate.Kind kind = Certificate.Kind.FINALIZE;
        byte[] message = SealCodec.voteMessage(kind, header.dao(), header.epoch(), header.view(), seal.cid());
        Certificate certificate = new Certificate(
                kind,
                header.dao(),
                header.epoch(),
                header.view(),
                seal.cid(),
                List.of(new Certificate.Vote(signer.key(), signer.sign(message))));
        return new DaoLedger.Seal(
                header.height(),
                SealCodec.encode(header),
                seal.entries().stream().map(Entry::cid).toList(),
                SealCodec.encode(certificate));
    }

    private KeyRing ring() throws AlthingException {
        return KeyRing.open(folder, dao.dao());
    }

    private Snapshots snapshots() {
        return new Snapshots(folder, dao.dao(), timer, Runnable::run);
    }

    private Path file() {
        return folder.resolve("snapshots").resolve(dao.dao().toString());
    }

    private Replay.Replayed start(DaoLedger from) throws AlthingException {
        return Replay.of(from, governance, SIGNATURES, ring(), Runnable::run, snapshots());
    }

    private void write(DaoLedger from) throws AlthingException {
        Snapshots snapshots = snapshots();
        Replay.Replayed replayed = Replay.of(from, governance, SIGNATURES, ring(), Runnable::run, snapshots);
        snapshots.applied(replayed.now(), replayed.seals(), replayed.entries());
        snapshots.close(true);
    }

    private List<String> views(ViewIndex index) {
        List<String> views = new ArrayList<>();
        dao.seals().forEach(seal -> seal.entries().forEach(entry -> views.add("" + index.voidness(entry.cid()))));
        views.add("" + index.comments(proposal, 100));
        for (int i = 0; i < 4; i++) {
            views.add("" + index.devices(dao.member(i).key()));
        }
        return views;
    }

    private void used(DaoLedger from) throws AlthingException {
        Replay.Replayed resumed = start(from);
        assertThat(resumed.seals()).as("seals applied").isLessThan(from.height() + 1);
        same(resumed, from);
    }

    private void passedOver(DaoLedger from) throws AlthingException {
        Replay.Replayed replayed = start(from);
        assertThat(replayed.seals()).as("seals applied").isEqualTo(from.height() + 1);
        same(replayed, from);
    }

    private void same(Replay.Replayed replayed, DaoLedger from) throws AlthingException {
        Replay.Replayed whole = Replay.of(
                from,
                governance,
                SIGNATURES,
                ring(),
                Runnable::run,
                new Snapshots(folder.resolve("none"), dao.dao(), timer, Runnable::run));
        assertThat(replayed.now().state().root()).isEqualTo(whole.now().state().root());
        assertThat(replayed.now().state().head()).isEqualTo(whole.now().state().head());
        assertThat(replayed.now().signers()).isEqualTo(whole.now().signers());
        assertThat(replayed.last().map(DaoLedger.Seal::cid))
                .isEqualTo(whole.last().map(DaoLedger.Seal::cid));
        assertThat(views(replayed.now().index())).isEqualTo(views(whole.now().index()));
    }

    /** Why it is not used, when others would find the same fault later. */
    private void refused(DaoLedger from, String reason) {
        assertThatThrownBy(() -> {
                    try (SnapshotFile.Reader items = new SnapshotFile(file()).open()) {
                        Snapshot.read(from, dao.charter(), governance, ring(), items);
                    }
                })
                .isInstanceOf(Governance.CannotResumeException.class)
                .hasMessageContaining(reason);
    }

    /** Changes items of the file, whose digest is then right again. */
    private void items(UnaryOperator<List<byte[]>> change) throws IOException {
        SnapshotFile snapshot = new SnapshotFile(file());
        List<byte[]> items = new ArrayList<>();
        long left = Files.size(file()) - DIGEST_BYTES;
        try (SnapshotFile.Reader in = snapshot.open()) {
            while (left > 0) {
                items.add(in.get());
                left -= Integer.BYTES + items.getLast().length;
            }
            in.finish();
        }
        List<byte[]> changed = change.apply(items);
        snapshot.write(out -> {
            changed.forEach(out);
            return true;
        });
    }

    private record Head(String format, long version, Cid dao, long height, Cid head, List<Notary> signers) {}

    private void head(UnaryOperator<Head> change) throws IOException {
        items(items -> {
            CborReader in = new CborReader(items.get(HEADER_ITEM));
            in.readListExactly(6);
            Head now = change.apply(new Head(
                    in.readText(100),
                    in.readLong(),
                    in.readLink(),
                    in.readLong(),
                    in.readLink(),
                    RulesCodec.readNotaries(in)));
            CborWriter out = new CborWriter()
                    .list(6)
                    .text(now.format)
                    .integer(now.version)
                    .link(now.dao);
            out.integer(now.height).link(now.head);
            RulesCodec.writeNotaries(out, now.signers);
            items.set(HEADER_ITEM, out.toBytes());
            return items;
        });
    }

    @Test
    void givenASnapshotOfTheLastSeal_thenNothingIsAppliedAgainAndTheViewsAreTheSame() throws Exception {
        write(ledger);
        used(ledger);
        assertThat(start(ledger).seals()).isZero();
        assertThat(start(ledger).now().index().comments(proposal, 100)).hasSize(2);
        assertThat(start(ledger).now().index().devices(dao.member(3).key())).hasSize(2);
    }

    @Test
    void givenSealsSince_thenTheseAreAppliedAndTheStateGoesOn() throws Exception {
        write(ledger);
        int before = dao.seals().size();
        dao.seal(dao.entry(dao.member(0).device(), TestDao.ballot(proposal, 0, 0)));
        dao.close(proposal);
        store(dao.seals().subList(before, dao.seals().size()), ledger);
        used(ledger);
        assertThat(start(ledger).seals()).isEqualTo(dao.seals().size() - before);
    }

    @Test
    void givenSealsSinceThatContradictIt_thenAllIsApplied() throws Exception {
        write(ledger);
        // That everybody has used up the day's quota: nothing at the seal of the snapshot tells that it is false.
        items(items -> {
            CborReader in = new CborReader(items.get(USAGE_ITEM));
            int count = in.readList(100);
            CborWriter out = new CborWriter().list(count);
            for (int i = 0; i < count; i += 2) {
                out.bytes(in.readBytesExactly(32)).integer(Rules.ENTRIES_PER_DAY_LIMIT);
                in.readLong();
            }
            items.set(USAGE_ITEM, out.toBytes());
            return items;
        });
        used(ledger);
        later();
        passedOver(ledger);
    }

    @Test
    void givenNone_thenAllIsApplied() throws Exception {
        passedOver(ledger);
    }

    @Test
    void givenAFileThatWasCutAnywhere_thenAllIsApplied() throws Exception {
        write(ledger);
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length += length < 300 ? 1 : 97) {
            Files.write(file(), Arrays.copyOf(whole, length));
            passedOver(ledger);
        }
        Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
        passedOver(ledger);
        Files.write(file(), whole);
        used(ledger);
    }

    @Test
    void givenAnyBitThatHasTurned_thenAllIsApplied() throws Exception {
        write(ledger);
        byte[] whole = Files.readAllBytes(file());
        for (int at = 0; at < whole.length; at += at < 300 || at > whole.length - 700 ? 1 : 41) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            Files.write(file(), damaged);
            passedOver(ledger);
        }
    }

    @Test
    void givenAnItemTooLargeForTheFileOrTheLimit_thenNothingIsAllocatedForIt() throws Exception {
        write(ledger);
        for (int length :
                new int[] {-1, Integer.MAX_VALUE, (int) Files.size(file()), Governance.ITEM_SIZE_MAX_BYTES + 1}) {
            try (RandomAccessFile large = new RandomAccessFile(file().toFile(), "rw")) {
                large.writeInt(length);
                if (length == Governance.ITEM_SIZE_MAX_BYTES + 1) {
                    large.setLength(2L * length); // a hole, not that many bytes
                }
            }
            try (SnapshotFile.Reader items = new SnapshotFile(file()).open()) {
                assertThatThrownBy(items::get)
                        .isInstanceOf(MalformedException.class)
                        .hasMessageContaining("an item of " + length);
            }
            passedOver(ledger);
        }
    }

    @Test
    void givenItemsAfterTheLast_thenAllIsApplied() throws Exception {
        write(ledger);
        items(items -> {
            items.add(new CborWriter().list(0).toBytes());
            return items;
        });
        passedOver(ledger);
    }

    @Test
    void givenAnotherFormatVersionOrDao_thenAllIsApplied() throws Exception {
        write(ledger);
        head(now -> now);
        byte[] good = Files.readAllBytes(file());
        List<UnaryOperator<Head>> changes = List.of(
                now -> new Head("other", now.version, now.dao, now.height, now.head, now.signers),
                now -> new Head(now.format, 2, now.dao, now.height, now.head, now.signers),
                now -> new Head(now.format, 1, Cid.hash(new byte[9]), now.height, now.head, now.signers));
        for (UnaryOperator<Head> change : changes) {
            Files.write(file(), good);
            used(ledger);
            head(change);
            passedOver(ledger);
        }
    }

    @Test
    void givenAnotherSetThanSignedItsSeal_thenAllIsApplied() throws Exception {
        write(ledger);
        head(now -> new Head(now.format, 1, now.dao, now.height, now.head, TestDao.set(dao.signer("other"))));
        refused(ledger, "another set signed its seal");
        passedOver(ledger);
    }

    @Test
    void givenASnapshotOfTheFutureOfAFolderThatWasCopiedBack_thenAllIsApplied() throws Exception {
        write(ledger);
        DaoLedger earlier = ledgers.open(folder.resolve("earlier")).dao(dao.dao());
        store(dao.seals().subList(0, dao.seals().size() - 1), earlier);
        refused(earlier, "newer than the ledger");
        passedOver(earlier);
    }

    @Test
    void givenALedgerWithAnotherBranch_thenAllIsApplied() throws Exception {
        write(ledger);
        List<TestDao.Sealed> seals = dao.seals();
        DaoLedger other = ledgers.open(folder.resolve("other")).dao(dao.dao());
        store(seals.subList(0, seals.size() - 1), other);
        DaoState parent = governance.genesis(dao.charter());
        for (TestDao.Sealed seal : seals.subList(0, seals.size() - 1)) {
            parent = parent.apply(seal.header().timeMillis(), seal.entries()).sealed(seal.header(), seal.cid());
        }
        DaoState.Step step = parent.apply(parent.timeMillis() + 5, List.of());
        SealHeader header = TestDao.header(parent, step, List.of(), governance);
        Cid cid = Cid.hash(SealCodec.encode(header));
        store(List.of(new TestDao.Sealed(header, cid, List.of())), other);
        refused(other, "the ledger has another seal");
        passedOver(other);
        // Also if the snapshot claims to be of that seal: its blocks make another state.
        head(now -> new Head(now.format, 1, now.dao, now.height, cid, now.signers));
        passedOver(other);
    }

    @Test
    void givenALastSealThatTheNotariesDidNotSign_thenTheDaoIsNotServed() throws Exception {
        DaoLedger forged = ledgers.open(folder.resolve("forged")).dao(dao.dao());
        List<TestDao.Sealed> seals = dao.seals();
        write(ledger);
        store(seals.subList(0, seals.size() - 1), forged);
        TestDao.Sealed last = seals.getLast();
        forged.add(last.entries().stream().map(EntryCodec::encode).toList()).join();
        forged.seal(seal(last, dao.signer("other"))).join();
        assertThatThrownBy(() -> start(forged))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining("is not a notary");
    }

    /** Swaps what the rows of a table of the view index say; the tables are the last six items: rows and an empty item each. */
    private void rows(int table, UnaryOperator<List<byte[]>> change) throws IOException {
        items(items -> {
            int at = items.size() - 7 + 2 * table; // The last item has the notary sets.
            CborReader in = new CborReader(items.get(at));
            int count = in.readList(ViewIndex.ITEM_ROWS);
            List<byte[]> rows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rows.add(in.slice());
            }
            List<byte[]> changed = change.apply(rows);
            CborWriter out = new CborWriter().list(changed.size());
            changed.forEach(out::raw);
            items.set(at, out.toBytes());
            return items;
        });
    }

    @Test
    void givenViewsThatDoNotFitStateAndLedger_thenAllIsApplied() throws Exception {
        write(ledger);
        rows(DEVICES, rows -> rows);
        byte[] good = Files.readAllBytes(file());
        byte[] stranger = dao.signer("stranger").key().toBytes();
        Map<Integer, List<UnaryOperator<List<byte[]>>>> changes = Map.of(
                DEVICES,
                List.of(
                        rows -> {
                            rows.set(
                                    0,
                                    new CborWriter()
                                            .list(2)
                                            .bytes(dao.member(0).key().toBytes())
                                            .bytes(stranger)
                                            .toBytes());
                            return rows;
                        },
                        rows -> {
                            rows.set(
                                    0,
                                    new CborWriter()
                                            .list(2)
                                            .bytes(dao.member(0).key().toBytes())
                                            .bytes(dao.member(1).device().key().toBytes())
                                            .toBytes());
                            return rows;
                        }),
                VOIDS,
                List.of(
                        rows -> {
                            rows.set(
                                    0,
                                    new CborWriter()
                                            .list(2)
                                            .link(Cid.hash(stranger))
                                            .text("It is not here.")
                                            .toBytes());
                            return rows;
                        },
                        rows -> {
                            rows.add(rows.getFirst());
                            return rows;
                        }),
                COMMENTS,
                List.of(rows -> rows.reversed(), rows -> {
                    rows.set(
                            0,
                            new CborWriter()
                                    .list(2)
                                    .link(Cid.hash(stranger))
                                    .link(dao.charter().cid())
                                    .toBytes());
                    return rows;
                }));
        for (var change : changes.entrySet()) {
            for (UnaryOperator<List<byte[]>> each : change.getValue()) {
                Files.write(file(), good);
                used(ledger);
                rows(change.getKey(), each);
                passedOver(ledger);
            }
        }
    }

    @Test
    void givenAGovernanceThatKeepsNoStates_thenNoneIsWrittenAndNoneIsRead() throws Exception {
        write(ledger);
        Governance other = (Governance) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Governance.class}, (proxy, method, arguments) -> {
                    if (method.isDefault()) {
                        return InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    return method.invoke(governance, arguments);
                });
        Replay.Replayed replayed = Replay.of(ledger, other, SIGNATURES, ring(), Runnable::run, snapshots());
        assertThat(replayed.seals()).isEqualTo(ledger.height() + 1);
    }

    @Test
    void givenAProcessThatWasKilledWhileItWrote_thenTheSnapshotBeforeIsUsedAndTheNextReplacesTheRest()
            throws Exception {
        write(ledger);
        byte[] before = Files.readAllBytes(file());
        Path fresh = file().resolveSibling("." + file().getFileName() + ".next");
        Files.write(fresh, Arrays.copyOf(before, before.length / 2));
        used(ledger);
        int seals = dao.seals().size();
        dao.seal(dao.entry(dao.member(0).device(), TestDao.ballot(proposal, 0, 0)));
        store(dao.seals().subList(seals, dao.seals().size()), ledger);
        write(ledger);
        assertThat(fresh).doesNotExist();
        assertThat(start(ledger).seals()).isZero();
    }

    @Test
    void theFileIsItsOwnersAlone() throws Exception {
        write(ledger);
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(file().getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void aRunningNodeWritesOneWhenItIsWorthItAndNotTooOften() throws Exception {
        Snapshots snapshots = snapshots();
        Snapshot now = Replay.of(ledger, governance, SIGNATURES, ring(), Runnable::run, snapshots)
                .now();
        snapshots.applied(now, 1, Limits.SNAPSHOT_EVERY_ENTRIES - 1);
        timer.advance(2 * Limits.SNAPSHOT_PAUSE_MIN_MILLIS);
        assertThat(file()).doesNotExist();
        snapshots.applied(now, 1, 1);
        timer.advance(0);
        assertThat(file()).exists();
        Files.delete(file());
        Snapshot next = later();
        snapshots.applied(next, Limits.SNAPSHOT_EVERY_SEALS, 0);
        timer.advance(Limits.SNAPSHOT_PAUSE_MIN_MILLIS - 1);
        assertThat(file()).doesNotExist();
        timer.advance(1);
        assertThat(file()).exists();
        used(ledger);
        // Nothing new, nothing to write.
        Files.delete(file());
        snapshots.close(true);
        assertThat(file()).doesNotExist();
    }

    private Snapshot later() throws AlthingException {
        int seals = dao.seals().size();
        dao.seal(dao.entry(dao.member(0).device(), TestDao.ballot(proposal, 0, 0)));
        store(dao.seals().subList(seals, dao.seals().size()), ledger);
        return start(ledger).now();
    }

    @Test
    void aSnapshotHoldsWhatWasKnownAtItsSealThoughMoreHasComeSince() throws Exception {
        Replay.Replayed then = start(ledger);
        int seals = dao.seals().size();
        dao.seal(
                dao.entry(dao.member(0).device(), TestDao.ballot(Cid.hash(new byte[1]), 0, 0)),
                dao.entry(dao.member(1).device(), new Body.Comment(proposal, Optional.empty(), "Three.")),
                dao.entry(
                        dao.member(1).root(),
                        dao.member(1).adds(dao.dao(), dao.member(1).device("2"))));
        then.now().index().add(dao.state(), dao.seals().getLast().entries(), dao.effects());
        Snapshots snapshots = snapshots();
        snapshots.applied(then.now(), 0, 0);
        snapshots.close(true);
        used(ledger);
        assertThat(start(ledger).now().index().comments(proposal, 100)).hasSize(2);
        assertThat(start(ledger).now().index().devices(dao.member(1).key())).hasSize(1);
        store(dao.seals().subList(seals, dao.seals().size()), ledger);
        used(ledger);
    }
}
