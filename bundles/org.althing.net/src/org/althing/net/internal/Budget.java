// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Memory that received bytes may take, within that of somebody larger. Safe for use by many threads. */
final class Budget {

    /** What all connections of a host may keep of received bytes. */
    static final long HOST_MAX_BYTES = 256L << 20;

    /** What one connection may. */
    static final long CONNECTION_MAX_BYTES = 16L << 20;

    private final long maxBytes;
    private final @Nullable Budget larger;
    private final AtomicLong takenBytes = new AtomicLong();

    Budget(long maxBytes, @Nullable Budget larger) {
        this.maxBytes = maxBytes;
        this.larger = larger;
    }

    /** Takes memory, or gives it back if negative; false, and nothing taken, if there is not so much. */
    boolean take(long bytes) {
        if (takenBytes.addAndGet(bytes) > maxBytes && bytes > 0 || larger != null && !larger.take(bytes)) {
            takenBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    long takenBytes() {
        return takenBytes.get();
    }
}
