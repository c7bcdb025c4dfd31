// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.althing.api.net.NetCounters;

/** What a host counts. Safe for use by many threads. */
final class Counters {

    final LongAdder dials = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder framesIn = new LongAdder();
    final LongAdder framesOut = new LongAdder();
    private final Map<End, LongAdder> ends = new EnumMap<>(End.class);

    Counters() {
        for (End end : End.values()) {
            ends.put(end, new LongAdder());
        }
    }

    void ended(End end) {
        ends.get(end).increment();
    }

    NetCounters read(long inbound, long outbound) {
        Map<String, Long> kinds = new HashMap<>();
        ends.forEach((end, count) -> kinds.put(end.kind(), count.sum()));
        return new NetCounters(
                inbound, outbound, dials.sum(), bytesIn.sum(), bytesOut.sum(), framesIn.sum(), framesOut.sum(), kinds);
    }
}
