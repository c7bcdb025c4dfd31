// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.althing.api.node.Feed.Happening;

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
    private final int keptMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final ArrayDeque<Numbered> kept = new ArrayDeque<>();
    private long last;
    private boolean closed;

    /**
     * @param epoch letters and digits that no other ring has: numbers of another one mean nothing here
     */
    EventRing(String epoch, int keptMax) {
        this.epoch = epoch;
        this.keptMax = keptMax;
    }

    void add(Happening happening) {
        lock.lock();
        try {
            kept.add(new Numbered(++last, happening));
            if (kept.size() > keptMax) {
                kept.remove();
            }
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** What follows a place; waits if nothing does yet, but not longer than this. */
    Batch after(long place, long waitMaxMillis) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(waitMaxMillis);
            while (last == place && !closed && leftNanos > 0) {
                leftNanos = more.awaitNanos(leftNanos);
            }
            long oldest = last - kept.size();
            if (place < oldest || place > last) {
                return new Batch(List.of(), true, last);
            }
            List<Numbered> events = new ArrayList<>();
            kept.stream().filter(event -> event.number() > place).forEach(events::add);
            return new Batch(events, false, last);
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
