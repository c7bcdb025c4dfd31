// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.VotingMethod;
import org.althing.methods.internal.Copeland;
import org.althing.methods.internal.InstantRunoff;
import org.junit.jupiter.api.Test;

class TallyBenchTest {

    private static final String SNAPSHOT = "snapshot";

    @Test
    void whereAMethodHasTheRuleOfSnapshotThatOneIsCompared() {
        for (VotingMethod method : List.of(new InstantRunoff(), new Copeland())) {
            assertThat(method.variants()).contains(SNAPSHOT);
            assertThat(TallyBench.METHODS.keySet())
                    .filteredOn(compared -> MethodId.parse(compared).id().equals(method.id()))
                    .containsExactly(new MethodId(method.id(), SNAPSHOT).toString());
        }
    }
}
