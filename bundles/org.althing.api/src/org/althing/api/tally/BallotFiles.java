// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads ballot files of the formats that the field uses, recognised by content. Safe for use by many threads. */
public interface BallotFiles {

    /** Bytes of one line, for formats in which lines matter. */
    int LINE_BYTES_MAX = 8 << 20;
    /** Lines (JSON: votes) that stand for ballots in one file. */
    int BALLOT_LINES_MAX = 10_000_000;
    /** Problems of one file that are told one by one; the rest is told as one. */
    int PROBLEMS_MAX = 1_000;

    /**
     * Reads one file. Memory is bounded by the limits above, whatever the file holds.
     *
     * @throws IOException if the file cannot be read
     * @throws UnreadableException if the content is of no known format, or broken beyond use; the message names the line
     */
    BallotFile read(Path file) throws IOException, UnreadableException;

    /**
     * The ballots of a file.
     *
     * @param format the format recognised, e.g. {@code blt}
     * @param title what the election is called, if the file says so
     * @param options the options as the file names them, without those withdrawn; a second "A" is told apart as "A (2)"
     * @param seats what the file says, if it does
     * @param unranked what the file says, if it does
     * @param lot the order in which ties fall, all options, if the file says it
     * @param ballots the ballots in the order of the file
     * @param problems what was wrong with single ballots; such ballots are not among {@code ballots}
     */
    record BallotFile(
            String format,
            Optional<String> title,
            List<String> options,
            Optional<Integer> seats,
            Optional<Question.Unranked> unranked,
            Optional<List<Integer>> lot,
            List<Ballot> ballots,
            List<Problem> problems) {
        public BallotFile {
            options = List.copyOf(options);
            lot = lot.map(List::copyOf);
            ballots = List.copyOf(ballots);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Equal ballots of one line.
     *
     * @param line line number in the file, from 1
     * @param count how many ballots say so, at least 1
     * @param power voting power of each, in units; {@code power * count} is at most {@link Tally#COPIES_POWER_MAX}
     */
    record Ballot(int line, long count, Choice choice, BigInteger power) {}

    /**
     * A ballot that was not read.
     *
     * @param line line number in the file, from 1
     * @param count how many ballots the line stands for, at least 1
     * @param reason what is wrong with it
     */
    record Problem(int line, long count, String reason) {}

    /** The whole file is of no use. */
    final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        public UnreadableException(String message) {
            super(message);
        }
    }
}
