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
import org.althing.testkit.governance.TestDao;
import org.jspecify.annotations.Nullable;

/** Ballots in flight: every member changes its mind again and again, and hands a ballot in until the node has acknowledged it. */
final class Traffic implements AutoCloseable {

    private final Community community;
    private final Cid proposal;
    /** In the order in which they are handed in. */
    private final List<byte[]> ballots = new ArrayList<>();

    private final int members;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean ended;

    private Traffic(Community community, Cid proposal, int members, int changes) throws Exception {
        this.community = community;
        this.proposal = proposal;
        this.members = members;
        List<List<byte[]>> chains = new ArrayList<>();
        for (int member = 0; member < members; member++) {
            // All but the last ballot of each are for A; so A has votes at the end if any was lost.
            chains.add(community.chain(
                    community.device(member), changes, i -> TestDao.ballot(proposal, i, i == changes - 1 ? 1 : 0)));
        }
        for (int i = 0; i < changes; i++) {
            for (List<byte[]> chain : chains) {
                ballots.add(chain.get(i));
            }
        }
        thread = Thread.ofPlatform().daemon().name("traffic").unstarted(this::run);
    }

    static Traffic start(Community community, Cid proposal, int members, int changes) throws Exception {
        Traffic traffic = new Traffic(community, proposal, members, changes);
        traffic.thread.start();
        return traffic;
    }

    private void run() {
        try {
            for (byte[] ballot : ballots) {
                while (!ended && !isAcknowledged(ballot)) {
                    failed.incrementAndGet();
                    Thread.onSpinWait();
                }
                acknowledged.incrementAndGet();
            }
        } catch (Throwable e) {
            broken.set(e);
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
        int until = Math.min(acknowledged.get() + ballotsMore, ballots.size());
        Community.await(() -> broken.get() != null || acknowledged.get() >= until);
        check();
    }

    /** Waits until the node has failed to take a ballot. */
    void stall() {
        int until = failed.get() + 1;
        Community.await(() -> broken.get() != null || failed.get() >= until || acknowledged.get() == ballots.size());
        check();
    }

    private void check() {
        if (broken.get() != null) {
            throw new AssertionError(broken.get());
        }
    }

    /** Waits until every ballot is acknowledged and sealed: what is sealed after the deadline would not count. */
    void finish() {
        flow(ballots.size());
        Community.await(() -> pending() == 0);
    }

    /** Nothing is lost and nothing counted twice: every ballot is in one seal, and the last one of each member is counted once. */
    void checkOutcome() throws Exception {
        finish();
        Assembly assembly = community.assembly();
        Assembly.ProposalView decided = community.decided(proposal);
        Assembly.TallyView tally = decided.tally().orElseThrow();
        require(tally.valid() == members && tally.invalid() == 0, tally);
        require(tally.winners().equals(List.of("B")), tally);
        require(tally.scores().get("B").equals(String.valueOf(members)), tally);
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
        ended = true;
        thread.join();
    }
}
