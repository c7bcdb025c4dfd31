// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Effect;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Right;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.Hamt;
import org.althing.codec.SealCodec;

/**
 * One seal being applied: first the transitions due by its time, then its entries. Works on copies, so the state before stays as it is.
 * Used once, by one thread.
 */
final class Fold {

    private final Core before;
    private final SealHeights seals;
    private final long height;
    private final long timeMillis;
    private final Ed25519 signatures;
    private final Voidness voidness;
    private final Agenda agenda;
    private final Map<Cid, Motion> motions = new LinkedHashMap<>();
    private final List<Motion> opening = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    /** Keys as they are now, as far as anybody has asked: an author is asked for when its entry is judged and when it is sealed. */
    private final Map<PublicKey, KeyState> known = new HashMap<>();
    /** Those of them that {@code world} does not have yet: a key may go on many times in a seal, and its tree need change but once. */
    private final Set<PublicKey> unsettled = new HashSet<>();

    /** Apart from the keys that are not settled. */
    private World world;

    private long submitted;
    private boolean endsEpoch;
    /** Whether the set has changed since counts were last compared: fewer notaries may suffice now, with no new result. */
    private boolean recount;

    /** @param seals header to height of every seal so far */
    Fold(Core before, SealHeights seals, long height, long timeMillis, Ed25519 signatures) {
        this.before = before;
        this.seals = seals;
        this.height = height;
        this.timeMillis = timeMillis;
        this.signatures = signatures;
        this.voidness = new Voidness(this, before.dao(), signatures);
        this.agenda = before.agenda().copy();
        this.world = before.world();
        this.submitted = before.submitted();
    }

    World world() {
        for (PublicKey key : unsettled) {
            world = world.with(known.get(key));
        }
        unsettled.clear();
        return world;
    }

    /** As {@link World#isPrivate}, for which keys do not matter: it is asked for every entry, so nothing is settled for it. */
    boolean isPrivate() {
        return world.isPrivate();
    }

    /** As {@link World#has}, for which keys do not matter. */
    boolean has(PublicKey member, Right right) {
        return world.has(member, right);
    }

    long height() {
        return height;
    }

    /**
     * Why an entry is no half of an equivocation: its proof would be too large, or its author signed it in an earlier membership. Who has come
     * back goes on where its chain was sealed; what was given up in between had the same numbers. What names no seal of this chain is not
     * excused.
     */
    Optional<String> excuse(Entry entry) {
        if (entry.sizeBytes() > Entry.SIZE_MAX_BYTES) {
            return Optional.of("with more than " + Entry.SIZE_MAX_BYTES + " bytes it fits no proof");
        }
        Optional<Long> seenAt = entry.seen() == null ? Optional.empty() : seals.get(entry.seen());
        return seenAt.filter(seen -> seen < since(entry.key())).map(seen -> Sealing.BEFORE_MEMBERSHIP);
    }

    /** Height of the seal that admitted the owner of a key; 0 for a key that is no member's. */
    private long since(PublicKey key) {
        return key(key).flatMap(known -> world.member(known.owner()))
                .map(Member::since)
                .orElse(0L);
    }

    /** A key as it is now. */
    Optional<KeyState> key(PublicKey key) {
        KeyState state = known.get(key);
        if (state != null) {
            return Optional.of(state);
        }
        Optional<KeyState> found = world.key(key);
        found.ifPresent(present -> known.put(key, present));
        return found;
    }

    private void put(KeyState key) {
        known.put(key.key(), key);
        unsettled.add(key.key());
    }

    Optional<Motion> motion(Cid proposal) {
        Motion known = motions.get(proposal);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Motion> loaded = before.proposals().get(proposal).map(Motion::new);
        loaded.ifPresent(motion -> motions.put(proposal, motion));
        return loaded;
    }

    /** Applies the transitions due by the seal's time, by due time and CID, until none is left. */
    void transitions() {
        Optional<Agenda.Due> next = agenda.first();
        while (next.isPresent() && next.get().millis() <= timeMillis) {
            transition(motion(next.get().proposal()).orElseThrow());
            recount();
            next = agenda.first();
        }
    }

    /** Why an entry, were it next, would be without effect. */
    Optional<String> voidness(Entry entry, KeyState author) {
        return voidness.of(entry, author);
    }

    /** Seals an entry: its key's chain goes on in any case, and what it says takes effect unless it is void. */
    void enter(Entry entry) {
        KeyState author = Sealing.after(key(entry.key()).orElseThrow(), entry);
        put(author);
        Optional<String> reason = voidness.of(entry, author);
        if (reason.isPresent()) {
            effects.add(new Effect.Voided(entry.cid(), reason.get()));
            return;
        }
        effects.add(new Effect.Applied(entry.cid()));
        enact(entry, author);
        recount();
    }

    private void enact(Entry entry, KeyState author) {
        PublicKey member = author.owner();
        switch (entry.body()) {
            case Body.Charter b -> throw new IllegalStateException("a charter is sealed by itself");
            case Body.KeyAdded b -> put(Enactment.fresh(b.device(), KeyState.Kind.DEVICE, member));
            case Body.KeyRevoked b -> setStatus(b.device(), KeyState.Status.REVOKED);
            case Body.Proposal b -> submit(entry.cid(), member, b);
            case Body.Sponsorship b -> sponsor(motion(b.proposal()).orElseThrow(), member);
            case Body.Withdrawal b -> end(motion(b.proposal()).orElseThrow(), ProposalStatus.WITHDRAWN, "");
            case Body.Veto b -> end(motion(b.proposal()).orElseThrow(), ProposalStatus.VETOED, b.reason());
            case Body.Ballot b -> motion(b.proposal()).orElseThrow().count(member, entry.cid(), b.revision());
            case Body.Comment b -> comment(motion(b.proposal()).orElseThrow(), member, entry.cid());
            case Body.Counted b -> counted(motion(b.proposal()).orElseThrow(), author.key(), b);
            case Body.Equivocation b -> setStatus(EntryCodec.decode(b.first()).key(), KeyState.Status.FROZEN);
            case Body.ReaderChanged b ->
                world = world.with(world.member(member).orElseThrow().withReader(b.reader()))
                        .withGroupKeyDue();
            case Body.GroupKey b -> world = world.withGroupKey(b.group());
            case Body.Enclosed b -> throw new IllegalStateException("what is not opened is void");
        }
    }

    private void setStatus(PublicKey key, KeyState.Status status) {
        put(Enactment.withStatus(key(key).orElseThrow(), status));
    }

    private void submit(Cid proposal, PublicKey author, Body.Proposal body) {
        submitted++;
        Motion motion = new Motion(Motion.submitted(proposal, submitted, author, body, world.rules(), height));
        motions.put(proposal, motion);
        schedule(motion, timeMillis + world.rules().sponsorMillis());
        reviewIfSponsored(motion);
    }

    private void sponsor(Motion motion, PublicKey member) {
        motion.sponsors.add(member);
        reviewIfSponsored(motion);
    }

    private void reviewIfSponsored(Motion motion) {
        if (motion.sponsors.size() >= motion.pinned.sponsorsNeeded()) {
            move(motion, ProposalStatus.REVIEW, "");
            schedule(motion, timeMillis + motion.pinned.reviewMillis());
        }
    }

    private static void comment(Motion motion, PublicKey member, Cid comment) {
        motion.comments = motion.comments.with(comment, member);
    }

    private void counted(Motion motion, PublicKey notary, Body.Counted b) {
        motion.results.computeIfAbsent(b, result -> new ArrayList<>()).add(notary);
        decideIfAgreed(motion);
    }

    private void transition(Motion motion) {
        switch (motion.status) {
            case SUBMITTED -> end(motion, ProposalStatus.EXPIRED, "not enough sponsors in time");
            case REVIEW -> open(motion);
            case VOTING -> closeOrExtend(motion);
            case PASSED -> execute(motion);
            case CLOSED, REJECTED, QUORUM_MISSED, EXECUTED, WITHDRAWN, VETOED, EXPIRED, VOID ->
                throw new IllegalStateException("nothing is due for a proposal that is " + motion.status);
        }
    }

    private void open(Motion motion) {
        move(motion, ProposalStatus.VOTING, "");
        motion.openedAt = height;
        motion.deadlineMillis = timeMillis + motion.pinned.votingMillis();
        schedule(motion, motion.deadlineMillis);
        opening.add(motion);
    }

    /** An outage never eats ballots: a closing seal that comes too late gives the time back instead, as far as the cap goes. */
    private void closeOrExtend(Motion motion) {
        long lateMillis = timeMillis - motion.deadlineMillis;
        long leftMillis = motion.pinned.extensionMaxMillis() - motion.extendedMillis;
        if (lateMillis <= motion.pinned.graceMillis() || leftMillis <= 0) {
            close(motion);
            return;
        }
        long backMillis = Math.min(lateMillis, leftMillis);
        motion.extendedMillis += backMillis;
        motion.deadlineMillis = timeMillis + backMillis;
        schedule(motion, motion.deadlineMillis);
        effects.add(new Effect.Extended(motion.pinned.proposal(), motion.deadlineMillis));
    }

    private void close(Motion motion) {
        move(motion, ProposalStatus.CLOSED, "");
        motion.closedAt = height;
        unschedule(motion);
        agenda.awaitCount(motion.pinned.proposal());
    }

    private void recount() {
        while (recount) {
            recount = false;
            agenda.uncounted()
                    .forEach(proposal -> decideIfAgreed(motion(proposal).orElseThrow()));
        }
    }

    private void decideIfAgreed(Motion motion) {
        int quorum = SealCodec.quorum(world.notaries().size());
        Set<PublicKey> voices = voices();
        motion.results.entrySet().stream()
                .filter(result ->
                        result.getValue().stream().filter(voices::contains).count() >= quorum)
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(result -> decide(motion, result));
    }

    /** The keys whose counts matter: notaries of the present set, except those caught lying. */
    private Set<PublicKey> voices() {
        Set<PublicKey> voices = new HashSet<>();
        for (Notary notary : world.notaries()) {
            key(notary.key())
                    .filter(key -> key.status() == KeyState.Status.ACTIVE)
                    .ifPresent(key -> voices.add(key.key()));
        }
        return voices;
    }

    private void decide(Motion motion, Body.Counted result) {
        motion.outcome = Optional.of(result);
        motion.decidedAt = height;
        switch (result.decision().verdict()) {
            case PASSED -> pass(motion);
            case REJECTED -> end(motion, ProposalStatus.REJECTED, "");
            case QUORUM_MISSED -> end(motion, ProposalStatus.QUORUM_MISSED, "");
        }
    }

    private void pass(Motion motion) {
        move(motion, ProposalStatus.PASSED, "");
        agenda.awaitNoCount(motion.pinned.proposal());
        if (motion.pinned.timeLockMillis() == 0) {
            execute(motion);
        } else {
            schedule(motion, timeMillis + motion.pinned.timeLockMillis());
        }
    }

    private void execute(Motion motion) {
        List<Action> actions = motion.pinned.body().actions();
        try {
            world = Enactment.in(before.dao(), height, signatures, world()).run(actions);
            known.clear();
        } catch (Enactment.ImpossibleException e) {
            end(motion, ProposalStatus.VOID, String.valueOf(e.getMessage()));
            return;
        }
        if (actions.stream().anyMatch(Action.SetNotaries.class::isInstance)) {
            endsEpoch = true;
            recount = true;
        }
        end(motion, ProposalStatus.EXECUTED, "");
    }

    private void end(Motion motion, ProposalStatus status, String reason) {
        move(motion, status, reason);
        unschedule(motion);
        agenda.awaitNoCount(motion.pinned.proposal());
    }

    private void move(Motion motion, ProposalStatus to, String reason) {
        effects.add(new Effect.Moved(motion.pinned.proposal(), motion.status, to, reason));
        motion.status = to;
        motion.reason = reason;
    }

    private void schedule(Motion motion, long dueMillis) {
        unschedule(motion);
        motion.dueMillis = dueMillis;
        agenda.add(new Agenda.Due(dueMillis, motion.pinned.proposal()));
    }

    private void unschedule(Motion motion) {
        agenda.remove(new Agenda.Due(motion.dueMillis, motion.pinned.proposal()));
        motion.dueMillis = -1;
    }

    /** Ends the seal: fixes the electorates that it opened, and writes every proposal that it touched. */
    Core finish(Usage usage) {
        boolean sameVoters = world.members().same(before.world().members())
                && world.rules().equals(before.world().rules());
        Optional<BigInteger> votingPower = sameVoters ? before.votingPower() : Optional.empty();
        if (votingPower.isEmpty() && !opening.isEmpty()) {
            votingPower = Optional.of(world.votingPower());
        }
        for (Motion motion : opening) {
            motion.enrol(world, votingPower.orElseThrow());
        }
        Trie<Cid, Held> proposals = before.proposals();
        Hamt records = before.records();
        for (Motion motion : motions.values()) {
            Held held = motion.hold();
            proposals = proposals.with(held.state().proposal(), held);
            records = records.put(held.state().proposal().toBytes(), Records.proposal(held.state()));
        }
        long epoch = before.epoch() + (endsEpoch ? 1 : 0);
        return Core.of(
                before.dao(),
                before.charter(),
                world(),
                epoch,
                proposals,
                records,
                submitted,
                agenda,
                usage,
                votingPower);
    }

    List<Effect> effects() {
        return List.copyOf(effects);
    }
}
