// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.util.List;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica;

/** What a {@link PendingSync} wants done. */
sealed interface PendingAction {

    record Ask(PeerId peer, long id, Request request) implements PendingAction {}

    /** Bring the node entries that a peer has pending; then tell, with this number, what became of them. */
    record Bring(long id, List<byte[]> entries) implements PendingAction {
        public Bring {
            entries = List.copyOf(entries);
        }
    }

    /** Gossip the proof that a key has forked. */
    record Publish(Replica.Fork proof) implements PendingAction {}

    /** A peer was slow, or what it offers is of no use. */
    record Pause(PeerId peer, String reason, long millis) implements PendingAction {}

    /** A peer has lied or broken the protocol. */
    record Ban(PeerId peer, String reason) implements PendingAction {}
}
