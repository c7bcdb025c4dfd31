// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.cli;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.althing.api.node.Timer;

/** Time that stands still between the commands of a test. */
final class SteppedTimer implements Timer {

    private final List<Task> tasks = new CopyOnWriteArrayList<>();
    private volatile long nowMillis;

    SteppedTimer(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    private record Task(long timeMillis, Runnable task) {}

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMillis);
    }

    @Override
    public Wake at(long timeMillis, Runnable task) {
        Task waiting = new Task(timeMillis, task);
        tasks.add(waiting);
        if (timeMillis <= nowMillis && tasks.remove(waiting)) {
            task.run();
        }
        return () -> tasks.remove(waiting);
    }

    /** Lets time go on, through every task on the way. */
    void advance(long millis) {
        long until = nowMillis + millis;
        while (true) {
            Task next = tasks.stream()
                    .filter(t -> t.timeMillis() <= until)
                    .min(Comparator.comparingLong(Task::timeMillis))
                    .orElse(null);
            if (next == null) {
                nowMillis = until;
                return;
            }
            nowMillis = Math.max(nowMillis, next.timeMillis());
            if (tasks.remove(next)) {
                next.task().run();
            }
        }
    }
}
