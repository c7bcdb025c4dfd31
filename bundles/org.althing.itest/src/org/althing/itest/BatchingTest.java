// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.assembly.Assembly.ProposalView;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Governance;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.ProposalState;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.Ledger;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.api.seal.SealHeader;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;
import org.althing.codec.SealCodec;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;

/**
 * One set of entries reaches the same node in many worlds: in random batches and orders (of each key in sequence), with the node stopped,
 * started and killed at random points. Each world seals differently, and in each an independent fold of the chain finds the root of every
 * header; who follows the chain in batches and restarts of its own comes to the same roots; and whatever does not depend on the seals'
 * boundaries has the same roots in all worlds: ballots, comments, keys, members, outcomes.
 */
@Timeout(600)
class BatchingTest {

    private static final int WORLDS = 4;
    private static final int WORLDS_SOAK = 100;
    private static final int MEMBERS = 10;
    private static final int WORDS_OF_A_KEY = 12;
    private static final int[] BATCHES_ENTRIES = {1, 5, 30, 200};
    /** Hand-ins of a world; entries whose key is not sealed yet are refused and handed in again. */
    private static final int TURNS_MAX = 2_000;

    /** What all worlds must agree on. */
    private record Roots(
            Cid ballots,
            Cid comments,
            Optional<Cid> electorate,
            Optional<Body.Counted> outcome,
            List<CountingBallot> counting,
            List<Object> members,
            Map<PublicKey, KeyState> keys) {}

    @TempDir
    Path folder;

    private final Map<PublicKey, List<byte[]>> chains = new LinkedHashMap<>();
    private Random random = new Random();
    private Cid subject = Cid.hash(new byte[0]);

    @Test
    void givenTheSameEntriesInOtherBatchesAndRestarts_thenTheRootsAreTheSame() throws Exception {
        long seed = Long.getLong("althing.seed", System.nanoTime());
        System.out.println("BatchingTest: -Dalthing.seed=" + seed);
        random = new Random(seed);
        Community first = Community.founded(folder.resolve("first"), MEMBERS);
        try (first) {
            subject = first.open(TestDao.question("single-choice", 1, "A", "B", "C"));
            write(first);
        }
        List<Roots> all = new ArrayList<>();
        Set<Optional<Cid>> heads = new HashSet<>();
        int worlds = Boolean.getBoolean("althing.soak") ? WORLDS_SOAK : WORLDS;
        for (int i = 0; i < worlds; i++) {
            String where = "world " + i + " of -Dalthing.seed=" + seed;
            Path data = live(first, "w" + i, where);
            DaoState end = follow(Cid.parse(first.dao), data, folder.resolve("f" + i), where);
            all.add(roots(end));
            heads.add(end.head());
            assertThat(all.getLast()).as(where).isEqualTo(all.getFirst());
            assertThat(all.getLast().counting()).as(where).hasSize(MEMBERS);
        }
        assertThat(heads).as("worlds that sealed differently").hasSizeGreaterThan(1);
    }

    /** Signs what everybody says, before any of it is sealed: each key for itself. */
    private void write(Community community) throws AlthingException, RefusedException {
        for (TestMember member : community.members) {
            TestSigner second = member.device("2");
            chain(community, member.root(), List.of(member.adds(Cid.parse(community.dao), second)));
            List<Body> words = new ArrayList<>();
            for (int revision = 0; words.size() < WORDS_OF_A_KEY; ) {
                switch (random.nextInt(6)) {
                    case 0 -> words.add(new Body.Comment(subject, Optional.empty(), "No. " + words.size()));
                    case 1 -> words.add(TestDao.question("schulze", 1, "A" + words.size(), "B"));
                    default -> words.add(TestDao.ballot(subject, revision++, random.nextInt(3)));
                }
            }
            words.add(TestDao.ballot(subject, WORDS_OF_A_KEY, random.nextInt(3)));
            chain(community, member.device(), words);
            chain(
                    community,
                    second,
                    List.of(
                            new Body.Comment(subject, Optional.empty(), "From my other device"),
                            TestDao.question("approval", 1, "A", "B")));
        }
    }

    private void chain(Community community, TestSigner signer, List<Body> bodies)
            throws AlthingException, RefusedException {
        List<byte[]> entries = new ArrayList<>();
        Draft next = community.draft(signer, bodies.getFirst());
        for (Body body : bodies) {
            next = new Draft(
                    next.dao(),
                    next.key(),
                    next.sequence() + (entries.isEmpty() ? 0 : 1),
                    entries.isEmpty() ? next.previous() : Cid.hash(entries.getLast()),
                    next.seen(),
                    next.timeMillis(),
                    body);
            entries.add(EntryCodec.sign(next, signer));
        }
        chains.put(signer.key(), entries);
    }

    /** Hands everything in, in a world of its own, until the vote is decided; returns where its chain is. */
    private Path live(Community first, String name, String where) throws Exception {
        try (Community community = first.again(folder.resolve(name))) {
            List<Deque<byte[]>> left = new ArrayList<>();
            chains.values().forEach(chain -> left.add(new ArrayDeque<>(chain)));
            int killAt = 1 + random.nextInt(5);
            for (int turn = 0; !left.isEmpty(); turn++) {
                assertThat(turn).as(where).isLessThan(TURNS_MAX);
                List<byte[]> batch = batch(left);
                if (turn == killAt) {
                    killAfter(community, batch, left, folder.resolve(name + "-killed"));
                } else {
                    handIn(community, batch, left, random.nextBoolean() ? Community.WAIT_MILLIS : 0);
                }
                community.timer.advance(random.nextInt(300));
                if (random.nextInt(8) == 0) {
                    community.restart();
                }
            }
            Community.await(() -> pending(community) == 0);
            decide(community);
            assertThat(community.problems()).as(where).isEmpty();
            return community.data();
        }
    }

    /** Some next entries of some keys, as a mixed batch; each key's in its order. */
    private List<byte[]> batch(List<Deque<byte[]>> left) {
        int size = BATCHES_ENTRIES[random.nextInt(BATCHES_ENTRIES.length)];
        List<Deque<byte[]>> rest = new ArrayList<>();
        left.forEach(chain -> rest.add(new ArrayDeque<>(chain)));
        List<byte[]> batch = new ArrayList<>();
        while (batch.size() < size && !rest.isEmpty()) {
            Deque<byte[]> chain = rest.get(random.nextInt(rest.size()));
            batch.add(chain.removeFirst());
            rest.removeIf(Deque::isEmpty);
        }
        return batch;
    }

    private static void handIn(Community community, List<byte[]> batch, List<Deque<byte[]>> left, long waitMillis)
            throws AlthingException {
        List<Submission> answers = community.assembly().submitAll(batch, waitMillis);
        for (int i = 0; i < batch.size(); i++) {
            byte[] entry = batch.get(i);
            Submission answer = answers.get(i);
            // Not refused for good: its key, or an entry before it, is not sealed yet.
            if (answer.state().equals("refused")) {
                assertThat(answer.reason()).containsAnyOf("unknown key", "sequence gap");
            } else {
                assertThat(answer.state()).isIn("pending", "sealed");
                left.forEach(chain -> chain.removeIf(waiting -> Arrays.equals(waiting, entry)));
            }
        }
        left.removeIf(Deque::isEmpty);
    }

    /** Acknowledged, not sealed, and then the process is gone. */
    private static void killAfter(Community community, List<byte[]> batch, List<Deque<byte[]>> left, Path copy)
            throws AlthingException, BundleException {
        Community.await(() -> pending(community) == 0);
        Bundle notary = Arrays.stream(FrameworkUtil.getBundle(BatchingTest.class)
                        .getBundleContext()
                        .getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals("org.althing.notary"))
                .findFirst()
                .orElseThrow();
        notary.stop();
        try {
            handIn(community, batch, left, 0);
            community.kill(copy);
        } finally {
            notary.start();
        }
    }

    private void decide(Community community) throws Exception {
        ProposalView view = community.assembly().proposal(subject.toString());
        if (random.nextBoolean()) {
            community.timer.advanceTo(view.deadlineMillis());
        } else {
            community.node().close();
            community.timer.advanceTo(view.deadlineMillis() + random.nextInt(10_000));
            community.restart();
        }
        Community.await(() -> community.status(subject.toString()).equals("executed"));
    }

    private static int pending(Community community) {
        try {
            return community.assembly().dao(community.dao).pending();
        } catch (AlthingException | RefusedException e) {
            throw new AssertionError(e);
        }
    }

    /** Folds the chain of a world, and lets another ledger and its nodes follow it in batches and restarts of their own. */
    private DaoState follow(Cid dao, Path data, Path followers, String where) throws Exception {
        List<DaoLedger.Seal> seals = new ArrayList<>();
        List<List<byte[]>> entries = new ArrayList<>();
        try (Ledger.Folder open = Installed.service(Ledger.class).open(data)) {
            DaoLedger ledger = open.dao(dao);
            for (long height = 0; height <= ledger.height(); height++) {
                DaoLedger.Seal seal = ledger.seal(height).orElseThrow();
                seals.add(seal);
                List<byte[]> bytes = new ArrayList<>();
                for (Cid cid : seal.entries()) {
                    bytes.add(ledger.entry(cid).orElseThrow());
                }
                entries.add(bytes);
            }
        }
        List<Cid> roots = new ArrayList<>();
        DaoState state = Installed.service(Governance.class)
                .genesis(EntryCodec.decode(entries.getFirst().getFirst()));
        for (int height = 0; height < seals.size(); height++) {
            SealHeader header = SealCodec.decodeHeader(seals.get(height).header());
            List<Entry> decoded =
                    entries.get(height).stream().map(EntryCodec::decode).toList();
            DaoState.Step step = state.apply(header.timeMillis(), decoded);
            assertThat(step.root()).as("height %d, %s", height, where).isEqualTo(header.state());
            roots.add(step.root());
            state = step.sealed(header, seals.get(height).cid());
        }
        for (int next = 0; next < seals.size(); ) {
            int end = Math.min(seals.size(), next + 1 + random.nextInt(1 + seals.size() / 2));
            append(dao, followers, seals.subList(next, end), entries.subList(next, end));
            next = end;
            try (RunningNode node = Installed.service(NodeLauncher.class)
                    .start(new NodeSettings(followers, Optional.of(new ManualTimer(state.timeMillis()))))) {
                assertThat(node.assembly().dao(dao.toString()).stateRoot())
                        .as("follower at height %d, %s", end - 1, where)
                        .isEqualTo(roots.get(end - 1).toString());
            }
        }
        return state;
    }

    /** As a node catches up: entries come in any order and any batches, then the seals that name them. */
    private void append(Cid dao, Path followers, List<DaoLedger.Seal> seals, List<List<byte[]>> entries)
            throws AlthingException {
        try (Ledger.Folder open = Installed.service(Ledger.class).open(followers)) {
            DaoLedger ledger = open.dao(dao);
            List<byte[]> mixed =
                    new ArrayList<>(entries.stream().flatMap(List::stream).toList());
            Collections.shuffle(mixed, random);
            for (int from = 0, to; from < mixed.size(); from = to) {
                to = Math.min(mixed.size(), from + 1 + random.nextInt(50));
                ledger.add(mixed.subList(from, to)).join();
            }
            seals.forEach(seal -> ledger.seal(seal).join());
        }
    }

    private Roots roots(DaoState state) {
        ProposalState proposal = state.proposal(subject).orElseThrow();
        List<CountingBallot> counting = new ArrayList<>();
        state.ballots(subject, counting::add);
        Map<PublicKey, KeyState> keys = new LinkedHashMap<>();
        chains.keySet().forEach(key -> keys.put(key, state.key(key).orElseThrow()));
        return new Roots(
                proposal.ballotMap(),
                proposal.comments(),
                proposal.electorate(),
                proposal.outcome(),
                counting,
                List.copyOf(state.members()),
                keys);
    }
}
