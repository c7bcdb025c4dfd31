// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.util.List;

/**
 * What is counted: how many options and seats, and how to read and to break what is left open.
 *
 * @param options number of options, at least 1 and at most {@link #OPTIONS_MAX}
 * @param seats number of winners wanted, at least 1
 * @param unranked how a ranking treats the options that it leaves out
 * @param lot every option once, in the order in which ties fall: the earlier option wins. Published before the first ballot
 */
public record Question(int options, int seats, Unranked unranked, List<Integer> lot) {

    public static final int OPTIONS_MAX = 1024;

    /** How options that a ballot does not rank are treated. */
    public enum Unranked {
        /** They share the last place, behind every ranked option. */
        LAST,
        /** No pair with an unranked option is counted. */
        IGNORED
    }

    public Question {
        lot = List.copyOf(lot);
        if (options < 1 || options > OPTIONS_MAX) {
            throw new IllegalArgumentException("a question has 1 to " + OPTIONS_MAX + " options, not " + options);
        }
        if (seats < 1 || seats > options) {
            throw new IllegalArgumentException(seats + " seats cannot be filled from " + options + " options");
        }
        if (lot.size() != options
                || lot.stream().distinct().filter(o -> o >= 0 && o < options).count() != options) {
            throw new IllegalArgumentException("the lot must name each of the " + options + " options once");
        }
    }

    /** A question in which ties fall to the lower option. */
    public static Question of(int options) {
        return new Question(
                options,
                1,
                Unranked.LAST,
                java.util.stream.IntStream.range(0, options).boxed().toList());
    }
}
