// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.List;
import org.althing.api.tally.TallyEngine;
import org.althing.methods.internal.ApprovalVoting;
import org.althing.methods.internal.Basic;
import org.althing.methods.internal.Schulze;
import org.althing.tally.internal.Engines;

/** Engines with the methods that are shipped. */
final class Methods {

    private Methods() {}

    static TallyEngine all() {
        return Engines.of(List.of(new Basic(), new Schulze(), new ApprovalVoting()));
    }

    static TallyEngine none() {
        return Engines.of(List.of());
    }
}
