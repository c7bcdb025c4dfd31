// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was turned away, by reason. Safe for use by many threads. */
final class Refusals {

    enum Reason {
        HOST,
        ORIGIN,
        RATE,
        SIZE,
        SLOW,
        CONNECTIONS,
        STREAMS,
        TOKEN,
        MALFORMED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

    Refusals() {
        for (Reason reason : Reason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void count(Reason reason) {
        adder(reason).increment();
    }

    long of(Reason reason) {
        return adder(reason).sum();
    }

    private LongAdder adder(Reason reason) {
        LongAdder adder = counts.get(reason);
        if (adder == null) {
            throw new IllegalStateException("every reason has a counter");
        }
        return adder;
    }
}
