// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RateTest {

    private static final int PER_SECOND = 2;
    private static final int BURST = 3;

    private final Rate rate = new Rate(PER_SECOND, BURST, 1_000_000);

    private int taken(long nowMillis) {
        int taken = 0;
        while (rate.take(nowMillis)) {
            taken++;
        }
        return taken;
    }

    @Example
    void aBurstIsTakenAtOnceAndNoMore() {
        assertThat(taken(1_000_000)).isEqualTo(BURST);
    }

    @Example
    void timeGivesBackUpToTheBurst() {
        taken(1_000_000);

        assertThat(taken(1_000_499)).isZero();
        assertThat(taken(1_000_500)).isEqualTo(1);
        assertThat(taken(Long.MAX_VALUE)).isEqualTo(BURST);
    }

    @Example
    void aClockThatIsSetBackGivesNothing() {
        taken(1_000_000);

        assertThat(taken(0)).isZero();
        assertThat(taken(500)).isEqualTo(1);
    }

    @Property(tries = 200)
    void neverMoreThanTheBurstAndWhatTimeGave(@ForAll @Size(max = 50) List<@IntRange(max = 700) Integer> waits) {
        long now = 1_000_000;
        int taken = 0;
        for (int wait : waits) {
            now += wait;
            taken += taken(now);
        }
        assertThat((long) taken).isLessThanOrEqualTo(BURST + (now - 1_000_000) * PER_SECOND / 1000);
    }
}
