// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import org.althing.api.Cid;

/** What one node asks another, about one DAO. */
sealed interface Request {

    Cid dao();

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

    /**
     * The first half of a proof that this node may have a private DAO: that it holds the reading key of an active member.
     *
     * @param reader the public half of that key, 32 bytes
     */
    record Reader(Cid dao, byte[] reader) implements Request {}

    /** The second half: a MAC under what the reading key and the challenge agree on, 32 bytes. */
    record Proof(Cid dao, byte[] mac) implements Request {}

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
