// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CoalescingTest {

    private static final Coalescing.Question MEMBERS = new Coalescing.Question("/members", Map.of());

    private final Coalescing coalescing = new Coalescing();
    private final AtomicInteger works = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    /** The first piece of work goes on until the gate opens; each answers with its number. */
    private Reply work() {
        int number = works.incrementAndGet();
        begun.countDown();
        if (number == 1) {
            pass(gate);
        }
        return Reply.ok(Reply.JSON, String.valueOf(number).getBytes(StandardCharsets.US_ASCII));
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private CompletableFuture<String> asks(Coalescing.Question question, Coalescing.Work work) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().unstarted(() -> {
            try {
                answer.complete(text(coalescing.ask(question, work)));
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        thread.start();
        return answer;
    }

    private static String text(Reply reply) {
        return new String(((Reply.Bytes) reply.content()).bytes(), StandardCharsets.US_ASCII);
    }

    /** Waits until that many threads stand in a future's queue, one behind the other. */
    private static void untilWaiting(List<CompletableFuture<String>> answers) {
        long endNanos = System.nanoTime() + 10_000_000_000L;
        while (Thread.getAllStackTraces().entrySet().stream()
                        .filter(thread -> thread.getKey().getState() == Thread.State.WAITING)
                        .filter(thread -> java.util.Arrays.stream(thread.getValue())
                                .anyMatch(frame -> frame.getClassName().equals(Coalescing.class.getName())))
                        .count()
                < answers.size()) {
            assertThat(System.nanoTime()).as("threads wait").isLessThan(endNanos);
            Thread.onSpinWait();
        }
    }

    @Test
    void whoComesWhileTheWorkIsUnderWayGetsTheAnswerOfTheNext() {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        answers.add(asks(MEMBERS, this::work));
        pass(begun);
        for (int i = 0; i < 5; i++) {
            answers.add(asks(MEMBERS, this::work));
        }
        untilWaiting(answers);
        assertThat(works).hasValue(1);
        gate.countDown();
        assertThat(answers.removeFirst().join()).isEqualTo("1");
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo("2"));
        assertThat(works).hasValue(2);
        assertThat(asks(MEMBERS, this::work).join()).isEqualTo("3");
    }

    @Test
    void anotherQuestionWaitsForNobody() {
        CompletableFuture<String> slow = asks(MEMBERS, this::work);
        pass(begun);
        assertThat(asks(new Coalescing.Question("/members", Map.of("a", "1")), this::work)
                        .join())
                .isEqualTo("2");
        assertThat(slow).isNotDone();
        gate.countDown();
        assertThat(slow.join()).isEqualTo("1");
    }

    @Test
    void whatIsWrongIsWrongForAllWhoAskedAndForNobodyAfterThem() {
        CompletableFuture<String> first = asks(MEMBERS, this::work);
        pass(begun);
        Coalescing.Work fails = () -> {
            works.incrementAndGet();
            throw Problem.notFound("gone");
        };
        List<CompletableFuture<String>> failing = List.of(asks(MEMBERS, fails), asks(MEMBERS, fails));
        untilWaiting(List.of(first, failing.get(0), failing.get(1)));
        gate.countDown();
        assertThat(first.join()).isEqualTo("1");
        for (CompletableFuture<String> answer : failing) {
            assertThatThrownBy(answer::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(Problem.class)
                    .hasMessageContaining("gone");
        }
        assertThat(works).hasValue(2);
        assertThat(asks(MEMBERS, this::work).join()).isEqualTo("3");
    }
}
