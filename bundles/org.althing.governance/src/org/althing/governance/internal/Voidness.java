// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Right;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.althing.codec.Enclosure;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;

/**
 * Why a sealed entry is without effect: it breaks a rule of the DAO. Judged when its turn comes, so that it sees what the entries before it
 * in the same seal did. The reasons are for people, one line each.
 */
final class Voidness {

    private static final Optional<String> COUNTS = Optional.empty();

    private final Fold fold;
    private final Cid dao;
    private final Ed25519 signatures;

    Voidness(Fold fold, Cid dao, Ed25519 signatures) {
        this.fold = fold;
        this.dao = dao;
        this.signatures = signatures;
    }

    /** Why the entry, by this key, would be without effect; empty if it counts. */
    Optional<String> of(Entry entry, KeyState author) {
        if (author.status() != KeyState.Status.ACTIVE) {
            return Optional.of("its key was revoked or frozen before it in the same seal");
        }
        PublicKey member = author.owner();
        Optional<String> shut = shut(entry);
        if (shut.isPresent()) {
            return shut;
        }
        return switch (entry.body()) {
            case Body.Charter b -> Optional.of("a DAO is founded once");
            case Body.KeyAdded b -> keyAdded(member, b);
            case Body.KeyRevoked b -> keyRevoked(member, b);
            case Body.Proposal b -> proposal(member, b);
            case Body.Sponsorship b -> on(b.proposal(), motion -> sponsorship(member, motion));
            case Body.Withdrawal b -> on(b.proposal(), motion -> withdrawal(member, motion));
            case Body.Veto b -> on(b.proposal(), motion -> veto(member, b, motion));
            case Body.Ballot b -> on(b.proposal(), motion -> ballot(member, b, motion));
            case Body.Comment b -> on(b.proposal(), motion -> comment(member, b, motion));
            case Body.Counted b -> on(b.proposal(), motion -> counted(author.key(), b, motion));
            case Body.Equivocation b -> equivocation(b);
            case Body.ReaderChanged b -> readerChanged(member, b);
            case Body.GroupKey b -> groupKey(b);
            case Body.Enclosed b -> Optional.of("no group key of the DAO opens it");
        };
    }

    /** What is enclosed in a public DAO, or in clear in a private one. */
    private Optional<String> shut(Entry entry) {
        boolean isPrivate = fold.isPrivate();
        if (!isPrivate && entry.signedBody() instanceof Body.Enclosed) {
            return Optional.of("the DAO is public, nothing is enclosed in it");
        }
        return check(
                !isPrivate || entry.enclosed() != null || !Enclosure.isEnclosed(entry.body()),
                "the DAO is private: what it says must be enclosed for the members");
    }

    /** Each change makes a group key due, of which a DAO has but so many. */
    private Optional<String> readerChanged(PublicKey author, Body.ReaderChanged b) {
        World world = fold.world();
        Member member = world.member(author).orElseThrow();
        return check(world.isPrivate(), "the DAO is public")
                .or(() -> check(
                        !member.reader().equals(Optional.of(b.reader())), "the member reads with that key already"))
                .or(() -> check(
                        member.readerChanges() < Body.READER_CHANGES_MAX,
                        "a member changes the reading key at most " + Body.READER_CHANGES_MAX
                                + " times; for more it must be removed and admitted again"));
    }

    private Optional<String> groupKey(Body.GroupKey b) {
        World world = fold.world();
        return check(world.isPrivate(), "the DAO is public")
                .or(() -> check(world.groupKeyDue(), "no group key is due: nobody has left since the last"))
                .or(() -> check(
                        b.number() == world.groupKeys().size(),
                        "the next group key has number " + world.groupKeys().size()))
                .or(() -> check(!world.groupKeys().contains(b.group()), "the DAO has had that group key already"));
    }

    private Optional<String> on(Cid proposal, Function<Motion, Optional<String>> check) {
        return fold.motion(proposal).map(check).orElse(Optional.of("there is no such proposal"));
    }

    private Optional<String> keyAdded(PublicKey member, Body.KeyAdded b) {
        if (fold.world().key(b.device()).isPresent()) {
            return Optional.of("the key has been used before; a key belongs to one owner for ever");
        }
        boolean proven = Consent.isByDevice(signatures, dao, member, b.device(), b.proof());
        return check(proven, "the key does not prove that it wants to belong to this member");
    }

    private Optional<String> keyRevoked(PublicKey member, Body.KeyRevoked b) {
        boolean own = fold.world()
                .key(b.device())
                .filter(key -> key.kind() == KeyState.Kind.DEVICE && key.owner().equals(member))
                .filter(key -> key.status() == KeyState.Status.ACTIVE)
                .isPresent();
        return check(own, "there is no such active device key of this member");
    }

    private Optional<String> proposal(PublicKey member, Body.Proposal b) {
        return right(member, Right.PROPOSE)
                .or(() -> Forms.proposal(b, fold.world().rules()));
    }

    private Optional<String> sponsorship(PublicKey member, Motion motion) {
        return right(member, Right.SPONSOR)
                .or(() -> check(motion.status == ProposalStatus.SUBMITTED, "the proposal does not wait for sponsors"))
                .or(() -> check(!motion.pinned.author().equals(member), "the author cannot sponsor"))
                .or(() -> check(!motion.sponsors.contains(member), "the member sponsors it already"));
    }

    private static Optional<String> withdrawal(PublicKey member, Motion motion) {
        return check(motion.pinned.author().equals(member), "only the author can withdraw a proposal")
                .or(() -> check(
                        motion.status == ProposalStatus.SUBMITTED || motion.status == ProposalStatus.REVIEW,
                        "a proposal can be withdrawn only before voting opens"));
    }

    private Optional<String> veto(PublicKey member, Body.Veto b, Motion motion) {
        return right(member, Right.VETO)
                .or(() -> check(!motion.status.ended(), "the proposal has ended"))
                .or(() -> Forms.text("reason", b.reason(), Body.TITLE_MAX_BYTES));
    }

    private Optional<String> ballot(PublicKey member, Body.Ballot b, Motion motion) {
        if (motion.status != ProposalStatus.VOTING) {
            return Optional.of("the proposal is not open for votes");
        }
        // The electorate and the lot are fixed by the opening seal as a whole, so nobody can have voted inside it.
        if (motion.openedAt == fold.height()) {
            return Optional.of("voting opens with the end of this seal");
        }
        if (b.revision() < 0) {
            return Optional.of("a revision is 0 or more");
        }
        Motion.Voter voter = motion.voter(member);
        return check(
                        voter.enrolled().filter(motion.pinned::mayVote).isPresent(),
                        "the member is not among those who may vote on this proposal")
                .or(() -> check(
                        voter.ballot()
                                .filter(counting -> counting.revision() > b.revision())
                                .isEmpty(),
                        "a higher revision of the member's ballot counts already"))
                .or(() -> Forms.choice(b.choice()));
    }

    private Optional<String> comment(PublicKey member, Body.Comment b, Motion motion) {
        return right(member, Right.COMMENT)
                .or(() -> check(
                        b.parent().isEmpty()
                                || motion.comments.get(b.parent().get()).isPresent(),
                        "it replies to no comment on this proposal"))
                .or(() -> Forms.text("text", b.text(), Body.TEXT_MAX_BYTES));
    }

    private static Optional<String> counted(PublicKey notary, Body.Counted b, Motion motion) {
        return check(motion.status == ProposalStatus.CLOSED, "the proposal does not wait for a count")
                .or(() -> check(
                        motion.results.values().stream().noneMatch(signed -> signed.contains(notary)),
                        "the notary has counted it already"))
                .or(() -> winners(
                        b.decision().winners(), motion.pinned.body().options().size()));
    }

    private static Optional<String> winners(List<Integer> winners, int options) {
        return check(winners.stream().allMatch(winner -> winner >= 0 && winner < options), "a winner is not an option")
                .or(() -> check(new HashSet<>(winners).size() == winners.size(), "a winner is named twice"));
    }

    private Optional<String> equivocation(Body.Equivocation b) {
        Entry first;
        Entry second;
        try {
            first = EntryCodec.decode(b.first());
            second = EntryCodec.decode(b.second());
        } catch (MalformedException e) {
            return Optional.of("it holds bytes that are no entry: " + e.getMessage());
        }
        return check(
                        first.key().equals(second.key()) && first.sequence() == second.sequence(),
                        "the entries do not share key and sequence number")
                .or(() -> check(!first.cid().equals(second.cid()), "both are the same entry"))
                .or(() -> check(
                        first.belongsTo().equals(dao) && second.belongsTo().equals(dao),
                        "the entries belong to another DAO"))
                .or(() -> check(isSigned(first, b.first()) && isSigned(second, b.second()), "a signature is bad"))
                .or(() -> fold.excuse(first)
                        .or(() -> fold.excuse(second))
                        .map(excuse -> "half of it proves nothing: " + excuse))
                .or(() -> check(
                        fold.world()
                                .key(first.key())
                                .filter(key -> key.status() != KeyState.Status.FROZEN)
                                .isPresent(),
                        "the key is not known here or frozen already"));
    }

    private boolean isSigned(Entry entry, byte[] bytes) {
        return signatures.verify(entry.key(), EntryCodec.signedMessage(bytes), entry.signature());
    }

    private Optional<String> right(PublicKey member, Right right) {
        return check(fold.has(member, right), "the member's roles do not allow it: " + Words.of(right));
    }

    private static Optional<String> check(boolean holds, String reason) {
        return holds ? COUNTS : Optional.of(reason);
    }
}
