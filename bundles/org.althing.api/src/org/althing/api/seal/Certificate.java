// SPDX-License-Identifier: EPL-2.0
package org.althing.api.seal;

import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;

/**
 * Votes of one kind for one header by a quorum of the notary set. Hashed into nothing.
 *
 * @param votes by ascending key, each key once
 */
public record Certificate(Kind kind, Cid dao, long epoch, long view, Cid header, List<Vote> votes) {

    public Certificate {
        votes = List.copyOf(votes);
    }

    public enum Kind {
        NOTARIZE,
        FINALIZE
    }

    /**
     * One vote.
     *
     * @param signature over the tag {@code althing-vote-1} and [kind, dao, epoch, view, header]
     */
    public record Vote(PublicKey key, Signature signature) {}
}
