// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import org.althing.api.Cid;

/** What one node asks another, about one DAO. */
sealed interface Request {

    /** Its CID; on the wire and on the side that answers its {@link DaoName}. */
    Cid dao();

    /** The same, about a DAO of this name. */
    default Request of(Cid name) {
        return switch (this) {
            case Status r -> new Status(name);
            case Headers r -> new Headers(name, r.from, r.count);
            case Bodies r -> new Bodies(name, r.from, r.count);
            case Sealed r -> new Sealed(name, r.slices, r.sizeMaxBytes);
            case Entries r -> new Entries(name, r.cids);
            case Reconcile r -> new Reconcile(name, r.message);
            case Reader r -> new Reader(name);
            case Proof r -> new Proof(name, r.reader, r.mac);
            case Mailbox r -> new Mailbox(name, r.from);
            case Messages r -> new Messages(name, r.names);
            case Forks r -> new Forks(name);
        };
    }

    /** How far are you? */
    record Status(Cid dao) implements Request {}

    /** The headers of so many seals from a height on. */
    record Headers(Cid dao, long from, int count) implements Request {}

    /** The entry CIDs of so many seals from a height on. */
    record Bodies(Cid dao, long from, int count) implements Request {}

    /**
     * Sealed entries, by their places.
     *
     * @param sizeMaxBytes about how much may come at once; the first entry comes whatever its size
     */
    record Sealed(Cid dao, List<Slice> slices, int sizeMaxBytes) implements Request {
        public Sealed {
            slices = List.copyOf(slices);
        }
    }

    /** Entries, by their CIDs. */
    record Entries(Cid dao, List<Cid> cids) implements Request {
        public Entries {
            cids = List.copyOf(cids);
        }
    }

    /** A message of Negentropy over the pending entries. */
    record Reconcile(Cid dao, byte[] message) implements Request {}

    /** The first half of a proof that this node may have a private DAO: that it holds the reading key of an active member. */
    record Reader(Cid dao) implements Request {}

    /**
     * The second half.
     *
     * @param reader what the reading key is called this once, 32 bytes
     * @param mac under what the reading key and the challenge agree on, 32 bytes
     */
    record Proof(Cid dao, byte[] reader, byte[] mac) implements Request {}

    /**
     * The names of the messages between members that the other keeps, whatever their addressee.
     *
     * @param from 0, or where an earlier answer ended
     */
    record Mailbox(Cid dao, long from) implements Request {}

    /** Messages between members, by their names. */
    record Messages(Cid dao, List<Cid> names) implements Request {
        public Messages {
            names = List.copyOf(names);
        }
    }

    /** The forks that no seal has yet. */
    record Forks(Cid dao) implements Request {}
}
