// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Rules;
import org.jspecify.annotations.Nullable;

/** A proposal that a seal is working on; one fold's own, {@link #hold held} when the seal is done. */
final class Motion {

    /** What never changes after submission. */
    final ProposalState pinned;

    ProposalStatus status;
    String reason;
    final TreeSet<PublicKey> sponsors;
    long dueMillis;
    long openedAt;
    long deadlineMillis;
    long extendedMillis;
    long closedAt;
    SortedSet<String> voterRoles;
    BigInteger electoratePower;
    Table<PublicKey, Member> electorate;
    long ballotCount;
    BigInteger ballotPower;
    /** Apart from those that this seal counts. */
    private Table<PublicKey, CountingBallot> ballots;
    /** The last of each member: its tree need change but once in a seal. */
    private final Map<PublicKey, CountingBallot> counted = new HashMap<>();

    Table<Cid, PublicKey> comments;
    final Map<Body.Counted, List<PublicKey>> results;
    Optional<Body.Counted> outcome;
    long decidedAt;
    private @Nullable Voter lastVoter;

    /** A member as this vote sees it. */
    record Voter(PublicKey root, Optional<Member> enrolled, Optional<CountingBallot> ballot) {}

    Motion(Held held) {
        pinned = held.state();
        status = pinned.status();
        reason = pinned.reason();
        sponsors = new TreeSet<>(pinned.sponsors());
        dueMillis = pinned.dueMillis();
        openedAt = pinned.openedAt();
        deadlineMillis = pinned.deadlineMillis();
        extendedMillis = pinned.extendedMillis();
        closedAt = pinned.closedAt();
        voterRoles = pinned.voterRoles();
        electoratePower = pinned.electoratePower();
        electorate = held.electorate();
        ballotCount = pinned.ballots();
        ballotPower = pinned.ballotPower();
        ballots = held.ballots();
        comments = held.comments();
        results = new LinkedHashMap<>();
        pinned.results().forEach((result, notaries) -> results.put(result, new ArrayList<>(notaries)));
        outcome = pinned.outcome();
        decidedAt = pinned.decidedAt();
    }

    /** A proposal as it is submitted: its terms are fixed here, once and for all. */
    static Held submitted(Cid proposal, long number, PublicKey author, Body.Proposal body, Rules rules, long height) {
        Terms terms = body.terms();
        Table<PublicKey, CountingBallot> ballots = Table.empty(Records.BALLOT);
        Table<Cid, PublicKey> comments = Table.empty(Records.COMMENT);
        ProposalState state = new ProposalState(
                proposal,
                number,
                author,
                body,
                ProposalStatus.SUBMITTED,
                "",
                height,
                new TreeSet<>(),
                rules.sponsors(),
                terms.reviewMillis().orElse(rules.reviewMillis()),
                terms.votingMillis().orElse(rules.votingMillis()),
                terms.timeLockMillis().orElse(rules.timeLockMillis()),
                rules.graceMillis(),
                rules.extensionMaxMillis(),
                terms.quorum().orElse(rules.quorum()),
                terms.threshold().orElse(rules.threshold()),
                -1,
                -1,
                -1,
                0,
                -1,
                Optional.empty(),
                new TreeSet<>(),
                BigInteger.ZERO,
                0,
                BigInteger.ZERO,
                ballots.root(),
                comments.root(),
                Map.of(),
                Optional.empty(),
                -1);
        return new Held(state, Table.empty(Records.MEMBER), ballots, comments);
    }

    /** Fixes who may vote: the members as the opening seal leaves them. */
    void enrol(World world, BigInteger votingPower) {
        electorate = world.members();
        voterRoles = world.voterRoles();
        electoratePower = votingPower;
    }

    /** The member's place in the electorate and its ballot so far. Asked twice for each ballot, so the last answer is kept. */
    Voter voter(PublicKey root) {
        Voter known = lastVoter;
        if (known == null || !known.root.equals(root)) {
            CountingBallot last = counted.get(root);
            known = new Voter(root, electorate.get(root), last == null ? ballots.get(root) : Optional.of(last));
            lastVoter = known;
        }
        return known;
    }

    /** Puts a ballot in the place of the member's last, if any. */
    void count(PublicKey root, Cid ballot, long revision) {
        Voter voter = voter(root);
        BigInteger power = voter.enrolled.orElseThrow().power();
        if (voter.ballot.isEmpty()) {
            ballotCount++;
            ballotPower = ballotPower.add(power);
        }
        counted.put(root, new CountingBallot(root, ballot, revision, power));
        lastVoter = null;
    }

    Held hold() {
        counted.forEach((root, ballot) -> ballots = ballots.with(root, ballot));
        counted.clear();
        ProposalState state = new ProposalState(
                pinned.proposal(),
                pinned.number(),
                pinned.author(),
                pinned.body(),
                status,
                reason,
                pinned.submittedAt(),
                sponsors,
                pinned.sponsorsNeeded(),
                pinned.reviewMillis(),
                pinned.votingMillis(),
                pinned.timeLockMillis(),
                pinned.graceMillis(),
                pinned.extensionMaxMillis(),
                pinned.quorum(),
                pinned.threshold(),
                dueMillis,
                openedAt,
                deadlineMillis,
                extendedMillis,
                closedAt,
                openedAt < 0 ? Optional.empty() : Optional.of(electorate.root()),
                voterRoles,
                electoratePower,
                ballotCount,
                ballotPower,
                ballots.root(),
                comments.root(),
                results,
                outcome,
                decidedAt);
        return new Held(state, electorate, ballots, comments);
    }
}
