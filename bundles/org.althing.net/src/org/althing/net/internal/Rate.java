// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

/** How often something may happen: so many times at once, and again as time goes on. Belongs to whoever guards it. */
final class Rate {

    private static final long SECOND_MILLIS = 1000;

    private final int perSecond;
    private final int burst;
    /** In thousandths, so that no part of a second is lost. */
    private long left;

    private long lastMillis;

    /** It begins with the whole burst. */
    Rate(int perSecond, int burst, long nowMillis) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst * SECOND_MILLIS;
        this.lastMillis = nowMillis;
    }

    /** Whether it may happen now; if so, it counts. A clock that is set back gives nothing. */
    boolean take(long nowMillis) {
        long passedMillis = Math.clamp(nowMillis - lastMillis, 0, SECOND_MILLIS * burst / perSecond);
        lastMillis = nowMillis;
        left = Math.min(burst * SECOND_MILLIS, left + passedMillis * perSecond);
        if (left < SECOND_MILLIS) {
            return false;
        }
        left -= SECOND_MILLIS;
        return true;
    }
}
