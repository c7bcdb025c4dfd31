// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.PowerSums;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;

/** The fast arithmetic against that of big integers. */
class ArithmeticTest {

    private static final BigInteger VOTE = Tally.VOTE;

    @Provide
    Arbitrary<BigInteger> powers() {
        Arbitrary<BigInteger> any = Arbitraries.bigIntegers().between(BigInteger.ZERO, Tally.POWER_MAX);
        Arbitrary<BigInteger> byLength = Arbitraries.integers()
                .between(0, 120)
                .flatMap(bits -> Arbitraries.bigIntegers()
                        .between(BigInteger.ZERO, BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE)));
        Arbitrary<BigInteger> edges = Arbitraries.integers()
                .between(0, 119)
                .flatMap(bits -> Arbitraries.integers()
                        .between(-2, 2)
                        .map(d -> BigInteger.ONE
                                .shiftLeft(bits)
                                .add(BigInteger.valueOf(d))
                                .abs()));
        // power * 10^18 is a square of a whole number
        Arbitrary<BigInteger> squares = Arbitraries.longs()
                .between(1, 1L << 59)
                .flatMap(root -> Arbitraries.integers()
                        .between(-1, 1)
                        .map(d -> BigInteger.valueOf(root).pow(2).add(BigInteger.valueOf(d))));
        return Arbitraries.oneOf(any, byLength, edges, squares);
    }

    @Property(tries = 5_000)
    void theRootIsTheLargestWholeNumberWhoseSquareFits(@ForAll("powers") BigInteger power) {
        IntegerRoot root = new IntegerRoot();
        root.take(PowerSums.low(power), PowerSums.high(power));
        assertThat(PowerSums.join(root.low(), root.high()))
                .isEqualTo(power.multiply(VOTE).sqrt());
    }

    @Property(tries = 5_000)
    void theRootIsRightOnBothSidesOfEveryStep(@ForAll("powers") BigInteger near) {
        // The least power whose root is r, and the one before it, are where an error would show.
        BigInteger r = near.multiply(VOTE).sqrt();
        BigInteger least = r.multiply(r).add(VOTE).subtract(BigInteger.ONE).divide(VOTE);
        for (BigInteger power : List.of(least, least.subtract(BigInteger.ONE).max(BigInteger.ZERO))) {
            IntegerRoot root = new IntegerRoot();
            root.take(PowerSums.low(power), PowerSums.high(power));
            assertThat(PowerSums.join(root.low(), root.high()))
                    .isEqualTo(power.multiply(VOTE).sqrt());
        }
    }

    @Example
    void theRootOfOneVoteIsOneVote() {
        IntegerRoot root = new IntegerRoot();
        root.take(VOTE.longValueExact(), 0);
        assertThat(root.low()).isEqualTo(VOTE.longValueExact());
        root.take(0, 0);
        assertThat(root.low()).isZero();
    }

    @Property(tries = 300)
    void sumsAreExactFarBeyondAWord(@ForAll("powers") BigInteger power, @ForAll("powers") BigInteger other) {
        PowerSums sums = new PowerSums(1);
        PowerSums more = new PowerSums(1);
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < 300; i++) {
            BigInteger addend = i % 3 == 0 ? other : power;
            (i % 2 == 0 ? sums : more).add(0, PowerSums.low(addend), PowerSums.high(addend));
            expected = expected.add(addend);
        }
        sums.addAll(more);
        assertThat(sums.get(0)).isEqualTo(expected);
    }

    @Property(tries = 500)
    void sumsOfAnyTwoWordsAreThoseOfBigIntegers(@ForAll Random random) {
        PowerSums sums = new PowerSums(2);
        PowerSums other = new PowerSums(2);
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < 200; i++) {
            // Few bits set or few clear, so that carries ripple through both words and beyond.
            long low = random.nextInt(3) == 0 ? -1L >>> random.nextInt(64) : random.nextLong();
            long high = (random.nextInt(3) == 0 ? -1L : random.nextLong()) >>> 1 + random.nextInt(63);
            long copies = high >>> 40 == 0 ? 1 + random.nextInt(1000) : 1;
            (random.nextBoolean() ? sums : other).add(1, low, high, copies);
            expected = expected.add(PowerSums.join(low, high).multiply(BigInteger.valueOf(copies)));
        }
        sums.addAll(other);
        assertThat(sums.get(1)).isEqualTo(expected);
        assertThat(sums.get(0)).isZero();
        sums.add(0, sums, 1);
        sums.clear(1);
        assertThat(sums.toArray()).containsExactly(expected, BigInteger.ZERO);
    }

    @Property
    void twoWordsAndABigIntegerAreTheSameNumber(@ForAll("powers") BigInteger power) {
        assertThat(PowerSums.join(PowerSums.low(power), PowerSums.high(power))).isEqualTo(power);
    }

    @Property(tries = 300)
    void pairsAreThoseCountedOneByOne(@ForAll @IntRange(min = 1, max = 70) int options, @ForAll Random random) {
        for (Question.Unranked unranked : Question.Unranked.values()) {
            Question question = new Question(
                    options, 1, unranked, IntStream.range(0, options).boxed().toList());
            PairwiseMatrix matrix = new PairwiseMatrix(question);
            BigInteger[][] expected = new BigInteger[options][options];
            for (BigInteger[] row : expected) {
                Arrays.fill(row, BigInteger.ZERO);
            }
            for (int ballot = 0; ballot < 5; ballot++) {
                BigInteger power = new BigInteger(120, random);
                int[] ranks =
                        random.ints(options, 0, 1 + random.nextInt(options + 1)).toArray();
                BallotPaper paper = BallotPaper.of(ranking(ranks), power, 1);
                matrix.add(paper, paper.totalLow(), paper.totalHigh());
                addPairs(expected, ranks, power, unranked);
            }
            assertThat(matrix.pairs().units()).isDeepEqualTo(expected);
        }
    }

    /** Ranks by option; 0 is unranked. */
    private static Choice ranking(int[] ranks) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int rank = 1; rank <= Arrays.stream(ranks).max().orElse(0); rank++) {
            int wanted = rank;
            List<Integer> group = IntStream.range(0, ranks.length)
                    .filter(o -> ranks[o] == wanted)
                    .boxed()
                    .toList();
            if (!group.isEmpty()) {
                groups.add(group);
            }
        }
        return new Choice.Ranking(groups);
    }

    private static void addPairs(BigInteger[][] pairs, int[] ranks, BigInteger power, Question.Unranked unranked) {
        for (int a = 0; a < ranks.length; a++) {
            for (int b = 0; b < ranks.length; b++) {
                boolean isOver =
                        ranks[a] > 0 && (ranks[b] == 0 ? unranked == Question.Unranked.LAST : ranks[a] < ranks[b]);
                pairs[a][b] = isOver ? pairs[a][b].add(power) : pairs[a][b];
            }
        }
    }

    @Example
    void sumsAreExactAtTheLargestCopies() {
        PowerSums sums = new PowerSums(1);
        long low = PowerSums.low(Tally.COPIES_POWER_MAX);
        long high = PowerSums.high(Tally.COPIES_POWER_MAX);
        for (int i = 0; i < 1000; i++) {
            sums.add(0, low, high);
        }
        assertThat(sums.get(0)).isEqualTo(Tally.COPIES_POWER_MAX.multiply(BigInteger.valueOf(1000)));
    }

    @Provide
    Arbitrary<long[]> weightLists() {
        return Arbitraries.longs()
                .between(0, Choice.WEIGHT_MAX)
                .array(long[].class)
                .ofMinSize(1)
                .ofMaxSize(40)
                .filter(weights -> Arrays.stream(weights).sum() > 0);
    }

    @Property(tries = 1_000)
    void largestRemainderIsTheSameInWordsAndInBigIntegers(
            @ForAll("powers") BigInteger power, @ForAll("weightLists") long[] weights) {
        LargestRemainder words = new LargestRemainder(weights.length);
        words.split(
                PowerSums.low(power),
                PowerSums.high(power),
                weights,
                weights.length,
                Arrays.stream(weights).sum());
        BigInteger[] expected = LargestRemainder.split(
                power, Arrays.stream(weights).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new));
        for (int i = 0; i < weights.length; i++) {
            assertThat(PowerSums.join(words.shareLow(i), words.shareHigh(i))).isEqualTo(expected[i]);
        }
        assertThat(Arrays.stream(expected).reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(power);
    }

    @Example
    void leftoverUnitsGoToTheLargestRemaindersThenToTheLowerOption() {
        BigInteger[] equal = LargestRemainder.split(BigInteger.valueOf(5), numbers(1, 1, 1));
        assertThat(equal).containsExactly(numbers(2, 2, 1));
        BigInteger[] uneven = LargestRemainder.split(BigInteger.TEN, numbers(1, 2, 4));
        // quotas 1 3/7, 2 6/7, 5 5/7: the second and the third have the largest remainders
        assertThat(uneven).containsExactly(numbers(1, 3, 6));
    }

    private static BigInteger[] numbers(long... values) {
        return Arrays.stream(values).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new);
    }
}
