// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.concurrent.TimeUnit;
import org.althing.api.PublicKey;

/**
 * How many entries each owner of keys has sealed on one day. Follows from the seals alone; not part of the state's root.
 *
 * @param day of seal time, in days (UTC) since 1970
 */
record Usage(long day, Trie<PublicKey, Integer> counts) {

    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    static Usage none() {
        return new Usage(-1, Trie.empty(PublicKey::toBytes));
    }

    /** The usage so far on the day of a seal: nothing, if the seal is the day's first. */
    Usage on(long timeMillis) {
        long today = Math.floorDiv(timeMillis, DAY_MILLIS);
        return today == day ? this : new Usage(today, Trie.empty(PublicKey::toBytes));
    }

    int of(PublicKey owner) {
        return counts.get(owner).orElse(0);
    }

    Usage plus(PublicKey owner, int entries) {
        return new Usage(day, counts.with(owner, of(owner) + entries));
    }
}
