// SPDX-License-Identifier: EPL-2.0
package org.althing.api.sync;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;

/**
 * One DAO of this node, as those see it who exchange it with peers. A service: the node registers one for each DAO that it holds or has just
 * joined, and takes it back when it lets go of the DAO. Safe for use by many threads.
 *
 * <p>What peers bring goes in by the same door as what members hand in: it is judged, stored durably, applied, and only then acknowledged.
 * Futures always complete; they fail with an {@link AlthingException} when the node cannot store anything at all (it is stopping, or its disk
 * failed), and then nothing more should be brought.
 */
public interface Replica {

    /** Entries that are brought at once. */
    int PENDING_MAX_ENTRIES = 1024;
    /** Forks that {@link #forks()} tells of. */
    int FORKS_MAX = 64;

    Cid dao();

    /** The store; for reading only, everything is brought through this object. */
    DaoLedger ledger();

    /** Where the chain of seals stands, and who signs the next one. */
    Tip tip();

    /**
     * The keys of a notary set that has served this DAO, or is to serve it next, ascending; empty if none with this hash has.
     *
     * @param set as in seal headers
     */
    Optional<List<PublicKey>> notaries(Cid set);

    /** The pending entries that may still be sealed, and whose authors have not forked; at most a few hundred thousand. */
    List<Pending> pending();

    /** Proofs of forks that this node holds and no seal has yet, newest first, at most {@link #FORKS_MAX}. */
    List<Fork> forks();

    /**
     * Takes the next seal of the chain with those of its entries that {@link #ledger()} does not hold. Who brings it has checked that
     * the certificate makes the header final, that the header is built on the tip, and that the entries are those that it names; signatures of
     * entries, and what they do to the state, are checked here. Several may be on their way, in the order of their heights.
     *
     * @param entries in the order of the seal, without those that are here
     */
    CompletableFuture<SealAnswer> bringSeal(Seal seal, List<byte[]> entries);

    /**
     * Takes entries that a peer has pending, at most {@link #PENDING_MAX_ENTRIES}; their bytes are judged from the beginning. Entries of
     * one key should come in the order of its chain.
     *
     * @return what became of each, in their order
     */
    CompletableFuture<List<EntryAnswer>> bringPending(List<byte[]> entries);

    /**
     * What is asked of those who exchange this DAO, if it is private or not known yet to be public; empty if it is public. Nothing of a private DAO
     * may go to a peer that has not proved to be the node of an active member.
     */
    default Optional<Membership> membership() {
        return Optional.empty();
    }

    /** Tells an observer what changes from now on. It runs on the thread that changes things: it must return at once and not throw. */
    Observation observe(Observer observer);

    /**
     * The last seal.
     *
     * @param height -1 before there is one
     * @param head the CID of its header; empty before there is one
     * @param notaries the keys that sign the next seal, ascending; none while the charter is not known here
     */
    record Tip(long height, Optional<Cid> head, List<PublicKey> notaries) {
        public Tip {
            notaries = List.copyOf(notaries);
        }
    }

    /**
     * A pending entry.
     *
     * @param timeMillis what it claims, Unix milliseconds
     */
    record Pending(Cid cid, long timeMillis) {}

    /**
     * Two complete entries of one key with one sequence number.
     *
     * @param first the one with the lesser CID
     */
    record Fork(byte[] first, byte[] second) {}

    /** What became of a seal. */
    sealed interface SealAnswer {

        /** It is stored and applied, now or before. */
        record Taken() implements SealAnswer {}

        /**
         * It does not hold, though its notaries have signed it: its entries are not genuine, or make another state. Nothing can be built on
         * it; people must look at it.
         */
        record Refused(String reason) implements SealAnswer {}
    }

    /** What became of a pending entry. */
    sealed interface EntryAnswer {

        /** It is kept and durable, or sealed. */
        record Kept() implements EntryAnswer {}

        /** It might be right later: its author is not known yet, or has too much pending. */
        record Later(String reason) implements EntryAnswer {}

        /** It is not genuine, or can never be sealed. */
        record Never(String reason) implements EntryAnswer {}

        /** Its key has signed another entry with its number: nothing more of this key is wanted. */
        record Forked(PublicKey key, Fork proof) implements EntryAnswer {}
    }

    /** Hears of changes, in their order. */
    interface Observer {

        /** Entries are pending that were not. */
        void came(List<Pending> entries);

        /** Entries are pending no more: they are sealed, or given up. */
        void went(List<Pending> entries);

        /** The chain grew. */
        void sealed(Tip tip);
    }

    /** An observer that is told. */
    interface Observation extends AutoCloseable {

        /** The observer is told nothing more. Idempotent. */
        @Override
        void close();
    }
}
