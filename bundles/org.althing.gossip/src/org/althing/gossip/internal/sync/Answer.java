// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.sync.Replica;

/** What one node tells another. Lists answer the beginning of what was asked, at least one item of it. */
sealed interface Answer {

    /**
     * How far this node is.
     *
     * @param height of its last seal; -1 if it has none
     * @param head of that seal; empty if it has none
     * @param earliest height from which on it keeps bodies and entries
     */
    record Status(long height, Optional<Cid> head, long earliest) implements Answer {}

    record Headers(List<Link> links) implements Answer {
        public Headers {
            links = List.copyOf(links);
        }
    }

    /**
     * A header and what makes it final.
     *
     * @param notaries the keys that the header's next set stands for, if it is another than its own set
     */
    record Link(byte[] header, byte[] certificate, List<PublicKey> notaries) {
        public Link {
            notaries = List.copyOf(notaries);
        }
    }

    record Bodies(List<List<Cid>> bodies) implements Answer {
        public Bodies {
            bodies = List.copyOf(bodies);
        }
    }

    /** Entries in the order in which they were asked for; one that was asked for by its CID and is not here is empty. */
    record Entries(List<byte[]> entries) implements Answer {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    record Reconcile(byte[] message) implements Answer {}

    record Forks(List<Replica.Fork> forks) implements Answer {
        public Forks {
            forks = List.copyOf(forks);
        }
    }

    /** A fresh X25519 public key, 32 bytes. */
    record Challenge(byte[] key) implements Answer {}

    /** The group keys of a private DAO, oldest first, for who has proved to be a member's node. */
    record Granted(List<byte[]> groupKeys) implements Answer {
        public Granted {
            groupKeys = List.copyOf(groupKeys);
        }
    }

    /**
     * Names of messages that are kept; none if there are no more.
     *
     * @param next from which to ask on
     */
    record Mailbox(long next, List<Cid> names) implements Answer {
        public Mailbox {
            names = List.copyOf(names);
        }
    }

    /** Those of the messages asked for that are kept. */
    record Messages(List<byte[]> messages) implements Answer {
        public Messages {
            messages = List.copyOf(messages);
        }
    }

    record Refused(Code code, String reason) implements Answer {}

    /** Why a request is not answered; the order is that of the numbers on the wire. */
    enum Code {
        /** This node does not hold the DAO, or not for this peer. */
        UNKNOWN_DAO,
        /** There is no seal, or no place in one, such as was asked for. */
        OUT_OF_RANGE,
        /** More was asked for than one request may. */
        TOO_MANY,
        /** It should be here, but cannot be read now. */
        UNAVAILABLE,
        /** Later. */
        BUSY,
        /** The message of Negentropy is not one. */
        MALFORMED
    }
}
