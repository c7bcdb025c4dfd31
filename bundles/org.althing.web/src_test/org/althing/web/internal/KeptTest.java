// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.althing.api.node.Feed;
import org.althing.web.internal.Coalescing.Question;
import org.althing.web.internal.Kept.Until;
import org.junit.jupiter.api.Test;

class KeptTest {

    private static final Question MEMBERS = question("/members");
    private static final Reply REPLY = reply(10);
    private static final Feed.Happening SEAL = new Feed.Sealed("dao", 1, "header", 0, 1, "root");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    private final Kept kept = new Kept(nanos::get);

    private static Question question(String path) {
        return new Question(path, Map.of());
    }

    private static Reply reply(int sizeBytes) {
        return Reply.ok(Reply.JSON, new byte[sizeBytes]);
    }

    private void keep(Question question, Reply reply) {
        kept.keep(question, reply, kept.changes(Until.SEAL));
    }

    @Test
    void anAnswerIsKeptForItsQuestionOnly() {
        keep(MEMBERS, REPLY);

        assertThat(kept.find(MEMBERS, Until.SEAL)).containsSame(REPLY);
        assertThat(kept.find(question("/seals"), Until.SEAL)).isEmpty();
        assertThat(kept.find(new Question("/members", Map.of("html", "true")), Until.SEAL))
                .isEmpty();
    }

    @Test
    void aSealEndsWhatWasKept() {
        keep(MEMBERS, REPLY);

        kept.happened(SEAL);

        assertThat(kept.find(MEMBERS, Until.SEAL)).isEmpty();
    }

    @Test
    void whatWasLookedForBeforeASealIsNotKeptAfterIt() {
        long before = kept.changes(Until.SEAL);
        kept.happened(SEAL);
        kept.keep(MEMBERS, REPLY, before);

        assertThat(kept.find(MEMBERS, Until.SEAL)).isEmpty();
    }

    @Test
    void pendingEntriesChangeNothingThatIsSealed() {
        keep(MEMBERS, REPLY);

        kept.happened(new Feed.EntriesTaken("dao", List.of("entry"), 1));

        assertThat(kept.find(MEMBERS, Until.SEAL)).isPresent();
    }

    @Test
    void whatShowsPendingEntriesIsEndedByTheseAndBySeals() {
        for (Feed.Happening happening : List.of(SEAL, new Feed.EntriesTaken("dao", List.of("entry"), 1))) {
            kept.keep(MEMBERS, REPLY, kept.changes(Until.CHANGE));
            assertThat(kept.find(MEMBERS, Until.CHANGE)).containsSame(REPLY);

            kept.happened(happening);

            assertThat(kept.find(MEMBERS, Until.CHANGE)).isEmpty();
        }
    }

    @Test
    void withoutASealAnAnswerIsKeptForASecond() {
        keep(MEMBERS, REPLY);

        nanos.addAndGet(HttpLimits.KEPT_MAX_NANOS - 1);
        assertThat(kept.find(MEMBERS, Until.SEAL)).isPresent();
        nanos.addAndGet(1);
        assertThat(kept.find(MEMBERS, Until.SEAL)).isEmpty();
    }

    @Test
    void ofManyAnswersTheLastAskedForAreKept() {
        keep(MEMBERS, REPLY);
        for (int i = 1; i < HttpLimits.KEPT_ANSWERS_MAX; i++) {
            keep(question("/" + i), REPLY);
        }
        kept.find(MEMBERS, Until.SEAL);

        keep(question("/more"), REPLY);

        assertThat(kept.find(MEMBERS, Until.SEAL)).isPresent();
        assertThat(kept.find(question("/1"), Until.SEAL)).isEmpty();
    }

    @Test
    void whatIsLargeIsNotKept() {
        Reply most = reply(HttpLimits.KEPT_ANSWER_SIZE_MAX_BYTES);

        keep(MEMBERS, most);
        keep(question("/seals"), reply(HttpLimits.KEPT_ANSWER_SIZE_MAX_BYTES + 1));

        assertThat(kept.find(MEMBERS, Until.SEAL)).isEqualTo(Optional.of(most));
        assertThat(kept.find(question("/seals"), Until.SEAL)).isEmpty();
    }
}
