// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

/** How much comes a second, lately: what came in full periods counts half as much after each further one. */
final class Throughput {

    private final long periodMillis;
    private long periodStartMillis = Long.MIN_VALUE;
    private long count;
    private long mean;
    private boolean measured;

    Throughput(long periodMillis) {
        this.periodMillis = periodMillis;
    }

    void add(long more, long nowMillis) {
        roll(nowMillis);
        count += more;
    }

    long perSecond(long nowMillis) {
        roll(nowMillis);
        return measured ? mean * 1000 / periodMillis : count * 1000 / periodMillis;
    }

    private void roll(long nowMillis) {
        if (periodStartMillis == Long.MIN_VALUE) {
            periodStartMillis = nowMillis;
        }
        long periods = Math.max(0, (nowMillis - periodStartMillis) / periodMillis);
        if (periods == 0) {
            return;
        }
        mean = measured ? (mean + count) / 2 : count;
        mean = periods > Long.SIZE ? 0 : mean >> periods - 1;
        measured = true;
        count = 0;
        periodStartMillis += periods * periodMillis;
    }
}
