// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

/** A request under way to a peer. */
final class FetchAsk {

    private final long id;
    private final FetchJob job;
    private final long sentMillis;
    private final long deadlineMillis;
    private boolean late;

    FetchAsk(long id, FetchJob job, long sentMillis, long deadlineMillis) {
        this.id = id;
        this.job = job;
        this.sentMillis = sentMillis;
        this.deadlineMillis = deadlineMillis;
    }

    long id() {
        return id;
    }

    FetchJob job() {
        return job;
    }

    long sentMillis() {
        return sentMillis;
    }

    long deadlineMillis() {
        return deadlineMillis;
    }

    /** Whether its time is over: others are asked, but an answer is still welcome. */
    boolean isLate() {
        return late;
    }

    void setLate() {
        late = true;
    }
}
