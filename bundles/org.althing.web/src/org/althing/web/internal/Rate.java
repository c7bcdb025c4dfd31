// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token bucket for each key, in a table that forgets whoever was silent longest: at most so many at once, at most so many a second in the
 * long run. Safe for use by many threads.
 */
final class Rate {

    private final double perNano;
    private final int burst;
    private final LongSupplier nanoClock;
    private final LinkedHashMap<String, Bucket> buckets;

    private static final class Bucket {
        private double tokens;
        private long atNanos;
    }

    Rate(int perSecond, int burst, int keysMax, LongSupplier nanoClock) {
        this.perNano = (double) perSecond / TimeUnit.SECONDS.toNanos(1);
        this.burst = burst;
        this.nanoClock = nanoClock;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > keysMax;
            }
        };
    }

    /** Takes a token; false if there is none. */
    synchronized boolean take(String key) {
        Bucket bucket = filled(key);
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }

    private Bucket filled(String key) {
        long now = nanoClock.getAsLong();
        Bucket bucket = buckets.get(key);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.tokens = burst;
            buckets.put(key, bucket);
        } else {
            bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.atNanos) * perNano);
        }
        bucket.atNanos = now;
        return bucket;
    }
}
