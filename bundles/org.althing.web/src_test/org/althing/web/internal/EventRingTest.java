// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.althing.api.node.Feed.EntriesTaken;
import org.junit.jupiter.api.Test;

class EventRingTest {

    private final EventRing ring = new EventRing("e", 3);

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            ring.add(new EntriesTaken("dao", List.of(), 1));
        }
    }

    @Test
    void aReaderGetsWhatFollowsItsPlace() throws Exception {
        add(2);
        EventRing.Batch batch = ring.after(1, 0);
        assertThat(batch.events()).extracting(EventRing.Numbered::number).containsExactly(2L);
        assertThat(batch.lost()).isFalse();
        assertThat(batch.next()).isEqualTo(2);
        assertThat(ring.after(2, 0).events()).isEmpty();
    }

    @Test
    void givenMoreThanItKeeps_thenASlowReaderIsToldThatSomeAreLost() throws Exception {
        add(5);
        assertThat(ring.after(2, 0).events()).hasSize(3);
        EventRing.Batch late = ring.after(1, 0);
        assertThat(late.lost()).isTrue();
        assertThat(late.events()).isEmpty();
        assertThat(late.next()).isEqualTo(5);
        assertThat(ring.after(6, 0).lost()).as("a place in the future").isTrue();
    }

    @Test
    void givenManyToTell_thenAReaderTakesFewAtOnceAndAllInOrder() throws Exception {
        EventRing large = new EventRing("e", 1_000);
        for (int i = 0; i < 1_500; i++) {
            large.add(new EntriesTaken("dao", List.of(), i));
        }
        long place = 500;
        while (place < 1_500) {
            EventRing.Batch batch = large.after(place, 0);
            assertThat(batch.events()).hasSizeBetween(1, HttpLimits.EVENTS_AT_ONCE_MAX);
            for (EventRing.Numbered event : batch.events()) {
                assertThat(event.number()).isEqualTo(++place);
                assertThat(((EntriesTaken) event.happening()).count()).isEqualTo(place - 1);
            }
            assertThat(batch.next()).isEqualTo(place);
        }
    }

    @Test
    void idsOfAnotherRingMeanNothing() {
        assertThat(ring.place(ring.id(7))).hasValue(7);
        assertThat(ring.place("other-7")).isEmpty();
        assertThat(ring.place("e-x")).isEmpty();
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                ring.after(0, 60_000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        ring.close();
        assertThat(waiting.join(java.time.Duration.ofSeconds(20))).isTrue();
        assertThat(ring.isClosed()).isTrue();
    }
}
