// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.althing.api.node.Timer;

/** Time that stands still until it is told to go on. Survives its nodes, as the world's does. */
final class ManualTimer implements Timer {

    private record Task(long timeMillis, Runnable task) {}

    private final List<Task> tasks = new ArrayList<>();
    private long nowMillis;

    ManualTimer(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    @Override
    public synchronized Instant instant() {
        return Instant.ofEpochMilli(nowMillis);
    }

    @Override
    public Wake at(long timeMillis, Runnable task) {
        Task waiting = new Task(timeMillis, task);
        synchronized (this) {
            if (timeMillis > nowMillis) {
                tasks.add(waiting);
                return () -> cancel(waiting);
            }
        }
        task.run();
        return () -> {};
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    /** Lets time go on to this point, through every task on the way. */
    void advanceTo(long timeMillis) {
        for (Task next = next(timeMillis); next != null; next = next(timeMillis)) {
            next.task().run();
        }
    }

    void advance(long millis) {
        advanceTo(instant().toEpochMilli() + millis);
    }

    private synchronized Task next(long untilMillis) {
        Task next = tasks.stream()
                .filter(task -> task.timeMillis() <= untilMillis)
                .min(Comparator.comparingLong(Task::timeMillis))
                .orElse(null);
        nowMillis = Math.max(nowMillis, next == null ? untilMillis : next.timeMillis());
        tasks.remove(next);
        return next;
    }
}
