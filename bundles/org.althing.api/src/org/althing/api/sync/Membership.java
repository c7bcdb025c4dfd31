// SPDX-License-Identifier: EPL-2.0
package org.althing.api.sync;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.net.PeerId;

/**
 * What a node has to do with a private DAO: the reading key by which it shows that it is a member's, and the group keys that members' nodes hand on to
 * each other. Safe for use by many threads; answers at once.
 */
public interface Membership {

    /** Size of a group key, and of the public half of a reading key, in bytes. */
    int KEY_SIZE_BYTES = 32;
    /** Group keys of one DAO. */
    int GROUP_KEYS_MAX = Body.GROUP_KEYS_MAX;

    /** The public half of this node's reading key: X25519, RFC 7748. */
    byte[] reader();

    /**
     * What this node's reading key and another public key agree on: 32 bytes, RFC 7748, section 6.1.
     *
     * @throws IllegalArgumentException if the other is no public key, or one of small order
     */
    byte[] agree(byte[] other);

    /** Whether an active member reads with this key, by the state as it is now. */
    boolean isReader(byte[] reader);

    /** With which keys active members read, by the state as it is now. */
    List<byte[]> readers();

    /** The group keys of the DAO that this node holds, oldest first. They are secret: only who has proved to be a reader may have them. */
    List<byte[]> groupKeys();

    /** Takes group keys that a peer gave; those that the DAO does not name do no harm, and nothing that another gave. On return what is of use is durable. */
    void bring(PeerId from, List<byte[]> keys);

    /**
     * Names of messages between members that this node keeps, for whomever they are.
     *
     * @param next where a later look goes on
     */
    record Mail(long next, List<Cid> messages) {
        public Mail {
            messages = List.copyOf(messages);
        }
    }

    /**
     * The messages that this node keeps, in the order in which they came, from a place on. Places ascend, and hold until the node ends.
     *
     * @param from 0, or {@link Mail#next} of an earlier look
     * @param max of the names that are given; there are no more if there are none
     */
    Mail mail(long from, int max);

    /** Complete bytes of those of these messages that this node keeps. */
    List<byte[]> messages(List<Cid> names);

    /** Those of these messages that this node does not keep. */
    List<Cid> lackingMessages(List<Cid> names);

    /**
     * Takes messages that a peer kept; each is judged.
     *
     * @return in the end, whether all were taken: one that was not may be later, by another state
     */
    CompletionStage<Boolean> bringMessages(List<byte[]> messages);

    /** Whether this node lacks a group key that it needs to go on: it should ask peers for it. */
    boolean lacksKeys();
}
