// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.util.List;

/**
 * What a count decides under the terms of its proposal.
 *
 * @param winners the options that won, best first; kept whether or not the quorum was met
 */
public record Decision(Verdict verdict, List<Integer> winners) {

    public Decision {
        winners = List.copyOf(winners);
    }

    public enum Verdict {
        PASSED,
        REJECTED,
        QUORUM_MISSED
    }
}
