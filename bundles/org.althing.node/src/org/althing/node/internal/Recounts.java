// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.UnknownMethodException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A notary's duty to count what has closed, and to sign what came out. Belongs to the thread of its pipeline; counting goes on elsewhere. */
final class Recounts {

    private static final Logger LOG = LoggerFactory.getLogger(Recounts.class);

    private final Pipeline pipeline;
    private final Desk desk;
    private final Set<Cid> counting = new HashSet<>();
    private final Set<Cid> uncounted = new HashSet<>();
    /** How often bundles came or went. */
    private long changes;

    Recounts(Pipeline pipeline, Desk desk) {
        this.pipeline = pipeline;
        this.desk = desk;
    }

    static boolean isClosed(ProposalState proposal) {
        return proposal.status() == ProposalStatus.CLOSED;
    }

    /** A proposal has closed. */
    void add(Cid proposal) {
        uncounted.add(proposal);
    }

    /** A bundle came or went: a protocol, a tally engine, a method. */
    void servicesChanged() {
        changes++;
        recount();
    }

    /**
     * Counts what has closed, if that is this node's duty and can be done; called again whenever a method arrives. A notary that is behind
     * does not: what it would sign may be sealed already.
     */
    void recount() {
        if (pipeline.isCatchingUp()) {
            return;
        }
        for (Cid cid : List.copyOf(uncounted)) {
            ProposalState proposal = pipeline.state().proposal(cid).orElseThrow();
            if (!isClosed(proposal) || hasCounted(proposal)) {
                uncounted.remove(cid);
                pipeline.problems().remove("count " + cid);
            } else if (pipeline.isNotary() && counting.add(cid)) {
                DaoState now = pipeline.state();
                long seen = changes;
                desk.counters().execute(() -> count(now, proposal, seen));
            }
        }
    }

    private void count(DaoState at, ProposalState proposal, long seen) {
        Cid cid = proposal.proposal();
        try {
            TallyEngine tally = desk.tally()
                    .get()
                    .orElseThrow(
                            () -> new UnknownMethodException(proposal.body().method()));
            Tally count = Recount.count(
                    at, proposal, pipeline.ledger(), pipeline.ring().keys(), desk.governance(), tally);
            pipeline.thread().run(() -> counted(proposal, count));
        } catch (UnknownMethodException e) {
            pipeline.thread().run(() -> uncountable(cid, "needs voting method " + e.getMessage(), seen));
        } catch (AlthingException | RuntimeException | LinkageError e) {
            // A linkage error tells that a bundle was uninstalled under the count.
            LOG.warn("recount of {} failed", cid, e);
            pipeline.thread().run(() -> uncountable(cid, String.valueOf(e.getMessage()), seen));
        }
    }

    private void uncountable(Cid proposal, String reason, long seen) {
        counting.remove(proposal);
        pipeline.problems().put("count " + proposal, "cannot recount " + proposal + ": " + reason);
        if (seen != changes) {
            recount(); // What was missing may have come meanwhile.
        }
    }

    private void counted(ProposalState proposal, Tally tally) {
        counting.remove(proposal.proposal());
        if (pipeline.isCatchingUp()
                || hasCounted(proposal)
                || pipeline.state()
                        .proposal(proposal.proposal())
                        .filter(Recounts::isClosed)
                        .isEmpty()) {
            recount();
            return;
        }
        uncounted.remove(proposal.proposal());
        pipeline.problems().remove("count " + proposal.proposal());
        pipeline.author(
                new Body.Counted(
                        proposal.proposal(), tally.hash(), desk.governance().decide(proposal, tally)),
                "the count of " + proposal.proposal(),
                () -> {});
    }

    private boolean hasCounted(ProposalState proposal) {
        PublicKey me = desk.notary().key();
        return pipeline.state().proposal(proposal.proposal()).orElse(proposal).results().values().stream()
                        .anyMatch(notaries -> notaries.contains(me))
                || pipeline.pool().chain(me).stream()
                        .anyMatch(entry -> entry.body() instanceof Body.Counted c
                                && c.proposal().equals(proposal.proposal()));
    }
}
