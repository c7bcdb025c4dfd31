// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.Submission;

/** What became of an entry that was handed in. */
sealed interface Answer {

    Cid entry();

    /** Durable, not yet sealed. */
    record Pending(Cid entry) implements Answer {}

    record Sealed(Cid entry, long height) implements Answer {}

    /** Sealed without effect. */
    record Void(Cid entry, long height, String reason) implements Answer {}

    /** Not kept. */
    record Refused(Cid entry, String reason) implements Answer {}

    default Submission view() {
        return switch (this) {
            case Pending a -> new Submission(a.entry().toString(), "pending", "", -1);
            case Sealed a -> new Submission(a.entry().toString(), "sealed", "", a.height());
            case Void a -> new Submission(a.entry().toString(), "void", a.reason(), a.height());
            case Refused a -> new Submission(a.entry().toString(), "refused", a.reason(), -1);
        };
    }
}
