// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateTest {

    private final AtomicLong nowNanos = new AtomicLong(-5);
    private final Rate rate = new Rate(2, 3, 2, nowNanos::get);

    @Test
    void aBurstIsGrantedAndThenSoManyASecond() {
        assertThat(taken("a", 10)).isEqualTo(3);
        nowNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(taken("a", 10)).isEqualTo(1);
        nowNanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(taken("a", 10)).isEqualTo(3);
    }

    @Test
    void oneAddressDoesNotUseUpAnothers() {
        assertThat(taken("a", 10)).isEqualTo(3);
        assertThat(taken("b", 10)).isEqualTo(3);
    }

    @Test
    void givenMoreKeysThanItRemembers_thenTheOneSilentLongestIsForgotten() {
        taken("a", 3);
        taken("b", 3);
        assertThat(rate.take("a")).isFalse();
        taken("c", 3);
        assertThat(rate.take("a")).isFalse();
        assertThat(rate.take("b")).isTrue();
    }

    @Test
    void whoComesALittleTooEarlyWaitsForItsTurn() {
        long pauseMaxNanos = TimeUnit.MILLISECONDS.toNanos(1_200);
        taken("a", 3);
        assertThat(rate.reserve("a", pauseMaxNanos)).hasValue(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(rate.reserve("a", pauseMaxNanos)).hasValue(TimeUnit.MILLISECONDS.toNanos(1_000));
        assertThat(rate.reserve("a", pauseMaxNanos)).isEmpty();
        nowNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_500));
        assertThat(rate.reserve("a", pauseMaxNanos)).hasValue(0);
    }

    private int taken(String key, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += rate.take(key) ? 1 : 0;
        }
        return taken;
    }
}
