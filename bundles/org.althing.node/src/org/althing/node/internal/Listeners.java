// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.SyncView;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Effect;
import org.althing.api.node.Feed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who want to know what happens in a node. Without any, telling costs nothing. */
final class Listeners implements Feed {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<Consumer<Happening>> all = new CopyOnWriteArrayList<>();

    @Override
    public Subscription subscribe(Consumer<Happening> listener) {
        Consumer<Happening> own = listener::accept;
        all.add(own);
        return () -> all.remove(own);
    }

    void clear() {
        all.clear();
    }

    /** Entries are durable and wait for a seal. */
    void taken(Cid dao, List<Entry> entries) {
        if (all.isEmpty() || entries.isEmpty()) {
            return;
        }
        List<String> cids = entries.stream()
                .limit(EntriesTaken.ENTRIES_MAX)
                .map(entry -> entry.cid().toString())
                .toList();
        tell(new EntriesTaken(dao.toString(), cids, entries.size()));
    }

    /**
     * A seal was applied.
     *
     * @param header CID of the seal's header
     * @param entries what it sealed
     */
    void sealed(DaoState state, Cid header, List<Entry> entries, List<Effect> effects) {
        if (all.isEmpty()) {
            return;
        }
        String dao = state.dao().toString();
        Set<Cid> moved = new HashSet<>();
        Set<Cid> voided = new HashSet<>();
        Set<Cid> changed = new HashSet<>();
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Moved e -> moved.add(e.proposal());
                case Effect.Extended e -> changed.add(e.proposal());
                case Effect.Voided e -> voided.add(e.entry());
                case Effect.Applied e -> {}
            }
        }
        for (Entry entry : entries) {
            if (!voided.contains(entry.cid())) {
                changed.addAll(touches(entry));
            }
        }
        changed.addAll(moved);
        tell(new Sealed(
                dao,
                state.height(),
                header.toString(),
                state.timeMillis(),
                entries.size(),
                state.root().toString()));
        for (Cid proposal : changed) {
            state.proposal(proposal)
                    .ifPresent(p -> tell(new ProposalChanged(
                            dao,
                            proposal.toString(),
                            Views.word(p.status()),
                            moved.contains(proposal),
                            p.ballots(),
                            state.height())));
        }
    }

    /** What is missing of a DAO has changed. */
    void catchingUp(SyncView sync) {
        tell(new CatchingUp(sync.dao(), sync));
    }

    /** The proposal whose view an entry changes. */
    private static List<Cid> touches(Entry entry) {
        return switch (entry.body()) {
            case Body.Proposal b -> List.of(entry.cid());
            case Body.Ballot b -> List.of(b.proposal());
            case Body.Comment b -> List.of(b.proposal());
            case Body.Sponsorship b -> List.of(b.proposal());
            case Body.Veto b -> List.of(b.proposal());
            case Body.Withdrawal b -> List.of(b.proposal());
            case Body.Counted b -> List.of(b.proposal());
            case Body.Charter b -> List.of();
            case Body.KeyAdded b -> List.of();
            case Body.KeyRevoked b -> List.of();
            case Body.Equivocation b -> List.of();
            case Body.ReaderChanged b -> List.of();
            case Body.GroupKey b -> List.of();
            case Body.Enclosed b -> List.of();
        };
    }

    private void tell(Happening happening) {
        for (Consumer<Happening> listener : all) {
            try {
                listener.accept(happening);
            } catch (RuntimeException e) {
                LOG.error("bug in a listener", e);
            }
        }
    }
}
