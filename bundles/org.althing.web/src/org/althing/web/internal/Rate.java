// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
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
    boolean take(String key) {
        return reserve(key, 0).isPresent();
    }

    /**
     * Takes a token that is there, or one that will be.
     *
     * @return how long until it is there, in nanoseconds; empty if that is longer than the limit, and then none is taken
     */
    synchronized OptionalLong reserve(String key, long pauseMaxNanos) {
        Bucket bucket = filled(key);
        double left = bucket.tokens - 1;
        long pauseNanos = left < 0 ? (long) Math.ceil(-left / perNano) : 0;
        if (pauseNanos > pauseMaxNanos) {
            return OptionalLong.empty();
        }
        bucket.tokens = left;
        return OptionalLong.of(pauseNanos);
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
