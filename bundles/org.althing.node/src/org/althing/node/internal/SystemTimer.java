// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.althing.api.node.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time of this machine. */
final class SystemTimer implements Timer, AutoCloseable {

    /** A clock may be set, and a laptop sleeps: whoever waits looks at the clock again this often. */
    private static final long RECHECK_MILLIS = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(SystemTimer.class);

    private final Clock clock = Clock.systemUTC();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("althing-timer").factory());

    SystemTimer() {
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Instant instant() {
        return clock.instant();
    }

    @Override
    public Wake at(long timeMillis, Runnable task) {
        AtomicBoolean cancelled = new AtomicBoolean();
        await(timeMillis, task, cancelled);
        return () -> cancelled.set(true);
    }

    private void await(long timeMillis, Runnable task, AtomicBoolean cancelled) {
        long delayMillis = Math.clamp(timeMillis - millis(), 0, RECHECK_MILLIS);
        try {
            thread.schedule(() -> check(timeMillis, task, cancelled), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The node is stopping: nobody wants to be woken.
        }
    }

    private void check(long timeMillis, Runnable task, AtomicBoolean cancelled) {
        if (cancelled.get()) {
            return;
        }
        if (millis() < timeMillis) {
            await(timeMillis, task, cancelled);
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a timer's task failed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
