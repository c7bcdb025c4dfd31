// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.althing.api.tally.BallotFiles;
import org.althing.api.tally.BallotFiles.Ballot;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Question;
import org.althing.api.tally.Tally;

/** Gathers what a reader finds, and holds the limits. Not safe for use by several threads at once. */
final class BallotCollector {

    /** Characters of an option's name or of a title. */
    private static final int NAME_LENGTH_MAX_CHARS = 1_000;
    /** Characters of the file that a message quotes. */
    private static final int QUOTE_LENGTH_MAX_CHARS = 40;
    /** Digits of a written power before the point; more than the largest power has. */
    private static final int POWER_DIGITS_MAX = 40;

    private static final int VOTE_DECIMALS = 18;
    /** Ranks of one option, shared by all ballots: most ranks of most ballots are such. */
    private static final List<List<Integer>> SOLE =
            IntStream.range(0, Question.OPTIONS_MAX).mapToObj(List::of).toList();

    private final String format;
    private final List<String> options = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Integer> optionByName = new HashMap<>();
    private final List<Ballot> ballots = new ArrayList<>();
    private final ProblemList problems = new ProblemList();
    private int ballotLines;
    private Optional<String> title = Optional.empty();
    private Optional<Integer> seats = Optional.empty();
    private Optional<Question.Unranked> unranked = Optional.empty();
    private Optional<List<Integer>> lot = Optional.empty();

    BallotCollector(String format) {
        this.format = format;
    }

    void title(String text) {
        title = Optional.of(text.length() > NAME_LENGTH_MAX_CHARS ? text.substring(0, NAME_LENGTH_MAX_CHARS) : text);
    }

    void seats(int number) {
        seats = Optional.of(number);
    }

    void unranked(Question.Unranked treatment) {
        unranked = Optional.of(treatment);
    }

    void lot(List<Integer> order) {
        lot = Optional.of(order);
    }

    /** Adds an option; the result is its number. */
    int option(String name, int line) throws UnreadableException {
        if (options.size() == Question.OPTIONS_MAX) {
            throw unreadable(line, "names more than " + Question.OPTIONS_MAX + " options");
        }
        if (name.length() > NAME_LENGTH_MAX_CHARS) {
            throw unreadable(line, "holds an option's name of more than " + NAME_LENGTH_MAX_CHARS + " characters");
        }
        String unique = name;
        for (int copy = 2; !names.add(unique); copy++) {
            unique = name + " (" + copy + ")";
        }
        optionByName.putIfAbsent(name, options.size());
        options.add(unique);
        return options.size() - 1;
    }

    int options() {
        return options.size();
    }

    /** The number of the option that the file calls so; of several the first. */
    Optional<Integer> find(String name) {
        return Optional.ofNullable(optionByName.get(name));
    }

    /** Adds equal ballots of one vote each. */
    void ballot(int line, long count, Choice choice) throws UnreadableException {
        ballot(line, count, choice, Tally.VOTE);
    }

    /** Adds equal ballots. */
    void ballot(int line, long count, Choice choice, BigInteger power) throws UnreadableException {
        countLine(line);
        if (power.bitLength() > Tally.POWER_MAX.bitLength()
                || power.multiply(BigInteger.valueOf(count)).compareTo(Tally.COPIES_POWER_MAX) > 0) {
            problems.add(line, count, "the power of the ballot is too large; a ballot may have 10^18 votes");
        } else {
            ballots.add(new Ballot(line, count, choice, power));
        }
    }

    /** Notes equal ballots that could not be read. */
    void problem(int line, long count, String reason) throws UnreadableException {
        countLine(line);
        problems.add(line, count, reason);
    }

    private void countLine(int line) throws UnreadableException {
        if (++ballotLines > BallotFiles.BALLOT_LINES_MAX) {
            throw unreadable(
                    line,
                    "is one more than the " + BallotFiles.BALLOT_LINES_MAX
                            + " ballots that a file may hold; split the file");
        }
    }

    BallotFile toFile() {
        return new BallotFile(format, title, options, seats, unranked, lot, ballots, problems.toList());
    }

    static UnreadableException unreadable(int line, String what) {
        return new UnreadableException("line " + line + " " + what);
    }

    /** A ranking; each group ascends. */
    static Choice.Ranking ranking(List<List<Integer>> groups) throws BadBallotException {
        if (groups.size() > Choice.ITEMS_MAX) {
            throw new BadBallotException("the ballot has more than " + Choice.ITEMS_MAX + " ranks");
        }
        List<List<Integer>> tidy = new ArrayList<>(groups.size());
        for (List<Integer> group : groups) {
            tidy.add(
                    group.size() == 1
                            ? sole(group.getFirst())
                            : group.stream().sorted().toList());
        }
        return new Choice.Ranking(tidy);
    }

    /** A rank of one option. */
    static List<Integer> sole(int option) {
        return option >= 0 && option < SOLE.size() ? SOLE.get(option) : List.of(option);
    }

    /** A set; duplicates stay for the method to refuse. */
    static Choice.Approval approval(List<Integer> options) throws BadBallotException {
        if (options.size() > Choice.ITEMS_MAX) {
            throw new BadBallotException("the ballot has more than " + Choice.ITEMS_MAX + " options");
        }
        return new Choice.Approval(options.stream().sorted().toList());
    }

    /** Votes as written, e.g. {@code 1.5}, in units; digits behind the 18th decimal are cut. */
    static BigInteger power(BigDecimal votes) throws BadBallotException {
        if (votes.signum() < 0) {
            throw new BadBallotException(
                    "the power of a ballot is never negative, as " + quote(votes.toString()) + " is");
        }
        // Before any arithmetic: 1e999999999 would take all memory.
        if ((long) votes.precision() - votes.scale() > POWER_DIGITS_MAX) {
            throw new BadBallotException("the power of the ballot is too large: " + quote(votes.toString()));
        }
        return (long) votes.precision() - votes.scale() < -VOTE_DECIMALS
                ? BigInteger.ZERO
                : votes.movePointRight(VOTE_DECIMALS).toBigInteger();
    }

    /** Votes written as a decimal number. */
    static BigInteger power(String votes) throws BadBallotException {
        if (votes.length() > NAME_LENGTH_MAX_CHARS || !votes.matches("-?\\d+(\\.\\d+)?")) {
            throw new BadBallotException(quote(votes) + " is no power; write a number such as 1 or 2.5");
        }
        return power(new BigDecimal(votes));
    }

    /** Number of ballots that a line stands for: 1 to 2^63-1. */
    static long count(String text) throws BadBallotException {
        try {
            long count = Long.parseLong(text);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new BadBallotException(
                quote(text) + " is no number of ballots; write a whole number from 1 to " + Long.MAX_VALUE);
    }

    /** A piece of the file, fit for a message of one line. */
    static String quote(String text) {
        String cut = text.length() > QUOTE_LENGTH_MAX_CHARS ? text.substring(0, QUOTE_LENGTH_MAX_CHARS) + "..." : text;
        return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    /** One ballot is of no use; the message says why. Never leaves a reader. */
    static final class BadBallotException extends Exception {
        private static final long serialVersionUID = 1L;

        BadBallotException(String message) {
            super(message);
        }
    }
}
