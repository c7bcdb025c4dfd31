// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.althing.api.assembly.Assembly.SyncView;
import org.althing.api.node.Timer;
import org.jspecify.annotations.Nullable;

/** Looks once in a while how far DAOs have caught up with their peers, and tells what has changed while they are behind. */
final class ProgressNews implements AutoCloseable {

    private final Supplier<List<SyncView>> progress;
    private final Timer timer;
    private final Consumer<SyncView> told;
    private final Map<String, SyncView> last = new HashMap<>();
    private Timer.@Nullable Wake next;
    private boolean closed;

    /** @param told must return at once */
    ProgressNews(Supplier<List<SyncView>> progress, Timer timer, Consumer<SyncView> told) {
        this.progress = progress;
        this.timer = timer;
        this.told = told;
    }

    synchronized void look() {
        if (closed) {
            return;
        }
        for (SyncView now : progress.get()) {
            SyncView before = last.put(now.dao(), now);
            boolean isNews = now.inSync() ? before != null && !before.inSync() : !now.equals(before);
            if (isNews) {
                told.accept(now);
            }
        }
        next = timer.at(timer.millis() + Limits.PROGRESS_PERIOD_MILLIS, this::look);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
    }
}
