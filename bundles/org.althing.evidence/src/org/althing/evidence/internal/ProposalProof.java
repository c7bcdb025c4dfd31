// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.Decision;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Hamt;
import org.althing.codec.Merkle;
import org.althing.codec.SealCodec;

/**
 * One proposal under the states that the notaries signed: its records, the electorate, every ballot that counts, and the notaries' results.
 * The states themselves are taken on the notaries' word ("attested").
 */
final class ProposalProof {

    private final Findings findings;
    private final Signatures entries;
    private final Chain chain;
    private final StateBlocks states;
    private final Recount recount;
    private final Cid dao;
    private final Manifest.Proof proof;

    /** A state and what it says of the proposal. */
    private record View(Chain.Sealed seal, StateRecords.Root root, ProposalState record) {}

    ProposalProof(
            Findings findings,
            Signatures entries,
            Chain chain,
            StateBlocks states,
            Recount recount,
            Cid dao,
            Manifest.Proof proof) {
        this.findings = findings;
        this.entries = entries;
        this.chain = chain;
        this.states = states;
        this.recount = recount;
        this.dao = dao;
        this.proof = proof;
    }

    /** Reads and checks all that follows the chain in the file. */
    void run() {
        Entry entry = entries.take(proof.proposal()).entry();
        if (!(entry.body() instanceof Body.Proposal body)) {
            throw new Stopped(ClaimKind.PROPOSAL, "entry " + proof.proposal() + " is no proposal");
        }
        check(Check.PROPOSAL_DAO, dao.equals(entry.dao()), () -> "it belongs to DAO " + entry.belongsTo());
        View head = view(chain.head(), entry.cid(), body);
        View decided = view(seal(head.record.decidedAt(), "decided"), entry.cid(), body);
        View closed = view(seal(decided.record.closedAt(), "closed"), entry.cid(), body);
        View opened = view(seal(closed.record.openedAt(), "opened"), entry.cid(), body);
        course(head, decided, closed, opened);
        submission(entry, closed, opened);
        findings.done(
                ClaimKind.PROPOSAL,
                "sealed at height " + opened.record.submittedAt() + ", opened at "
                        + opened.seal.header().height() + ", closed at "
                        + closed.seal.header().height() + ", decided at "
                        + decided.seal.header().height());
        results(closed, decided);
        Hamt electorate = electorate(opened);
        ballots(closed, electorate, decided, head, opened.seal.cid());
        outcome(decided, head);
    }

    private Chain.Sealed seal(long height, String what) {
        if (height < 0 || height >= chain.size()) {
            throw new Stopped(
                    ClaimKind.PROPOSAL, "the proposal is not " + what + " in this chain (height " + height + ")");
        }
        return chain.at(height);
    }

    private View view(Chain.Sealed seal, Cid proposal, Body.Proposal body) {
        StateRecords.Root root = root(seal);
        Optional<byte[]> record = states.lookUp(root.proposals(), proposal.toBytes(), "proposals");
        if (record.isEmpty()) {
            throw new Stopped(ClaimKind.PROPOSAL, "the state after " + Chain.name(seal) + " has no such proposal");
        }
        return new View(
                seal,
                root,
                Blocks.decode(
                        proposal,
                        "record of a proposal",
                        record.get(),
                        bytes -> StateRecords.proposal(proposal, body, bytes)));
    }

    private StateRecords.Root root(Chain.Sealed seal) {
        return states.decode(seal.header().state(), "state", StateRecords::root);
    }

    /** Submission, opening, closing and decision, as the states at these seals tell them. */
    private void course(View head, View decided, View closed, View opened) {
        ProposalState last = head.record;
        boolean ordered = last.submittedAt() > 0
                && last.submittedAt() <= last.openedAt()
                && last.openedAt() < last.closedAt()
                && last.closedAt() <= last.decidedAt();
        check(
                Check.PROPOSAL_HEIGHTS,
                ordered,
                () -> "submitted at " + last.submittedAt() + ", opened at " + last.openedAt() + ", closed at "
                        + last.closedAt() + ", decided at " + last.decidedAt() + ": that is no order");
        for (View view : List.of(decided, closed, opened)) {
            ProposalState then = view.record;
            long height = view.seal.header().height();
            boolean same = heightAsOf(last.openedAt(), height) == then.openedAt()
                    && heightAsOf(last.closedAt(), height) == then.closedAt()
                    && heightAsOf(last.decidedAt(), height) == then.decidedAt()
                    && last.submittedAt() == then.submittedAt();
            check(
                    Check.PROPOSAL_HEIGHTS,
                    same,
                    () -> "the state after " + Chain.name(view.seal) + " gives other heights than the head");
            check(
                    Check.PROPOSAL_FIXED,
                    fixed(then, last),
                    () -> "the state after " + Chain.name(view.seal)
                            + " gives other terms or another electorate than the head");
        }
        check(
                Check.PROPOSAL_FIXED,
                counted(closed.record, decided.record) && counted(closed.record, last),
                () -> "ballots changed after the closing seal");
        check(
                Check.PROPOSAL_STATUS,
                opened.record.status() == ProposalStatus.VOTING,
                () -> "the opening seal leaves it " + opened.record.status());
        boolean closes = closed.record.status() == ProposalStatus.CLOSED || last.closedAt() == last.decidedAt();
        check(Check.PROPOSAL_STATUS, closes, () -> "the closing seal leaves it " + closed.record.status());
        votingTime(closed, opened);
    }

    /** A height as it was known then: what lay ahead was not. */
    private static long heightAsOf(long event, long height) {
        return event <= height ? event : -1;
    }

    private static boolean fixed(ProposalState then, ProposalState last) {
        return then.number() == last.number()
                && then.author().equals(last.author())
                && then.electorate().equals(last.electorate())
                && then.voterRoles().equals(last.voterRoles())
                && then.electoratePower().equals(last.electoratePower())
                && then.quorum().equals(last.quorum())
                && then.threshold().equals(last.threshold())
                && then.reviewMillis() == last.reviewMillis()
                && then.votingMillis() == last.votingMillis()
                && then.timeLockMillis() == last.timeLockMillis()
                && then.graceMillis() == last.graceMillis()
                && then.extensionMaxMillis() == last.extensionMaxMillis();
    }

    private static boolean counted(ProposalState closed, ProposalState later) {
        return closed.ballotMap().equals(later.ballotMap())
                && closed.ballots() == later.ballots()
                && closed.ballotPower().equals(later.ballotPower())
                && closed.deadlineMillis() == later.deadlineMillis()
                && closed.extendedMillis() == later.extendedMillis();
    }

    /** The first seal at or after the deadline closes, and the deadline leaves the time that the terms give. */
    private void votingTime(View closed, View opened) {
        ProposalState record = closed.record;
        long leastMillis = opened.seal.header().timeMillis() + record.votingMillis() + record.extendedMillis();
        boolean asLong = record.extendedMillis() == 0
                ? record.deadlineMillis() == leastMillis
                : record.deadlineMillis() >= leastMillis;
        check(
                Check.VOTING_TIME,
                asLong && record.extendedMillis() <= record.extensionMaxMillis(),
                () -> "opened at " + opened.seal.header().timeMillis() + ", it cannot have the deadline "
                        + record.deadlineMillis());
        long closedMillis = closed.seal.header().timeMillis();
        check(
                Check.VOTING_TIME,
                closedMillis >= record.deadlineMillis(),
                () -> "it closed at " + closedMillis + ", before its deadline " + record.deadlineMillis());
        long before = closed.seal.header().height() - 1;
        if (before >= 0) {
            long beforeMillis = chain.at(before).header().timeMillis();
            check(
                    Check.VOTING_TIME,
                    beforeMillis < record.deadlineMillis(),
                    () -> "it stayed open after " + beforeMillis + ", past its deadline " + record.deadlineMillis());
        }
    }

    /** The entry, its place, its author and the terms that its submission fixed. */
    private void submission(Entry entry, View closed, View opened) {
        ProposalState record = opened.record;
        Chain.Sealed seal = seal(record.submittedAt(), "sealed");
        check(
                Check.PROPOSAL_PLACE,
                isAt(seal.header(), entry.cid(), proof.place()),
                () -> Chain.name(seal) + " does not hold it at the place that the proof says");
        Rules after = root(seal).rules();
        Rules before = record.submittedAt() > 0
                ? root(chain.at(record.submittedAt() - 1)).rules()
                : after;
        terms(record, after.equals(before) ? Optional.of(after) : Optional.empty());
        Optional<KeyState> key = key(closed, entry.key());
        boolean own = key.filter(
                        k -> k.kind() == KeyState.Kind.DEVICE && k.owner().equals(record.author()) && inTurn(k, entry))
                .isPresent();
        check(
                Check.PROPOSAL_AUTHOR,
                own,
                () -> "it is signed with " + entry.key() + ", no key of its author " + record.author());
    }

    /**
     * @param rules those of the submission; empty if its seal changed them, and nobody can tell here which applied
     */
    private void terms(ProposalState record, Optional<Rules> rules) {
        Terms terms = record.body().terms();
        boolean kept = agrees(terms.quorum().or(() -> rules.map(Rules::quorum)), record.quorum())
                && agrees(terms.threshold().or(() -> rules.map(Rules::threshold)), record.threshold())
                && agrees(boxed(terms.reviewMillis()).or(() -> rules.map(Rules::reviewMillis)), record.reviewMillis())
                && agrees(boxed(terms.votingMillis()).or(() -> rules.map(Rules::votingMillis)), record.votingMillis())
                && agrees(
                        boxed(terms.timeLockMillis()).or(() -> rules.map(Rules::timeLockMillis)),
                        record.timeLockMillis())
                && agrees(rules.map(Rules::graceMillis), record.graceMillis())
                && agrees(rules.map(Rules::extensionMaxMillis), record.extensionMaxMillis());
        check(
                Check.PROPOSAL_TERMS,
                kept,
                () -> "quorum, threshold or periods are not those of its terms and the rules at its submission");
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    private static <T> boolean agrees(Optional<T> wanted, T found) {
        return wanted.isEmpty() || wanted.get().equals(found);
    }

    private Optional<KeyState> key(View closed, PublicKey key) {
        return states.lookUp(closed.root.keys(), key.toBytes(), "keys")
                .map(record -> Blocks.decode(
                        closed.root.keys(), "map of keys", record, bytes -> StateRecords.keyState(key, bytes)));
    }

    /** Whether the key had sealed this entry by then. */
    private static boolean inTurn(KeyState key, Entry entry) {
        return entry.sequence() < key.sequence()
                || entry.sequence() == key.sequence() && entry.cid().equals(key.last());
    }

    private static boolean isAt(SealHeader header, Cid entry, Manifest.Place place) {
        return Merkle.verifyInclusion(
                place.index(), header.count(), Merkle.leafHash(entry.toBytes()), place.path(), header.entriesRoot());
    }

    /** The notaries' own counts: signed, sealed, equal, and enough of them. */
    private void results(View closed, View decided) {
        Set<PublicKey> voices = new TreeSet<>();
        for (Manifest.Result result : proof.results()) {
            Entry entry = entries.take(result.entry()).entry();
            result(result, entry, closed, decided);
            boolean first = voices.add(entry.key());
            findings.check(Check.RESULT_ONCE, first, () -> "notary " + entry.key() + " counts twice");
        }
        SealHeader header = decided.seal.header();
        List<PublicKey> set = chain.set(header.set());
        if (!set.containsAll(voices) && !header.set().equals(header.nextSet())) {
            // The deciding seal may have changed the set before it took up the results.
            set = chain.set(header.nextSet());
        }
        Set<PublicKey> notaries = new HashSet<>(set);
        findings.check(
                Check.RESULT_NOTARY,
                notaries.containsAll(voices),
                () -> "a result is signed by a key that is no notary of the deciding seal");
        int quorum = SealCodec.quorum(set.size());
        findings.check(
                Check.RESULT_QUORUM,
                proof.results().size() >= quorum,
                () -> proof.results().size() + " of " + notaries.size() + " notaries signed the result; " + quorum
                        + " are needed");
        findings.done(ClaimKind.RESULTS, proof.results().size() + " of " + set.size() + " notaries signed it");
    }

    private void result(Manifest.Result result, Entry entry, View closed, View decided) {
        String what = "result " + entry.cid();
        findings.check(Check.RESULT_DAO, dao.equals(entry.dao()), () -> what + " belongs to DAO " + entry.belongsTo());
        findings.check(
                Check.RESULT_BODY,
                Optional.of(entry.body()).equals(decided.record.outcome().map(Body.class::cast)),
                () -> what + " is not the recorded outcome of this proposal");
        boolean inTime = result.height() >= closed.seal.header().height()
                && result.height() <= decided.seal.header().height();
        findings.check(
                Check.RESULT_TIME,
                inTime,
                () -> what + " was sealed at height " + result.height() + ", not between closing and decision");
        Chain.Sealed seal = seal(result.height(), "counted");
        findings.check(
                Check.RESULT_PLACE,
                isAt(seal.header(), entry.cid(), result.place()),
                () -> Chain.name(seal) + " does not hold " + what);
    }

    private Hamt electorate(View opened) {
        ProposalState record = opened.record;
        Cid map = record.electorate().orElse(opened.root.members());
        findings.check(
                Check.ELECTORATE_MAP,
                record.electorate().equals(Optional.of(opened.root.members())),
                () -> "the electorate is map " + record.electorate()
                        + ", but the members right after the opening seal are map " + opened.root.members());
        SortedSet<String> voterRoles = voterRoles(opened.root.rules());
        findings.check(
                Check.ELECTORATE_ROLES,
                record.voterRoles().equals(voterRoles),
                () -> "the roles " + record.voterRoles() + " are recorded to vote, but by the rules it is "
                        + voterRoles);
        Hamt members = states.map(map, "members");
        BigInteger[] power = {BigInteger.ZERO};
        long[] voters = {0};
        members.forEach((root, bytes) -> {
            Member member = member(map, root, bytes);
            if (record.mayVote(member)) {
                power[0] = power[0].add(member.power());
                voters[0]++;
            }
        });
        findings.check(
                Check.ELECTORATE_POWER,
                power[0].equals(record.electoratePower()),
                () -> "the members' power is " + power[0] + ", not " + record.electoratePower() + " as recorded");
        findings.done(
                ClaimKind.ELECTORATE,
                voters[0] + " of " + members.size() + " members may vote, with power " + power[0]);
        return members;
    }

    private static SortedSet<String> voterRoles(Rules rules) {
        SortedSet<String> roles = new TreeSet<>();
        rules.roles().forEach((role, rights) -> {
            if (rights.contains(Right.VOTE)) {
                roles.add(role);
            }
        });
        return roles;
    }

    private static Member member(Cid map, byte[] root, byte[] record) {
        return Blocks.decode(map, "map of members", record, bytes -> StateRecords.member(root, bytes));
    }

    private void ballots(View closed, Hamt electorate, View decided, View head, Cid openingSeal) {
        ProposalState record = closed.record;
        Hamt map = states.map(record.ballotMap(), "ballots");
        List<Recount.Cast> cast = new ArrayList<>(map.size());
        BigInteger[] power = {BigInteger.ZERO};
        map.forEach((member, bytes) -> {
            CountingBallot ballot =
                    Blocks.decode(record.ballotMap(), "map of ballots", bytes, b -> StateRecords.ballot(member, b));
            power[0] = power[0].add(ballot.power());
            cast.add(ballot(closed, electorate, ballot));
        });
        entries.done();
        findings.check(
                Check.BALLOTS_COUNT,
                cast.size() == record.ballots(),
                () -> "the map holds " + cast.size() + " ballots, the record says " + record.ballots());
        findings.check(
                Check.BALLOTS_POWER,
                power[0].equals(record.ballotPower()),
                () -> "the ballots' power is " + power[0] + ", not " + record.ballotPower() + " as recorded");
        findings.done(ClaimKind.KEYS, cast.size() + " keys");
        findings.done(ClaimKind.BALLOTS, cast.size() + " ballots with power " + power[0]);
        recount.compare(decided.record, head.record, openingSeal, cast);
        recount.done();
    }

    private Recount.Cast ballot(View closed, Hamt electorate, CountingBallot recorded) {
        Signatures.Found found = entries.take(recorded.ballot());
        Entry entry = found.entry();
        String what = "ballot " + entry.cid();
        if (!(entry.body() instanceof Body.Ballot ballot)) {
            throw new Stopped(ClaimKind.BALLOTS, what + " is no ballot");
        }
        findings.check(Check.BALLOT_DAO, dao.equals(entry.dao()), () -> what + " belongs to DAO " + entry.belongsTo());
        findings.check(
                Check.BALLOT_PROPOSAL,
                ballot.proposal().equals(closed.record.proposal()),
                () -> what + " is for proposal " + ballot.proposal());
        findings.check(
                Check.BALLOT_REVISION,
                ballot.revision() == recorded.revision(),
                () -> what + " has revision " + ballot.revision() + ", not " + recorded.revision() + " as recorded");
        Optional<Member> voter = electorate
                .get(recorded.member().toBytes())
                .map(bytes ->
                        member(closed.record.ballotMap(), recorded.member().toBytes(), bytes));
        findings.check(
                Check.BALLOT_MEMBER,
                voter.filter(closed.record::mayVote).isPresent(),
                () -> what + ": " + recorded.member() + " may not vote");
        findings.check(
                Check.BALLOT_POWER,
                voter.map(Member::power).equals(Optional.of(recorded.power())) || voter.isEmpty(),
                () -> what + " is recorded with power " + recorded.power() + ", but its member has "
                        + voter.map(Member::power).orElse(BigInteger.ZERO));
        Optional<KeyState> key = key(closed, entry.key());
        boolean owned = key.filter(
                        k -> k.kind() == KeyState.Kind.DEVICE && k.owner().equals(recorded.member()))
                .isPresent();
        findings.check(
                Check.KEY_OWNER,
                owned,
                () -> what + " is signed with " + entry.key() + ", no key of " + recorded.member());
        findings.check(
                Check.KEY_SEQUENCE,
                key.isEmpty() || inTurn(key.get(), entry),
                () -> what + ": its key had not sealed it by then");
        return new Recount.Cast(entry.cid(), found.spot(), recorded.power());
    }

    /** The outcome stands: the head still has it, and the status that follows from it. */
    private void outcome(View decided, View head) {
        Optional<Body.Counted> outcome = decided.record.outcome();
        findings.check(
                Check.OUTCOME_KEPT,
                outcome.isPresent() && outcome.equals(head.record.outcome()),
                () -> "the head records another outcome than the deciding seal");
        outcome.ifPresent(counted -> {
            Set<ProposalStatus> possible = possible(counted.decision().verdict());
            findings.check(
                    Check.OUTCOME_STATUS,
                    possible.contains(head.record.status()),
                    () -> "decided " + counted.decision().verdict() + ", it cannot be " + head.record.status());
        });
        findings.done(
                ClaimKind.OUTCOME,
                StatusWord.of(head.record.status()) + ", tally "
                        + outcome.map(o -> o.tally().toString()).orElse("none"));
    }

    private static Set<ProposalStatus> possible(Decision.Verdict verdict) {
        return switch (verdict) {
            case PASSED ->
                EnumSet.of(ProposalStatus.PASSED, ProposalStatus.EXECUTED, ProposalStatus.VETOED, ProposalStatus.VOID);
            case REJECTED -> EnumSet.of(ProposalStatus.REJECTED);
            case QUORUM_MISSED -> EnumSet.of(ProposalStatus.QUORUM_MISSED);
        };
    }

    private void check(Check check, boolean holds, Supplier<String> reason) {
        findings.check(check, holds, reason);
    }
}
