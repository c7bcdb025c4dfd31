// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.time.InstantSource;

/** A clock that can also wake somebody, so that a test or a simulator can be the time of a whole node. Safe for use by many threads. */
public interface Timer extends InstantSource {

    /**
     * Runs a short task once, at this time or soon after it; at once if the time has passed. The task runs on a thread of the timer and must
     * not block.
     *
     * @param timeMillis by {@link #millis()}
     */
    Wake at(long timeMillis, Runnable task);

    /** A task that waits for its time. */
    interface Wake {

        /** The task will not begin any more. Idempotent. */
        void cancel();
    }
}
