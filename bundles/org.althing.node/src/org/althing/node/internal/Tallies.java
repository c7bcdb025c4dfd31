// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.ProposalState;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.jspecify.annotations.Nullable;

/** Tallies for views: counted when asked for, kept as long as no ballot changes. Safe for use by many threads, which count one by one. */
final class Tallies {

    private record Key(Cid proposal, Cid ballots) {}

    private final Desk desk;
    private final Map<Key, Tally> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Tally> eldest) {
            return size() > Limits.TALLIES_KEPT_MAX;
        }
    };

    Tallies(Desk desk) {
        this.desk = desk;
    }

    /** The tally of the ballots so far; empty if voting has not begun, nobody here can count, or it would take too long to do so for a view. */
    synchronized Optional<Tally> of(Pipeline pipeline, ProposalState proposal) {
        boolean tooMany = proposal.closedAt() < 0 && proposal.ballots() > Limits.RUNNING_TALLY_MAX_BALLOTS;
        Optional<TallyEngine> engine = desk.tally().get();
        if (proposal.openedAt() < 0 || tooMany || engine.isEmpty()) {
            return Optional.empty();
        }
        Key key = new Key(proposal.proposal(), proposal.ballotMap());
        Tally known = kept.get(key);
        if (known == null) {
            known = count(pipeline, proposal, engine.get());
            if (known == null) {
                return Optional.empty();
            }
            kept.put(key, known);
        }
        return Optional.of(known);
    }

    private @Nullable Tally count(Pipeline pipeline, ProposalState proposal, TallyEngine engine) {
        DaoState state = pipeline.state();
        // A seal may have come in between: the ballots must be those that the view shows.
        if (!state.proposal(proposal.proposal())
                .map(ProposalState::ballotMap)
                .equals(Optional.of(proposal.ballotMap()))) {
            return null;
        }
        try {
            return Recount.count(
                    state, proposal, pipeline.ledger(), pipeline.ring().keys(), desk.governance(), engine);
        } catch (AlthingException | LinkageError e) {
            // A bundle may be uninstalled under the count. A view without a tally is better than none; the pipeline
            // reports what it cannot count.
            return null;
        }
    }
}
