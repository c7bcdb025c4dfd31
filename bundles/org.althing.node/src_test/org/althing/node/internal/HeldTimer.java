// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.time.Instant;
import java.util.PriorityQueue;
import org.althing.api.node.Timer;
import org.althing.testkit.governance.TestDao;

/** Time that a test lets go on; tasks run at once. */
final class HeldTimer implements Timer {

    private record Task(long millis, Runnable run) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>((a, b) -> Long.compare(a.millis, b.millis));
    private long now = TestDao.START_MILLIS;

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(now);
    }

    @Override
    public Wake at(long timeMillis, Runnable run) {
        Task task = new Task(timeMillis, run);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    void advance(long millis) {
        now += millis;
        while (!tasks.isEmpty() && tasks.peek().millis <= now) {
            tasks.remove().run.run();
        }
    }
}
