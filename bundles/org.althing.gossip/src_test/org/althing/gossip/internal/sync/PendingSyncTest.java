// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica;
import org.althing.api.sync.Replica.EntryAnswer;
import org.althing.api.sync.Replica.Pending;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.Test;

class PendingSyncTest {

    private static final PeerId SELF = SyncSimulation.peer(0);

    private static final Cid DAO = Cid.hash(new byte[] {1});
    private static final int PEERS = 3;

    private final Ed25519 signatures = Ed25519.fastest();
    private final Random random = new Random(9);

    /** A node: what it holds, and the shipped machines for both directions. */
    private final class Node {
        final TestReplica replica = new TestReplica(DAO, List.of(), set -> Optional.of(List.of()));
        final List<String> log = new ArrayList<>();
        final List<Cid> fetched = new ArrayList<>();
        final List<PendingAction> toDo = new ArrayList<>();
        Function<Entry, EntryAnswer> judge = entry -> new EntryAnswer.Kept();
        Function<Answer, Answer> manner = answer -> answer;
        boolean atOurHeight = true;
        private long lastId;
        final PendingSync sync = new PendingSync(
                DAO,
                List.of(),
                peer -> atOurHeight,
                cid -> replica.ledger().has(cid),
                () -> List.copyOf(replica.forks()),
                () -> ++lastId,
                new Random(1));
        final SyncServer server = new SyncServer(
                (peer, dao) -> Optional.of(new SyncServer.Served(replica, new ReaderProofs(DAO, SELF), sync.set())));

        void has(byte[] entry) {
            replica.ledger().add(List.of(entry)).join();
            Pending pending =
                    new Pending(Cid.hash(entry), EntryCodec.decode(entry).timeMillis());
            sync.handle(new PendingEvent.Came(List.of(pending)), 0);
        }

        Set<Cid> all() {
            return new HashSet<>(replica.ledger().pending());
        }

        /** Does what is to be done until nothing is, each request being answered at once. */
        void run(PendingEvent event, long nowMillis, Map<PeerId, Node> others) {
            toDo.addAll(sync.handle(event, nowMillis));
            while (!toDo.isEmpty()) {
                switch (toDo.removeFirst()) {
                    case PendingAction.Ask a -> {
                        if (a.request() instanceof Request.Entries asked) {
                            fetched.addAll(asked.cids());
                        }
                        Node other = others.get(a.peer());
                        Answer answer = other.manner.apply(other.server.answer(SELF, a.request()));
                        toDo.addAll(sync.handle(new PendingEvent.Answered(a.peer(), a.id(), answer), nowMillis));
                    }
                    case PendingAction.Bring a -> {
                        List<EntryAnswer> answers = new ArrayList<>();
                        for (byte[] bytes : a.entries()) {
                            Entry entry = EntryCodec.decode(bytes);
                            answers.add(judge.apply(entry));
                            if (answers.getLast() instanceof EntryAnswer.Kept) {
                                has(bytes);
                            }
                        }
                        toDo.addAll(sync.handle(new PendingEvent.Judged(a.id(), answers), nowMillis));
                    }
                    case PendingAction.Publish a -> log.add("publish");
                    case PendingAction.Pause a -> log.add("pause: " + a.reason());
                    case PendingAction.Ban a -> log.add("ban: " + a.reason());
                }
            }
        }
    }

    private final Node node = new Node();
    private final Map<PeerId, Node> others = new LinkedHashMap<>();

    PendingSyncTest() {
        for (int i = 0; i < PEERS; i++) {
            others.put(SyncSimulation.peer(i), new Node());
        }
    }

    private Node other(int index) {
        return others.get(SyncSimulation.peer(index));
    }

    private byte[] entry(String author, int sequence, String text) {
        TestSigner signer = new TestSigner(author, signatures);
        return EntryCodec.sign(
                new EntryCodec.Draft(
                        DAO,
                        signer.key(),
                        sequence,
                        sequence == 0 ? null : DAO,
                        DAO,
                        1_000 + random.nextInt(50),
                        new Body.Comment(DAO, Optional.empty(), text)),
                signer);
    }

    private void join(int peer, long nowMillis) {
        node.run(new PendingEvent.Joined(SyncSimulation.peer(peer)), nowMillis, others);
    }

    private void tick(long nowMillis) {
        node.run(new PendingEvent.Ticked(), nowMillis, others);
    }

    @Test
    void whatPeersHaveIsFetchedWhenTheyJoin() {
        Set<Cid> expected = new HashSet<>();
        for (int i = 0; i < 900; i++) {
            byte[] entry = entry("a" + i % 7, i, "text");
            expected.add(Cid.hash(entry));
            boolean here = i % 3 == 0;
            (here ? node : other(i % PEERS)).has(entry);
        }
        for (int i = 0; i < PEERS; i++) {
            join(i, 10);
        }
        assertThat(node.all()).isEqualTo(expected);
        assertThat(node.fetched).doesNotHaveDuplicates();
        assertThat(node.log).isEmpty();
    }

    @Test
    void whatComesLaterIsFetchedWithinSomePeriods() {
        for (int i = 0; i < PEERS; i++) {
            join(i, 10);
        }
        byte[] missed = entry("a", 0, "missed");
        other(1).has(missed);
        int ticks = 0;
        while (!node.all().contains(Cid.hash(missed)) && ticks < 30) {
            tick(10 + ++ticks * PendingLimits.PERIOD_MILLIS);
        }
        assertThat(ticks).isBetween(1, 29);
    }

    @Test
    void entriesOfAKeyAreBroughtInTheOrderOfItsChain() {
        List<Long> order = new ArrayList<>();
        node.judge = entry -> {
            order.add(entry.sequence());
            return new EntryAnswer.Kept();
        };
        IntStream.range(0, 50).forEach(i -> other(0).has(entry("a", i, "text")));
        join(0, 0);
        assertThat(order).hasSize(50).isSorted();
    }

    @Test
    void whatIsRefusedForEverIsFetchedOnce() {
        node.judge = entry -> new EntryAnswer.Never("void");
        other(0).has(entry("a", 0, "text"));
        join(0, 0);
        for (int i = 1; i < 20; i++) {
            tick(i * 2 * PendingLimits.PERIOD_MILLIS);
        }
        assertThat(node.fetched).hasSize(1);
    }

    @Test
    void whatMayBeRightLaterIsFetchedAgainButNotSoon() {
        node.judge = entry -> new EntryAnswer.Later("not a member yet");
        other(0).has(entry("a", 0, "text"));
        join(0, 0);
        tick(PendingLimits.LATER_MILLIS / 2);
        assertThat(node.fetched).hasSize(1);
        tick(PendingLimits.LATER_MILLIS * 2);
        assertThat(node.fetched).hasSize(2);
    }

    @Test
    void ofAKeyThatHasForkedNothingMoreIsTakenAndTheProofIsPublishedOnce() {
        byte[] first = entry("forker", 3, "one");
        byte[] second = entry("forker", 3, "other");
        node.has(first);
        node.judge = entry -> new EntryAnswer.Forked(entry.key(), new Replica.Fork(first, second));
        other(0).has(second);
        join(0, 0);
        assertThat(node.log).containsExactly("publish");
        for (int i = 0; i < 100; i++) {
            other(0).has(entry("forker", 4 + i, "more"));
        }
        node.judge = entry -> {
            throw new AssertionError("an entry of a key that has forked was brought");
        };
        tick(2 * PendingLimits.PERIOD_MILLIS);
        tick(4 * PendingLimits.PERIOD_MILLIS);
        assertThat(node.log).containsExactly("publish", "pause: what it offers is of no use");
        assertThat(node.fetched).hasSize(101).doesNotHaveDuplicates();
    }

    @Test
    void proofsOfForksAreFetched() {
        byte[] first = entry("forker", 3, "one");
        byte[] second = entry("forker", 3, "other");
        List<Cid> brought = new ArrayList<>();
        node.judge = entry -> {
            brought.add(entry.cid());
            return brought.size() == 1
                    ? new EntryAnswer.Kept()
                    : new EntryAnswer.Forked(entry.key(), new Replica.Fork(first, second));
        };
        other(0).replica.addFork(new Replica.Fork(first, second));
        join(0, 0);
        tick(5 * PendingLimits.PERIOD_MILLIS);
        assertThat(brought).containsExactly(Cid.hash(first), Cid.hash(second));
        assertThat(node.log).containsExactly("publish");
    }

    @Test
    void givenAProofFromBeforeTheStart_whenAPeerHasTheOtherHalfAndTheProof_thenNeitherIsTaken() {
        byte[] first = entry("forker", 3, "one");
        byte[] second = entry("forker", 3, "other");
        node.has(first);
        node.replica.addFork(new Replica.Fork(first, second));
        other(0).has(second);
        other(0).replica.addFork(new Replica.Fork(first, second));
        node.judge = entry -> {
            throw new AssertionError("a half of a fork was brought");
        };
        join(0, 0);
        tick(5 * PendingLimits.PERIOD_MILLIS);
        assertThat(node.fetched).isEmpty();
        assertThat(node.log).isEmpty();
    }

    @Test
    void whoseSetDiffersHasItsTurnAtOnceButOnlySoOften() {
        join(0, 0);
        byte[] early = entry("a", 0, "early");
        other(0).has(early);
        node.run(new PendingEvent.Differs(SyncSimulation.peer(0)), 1, others);
        assertThat(node.all()).as("without waiting for the period").containsExactly(Cid.hash(early));
        byte[] late = entry("a", 1, "late");
        other(0).has(late);
        node.run(new PendingEvent.Differs(SyncSimulation.peer(0)), PendingLimits.DIFFERS_PERIOD_MILLIS, others);
        assertThat(node.all()).as("too soon").doesNotContain(Cid.hash(late));
        node.run(new PendingEvent.Differs(SyncSimulation.peer(0)), PendingLimits.DIFFERS_PERIOD_MILLIS + 1, others);
        assertThat(node.all()).contains(Cid.hash(late));
    }

    @Test
    void givenAStranger_whenItsSetDiffers_thenNobodyIsAsked() {
        other(1).has(entry("a", 0, "text"));
        node.run(new PendingEvent.Differs(SyncSimulation.peer(1)), 1, others);
        assertThat(node.fetched).isEmpty();
    }

    @Test
    void whoShowsAForkThatIsNoneIsBanned() {
        other(0).replica.addFork(new Replica.Fork(entry("a", 1, "one"), entry("b", 1, "other")));
        join(0, 0);
        assertThat(node.log).containsExactly("ban: what it shows is no fork");
        tick(100 * PendingLimits.PERIOD_MILLIS);
        assertThat(node.log).hasSize(1);
    }

    @Test
    void whoSendsAnotherEntryThanItNamedIsBanned() {
        other(0).has(entry("a", 0, "text"));
        other(0).manner = answer ->
                answer instanceof Answer.Entries ? new Answer.Entries(List.of(entry("a", 0, "another text"))) : answer;
        join(0, 0);
        assertThat(node.log)
                .singleElement()
                .asString()
                .startsWith("ban: what it sends for")
                .endsWith("is another");
        assertThat(node.all()).isEmpty();
    }

    @Test
    void whoOffersWhatItDoesNotHaveIsLeftAloneMoreAndMoreRarely() {
        Node liar = other(0);
        for (int i = 0; i < 200; i++) {
            liar.has(entry("a", i, "text"));
        }
        liar.manner = answer -> answer instanceof Answer.Entries a
                ? new Answer.Entries(
                        a.entries().stream().map(entry -> new byte[0]).toList())
                : answer;
        join(0, 0);
        for (int i = 1; i <= 3600; i++) {
            tick(i * 1_000L);
        }
        assertThat(node.log).hasSizeBetween(3, 12).allMatch(line -> line.equals("pause: what it offers is of no use"));
    }

    @Test
    void withPeersAtAnotherHeightNothingIsReconciled() {
        other(0).has(entry("a", 0, "text"));
        node.atOurHeight = false;
        join(0, 0);
        tick(100_000);
        assertThat(node.all()).isEmpty();
        node.atOurHeight = true;
        tick(200_000);
        assertThat(node.all()).hasSize(1);
    }

    @Test
    void whoDoesNotAnswerIsPausedAndTheNextIsAsked() {
        byte[] entry = entry("a", 0, "text");
        other(1).has(entry);
        List<PendingAction> first = node.sync.handle(new PendingEvent.Joined(SyncSimulation.peer(0)), 0);
        assertThat(first).singleElement().isInstanceOf(PendingAction.Ask.class);
        join(1, 1);
        assertThat(node.all()).isEmpty();
        tick(PendingLimits.TIMEOUT_MILLIS);
        assertThat(node.log).containsExactly("pause: it does not answer in time");
        assertThat(node.all()).containsExactly(Cid.hash(entry));
    }

    @Test
    void whatIsSealedIsNotOfferedAnyMore() {
        byte[] entry = entry("a", 0, "text");
        other(0).has(entry);
        other(0).sync
                .handle(
                        new PendingEvent.Went(List.of(new Pending(
                                Cid.hash(entry), EntryCodec.decode(entry).timeMillis()))),
                        0);
        join(0, 0);
        assertThat(node.fetched).isEmpty();
    }
}
