// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.althing.api.node.Feed;
import org.althing.web.internal.Coalescing.Question;

/**
 * Answers that are kept until what they tell of changes: while many look at a DAO, a node works for each of its seals, not for each of them. That bundles come and go is not told here, so that no answer is kept longer than {@link HttpLimits#KEPT_MAX_NANOS}. Safe for use by
 * many threads.
 */
final class Kept {

    /** What ends an answer. */
    enum Until {
        SEAL,
        /** Or entries that are pending. */
        CHANGE
    }

    private record Answer(Reply reply, long changes, long nanos) {}

    private final LongSupplier nanoClock;
    private final Map<Question, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Answer> eldest) {
            return size() > HttpLimits.KEPT_ANSWERS_MAX;
        }
    };
    private final long[] changes = new long[Until.values().length];

    Kept(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Told before those who may ask because of it. */
    synchronized void happened(Feed.Happening happening) {
        switch (happening) {
            case Feed.Sealed sealed -> {
                changes[Until.SEAL.ordinal()]++;
                changes[Until.CHANGE.ordinal()]++;
            }
            case Feed.EntriesTaken pending -> changes[Until.CHANGE.ordinal()]++;
            case Feed.ProposalChanged part -> {}
            case Feed.CatchingUp progress -> {}
        }
    }

    /** How many changes there were; to be asked before an answer is looked for that {@link #keep} gets. */
    synchronized long changes(Until until) {
        return changes[until.ordinal()];
    }

    /** What was answered since the last change. */
    synchronized Optional<Reply> find(Question question, Until until) {
        Answer answer = answers.get(question);
        if (answer == null
                || answer.changes() != changes[until.ordinal()]
                || nanoClock.getAsLong() - answer.nanos() >= HttpLimits.KEPT_MAX_NANOS) {
            return Optional.empty();
        }
        return Optional.of(answer.reply());
    }

    /** @param before the changes before the answer was looked for, of the kind that it will be asked for by */
    synchronized void keep(Question question, Reply reply, long before) {
        if (reply.content() instanceof Reply.Bytes content
                && content.bytes().length <= HttpLimits.KEPT_ANSWER_SIZE_MAX_BYTES) {
            answers.put(question, new Answer(reply, before, nanoClock.getAsLong()));
        }
    }
}
