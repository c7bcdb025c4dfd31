// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;

/**
 * Decodes entries and checks their signatures, on the calling thread and as many more as there are processors. Decoding goes into the same
 * parallel chunks, since it is what would else keep the other processors waiting. Safe for use by many threads.
 */
final class Verifier {

    /** Entries that a thread takes at once: about a millisecond of work. */
    private static final int CHUNK_ENTRIES = 16;

    private final Ed25519 signatures;
    private final Executor helpers;
    private final int helpersMax;

    /** @param helpers lends threads; the caller works too, so a busy or closed executor slows down, but never blocks */
    Verifier(Ed25519 signatures, Executor helpers, int processors) {
        this.signatures = signatures;
        this.helpers = helpers;
        this.helpersMax = processors - 1;
    }

    Ed25519 signatures() {
        return signatures;
    }

    /** @param known whether an entry is in the ledger already, so that a replay costs no signature check */
    List<Checked> check(List<byte[]> entries, Predicate<Entry> known) {
        return begin(entries, known).finish();
    }

    /**
     * Has helpers begin to check entries. Who begins the next entries before it finishes these leaves no processor without work in
     * between.
     *
     * @param known see {@link #check(List, Predicate)}
     */
    Run begin(List<byte[]> entries, Predicate<Entry> known) {
        Run run = new Run(entries, known);
        int chunks = (entries.size() + CHUNK_ENTRIES - 1) / CHUNK_ENTRIES;
        for (int i = 0; i < Math.min(chunks - 1, helpersMax); i++) {
            lend(run);
        }
        return run;
    }

    /** Has helpers check entries; the caller does not wait, and works only if nobody else does any more. */
    CompletableFuture<List<Checked>> checkAll(List<byte[]> entries) {
        Run run = new Run(entries, entry -> false);
        int chunks = (entries.size() + CHUNK_ENTRIES - 1) / CHUNK_ENTRIES;
        boolean lent = true;
        for (int i = 0; i < Math.min(chunks, helpersMax + 1); i++) {
            lent &= lend(run);
        }
        if (!lent) {
            run.run();
        }
        return run.done;
    }

    /** Does other work of the kind on a helper's thread. */
    <T> CompletableFuture<T> later(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, helpers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private boolean lend(Run run) {
        try {
            helpers.execute(run);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // The caller does all the work then.
        }
    }

    Checked check(byte[] bytes, Predicate<Entry> known) {
        Entry entry;
        try {
            entry = EntryCodec.decode(bytes);
        } catch (MalformedException e) {
            return new Checked.Bad(Cid.hash(bytes), "not an entry: " + e.getMessage());
        }
        if (known.test(entry)) {
            return new Checked.Known(entry);
        }
        return signatures.verify(entry.key(), EntryCodec.signedMessage(bytes), entry.signature())
                ? new Checked.Genuine(entry, bytes)
                : new Checked.Bad(entry.cid(), "its signature is not by " + entry.key());
    }

    /** Entries being checked. */
    final class Run implements Runnable {

        private final List<byte[]> entries;
        private final Predicate<Entry> known;
        private final Checked[] results;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger open;
        private final CompletableFuture<List<Checked>> done = new CompletableFuture<>();

        private Run(List<byte[]> entries, Predicate<Entry> known) {
            this.entries = entries;
            this.known = known;
            this.results = new Checked[entries.size()];
            this.open = new AtomicInteger(entries.size());
            if (entries.isEmpty()) {
                done.complete(List.of());
            }
        }

        /** Does a helper's part. */
        @Override
        public void run() {
            for (int from = next.getAndAdd(CHUNK_ENTRIES);
                    from >= 0 && from < results.length;
                    from = next.getAndAdd(CHUNK_ENTRIES)) {
                for (int i = from; i < Math.min(from + CHUNK_ENTRIES, results.length); i++) {
                    checkOne(i);
                }
            }
        }

        private void checkOne(int index) {
            try {
                results[index] = check(entries.get(index), known);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(new IllegalStateException("an entry could not be checked", e));
            }
            if (open.decrementAndGet() == 0) {
                done.complete(Arrays.asList(results));
            }
        }

        /** Checks what nobody has checked yet, and waits for the rest; in the order of the entries. */
        List<Checked> finish() {
            run();
            try {
                return done.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while signatures were checked", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
