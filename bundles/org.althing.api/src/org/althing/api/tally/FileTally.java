// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Counts a ballot file by a method, whatever form of choice the two have. Safe for use by many threads.
 *
 * <p>A choice is brought to the form that the method takes where that has one obvious meaning:
 *
 * <table>
 * <caption>from the file's form (rows) to the method's (columns)</caption>
 * <tr><th></th><th>one option</th><th>set</th><th>weights</th><th>ranking</th></tr>
 * <tr><td>one option</td><td>itself</td><td>that one</td><td>all to it</td><td>it first, the others unranked</td></tr>
 * <tr><td>set</td><td>if it holds one</td><td>itself</td><td>equal weights</td><td>all of it first, as equals</td></tr>
 * <tr><td>weights</td><td>if one is above 0</td><td>those above 0</td><td>itself</td><td>by weight, equals equal, 0 unranked</td></tr>
 * <tr><td>ranking</td><td>if one is first</td><td>all that are ranked</td><td>never</td><td>itself</td></tr>
 * </table>
 *
 * <p>A ballot that cannot be brought to the form, or that the method refuses, is invalid and told with its line.
 */
public interface FileTally {

    /**
     * Reads and counts one file.
     *
     * @throws IOException if the file cannot be read
     * @throws BallotFiles.UnreadableException if the file is of no use, or the method cannot count it; the message says why
     * @throws UnknownMethodException if no such method or variant is installed
     */
    Count count(Path file, Request request) throws IOException, BallotFiles.UnreadableException, UnknownMethodException;

    /**
     * What to count by.
     *
     * @param seats number of winners; if absent what the file says, else 1
     * @param unranked how unranked options are treated; if absent what the file says, else last
     */
    record Request(MethodId method, Optional<Integer> seats, Optional<Question.Unranked> unranked) {
        public Request {
            Objects.requireNonNull(method, "method");
        }
    }

    /**
     * A counted file.
     *
     * @param format the format recognised, e.g. {@code blt}
     * @param options names of the options, in the order of their numbers
     * @param tally the count; its invalid ballots are those under {@code problems}
     * @param problems the invalid ballots by line
     */
    record Count(String format, List<String> options, Tally tally, List<BallotFiles.Problem> problems) {
        public Count {
            options = List.copyOf(options);
            problems = List.copyOf(problems);
        }
    }
}
