// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.SealView;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.entry.Body;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestSigner;
import org.jspecify.annotations.Nullable;

/**
 * Ballots in flight: every member changes its mind again and again until the test has seen enough, and hands a ballot in until
 * the node has acknowledged it.
 */
final class Traffic implements AutoCloseable {

    private static final int A = 0;
    private static final int B = 1;

    private final Community community;
    private final Cid proposal;
    private final List<Chain> chains = new ArrayList<>();
    /** In the order in which they were handed in; of the traffic's thread until that has ended. */
    private final List<byte[]> ballots = new ArrayList<>();

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean enough;
    private volatile boolean aborted;

    private Traffic(Community community, Cid proposal) {
        this.community = community;
        this.proposal = proposal;
        for (TestMember member : community.members) {
            chains.add(new Chain(member.device()));
        }
        thread = Thread.ofPlatform().daemon().name("traffic").unstarted(this::run);
    }

    static Traffic start(Community community, Cid proposal) {
        Traffic traffic = new Traffic(community, proposal);
        traffic.thread.start();
        return traffic;
    }

    /** The ballots of one member. */
    private final class Chain {

        private final TestSigner signer;
        private @Nullable Draft draft;
        private byte[] entry = {};
        private int revision;

        Chain(TestSigner signer) {
            this.signer = signer;
        }

        byte[] sign(int choice) throws Exception {
            Body body = TestDao.ballot(proposal, revision++, choice);
            draft = draft == null ? community.draft(signer, body) : Community.after(draft, entry, body);
            entry = EntryCodec.sign(draft, signer);
            return entry;
        }
    }

    private void run() {
        try {
            while (!enough && !aborted) {
                round(A);
            }
            // All but the last ballot of each are for A; so A has votes at the end if any was lost.
            round(B);
        } catch (Throwable e) {
            broken.set(e);
        }
    }

    private void round(int choice) throws Exception {
        for (Chain chain : chains) {
            byte[] ballot = chain.sign(choice);
            ballots.add(ballot);
            while (!isAcknowledged(ballot)) {
                if (aborted) {
                    return;
                }
                failed.incrementAndGet();
                Thread.onSpinWait();
            }
            acknowledged.incrementAndGet();
        }
    }

    /** False if the node could not take it; a refusal is a broken promise. */
    private boolean isAcknowledged(byte[] ballot) throws Exception {
        try {
            Submission answer = community.assembly().submit(ballot, 0);
            if (!List.of("pending", "sealed").contains(answer.state())) {
                throw new AssertionError(answer);
            }
            return true;
        } catch (AlthingException e) {
            return false;
        }
    }

    /** Waits until so many more ballots were acknowledged. */
    void flow(int ballotsMore) {
        awaitCount(acknowledged, ballotsMore);
    }

    /** Waits until the node has failed to take a ballot. */
    void stall() {
        awaitCount(failed, 1);
    }

    private void awaitCount(AtomicInteger count, int more) {
        int until = count.get() + more;
        Community.await(() -> broken.get() != null || count.get() >= until);
        check();
    }

    private void check() {
        if (broken.get() != null) {
            throw new AssertionError(broken.get());
        }
    }

    /** Lets each member hand in its last ballot and waits until all are sealed: what is sealed after the deadline would not count. */
    void finish() throws InterruptedException {
        enough = true;
        thread.join(Community.PATIENCE);
        check();
        require(!thread.isAlive(), "ballots are still on their way");
        Community.await(() -> pending() == 0);
    }

    /** Nothing is lost and nothing counted twice: every ballot is in one seal, and the last one of each member is counted once. */
    void checkOutcome() throws Exception {
        finish();
        Assembly assembly = community.assembly();
        Assembly.ProposalView decided = community.decided(proposal);
        Assembly.TallyView tally = decided.tally().orElseThrow();
        require(tally.valid() == chains.size() && tally.invalid() == 0, tally);
        require(tally.winners().equals(List.of("B")), tally);
        require(tally.scores().get("B").equals(String.valueOf(chains.size())), tally);
        require(decided.results().size() == 1, decided.results());
        for (byte[] ballot : ballots) {
            Submission answer = assembly.submit(ballot, 0);
            require(answer.state().equals("sealed"), answer);
        }
        Community.await(() -> pending() == 0);
        long sealed = 0;
        long height = assembly.dao(community.dao).height();
        for (long from = 0; from <= height; from += Assembly.PAGE_MAX_ROWS) {
            for (SealView seal : assembly.seals(community.dao, from, Assembly.PAGE_MAX_ROWS)) {
                sealed += seal.entries();
            }
        }
        require(sealed == assembly.dao(community.dao).entries(), sealed);
        require(
                assembly.proposals(community.dao, Optional.empty(), 0, 10).size() == 1,
                assembly.proposals(community.dao, Optional.empty(), 0, 10));
        require(community.problems().isEmpty(), community.problems());
    }

    private int pending() {
        try {
            return community.assembly().dao(community.dao).pending();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void require(boolean holds, Object found) {
        if (!holds) {
            throw new AssertionError(String.valueOf(found));
        }
    }

    @Override
    public void close() throws InterruptedException {
        aborted = true;
        thread.join();
    }
}
