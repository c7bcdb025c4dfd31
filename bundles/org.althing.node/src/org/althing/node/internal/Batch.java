// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.althing.api.Cid;

/** Entries that came together, and what has become of each so far. Belongs to the thread of its pipeline. */
final class Batch {

    private final List<Checked> entries;
    private final Answer[] answers;
    private final Origin origin;
    private final CompletableFuture<List<Answer>> done = new CompletableFuture<>();
    private List<Integer> open;
    private int passes;

    Batch(List<Checked> entries, Origin origin) {
        this.entries = entries;
        this.answers = new Answer[entries.size()];
        this.origin = origin;
        this.open = java.util.stream.IntStream.range(0, entries.size()).boxed().toList();
    }

    Origin origin() {
        return origin;
    }

    CompletableFuture<List<Answer>> done() {
        return done;
    }

    Checked entry(int index) {
        return entries.get(index);
    }

    int size() {
        return entries.size();
    }

    /** One of its genuine entries. */
    Optional<byte[]> bytes(Cid cid) {
        return entries.stream()
                .filter(Checked.Genuine.class::isInstance)
                .map(Checked.Genuine.class::cast)
                .filter(genuine -> genuine.entry().cid().equals(cid))
                .map(Checked.Genuine::bytes)
                .findFirst();
    }

    void answer(int index, Answer answer) {
        answers[index] = answer;
    }

    /** Begins a pass: the entries that have no answer yet. */
    List<Integer> begin() {
        passes++;
        List<Integer> now = open;
        open = new ArrayList<>();
        return now;
    }

    /** Puts an entry off until the pending ones are sealed. */
    void putOff(int index) {
        open.add(index);
    }

    boolean mayPutOff() {
        return passes < Limits.PASSES_MAX;
    }

    /** From now on nothing is put off any more. */
    void lastPass() {
        passes = Limits.PASSES_MAX - 1;
    }

    boolean isAnswered() {
        return open.isEmpty();
    }

    void complete() {
        done.complete(Arrays.asList(answers));
    }
}
