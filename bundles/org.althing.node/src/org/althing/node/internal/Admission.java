// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.notary.SealingProtocol;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.VotingMethod;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.jspecify.annotations.Nullable;

/** Decides about genuine entries, from one state, the pool and the clock alone. */
final class Admission {

    /** What to do with an entry. */
    sealed interface Verdict {

        /** Keep it. */
        record Keep(PublicKey owner) implements Verdict {}

        /** Its key has signed another entry with this sequence number. */
        record Fork() implements Verdict {}

        /** @param maybeLater whether it might be right once the pending entries are sealed */
        record Refuse(String reason, boolean maybeLater) implements Verdict {}
    }

    /** How a proposal is counted. */
    private record Counting(VotingMethod method, String variant, Question question) {
        Optional<String> refuse(Body.Ballot ballot) {
            return method.refuse(variant, ballot.choice(), question);
        }
    }

    private final DaoState state;
    private final DaoState.Judge judge;
    /** Made once for the ballots of a batch. */
    private final Map<Cid, Optional<Counting>> counting = new HashMap<>();

    private final Pool pool;
    private final long nowMillis;
    private final Origin origin;
    private final Optional<TallyEngine> tally;
    private final Optional<SealingProtocol> protocol;
    private final Ed25519 signatures;

    Admission(
            DaoState state,
            Pool pool,
            long nowMillis,
            Origin origin,
            Optional<TallyEngine> tally,
            Optional<SealingProtocol> protocol,
            Ed25519 signatures) {
        this.state = state;
        this.judge = state.judge();
        this.pool = pool;
        this.nowMillis = nowMillis;
        this.origin = origin;
        this.tally = tally;
        this.protocol = protocol;
        this.signatures = signatures;
    }

    Verdict judge(Entry entry) {
        if (!entry.belongsTo().equals(state.dao())) {
            return refuse("it belongs to another DAO, " + entry.belongsTo());
        }
        if (state.height() < 0) {
            return entry.cid().equals(state.dao())
                    ? new Verdict.Keep(entry.key())
                    : later("the charter is not sealed yet");
        }
        KeyState key = judge.key(entry.key()).orElse(null);
        if (key == null) {
            return later("unknown key " + entry.key() + ": it belongs to no member or notary of " + state.name());
        }
        Verdict place = place(entry, key);
        return place != null ? place : judgeNext(entry, key);
    }

    /** Whether the entry is the next of its chain; null if it is. */
    private @Nullable Verdict place(Entry entry, KeyState key) {
        Optional<Entry> tip = pool.tip(entry.key());
        long next = tip.map(Entry::sequence).orElse(key.sequence()) + 1;
        Cid last = tip.map(Entry::cid).orElse(key.last());
        if (entry.sequence() > next) {
            return later("sequence gap: the next entry of " + entry.key() + " has number " + next + ", this one has "
                    + entry.sequence());
        }
        if (entry.sequence() < next) {
            return judge.excuse(entry).map(Admission::refuse).orElseGet(Verdict.Fork::new);
        }
        boolean fits = last == null ? entry.previous() == null : last.equals(entry.previous());
        return fits
                ? null
                : refuse("it follows " + entry.previous() + ", but the last entry of its key is " + last
                        + "; sign it again");
    }

    private Verdict judgeNext(Entry entry, KeyState key) {
        if (pool.count(key.owner()) >= Limits.PENDING_PER_MEMBER_MAX_ENTRIES) {
            return later("its author has " + Limits.PENDING_PER_MEMBER_MAX_ENTRIES
                    + " entries pending; hand it in again when they are sealed");
        }
        if (pool.sizeBytes() + entry.sizeBytes() > Limits.PENDING_SIZE_MAX_BYTES) {
            return later("the DAO has " + Limits.PENDING_SIZE_MAX_BYTES
                    + " bytes pending; hand it in again when they are sealed");
        }
        Optional<DaoState.Refusal> refusal = judge.refuse(asNextSealed(entry, key));
        if (refusal.isPresent()) {
            return new Verdict.Refuse(refusal.get().reason(), !refusal.get().forEver());
        }
        return origin == Origin.FACE ? judgeUse(entry, key) : new Verdict.Keep(key.owner());
    }

    /** What would be sealed, but help nobody. */
    private Verdict judgeUse(Entry entry, KeyState key) {
        if (entry.timeMillis() > nowMillis + Limits.CLAIMED_AHEAD_MAX_MILLIS) {
            return refuse("it claims a time more than a day ahead; check the clock of the device that signed it");
        }
        List<Cid> groupKeys = state.groupKeys();
        if (entry.enclosed() != null && !entry.enclosed().group().equals(groupKeys.getLast())) {
            return refuse("it is enclosed by an old group key, which former members may have; sign it again");
        }
        Optional<String> voidness = judge.voidness(asNextSealed(entry, key));
        if (voidness.isPresent()) {
            return later(voidness.get());
        }
        Optional<String> uncountable = uncountable(entry.body());
        return uncountable.isPresent() ? refuse(uncountable.get()) : new Verdict.Keep(key.owner());
    }

    /** The state knows sealed chains alone; an entry behind pending ones is shown to it as if these were sealed. */
    private static Entry asNextSealed(Entry entry, KeyState key) {
        return entry.sequence() == key.sequence() + 1
                ? entry
                : new Entry(
                        entry.cid(),
                        entry.sizeBytes(),
                        entry.dao(),
                        entry.key(),
                        key.sequence() + 1,
                        key.last(),
                        entry.seen(),
                        entry.timeMillis(),
                        entry.body(),
                        entry.enclosed(),
                        entry.signature());
    }

    /** What the voting method says about a proposal or a ballot. */
    private Optional<String> uncountable(Body body) {
        try {
            return refusal(body);
        } catch (LinkageError e) {
            // The bundle of the method was uninstalled just now: it is as if it had been away before.
            return body instanceof Body.Ballot
                    ? Optional.empty()
                    : Optional.of("the bundle of its voting method went away; hand it in again when it is back");
        }
    }

    private Optional<String> refusal(Body body) {
        return switch (body) {
            case Body.Proposal b -> uncountable(b);
            case Body.Ballot b ->
                counting.computeIfAbsent(b.proposal(), this::counting).flatMap(rule -> rule.refuse(b));
            case Body.Charter b -> Optional.empty();
            case Body.KeyAdded b -> Optional.empty();
            case Body.KeyRevoked b -> Optional.empty();
            case Body.Sponsorship b -> Optional.empty();
            case Body.Withdrawal b -> Optional.empty();
            case Body.Veto b -> Optional.empty();
            case Body.Comment b -> Optional.empty();
            case Body.Counted b -> Optional.empty();
            case Body.Equivocation b -> Optional.empty();
            case Body.ReaderChanged b -> Optional.empty();
            case Body.GroupKey b -> Optional.empty();
            case Body.Enclosed b -> Optional.empty();
        };
    }

    private Optional<String> uncountable(Body.Proposal proposal) {
        MethodId id;
        Question question;
        try {
            id = MethodId.parse(proposal.method());
            question = question(proposal);
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
        Optional<VotingMethod> method = tally.flatMap(engine -> engine.method(id.id()));
        if (method.isEmpty()) {
            return Optional.of("unknown voting method '" + id.id() + "': no bundle of this node counts by it");
        }
        if (method.get().version() != proposal.methodVersion()) {
            return Optional.of("this node has version " + method.get().version() + " of voting method '" + id.id()
                    + "', the proposal wants " + proposal.methodVersion());
        }
        if (!id.variant().isEmpty() && !method.get().variants().contains(id.variant())) {
            return Optional.of("voting method '" + id.id() + "' has no variant '" + id.variant() + "', but "
                    + method.get().variants());
        }
        return method.get()
                .refuse(id.variant(), question)
                .or(() -> withoutConsent(proposal))
                .or(() -> unsealable(proposal));
    }

    /** A missing or bad consent would show when the actions happen, and void what members have voted for. */
    private Optional<String> withoutConsent(Body.Proposal proposal) {
        return proposal.actions().stream()
                .flatMap(action -> withoutConsent(action).stream())
                .findFirst();
    }

    private Optional<String> withoutConsent(Action action) {
        return switch (action) {
            case Action.Admit a -> withoutConsent(a);
            case Action.SetNotaries a -> withoutConsent(a);
            case Action.Remove a -> Optional.empty();
            case Action.SetRoles a -> Optional.empty();
            case Action.SetPower a -> Optional.empty();
            case Action.SetRules a -> Optional.empty();
        };
    }

    private Optional<String> withoutConsent(Action.Admit admit) {
        Cid dao = state.dao();
        boolean consent = Consent.isByDevice(signatures, dao, admit.root(), admit.device(), admit.deviceProof())
                && Consent.isByMember(signatures, dao, admit.root(), admit.device(), admit.reader(), admit.rootProof());
        return consent
                ? Optional.empty()
                : Optional.of("the keys of " + admit.name()
                        + " do not consent to this admission; ask for a card made with `althing key card --dao " + dao
                        + "`");
    }

    private Optional<String> withoutConsent(Action.SetNotaries set) {
        Set<PublicKey> present = state.notaries().stream().map(Notary::key).collect(Collectors.toSet());
        return set.notaries().stream()
                .map(Notary::key)
                .filter(key ->
                        !present.contains(key) && !consents(key, set.consents().get(key)))
                .findFirst()
                .map(key ->
                        key + " does not consent to be a notary; ask for a card made with `althing key notary --dao "
                                + state.dao() + "`");
    }

    private boolean consents(PublicKey notary, @Nullable Signature consent) {
        return consent != null && Consent.isByNotary(signatures, state.dao(), notary, consent);
    }

    /** With notaries that the protocol of this node cannot serve, nothing would ever be sealed again. */
    private Optional<String> unsealable(Body.Proposal proposal) {
        return proposal.actions().stream()
                .filter(Action.SetNotaries.class::isInstance)
                .map(Action.SetNotaries.class::cast)
                .flatMap(action -> protocol.flatMap(sealing -> sealing.refuse(action.notaries())).stream())
                .findFirst();
    }

    /** Without the method nothing can be said about a ballot; it is kept and judged at the count. */
    private Optional<Counting> counting(Cid proposal) {
        return state.proposal(proposal).map(ProposalState::body).flatMap(body -> {
            MethodId id = MethodId.parse(body.method());
            return tally.flatMap(engine -> engine.method(id.id()))
                    .filter(method -> method.version() == body.methodVersion())
                    .filter(method ->
                            id.variant().isEmpty() || method.variants().contains(id.variant()))
                    .map(method -> new Counting(method, id.variant(), question(body)));
        });
    }

    /** The lot does not matter to any refusal. */
    private static Question question(Body.Proposal proposal) {
        int options = proposal.options().size();
        return new Question(
                options,
                proposal.seats(),
                proposal.unrankedIgnored() ? Question.Unranked.IGNORED : Question.Unranked.LAST,
                IntStream.range(0, options).boxed().toList());
    }

    private static Verdict refuse(String reason) {
        return new Verdict.Refuse(reason, false);
    }

    private static Verdict later(String reason) {
        return new Verdict.Refuse(reason, true);
    }
}
