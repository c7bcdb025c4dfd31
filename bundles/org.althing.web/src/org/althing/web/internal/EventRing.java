// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.althing.api.node.Feed.Happening;
import org.jspecify.annotations.Nullable;

/**
 * The last {@link HttpLimits#EVENTS_KEPT_MAX} things that happened, numbered from 1. Who reads keeps a place of its own, so a slow reader
 * holds up nobody and takes no memory: what it has not read in time is lost to it, and it is told. Safe for use by many threads.
 */
final class EventRing {

    /** One thing that happened. */
    record Numbered(long number, Happening happening) {}

    /**
     * What a reader gets.
     *
     * @param lost whether something after its place has been forgotten
     * @param next its place from now on
     */
    record Batch(List<Numbered> events, boolean lost, long next) {}

    private final String epoch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final @Nullable Happening[] kept;
    private long last;
    private boolean closed;

    /**
     * @param epoch letters and digits that no other ring has: numbers of another one mean nothing here
     */
    EventRing(String epoch, int keptMax) {
        this.epoch = epoch;
        this.kept = new Happening[keptMax];
    }

    void add(Happening happening) {
        lock.lock();
        try {
            kept[slot(++last)] = happening;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int slot(long number) {
        return (int) (number % kept.length);
    }

    long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** At most {@link HttpLimits#EVENTS_AT_ONCE_MAX} events that follow a place; waits if none do yet, but not longer than this. */
    Batch after(long place, long waitMaxMillis) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(waitMaxMillis);
            while (last == place && !closed && leftNanos > 0) {
                leftNanos = more.awaitNanos(leftNanos);
            }
            if (place < Math.max(0, last - kept.length) || place > last) {
                return new Batch(List.of(), true, last);
            }
            // Nothing here depends on how much is kept: those who make things happen wait for this lock.
            long next = Math.min(last, place + HttpLimits.EVENTS_AT_ONCE_MAX);
            List<Numbered> events = new ArrayList<>((int) (next - place));
            for (long number = place + 1; number <= next; number++) {
                events.add(new Numbered(number, Objects.requireNonNull(kept[slot(number)])));
            }
            return new Batch(events, false, next);
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everybody who waits. */
    void close() {
        lock.lock();
        try {
            closed = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    String id(long number) {
        return epoch + "-" + number;
    }

    /** The place that an id names; empty if it is of another ring. */
    OptionalLong place(String id) {
        if (!id.startsWith(epoch + "-")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(id.substring(epoch.length() + 1)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
