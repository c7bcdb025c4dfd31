// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.althing.api.tally.BallotFiles;
import org.althing.api.tally.BallotFiles.Problem;

/** What was wrong with single ballots: all are counted, and up to a limit each is told. Not safe for use by several threads at once. */
final class ProblemList {

    private final List<Problem> told = new ArrayList<>();
    private BigInteger ballots = BigInteger.ZERO;
    private long untoldBallots;
    private int firstUntoldLine;

    ProblemList() {}

    /** Goes on where another list ended. */
    ProblemList(List<Problem> before) {
        before.forEach(problem -> add(problem.line(), problem.count(), problem.reason()));
    }

    void add(int line, long count, String reason) {
        ballots = ballots.add(BigInteger.valueOf(count));
        if (told.size() < BallotFiles.PROBLEMS_MAX) {
            told.add(new Problem(line, count, reason));
            return;
        }
        firstUntoldLine = untoldBallots == 0 ? line : Math.min(line, firstUntoldLine);
        // The exact number is in ballots(); this one is for the eye.
        untoldBallots = count > Long.MAX_VALUE - untoldBallots ? Long.MAX_VALUE : untoldBallots + count;
    }

    /** Number of ballots that have a problem. */
    BigInteger ballots() {
        return ballots;
    }

    /** The problems by line; those past the limit as one at the end. */
    List<Problem> toList() {
        List<Problem> all = new ArrayList<>(told);
        all.sort(Comparator.comparingInt(Problem::line));
        if (untoldBallots > 0) {
            all.add(new Problem(
                    firstUntoldLine,
                    untoldBallots,
                    "from this line on more ballots have problems; only the first " + BallotFiles.PROBLEMS_MAX
                            + " are told"));
        }
        return all;
    }
}
