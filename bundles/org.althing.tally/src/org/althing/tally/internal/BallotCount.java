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
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
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
        public void accept(Choice choice, BigInteger power, long copies) {
            check(power, copies);
            if (rule.refuse(choice, question).isPresent()) {
                invalid = invalid.add(BigInteger.valueOf(copies));
                return;
            }
            counter.add(choice, power, copies);
            (choice.isBlank() ? blank : valid).add(power, copies);
        }

        private void check(BigInteger power, long copies) {
            if (power.signum() < 0 || power.bitLength() > Tally.POWER_MAX.bitLength()) {
                throw new IllegalArgumentException("the power of a ballot is 0 to 2^120-1 units, not " + power);
            }
            if (copies != 1
                    && (copies < 1
                            || power.multiply(BigInteger.valueOf(copies)).compareTo(Tally.COPIES_POWER_MAX) > 0)) {
                throw new IllegalArgumentException(
                        copies + " ballots of " + power + " units are more than 2^126 units, or none");
            }
        }

        private void merge(Share other) {
            counter.merge(other.counter);
            valid.merge(other.valid);
            blank.merge(other.blank);
            invalid = invalid.add(other.invalid);
        }
    }

    /** Ballots and their power, summed. Small sums stay in words, since every ballot comes by here. */
    private static final class Heap {

        /** Sums move over to big integers before they reach this, so that one more addend of at most this size cannot overflow. */
        private static final long WORD_SUM_MAX = Long.MAX_VALUE >> 1;

        private static final int LIMB_BITS = 60;
        private static final long LIMB_MASK = (1L << LIMB_BITS) - 1;

        private BigInteger power = BigInteger.ZERO;
        private BigInteger ballots = BigInteger.ZERO;
        private long lowLimb;
        private long highLimb;
        private long count;

        void add(BigInteger ballotPower, long copies) {
            if (copies != 1) {
                power = power.add(ballotPower.multiply(BigInteger.valueOf(copies)));
                ballots = ballots.add(BigInteger.valueOf(copies));
                return;
            }
            lowLimb += ballotPower.longValue() & LIMB_MASK;
            highLimb += ballotPower.bitLength() <= LIMB_BITS
                    ? 0
                    : ballotPower.shiftRight(LIMB_BITS).longValue();
            count++;
            if (lowLimb > WORD_SUM_MAX || highLimb > WORD_SUM_MAX) {
                carry();
            }
        }

        private void carry() {
            power = power.add(BigInteger.valueOf(lowLimb))
                    .add(BigInteger.valueOf(highLimb).shiftLeft(LIMB_BITS));
            ballots = ballots.add(BigInteger.valueOf(count));
            lowLimb = 0;
            highLimb = 0;
            count = 0;
        }

        void merge(Heap other) {
            power = power.add(other.power());
            ballots = ballots.add(other.ballots());
        }

        BigInteger power() {
            carry();
            return power;
        }

        BigInteger ballots() {
            carry();
            return ballots;
        }
    }
}
