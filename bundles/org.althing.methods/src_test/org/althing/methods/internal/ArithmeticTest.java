// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.althing.api.tally.Choice;
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
        root.take(UnitSums.low(power), UnitSums.high(power));
        assertThat(UnitSums.join(root.low(), root.high()))
                .isEqualTo(power.multiply(VOTE).sqrt());
    }

    @Property(tries = 5_000)
    void theRootIsRightOnBothSidesOfEveryStep(@ForAll("powers") BigInteger near) {
        // The least power whose root is r, and the one before it, are where an error would show.
        BigInteger r = near.multiply(VOTE).sqrt();
        BigInteger least = r.multiply(r).add(VOTE).subtract(BigInteger.ONE).divide(VOTE);
        for (BigInteger power : List.of(least, least.subtract(BigInteger.ONE).max(BigInteger.ZERO))) {
            IntegerRoot root = new IntegerRoot();
            root.take(UnitSums.low(power), UnitSums.high(power));
            assertThat(UnitSums.join(root.low(), root.high()))
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
        UnitSums sums = new UnitSums(1);
        UnitSums more = new UnitSums(1);
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < 300; i++) {
            BigInteger addend = i % 3 == 0 ? other : power;
            (i % 2 == 0 ? sums : more).add(0, UnitSums.low(addend), UnitSums.high(addend));
            expected = expected.add(addend);
        }
        sums.addAll(more);
        assertThat(sums.get(0)).isEqualTo(expected);
    }

    @Example
    void sumsAreExactAtTheLargestCopies() {
        UnitSums sums = new UnitSums(1);
        long low = UnitSums.low(Tally.COPIES_POWER_MAX);
        long high = UnitSums.high(Tally.COPIES_POWER_MAX);
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
                UnitSums.low(power),
                UnitSums.high(power),
                weights,
                weights.length,
                Arrays.stream(weights).sum());
        BigInteger[] expected = LargestRemainder.split(
                power, Arrays.stream(weights).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new));
        for (int i = 0; i < weights.length; i++) {
            assertThat(UnitSums.join(words.shareLow(i), words.shareHigh(i))).isEqualTo(expected[i]);
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
