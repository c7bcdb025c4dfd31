// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Counter;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;

/**
 * Counts one question by one rule, on all cores: every thread takes parts as they come and counts them for itself, and the counts are
 * merged. A counter is independent of order, so the result does not depend on which thread counted what.
 */
final class BallotCount {

    private final Rule rule;
    private final Question question;

    /** A count. @throws IllegalArgumentException if the method refuses the question */
    BallotCount(Rule rule, Question question) {
        this.rule = rule;
        this.question = question;
        rule.refuse(question).ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
    }

    /**
     * Counts.
     *
     * @param invalidBefore ballots found invalid on the way here; they are added to those that the method refuses
     */
    Tally count(TallyEngine.BallotSource ballots, BigInteger invalidBefore) {
        AtomicInteger nextPart = new AtomicInteger();
        int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), ballots.parts()));
        List<Callable<Share>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(() -> countParts(ballots, nextPart));
        }
        Share all = merged(threads == 1 ? List.of(countParts(ballots, nextPart)) : run(tasks));
        return tally(all, invalidBefore);
    }

    private Share countParts(TallyEngine.BallotSource ballots, AtomicInteger nextPart) {
        Share share = new Share();
        for (int part = nextPart.getAndIncrement(); part < ballots.parts(); part = nextPart.getAndIncrement()) {
            ballots.read(part, share);
        }
        return share;
    }

    private static List<Share> run(List<Callable<Share>> tasks) {
        try (ExecutorService executor = Executors.newFixedThreadPool(
                tasks.size(), Thread.ofPlatform().name("althing-tally-", 1).factory())) {
            List<Share> shares = new ArrayList<>();
            for (Future<Share> done : executor.invokeAll(tasks)) {
                shares.add(done.get());
            }
            return shares;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the count was interrupted");
        } catch (ExecutionException e) {
            // A source or a method broke its contract: its own exception tells more than ours.
            if (e.getCause() instanceof RuntimeException broken) {
                throw broken;
            }
            throw new IllegalStateException("the count failed", e.getCause());
        }
    }

    private static Share merged(List<Share> shares) {
        Share first = shares.getFirst();
        shares.stream().skip(1).forEach(first::merge);
        return first;
    }

    private Tally tally(Share all, BigInteger invalidBefore) {
        Result result = all.counter.result();
        BigInteger invalid = all.invalid.add(invalidBefore);
        Tally unnamed = new Tally(
                rule.id(),
                rule.method().version(),
                question,
                result,
                all.valid.ballots(),
                all.blank.ballots(),
                invalid,
                all.valid.power(),
                all.blank.power(),
                TallyEncoding.NAMELESS);
        return TallyEncoding.named(unnamed);
    }

    /** What one thread has counted. */
    private final class Share implements TallyEngine.Sink {

        private final Counter counter = rule.counter(question);
        private final Heap valid = new Heap();
        private final Heap blank = new Heap();
        private BigInteger invalid = BigInteger.ZERO;

        @Override
        public void accept(BallotPaper paper) {
            if (rule.refuse(paper, question).isPresent()) {
                invalid = invalid.add(BigInteger.valueOf(paper.copies()));
                return;
            }
            counter.add(paper);
            (paper.isBlank() ? blank : valid).add(paper);
        }

        private void merge(Share other) {
            counter.merge(other.counter);
            valid.merge(other.valid);
            blank.merge(other.blank);
            invalid = invalid.add(other.invalid);
        }
    }

    /** Ballots and their power, summed. */
    private static final class Heap {

        private static final int POWER = 0;
        private static final int BALLOTS = 1;

        private final PowerSums sums = new PowerSums(2);

        void add(BallotPaper paper) {
            sums.add(POWER, paper.totalLow(), paper.totalHigh());
            sums.add(BALLOTS, paper.copies(), 0);
        }

        void merge(Heap other) {
            sums.addAll(other.sums);
        }

        BigInteger power() {
            return sums.get(POWER);
        }

        BigInteger ballots() {
            return sums.get(BALLOTS);
        }
    }
}
