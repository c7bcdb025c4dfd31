// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.util.List;
import java.util.Optional;

/**
 * One way to count ballots; an OSGi service, so that a bundle may add one to a running node.
 *
 * <p>A method is pure: the result depends on the question and on the multiset of (choice, power) alone, never on their order, on time or
 * on chance. It never throws for any ballot that it did not refuse. All arithmetic is in integers or exact fractions. Implementations are
 * immutable and safe to share between threads.
 */
public interface VotingMethod {

    /** The id that proposals pin, e.g. {@code schulze}. */
    String id();

    /** Raised by one whenever any ballot set could get another result than before. */
    int version();

    /** The variants, default first; empty if there is but one way. */
    List<String> variants();

    /** The form of choice that ballots for this method have ({@link Choice.Blank} is always welcome). */
    Class<? extends Choice> choiceForm();

    /** In one sentence: how a tie is resolved. */
    String tieRule();

    /** Why this method cannot count such a question; empty if it can. Asked when a proposal is made, not at the count. */
    Optional<String> refuse(String variant, Question question);

    /**
     * Why this is no valid ballot, whatever its power; empty if it is one. Names the offending option or weight. Asked for every ballot that
     * is counted.
     */
    Optional<String> refuse(String variant, BallotPaper paper, Question question);

    /** The same of a choice that is about to be cast. */
    default Optional<String> refuse(String variant, Choice choice, Question question) {
        return refuse(variant, BallotPaper.of(choice), question);
    }

    /**
     * Starts a count.
     *
     * @throws IllegalArgumentException if {@link #refuse(String, Question)} has a reason
     */
    Counter counter(String variant, Question question);
}
