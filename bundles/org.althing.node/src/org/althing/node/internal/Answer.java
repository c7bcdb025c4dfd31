// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.sync.Replica.EntryAnswer.Forked;

/** What became of an entry that was handed in. */
sealed interface Answer {

    Cid entry();

    /** Durable, not yet sealed. */
    record Pending(Cid entry) implements Answer {}

    record Sealed(Cid entry, long height) implements Answer {}

    /** Sealed without effect. */
    record Void(Cid entry, long height, String reason) implements Answer {}

    /**
     * Not kept.
     *
     * @param maybeLater whether it might be kept later
     * @param fork the proof, if its key has signed another entry with its number
     */
    record Refused(Cid entry, String reason, boolean maybeLater, Optional<Forked> fork) implements Answer {

        /** Refused for ever. */
        Refused(Cid entry, String reason) {
            this(entry, reason, false, Optional.empty());
        }
    }

    default Submission view() {
        return switch (this) {
            case Pending a -> new Submission(a.entry().toString(), "pending", "", -1);
            case Sealed a -> new Submission(a.entry().toString(), "sealed", "", a.height());
            case Void a -> new Submission(a.entry().toString(), "void", a.reason(), a.height());
            case Refused a -> new Submission(a.entry().toString(), "refused", a.reason(), -1);
        };
    }
}
