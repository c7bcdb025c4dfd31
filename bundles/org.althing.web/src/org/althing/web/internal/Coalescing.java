// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.althing.api.AlthingException;
import org.jspecify.annotations.Nullable;

/**
 * Answers equal questions that are asked at the same time by working once: a node that many look at works for each thing they look at, not for
 * each of them. An answer is never older than its question: who comes while the work for others is under way waits for the next, with all who
 * come until that begins. Safe for use by many threads; each of them may block for as long as two pieces of work take.
 */
final class Coalescing {

    /** What is asked for; two that are equal have one answer, whoever asks. */
    record Question(String path, Map<String, String> query) {}

    /** Finds an answer; the same for everybody who asks this question now. */
    interface Work {
        Reply done() throws Problem, AlthingException;
    }

    /** The work under way for a question, and that for those who came since. */
    private static final class Line {
        private CompletableFuture<Reply> current = new CompletableFuture<>();
        private @Nullable CompletableFuture<Reply> next;
    }

    /**
     * What somebody who asks has to do.
     *
     * @param answer to be awaited, or given by who works
     * @param before what is under way, and must end before this work begins; null if there is none
     */
    private record Place(
            boolean works,
            CompletableFuture<Reply> answer,
            @Nullable CompletableFuture<Reply> before) {}

    private final Map<Question, Line> lines = new HashMap<>();

    /** The answer to a question, found by this thread or another. */
    Reply ask(Question question, Work work) throws Problem, AlthingException {
        Place place = place(question);
        return place.works() ? work(question, place, work) : await(place.answer());
    }

    private synchronized Place place(Question question) {
        Line line = lines.get(question);
        if (line == null) {
            Line fresh = new Line();
            lines.put(question, fresh);
            return new Place(true, fresh.current, null);
        }
        CompletableFuture<Reply> waiting = line.next;
        if (waiting != null) {
            return new Place(false, waiting, null);
        }
        CompletableFuture<Reply> mine = new CompletableFuture<>();
        line.next = mine;
        return new Place(true, mine, line.current);
    }

    private Reply work(Question question, Place place, Work work) throws Problem, AlthingException {
        CompletableFuture<Reply> before = place.before();
        if (before != null) {
            before.handle((reply, problem) -> null).join();
            begin(question, place.answer());
        }
        Reply reply;
        try {
            reply = work.done();
        } catch (Problem | AlthingException | RuntimeException | Error e) {
            end(question);
            place.answer().completeExceptionally(e);
            throw e;
        }
        end(question);
        place.answer().complete(reply);
        return reply;
    }

    private synchronized void begin(Question question, CompletableFuture<Reply> mine) {
        Line line = lines.get(question);
        line.current = mine;
        line.next = null;
    }

    /** Comes before the answer is given: whoever is next must find the line as it is left. */
    private synchronized void end(Question question) {
        if (lines.get(question).next == null) {
            lines.remove(question);
        }
    }

    private static Reply await(CompletableFuture<Reply> answer) throws Problem, AlthingException {
        try {
            return answer.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case Problem problem -> throw problem;
                case AlthingException problem -> throw problem;
                case RuntimeException problem -> throw problem;
                case null, default -> throw new IllegalStateException("the work for another failed", e.getCause());
            }
        }
    }
}
