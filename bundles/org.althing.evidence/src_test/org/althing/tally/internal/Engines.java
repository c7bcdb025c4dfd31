// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.util.List;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.VotingMethod;

/** The tally engine that is shipped, with a fixed set of methods; lives here since only this package can make one. */
public final class Engines {

    private Engines() {}

    public static TallyEngine of(List<VotingMethod> methods) {
        return new DynamicTallyEngine(methods);
    }
}
