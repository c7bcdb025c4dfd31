// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Entry;
import org.althing.api.seal.SealHeader;

/**
 * The DAO after a seal. Immutable, safe to share; a new seal makes a new state that shares what did not change.
 *
 * <p>Everything here is a function of the sealed entries and seal times alone: two nodes with the same seals have the same {@link #root}.
 */
public interface DaoState {

    Cid dao();

    String name();

    String purpose();

    /** Height of the seal that made this state, or -1 before the charter is sealed. */
    long height();

    /** Time of that seal, or -1. */
    long timeMillis();

    /** CID of that seal's header; empty before the charter is sealed. */
    Optional<Cid> head();

    /** CID of the state's root block, as written into the seal header. */
    Cid root();

    Rules rules();

    long epoch();

    /** The notaries that sign the next seal. */
    List<Notary> notaries();

    Optional<Member> member(PublicKey root);

    /** Names of the group keys, oldest first, if the DAO is private; of a public one none. The last is that by which entries are to be enclosed. */
    default List<Cid> groupKeys() {
        return List.of();
    }

    /** Whether a notary is to name the next group key: a member has left, or reads with another key. */
    default boolean groupKeyDue() {
        return false;
    }

    /** Every member there is or was, in ascending order of root key. */
    List<Member> members();

    Optional<KeyState> key(PublicKey key);

    Optional<ProposalState> proposal(Cid proposal);

    /** All proposals, in order of their seals. */
    List<ProposalState> proposals();

    /** The member's counting ballot on a proposal. */
    Optional<CountingBallot> ballot(Cid proposal, PublicKey member);

    /** Every counting ballot of a proposal, in the order of the ballot map. */
    void ballots(Cid proposal, Consumer<CountingBallot> sink);

    /** The members who may vote on an opened proposal: the state of members right after its opening seal. */
    void electorate(Cid proposal, Consumer<Member> sink);

    /**
     * Hands over every block of the state tree, or, with a proposal, those that prove its record (or its absence), its whole electorate,
     * ballot and comment maps, and the whole map of keys. A block that several maps share comes more than once.
     */
    void blocks(Optional<Cid> proposal, BiConsumer<Cid, byte[]> sink);

    /**
     * Gives all that {@link Governance#resume} needs to make this state again, apart from what the ledger holds: canonical items, in order,
     * each of at most {@link Governance#ITEM_SIZE_MAX_BYTES}. It takes as much time as the state is large, holds nobody up, and needs little
     * memory beyond the item at hand.
     *
     * @return false if this provider cannot; nothing is given then
     */
    default boolean write(Consumer<byte[]> items) {
        return false;
    }

    /** When the next transition is due, in seal time: a seal at that time or later applies it. */
    OptionalLong nextDueMillis();

    /** Judges entries one by one, each as if it were the next to be sealed; made once for many. */
    Judge judge();

    /** {@link Judge#refuse} for a single entry. */
    default Optional<Refusal> refuse(Entry entry) {
        return judge().refuse(entry);
    }

    /** {@link Judge#voidness} for a single entry. */
    default Optional<String> voidness(Entry entry) {
        return judge().voidness(entry);
    }

    /**
     * Picks from pending entries those that the next seal can hold, in the order that it must have, within its caps. Keys, memberships and
     * quotas are judged as the transitions due by that time leave them, before the first entry: a key that an entry adds can be used from
     * the seal after. Over the caps, ballots (and what their keys must seal before them) go first.
     *
     * @param timeMillis time of the seal
     * @param pending entries with checked signatures, any order; the order changes nothing
     * @throws IllegalArgumentException if the time is not after this state's
     */
    List<Entry> plan(long timeMillis, Collection<Entry> pending);

    /**
     * Applies a seal: first the transitions due by its time, then its entries.
     *
     * @param entries with checked signatures, in sealed order
     * @throws InvalidSealException if time, order, caps or an entry break what {@link #plan} guarantees
     */
    Step apply(long timeMillis, List<Entry> entries) throws InvalidSealException;

    /** Judges entries by one state, which no judgement changes. For one thread. */
    interface Judge {

        Optional<KeyState> key(PublicKey key);

        /**
         * Why an entry cannot be sealed next; empty if it can. Covers the key, its chain and {@code seen}, not the rules of the
         * DAO: what breaks those is sealed and void.
         */
        Optional<Refusal> refuse(Entry entry);

        /** Why an entry, sealed now, would be without effect; empty if it would count. */
        Optional<String> voidness(Entry entry);

        /** Why an entry is no half of an equivocation, whatever the other half; empty if it may be one. */
        Optional<String> excuse(Entry entry);
    }

    /**
     * Why an entry cannot be sealed.
     *
     * @param forEver whether no later seal can change that
     */
    record Refusal(String reason, boolean forEver) {}

    /** A seal applied, before it has a name. */
    interface Step {
        long timeMillis();

        /** CID of the state's root block, for the header. */
        Cid root();

        /** The set that signs the seal after this one. */
        List<Notary> nextNotaries();

        /** What happened, in order. */
        List<Effect> effects();

        /**
         * The state, once the seal has its header.
         *
         * @throws IllegalArgumentException if the header's DAO, height, parent, time or state is not that of this step
         */
        DaoState sealed(SealHeader header, Cid headerCid);
    }

    /** A seal that breaks the rules of sealing. */
    final class InvalidSealException extends Exception {
        private static final long serialVersionUID = 1L;

        public InvalidSealException(String reason) {
            super(reason);
        }
    }
}
