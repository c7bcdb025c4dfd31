// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ledger.DaoLedger;

/** A ledger that is read only, at most so fast, and perhaps not truthfully. */
final class ServedLedger implements DaoLedger {

    /** Of the entries, one in so many is another than it should be. */
    private static final int LIES_ONE_IN = 20;
    /** A reader that is ahead of its time by this much waits. */
    private static final long AHEAD_MAX_NANOS = 2_000_000;
    /** What a reader has not used is not saved up for longer than this. */
    private static final long BEHIND_MAX_NANOS = 10_000_000;

    private final DaoLedger ledger;
    private final double nanosPerByte;
    private final boolean lies;
    private long dueNanos = System.nanoTime();

    /** @param bytesPerSecondMax of entries; 0 for no limit */
    ServedLedger(DaoLedger ledger, long bytesPerSecondMax, boolean lies) {
        this.ledger = ledger;
        this.nanosPerByte = bytesPerSecondMax == 0 ? 0 : (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecondMax;
        this.lies = lies;
    }

    @Override
    public Optional<byte[]> entry(Cid entry) throws AlthingException {
        Optional<byte[]> found = ledger.entry(entry);
        if (found.isPresent()) {
            byte[] bytes = found.get();
            if (lies && Math.floorMod(entry.hashCode(), LIES_ONE_IN) == 0) {
                bytes[bytes.length - 1] ^= 1;
            }
            pace((long) (bytes.length * nanosPerByte));
        }
        return found;
    }

    private synchronized void pace(long nanos) {
        dueNanos = Math.max(dueNanos, System.nanoTime() - BEHIND_MAX_NANOS) + nanos;
        while (dueNanos - System.nanoTime() > AHEAD_MAX_NANOS) {
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
    }

    @Override
    public Cid dao() {
        return ledger.dao();
    }

    @Override
    public CompletableFuture<Void> add(List<byte[]> entries) {
        return refused();
    }

    @Override
    public CompletableFuture<Void> seal(Seal seal) {
        return refused();
    }

    @Override
    public CompletableFuture<Void> drop(Cid entry) {
        return refused();
    }

    @Override
    public CompletableFuture<Void> vote(byte[] vote) {
        return refused();
    }

    private static CompletableFuture<Void> refused() {
        return CompletableFuture.failedFuture(new AlthingException("this ledger is for reading", null));
    }

    @Override
    public boolean has(Cid entry) {
        return ledger.has(entry);
    }

    @Override
    public OptionalLong sealedAt(Cid entry) {
        return ledger.sealedAt(entry);
    }

    @Override
    public List<Cid> pending() {
        return ledger.pending();
    }

    @Override
    public long entries() {
        return ledger.entries();
    }

    @Override
    public long height() {
        return ledger.height();
    }

    @Override
    public Optional<Seal> seal(long height) throws AlthingException {
        return ledger.seal(height);
    }

    @Override
    public List<Damage> damage() {
        return ledger.damage();
    }

    @Override
    public List<Damage> scrub() throws AlthingException {
        return ledger.scrub();
    }

    @Override
    public List<byte[]> votes() throws AlthingException {
        return ledger.votes();
    }
}
