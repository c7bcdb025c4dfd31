// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.Invite;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.api.identity.Keystore;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.net.Multiaddr;
import org.althing.api.node.NetworkSettings;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.api.sync.Replica;
import org.althing.api.sync.Replica.EntryAnswer;
import org.althing.api.sync.Replica.SealAnswer;
import org.althing.codec.EntryCodec;
import org.althing.codec.SealCodec;
import org.althing.itest.cli.Typed;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** What a node makes of seals and entries that peers bring: the test is the peer. */
class ReplicaTest {

    private static final long WAIT_MAX_SECONDS = 20;
    private static final NetworkSettings NETWORK = new NetworkSettings(
            List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")), List.of(), List.of(), false, false, List.of());

    @TempDir
    Path founder;

    @TempDir
    Path joiner;

    @TempDir
    Path killed;

    @TempDir
    Path backups;

    private final BundleContext context =
            FrameworkUtil.getBundle(ReplicaTest.class).getBundleContext();
    /** Checking the signatures of so many keeps a node busy for a moment. */
    private static final int ENTRIES_THAT_TAKE_LONG = 20_000;

    private Community community;
    private Cid open;
    private RunningNode other;

    @BeforeEach
    void found() throws Exception {
        community = Community.founded(founder, 4);
        open = community.open(TestDao.question("single-choice", 1, "A", "B"));
        for (int i = 0; i < 12; i++) {
            community.say(community.device(i % 4), TestDao.ballot(open, i / 4, i % 2));
        }
        other = Installed.service(NodeLauncher.class)
                .start(NodeSettings.of(joiner).in(NETWORK));
    }

    @AfterEach
    void close() throws Exception {
        other.close();
        community.close();
    }

    private Replica join(String seal, long height) throws Exception {
        other.assembly().join(new Invite(community.dao, seal, height, List.of()));
        return replica(true);
    }

    /** That of the node that has joined, or that of the founder: theirs are of one DAO. */
    private Replica replica(boolean joined) throws Exception {
        long height = community.assembly().dao(community.dao).height();
        for (ServiceReference<Replica> reference : context.getServiceReferences(Replica.class, null)) {
            Replica replica = context.getService(reference);
            if (replica.dao().toString().equals(community.dao)
                    && joined == (replica.tip().height() < height)) {
                return replica;
            }
        }
        throw new AssertionError("no such replica");
    }

    private Seal seal(long height) throws Exception {
        return replica(false).ledger().seal(height).orElseThrow();
    }

    /** Brings what the founder has of a seal, but for what is there. */
    private CompletableFuture<SealAnswer> bring(Replica to, Replica from, long height) throws Exception {
        Seal seal = from.ledger().seal(height).orElseThrow();
        List<byte[]> entries = new ArrayList<>();
        for (Cid cid : seal.entries()) {
            if (!to.ledger().has(cid)) {
                entries.add(from.ledger().entry(cid).orElseThrow());
            }
        }
        return to.bringSeal(seal, entries);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
    }

    /** All seals of the founder at once, as entry sync hands them over. */
    private void bringAll(Replica to) throws Exception {
        Replica from = replica(false);
        List<CompletableFuture<SealAnswer>> answers = new ArrayList<>();
        for (long height = to.tip().height() + 1; height <= from.tip().height(); height++) {
            answers.add(bring(to, from, height));
        }
        for (CompletableFuture<SealAnswer> answer : answers) {
            assertThat(get(answer)).isEqualTo(new SealAnswer.Taken());
        }
    }

    @Test
    void aDaoThatIsKnownByItsNameAloneBecomesThatOfTheFounderAndStaysSoOverARestart() throws Exception {
        Replica replica = join("", -1);
        assertThat(replica.tip()).isEqualTo(new Replica.Tip(-1, Optional.empty(), List.of()));
        assertThat(get(replica.bringPending(List.of(seal(0).header())))).hasOnlyElementsOfType(EntryAnswer.Later.class);
        Replica founders = replica(false);
        List<Long> told = new ArrayList<>();
        replica.observe(new Replica.Observer() {
            @Override
            public void came(List<Replica.Pending> entries) {}

            @Override
            public void went(List<Replica.Pending> entries) {}

            @Override
            public void sealed(Replica.Tip tip) {
                told.add(tip.height());
            }
        });
        bringAll(replica);
        assertThat(replica.tip()).isEqualTo(founders.tip());
        assertThat(told)
                .as("in their order")
                .isSorted()
                .hasSize((int) founders.tip().height() + 1);
        assertThat(other.assembly().dao(community.dao).stateRoot()).isEqualTo(community.stateRoot());
        SealHeader header = SealCodec.decodeHeader(seal(0).header());
        assertThat(replica.notaries(header.set())).contains(founders.tip().notaries());
        other.close();
        other = Installed.service(NodeLauncher.class).start(NodeSettings.of(joiner));
        assertThat(other.assembly().dao(community.dao).stateRoot()).isEqualTo(community.stateRoot());
    }

    @Test
    void aSealThatIsHereIsTakenAgainAndAnotherAtItsHeightIsAnAlarm() throws Exception {
        Replica replica = join("", -1);
        bringAll(replica);
        assertThat(get(replica.bringSeal(seal(1), List.of()))).isEqualTo(new SealAnswer.Taken());
        Seal real = seal(2);
        SealAnswer answer =
                get(replica.bringSeal(new Seal(2, seal(1).header(), real.entries(), real.certificate()), List.of()));
        assertThat(answer).isInstanceOf(SealAnswer.Refused.class);
        assertThat(other.assembly().status().problems())
                .anyMatch(problem -> problem.contains("two final seals at height 2"));
    }

    @Test
    void aNotaryGoesOnWhenTheLastSealThatPeersBroughtIsRefused() throws Exception {
        Replica replica = replica(false);
        Seal real = seal(2);
        byte[] some = replica.ledger().entry(replica.dao()).orElseThrow();
        long next = replica.tip().height() + 1;
        CompletableFuture<SealAnswer> refused = replica.bringSeal(
                new Seal(next, real.header(), real.entries(), real.certificate()),
                Collections.nCopies(ENTRIES_THAT_TAKE_LONG, some));
        byte[] meanwhile =
                community.entry(community.device(1), new Body.Comment(open, Optional.empty(), "while it is checked"));
        community.assembly().submit(meanwhile, 0);
        Community.await(() -> replica.ledger().sealedAt(Cid.hash(meanwhile)).isPresent());
        assertThat(get(refused)).isInstanceOf(SealAnswer.Refused.class);
    }

    @Test
    void aSealOverWhatIsNotGenuineLeavesNoTrace() throws Exception {
        Replica replica = join("", -1);
        bringAll(replica);
        long entries = replica.ledger().entries();
        byte[] forged = community.entry(community.device(0), new Body.Comment(open, Optional.empty(), "forged"));
        forged[forged.length - 1] ^= 1;
        SealAnswer answer = get(replica.bringSeal(signed(List.of(Cid.hash(forged)), replica), List.of(forged)));
        assertThat(answer)
                .isInstanceOfSatisfying(
                        SealAnswer.Refused.class,
                        refused -> assertThat(refused.reason()).contains("its signature is not by"));
        assertThat(replica.ledger().entries()).isEqualTo(entries);
        assertThat(replica.tip()).isEqualTo(replica(false).tip());
    }

    @Test
    void aSealThatMakesAnotherStateThanItClaimsLeavesNoTrace() throws Exception {
        Replica replica = join("", -1);
        bringAll(replica);
        long entries = replica.ledger().entries();
        byte[] good = community.entry(community.device(0), new Body.Comment(open, Optional.empty(), "good"));
        SealAnswer answer = get(replica.bringSeal(signed(List.of(Cid.hash(good)), replica), List.of(good)));
        assertThat(answer)
                .isInstanceOfSatisfying(
                        SealAnswer.Refused.class,
                        refused -> assertThat(refused.reason()).contains("claims another state"));
        assertThat(replica.ledger().entries()).isEqualTo(entries);
        assertThat(replica.ledger().height()).isEqualTo(replica.tip().height());
        assertThat(other.assembly().status().problems()).anyMatch(problem -> problem.contains("claims another state"));
    }

    /** A seal on the tip that the notary has signed, right but for its state. */
    private Seal signed(List<Cid> cids, Replica replica) throws Exception {
        SealHeader last = SealCodec.decodeHeader(seal(replica.tip().height()).header());
        long height = last.height() + 1;
        byte[] header = SealCodec.encode(new SealHeader(
                last.dao(),
                last.epoch(),
                height,
                height,
                replica.tip().head().orElseThrow(),
                last.timeMillis() + 1,
                cids.size(),
                org.althing.codec.Merkle.root(cids.stream().map(Cid::toBytes).toList()),
                last.state(),
                last.set(),
                last.nextSet()));
        var notary =
                Installed.service(Keystore.class).notaryKey(community.data().resolve(NodeSettings.NOTARY_KEY_FILE));
        byte[] message =
                SealCodec.voteMessage(Certificate.Kind.FINALIZE, last.dao(), last.epoch(), height, Cid.hash(header));
        byte[] certificate = SealCodec.encode(new Certificate(
                Certificate.Kind.FINALIZE,
                last.dao(),
                last.epoch(),
                height,
                Cid.hash(header),
                List.of(new Certificate.Vote(notary.key(), notary.sign(message)))));
        return new Seal(height, header, cids, certificate);
    }

    @Test
    void aChainWithoutTheSealOfTheInviteIsRefusedAtItsHeight() throws Exception {
        Cid wrong = Cid.hash(new byte[] {1});
        Replica replica = join(wrong.toString(), 2);
        Replica founders = replica(false);
        assertThat(get(bring(replica, founders, 0))).isEqualTo(new SealAnswer.Taken());
        assertThat(get(bring(replica, founders, 1))).isEqualTo(new SealAnswer.Taken());
        assertThat(get(bring(replica, founders, 2))).isInstanceOf(SealAnswer.Refused.class);
        assertThat(replica.tip().height()).isEqualTo(1);
        assertThat(other.assembly().status().problems()).anyMatch(problem -> problem.contains(wrong.toString()));
    }

    @Test
    void anInviteToAnotherHistoryOfADaoThatIsHereIsRefused() throws Exception {
        bringAll(join(seal(2).cid().toString(), 2));
        other.assembly().join(new Invite(community.dao, seal(1).cid().toString(), 1, List.of()));
        assertThatThrownBy(() -> other.assembly()
                        .join(new Invite(community.dao, seal(1).cid().toString(), 2, List.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("another history");
    }

    @Test
    void pendingEntriesAreToldApartByWhatCanStillBecomeOfThem() throws Exception {
        Replica replica = join("", -1);
        bringAll(replica);
        Body.Comment comment = new Body.Comment(open, Optional.empty(), "one");
        var draft = community.draft(community.device(1), comment);
        byte[] first = EntryCodec.sign(draft, community.device(1));
        byte[] second = fork(draft);
        byte[] stranger = EntryCodec.sign(
                new EntryCodec.Draft(
                        draft.dao(),
                        new TestMember("stranger", community.signatures)
                                .device()
                                .key(),
                        0,
                        null,
                        draft.seen(),
                        draft.timeMillis(),
                        comment),
                new TestMember("stranger", community.signatures).device());
        byte[] broken = Arrays.copyOf(first, first.length);
        broken[broken.length - 1] ^= 1;
        assertThat(get(replica.bringPending(List.of(first, stranger, broken))))
                .satisfiesExactly(
                        answer -> assertThat(answer).isInstanceOf(EntryAnswer.Kept.class),
                        answer -> assertThat(answer).isInstanceOf(EntryAnswer.Later.class),
                        answer -> assertThat(answer).isInstanceOf(EntryAnswer.Never.class));
        assertThat(replica.pending()).extracting(Replica.Pending::cid).containsExactly(Cid.hash(first));
        assertThat(get(replica.bringPending(List.of(second)))).hasOnlyElementsOfType(EntryAnswer.Forked.class);
        assertThat(replica.forks())
                .singleElement()
                .satisfies(fork -> assertThat(List.of(Cid.hash(fork.first()), Cid.hash(fork.second())))
                        .containsExactlyInAnyOrder(Cid.hash(first), Cid.hash(second)));
        assertThat(replica.pending())
                .as("nothing of this key is offered any more")
                .isEmpty();
        assertThat(other.assembly().status().problems()).anyMatch(problem -> problem.contains("two entries"));
    }

    @Test
    void aNodeWhoseClockIsHoursBehindTakesWhatOthersTake() throws Exception {
        takesWithItsClockOff(-6);
    }

    @Test
    void aNodeWhoseClockIsHoursAheadTakesWhatOthersTake() throws Exception {
        takesWithItsClockOff(6);
    }

    private void takesWithItsClockOff(int hours) throws Exception {
        other.close();
        other = Installed.service(NodeLauncher.class)
                .start(new NodeSettings(
                        joiner,
                        Optional.of(new ManualTimer(community.timer.millis()
                                + Duration.ofHours(hours).toMillis())),
                        Optional.of(NETWORK)));
        Replica replica = join("", -1);
        bringAll(replica);
        assertThat(replica.tip()).isEqualTo(replica(false).tip());
        byte[] entry = community.entry(community.device(1), new Body.Comment(open, Optional.empty(), "now"));
        assertThat(get(replica.bringPending(List.of(entry)))).hasOnlyElementsOfType(EntryAnswer.Kept.class);
        assertThat(other.assembly().dao(community.dao).stateRoot()).isEqualTo(community.stateRoot());
        assertThat(other.assembly().status().problems()).isEmpty();
    }

    /** Another entry in the place of one of member 1. */
    private byte[] fork(EntryCodec.Draft draft) {
        return EntryCodec.sign(
                new EntryCodec.Draft(
                        draft.dao(),
                        draft.key(),
                        draft.sequence(),
                        draft.previous(),
                        draft.seen(),
                        draft.timeMillis(),
                        new Body.Comment(open, Optional.empty(), "two")),
                community.device(1));
    }

    @Test
    void aProofOfAForkOutlivesTheProcessThatFoundIt() throws Exception {
        Forked forked = forked();
        Community.copy(joiner, killed);
        forked.requireKnownIn(killed);
    }

    @Test
    void aProofOfAForkIsInABackup() throws Exception {
        Forked forked = forked();
        Path proofs = Path.of(NodeSettings.FORKS_FOLDER);
        // What a write that was cut short has left behind.
        Files.write(joiner.resolve(proofs).resolve("." + community.dao + ".next"), new byte[1]);
        Path backup = backups.resolve("backup");
        Typed.type("backup", backup.toString(), "--data", joiner.toString()).fine();
        Path restored = backups.resolve("restored");
        assertThat(Typed.type("restore", backup.toString(), "--data", restored.toString())
                        .exit())
                .isZero();
        assertThat(restored.resolve(proofs)).isDirectory();
        try (Stream<Path> files = Files.list(restored.resolve(proofs))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))).containsExactly(community.dao);
        }
        forked.requireKnownIn(restored);
    }

    /** Lets the node that has joined find two entries of one key with one number. */
    private Forked forked() throws Exception {
        Replica founders = replica(false);
        Replica replica = join("", -1);
        bringAll(replica);
        EntryCodec.Draft draft = community.draft(community.device(1), new Body.Comment(open, Optional.empty(), "one"));
        byte[] first = EntryCodec.sign(draft, community.device(1));
        byte[] second = fork(draft);
        assertThat(get(replica.bringPending(List.of(first, second))))
                .as("both at once, as a peer brings a proof")
                .satisfiesExactly(
                        answer -> assertThat(answer).isInstanceOf(EntryAnswer.Kept.class),
                        answer -> assertThat(answer).isInstanceOf(EntryAnswer.Forked.class));
        List<String> problems = other.assembly().status().problems();
        assertThat(problems).anyMatch(problem -> problem.contains("two entries"));
        return new Forked(founders, first, second, problems);
    }

    private final class Forked {

        private final Replica founders;
        private final byte[] first;
        private final byte[] second;
        private final List<String> problems;

        Forked(Replica founders, byte[] first, byte[] second, List<String> problems) {
            this.founders = founders;
            this.first = first;
            this.second = second;
            this.problems = problems;
        }

        /** Fails unless a node that starts on this folder knows the proof, and wants nothing more of the key. */
        void requireKnownIn(Path folder) throws Exception {
            other.close();
            other = Installed.service(NodeLauncher.class).start(NodeSettings.of(folder));
            Replica again = replicaBeside(founders);
            Community.await(() -> !again.forks().isEmpty());
            assertThat(again.forks())
                    .singleElement()
                    .satisfies(fork -> assertThat(List.of(Cid.hash(fork.first()), Cid.hash(fork.second())))
                            .containsExactlyInAnyOrder(Cid.hash(first), Cid.hash(second)));
            Community.await(() -> again.tip().height() == founders.tip().height());
            assertThat(get(again.bringPending(List.of(second)))).hasOnlyElementsOfType(EntryAnswer.Forked.class);
            assertThat(again.pending())
                    .as("nothing of this key is offered any more")
                    .isEmpty();
            assertThat(other.assembly().status().problems()).containsAll(problems);
        }
    }

    private Replica replicaBeside(Replica founders) throws Exception {
        for (ServiceReference<Replica> reference : context.getServiceReferences(Replica.class, null)) {
            Replica replica = context.getService(reference);
            if (replica != founders && replica.dao().equals(founders.dao())) {
                return replica;
            }
        }
        throw new AssertionError("no such replica");
    }
}
