// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.HashMap;
import java.util.Map;
import org.althing.gossip.internal.pubsub.Event.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts on recent messages, kept for one to two times {@link RouterLimits#SEEN_MIN_MILLIS}; less when more than
 * {@link RouterLimits#SEEN_MAX} came. Two generations: forgetting the older one is all the upkeep there is.
 */
final class SeenCache {

    /** A guess of the heap that one id takes. */
    static final int ENTRY_BYTES = 96;

    private Map<MessageId, Verdict> young = new HashMap<>();
    private Map<MessageId, Verdict> old = new HashMap<>();
    private long bornMillis;

    @Nullable
    Verdict get(MessageId id) {
        Verdict verdict = young.get(id);
        return verdict != null ? verdict : old.get(id);
    }

    void put(MessageId id, Verdict verdict, long nowMillis) {
        if (young.size() >= RouterLimits.SEEN_MAX / 2) {
            age(nowMillis);
        }
        young.put(id, verdict);
    }

    void heartbeat(long nowMillis) {
        if (nowMillis - bornMillis >= RouterLimits.SEEN_MIN_MILLIS) {
            age(nowMillis);
        }
    }

    int size() {
        return young.size() + old.size();
    }

    private void age(long nowMillis) {
        old = young;
        young = new HashMap<>();
        bornMillis = nowMillis;
    }
}
