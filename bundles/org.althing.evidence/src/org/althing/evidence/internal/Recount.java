// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.evidence.Evidence.Outcome;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Governance;
import org.althing.api.governance.ProposalState;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.UnknownMethodException;
import org.althing.api.tally.VotingMethod;

/** Counts proposals anew and applies quorum and threshold anew. */
final class Recount {

    /** Ballots that one thread reads at a time. */
    private static final int PART_BALLOTS = 4096;
    /** How a report gives the value of an outcome that is not there. */
    private static final String NONE = "none";

    private final Findings findings;
    private final Signatures entries;
    private final Governance governance;
    private final TallyEngine engine;
    private final List<Outcome> outcomes = new ArrayList<>();
    private long counted;
    private long ballots;

    /**
     * A ballot that counts.
     *
     * @param spot where its entry is
     */
    record Cast(Cid entry, long spot, BigInteger power) {}

    Recount(Findings findings, Signatures entries, Governance governance, TallyEngine engine) {
        this.findings = findings;
        this.entries = entries;
        this.governance = governance;
        this.engine = engine;
    }

    /**
     * Compares a proposal's outcome with a count of these ballots.
     *
     * @param state the proposal with its outcome
     * @param latest the proposal as it stands now
     */
    void compare(ProposalState state, ProposalState latest, Cid openingSeal, List<Cast> cast) {
        String what = "proposal " + state.proposal();
        Optional<Tally> tally = count(state, openingSeal, cast, what);
        Optional<Body.Counted> outcome = state.outcome();
        tally.ifPresent(found -> {
            String recorded = outcome.map(o -> o.tally().toString()).orElse(NONE);
            findings.check(
                    Check.TALLY,
                    recorded.equals(found.hash().toString()),
                    () -> what + ": the ballots give tally " + found.hash() + ", not " + recorded);
            Decision decision = governance.decide(state, found);
            findings.check(
                    Check.DECISION,
                    outcome.map(Body.Counted::decision).equals(Optional.of(decision)),
                    () -> what + ": quorum and threshold give " + words(state, decision) + ", not "
                            + outcome.map(o -> words(state, o.decision())).orElse(NONE));
            counted++;
            ballots += cast.size();
        });
        outcomes.add(new Outcome(
                state.proposal().toString(),
                state.body().title(),
                StatusWord.of(latest.status()),
                outcome.map(o -> names(state, o.decision().winners())).orElse(List.of()),
                outcome.map(o -> o.tally().toString()).orElse(""),
                cast.size()));
    }

    void done() {
        findings.done(
                ClaimKind.RECOUNT,
                counted + (counted == 1 ? " proposal, " : " proposals, ") + ballots + " ballots counted");
        findings.done(ClaimKind.DECISION, counted + (counted == 1 ? " decision" : " decisions"));
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    private Optional<Tally> count(ProposalState state, Cid openingSeal, List<Cast> cast, String what) {
        try {
            MethodId method = MethodId.parse(state.body().method());
            requireVersion(method, state.body().methodVersion());
            return Optional.of(engine.count(method, governance.question(state, openingSeal), source(cast)));
        } catch (UnknownMethodException e) {
            findings.lack(
                    ClaimKind.RECOUNT,
                    what + ": needs " + state.body().method() + " version "
                            + state.body().methodVersion() + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            findings.fail(ClaimKind.RECOUNT, what + " cannot be counted: " + e.getMessage());
        }
        return Optional.empty();
    }

    private void requireVersion(MethodId method, int version) throws UnknownMethodException {
        Optional<VotingMethod> installed = engine.method(method.id());
        if (installed.isPresent() && installed.get().version() != version) {
            throw new UnknownMethodException("installed is version "
                    + installed.get().version() + "; install the bundle that has version " + version);
        }
    }

    private TallyEngine.BallotSource source(List<Cast> cast) {
        return new TallyEngine.BallotSource() {
            @Override
            public int parts() {
                return Math.max(1, (cast.size() + PART_BALLOTS - 1) / PART_BALLOTS);
            }

            @Override
            public void read(int part, TallyEngine.Sink sink) {
                int from = part * PART_BALLOTS;
                BallotPaper paper = new BallotPaper();
                for (Cast each : cast.subList(from, Math.min(from + PART_BALLOTS, cast.size()))) {
                    Entry entry = entries.again(each.entry, each.spot);
                    if (entry.body() instanceof Body.Ballot ballot) {
                        paper.setChoice(ballot.choice());
                        paper.setPower(each.power, 1);
                        sink.accept(paper);
                    }
                }
            }
        };
    }

    private static String words(ProposalState state, Decision decision) {
        return decision.verdict() + " " + names(state, decision.winners());
    }

    /** Names of options; a number that is none, which only liars write, stays a number. */
    static List<String> names(ProposalState state, List<Integer> options) {
        List<String> names = state.body().options();
        return options.stream()
                .map(option -> option < names.size() ? names.get(option) : "option " + option)
                .toList();
    }
}
