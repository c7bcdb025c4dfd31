// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.althing.api.Cid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that changes a DAO. It never waits for the disk: what is to follow a write is run when the disk has it. */
final class DaoThread {

    private static final Logger LOG = LoggerFactory.getLogger(DaoThread.class);

    /** Steps that follow each other on one stack: a ledger that answers at once must not make it grow with every seal. */
    private static final int DEPTH_MAX = 16;

    private final Cid dao;
    private final Failing failing;
    private final ExecutorService thread;
    private int depth;

    /** Is told, on the thread, that nothing can go on. */
    interface Failing {
        void failed(String reason, Throwable cause);
    }

    DaoThread(Cid dao, Failing failing) {
        this.dao = dao;
        this.failing = failing;
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .daemon()
                .name("althing-dao-" + dao.toString().substring(0, 16))
                .factory());
    }

    /** Runs a task on the thread; false if it has stopped. A task that fails shows a bug. */
    boolean run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("bug in the pipeline of {}", dao, e);
                    failing.failed("a bug in the node (" + e + "); restart it and report the log", e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Goes on when the disk has it; called on the thread. */
    void after(CompletableFuture<Void> durable, Runnable next) {
        if (durable.isDone() && !durable.isCompletedExceptionally() && depth < DEPTH_MAX) {
            depth++;
            try {
                next.run();
            } finally {
                depth--;
            }
            return;
        }
        durable.whenComplete((nothing, failure) -> run(
                failure == null
                        ? next
                        : () -> failing.failed(
                                "the disk failed (" + message(failure) + "); make it writable and restart the node",
                                failure)));
    }

    private static String message(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? String.valueOf(failure.getCause().getMessage())
                : String.valueOf(failure.getMessage());
    }

    /** Takes no more tasks, and waits for those there are; whether all have ended. */
    boolean close() {
        thread.shutdown();
        try {
            boolean ended = thread.awaitTermination(Limits.CLOSE_WAIT_MAX_MILLIS, TimeUnit.MILLISECONDS);
            if (!ended) {
                LOG.warn("the pipeline of {} still works", dao);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
