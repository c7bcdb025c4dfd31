// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Equal ballots as they lie before a {@link Counter}: what they choose, with what power, and how many they are, all in plain numbers. One
 * paper is filled in again and again, so that counting a million ballots makes no objects; whoever is handed one reads it before
 * returning and keeps nothing of it. {@link #choice()} gives the same as an object, for methods that need not be fast.
 *
 * <p>A paper lists the options that the ballot names, in its order: {@code option(0)} to {@code option(count() - 1)}. Weights stand beside
 * the options. A ranking's ranks are runs of that list, best first: rank {@code r} begins at {@code rankStart(r)} and ends before
 * {@code rankEnd(r)}. Whether the options exist, ascend, and so on, is for {@link VotingMethod#refuse(String, BallotPaper, Question)} to
 * say.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class BallotPaper {

    /** The kinds of {@link Choice}. */
    public enum Form {
        BLANK,
        SINGLE,
        APPROVAL,
        WEIGHTS,
        RANKING
    }

    private static final int WORD_BITS = 64;
    /** Bits of {@link Tally#POWER_MAX} above the lower word. */
    private static final int POWER_HIGH_BITS = 56;

    private static final int CAPACITY_FIRST = 16;

    private Form form = Form.BLANK;
    private int[] options = new int[CAPACITY_FIRST];
    private long[] weights = new long[CAPACITY_FIRST];
    private int count;
    private int[] rankEnds = new int[CAPACITY_FIRST];
    private int ranks;
    private long powerLow;
    private long powerHigh;
    private long copies = 1;
    private long totalLow;
    private long totalHigh;

    /** A blank ballot without power, to be filled in. */
    public BallotPaper() {}

    /** A new paper with a choice and no power. */
    public static BallotPaper of(Choice choice) {
        BallotPaper paper = new BallotPaper();
        paper.setChoice(choice);
        return paper;
    }

    /** A new paper; see {@link #setPower(BigInteger, long)}. */
    public static BallotPaper of(Choice choice, BigInteger power, long copies) {
        BallotPaper paper = of(choice);
        paper.setPower(power, copies);
        return paper;
    }

    /** The kind of choice. */
    public Form form() {
        return form;
    }

    /** As {@link Choice#isBlank()}. */
    public boolean isBlank() {
        return switch (form) {
            case BLANK -> true;
            case APPROVAL -> count == 0;
            case RANKING -> ranks == 0;
            case SINGLE, WEIGHTS -> false;
        };
    }

    /** Number of options that the ballot names. */
    public int count() {
        return count;
    }

    /** An option that the ballot names; {@code index} below {@link #count()}. */
    public int option(int index) {
        return options[index];
    }

    /** The weight of {@link #option(int)} with this index; only {@link Form#WEIGHTS} has weights. */
    public long weight(int index) {
        return weights[index];
    }

    /** Number of ranks, empty ones too. */
    public int ranks() {
        return ranks;
    }

    /** Index of the first option of a rank, which is below {@link #ranks()}. */
    public int rankStart(int rank) {
        return rank == 0 ? 0 : rankEnds[rank - 1];
    }

    /** One more than the index of the last option of a rank. */
    public int rankEnd(int rank) {
        return rankEnds[rank];
    }

    /** Lower 64 bits of the power of each of these ballots, in units; without sign. */
    public long powerLow() {
        return powerLow;
    }

    /** The bits of the power of each above the lower 64; not negative. */
    public long powerHigh() {
        return powerHigh;
    }

    /** How many equal ballots these are; at least 1. */
    public long copies() {
        return copies;
    }

    /** Lower 64 bits of the power of these ballots together; without sign. */
    public long totalLow() {
        return totalLow;
    }

    /** The bits of the power of these ballots together above the lower 64; not negative. */
    public long totalHigh() {
        return totalHigh;
    }

    /** What the ballot says, as an object. */
    public Choice choice() {
        return switch (form) {
            case BLANK -> new Choice.Blank();
            case SINGLE -> new Choice.Single(options[0]);
            case APPROVAL -> new Choice.Approval(options(0, count));
            case WEIGHTS ->
                new Choice.Weights(
                        options(0, count),
                        Arrays.stream(weights, 0, count).boxed().toList());
            case RANKING -> {
                List<List<Integer>> groups = new ArrayList<>(ranks);
                for (int rank = 0; rank < ranks; rank++) {
                    groups.add(options(rankStart(rank), rankEnd(rank)));
                }
                yield new Choice.Ranking(groups);
            }
        };
    }

    private List<Integer> options(int from, int to) {
        return Arrays.stream(options, from, to).boxed().toList();
    }

    /** Clears the choice and begins another, to be filled in by {@link #add} and {@link #endRank}; the power stays. */
    public void begin(Form newForm) {
        form = newForm;
        count = 0;
        ranks = 0;
    }

    /** Names one more option; in a ranking it joins the rank that {@link #endRank} ends next. */
    public void add(int option) {
        if (count == options.length) {
            options = Arrays.copyOf(options, 2 * count);
        }
        options[count++] = option;
    }

    /** Names one more option, with its weight. */
    public void add(int option, long weight) {
        if (count == weights.length) {
            weights = Arrays.copyOf(weights, 2 * count);
        }
        weights[count] = weight;
        add(option);
    }

    /** Ends a rank: it holds the options added since the one before. */
    public void endRank() {
        if (ranks == rankEnds.length) {
            rankEnds = Arrays.copyOf(rankEnds, 2 * ranks);
        }
        rankEnds[ranks++] = count;
    }

    /** Fills in another choice; the power stays. */
    public void setChoice(Choice choice) {
        switch (choice) {
            case Choice.Blank blank -> begin(Form.BLANK);
            case Choice.Single(int option) -> {
                begin(Form.SINGLE);
                add(option);
            }
            case Choice.Approval(List<Integer> approved) -> {
                begin(Form.APPROVAL);
                approved.forEach(this::add);
            }
            case Choice.Weights(List<Integer> weighed, List<Long> given) -> {
                begin(Form.WEIGHTS);
                for (int i = 0; i < weighed.size(); i++) {
                    add(weighed.get(i), given.get(i));
                }
            }
            case Choice.Ranking(List<List<Integer>> groups) -> {
                begin(Form.RANKING);
                for (List<Integer> group : groups) {
                    group.forEach(this::add);
                    endRank();
                }
            }
        }
    }

    /**
     * Makes this one ballot with a power of {@code high * 2^64 + low} units, {@code low} without sign.
     *
     * @throws IllegalArgumentException if that is more than {@link Tally#POWER_MAX}
     */
    public void setPower(long low, long high) {
        if (high >>> POWER_HIGH_BITS != 0) {
            throw powerOutOfRange(PowerSums.join(low, high));
        }
        powerLow = low;
        powerHigh = high;
        copies = 1;
        totalLow = low;
        totalHigh = high;
    }

    /**
     * Makes this equal ballots.
     *
     * @param power of each in units, 0 to {@link Tally#POWER_MAX}
     * @param newCopies how many there are, at least 1; {@code power * newCopies} is at most {@link Tally#COPIES_POWER_MAX}
     * @throws IllegalArgumentException if a bound is broken
     */
    public void setPower(BigInteger power, long newCopies) {
        if (power.signum() < 0 || power.bitLength() > WORD_BITS + POWER_HIGH_BITS) {
            throw powerOutOfRange(power);
        }
        setPower(PowerSums.low(power), PowerSums.high(power));
        if (newCopies != 1) {
            BigInteger total = power.multiply(BigInteger.valueOf(newCopies));
            if (newCopies < 1 || total.compareTo(Tally.COPIES_POWER_MAX) > 0) {
                throw new IllegalArgumentException(
                        newCopies + " ballots of " + power + " units are more than 2^126 units, or none");
            }
            copies = newCopies;
            totalLow = PowerSums.low(total);
            totalHigh = PowerSums.high(total);
        }
    }

    private static IllegalArgumentException powerOutOfRange(BigInteger power) {
        return new IllegalArgumentException("the power of a ballot is 0 to 2^120-1 units, not " + power);
    }
}
