// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Optional;
import org.althing.api.node.Timer;
import org.althing.api.sync.SyncProgress;
import org.jspecify.annotations.Nullable;

/**
 * Whether a notary had better be silent, since seals that it does not have are on their way: what it signed now would be overtaken. Peers that
 * claim to be ahead and bring nothing are believed for {@link Limits#CATCH_UP_SILENCE_MAX_MILLIS} only, so that nobody can silence a notary by
 * talking. Belongs to the thread of its pipeline.
 */
final class CatchingUp {

    private final Pipeline pipeline;
    private final Desk desk;
    private long height = -2;
    private long sinceMillis;
    private boolean disbelieved;
    private Timer.@Nullable Wake recheck;

    CatchingUp(Pipeline pipeline, Desk desk) {
        this.pipeline = pipeline;
        this.desk = desk;
    }

    /** If so, whoever waits for the end of it is told in time by {@link Pipeline#caughtUp}. */
    boolean now() {
        if (pipeline.intake().isBusy()) {
            return true;
        }
        Optional<SyncProgress> progress = desk.progress(pipeline.ledger().dao());
        if (progress.isEmpty() || progress.get().isInSync()) {
            height = -2;
            disbelieved = false;
            return false;
        }
        long nowMillis = desk.timer().millis();
        if (disbelieved) {
            return false;
        }
        if (height != pipeline.state().height()) {
            height = pipeline.state().height();
            sinceMillis = nowMillis;
        }
        disbelieved = nowMillis - sinceMillis > Limits.CATCH_UP_SILENCE_MAX_MILLIS;
        if (!disbelieved && recheck == null) {
            recheck = desk.timer()
                    .at(
                            nowMillis + Limits.CATCH_UP_RECHECK_MILLIS,
                            () -> pipeline.thread().run(() -> {
                                recheck = null;
                                pipeline.caughtUp();
                            }));
        }
        return !disbelieved;
    }

    void close() {
        if (recheck != null) {
            recheck.cancel();
        }
    }
}
