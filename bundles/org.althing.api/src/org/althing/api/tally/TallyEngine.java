// SPDX-License-Identifier: EPL-2.0
package org.althing.api.tally;

import java.util.List;
import java.util.Optional;

/** Counts ballots with whatever methods are installed. Safe for use by many threads. */
public interface TallyEngine {

    /** The methods that are installed now, by id. */
    List<VotingMethod> methods();

    /** The method with this id, if installed. */
    default Optional<VotingMethod> method(String id) {
        return methods().stream().filter(m -> m.id().equals(id)).findFirst();
    }

    /**
     * Counts all ballots of a source, on all cores; the result does not depend on how the work was split.
     *
     * @throws UnknownMethodException if no such method, variant or version is installed
     * @throws IllegalArgumentException if the method refuses the question; the message is its reason
     */
    Tally count(MethodId method, Question question, BallotSource ballots) throws UnknownMethodException;

    /** Ballots, in parts that may be read at the same time. */
    interface BallotSource {

        /** Number of parts, at least 1. */
        int parts();

        /** Hands every ballot of a part to the sink; called once for each part, perhaps by several threads at once. */
        void read(int part, Sink sink);
    }

    /** Takes ballots. */
    interface Sink {

        /** Equal ballots. The paper is read before this returns, so that the source may fill it in anew. */
        void accept(BallotPaper paper);
    }
}
