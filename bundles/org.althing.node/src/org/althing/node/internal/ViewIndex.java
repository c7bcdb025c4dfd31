// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Effect;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;

/**
 * What views need and the state does not list: which entries are void and why, the comments of a proposal, the devices of a member. Made from
 * the seals like the state, and grows as they do. Safe for use by many threads.
 */
final class ViewIndex {

    /** A sealed comment. */
    record CommentAt(Cid entry, long height) {}

    private final Map<Cid, String> voids = new HashMap<>();
    private final Map<Cid, List<CommentAt>> comments = new HashMap<>();
    private final Map<PublicKey, Set<PublicKey>> devices = new HashMap<>();

    /** A seal was applied. */
    synchronized void add(DaoState after, List<Entry> entries, List<Effect> effects) {
        Map<Cid, Entry> sealed = HashMap.newHashMap(entries.size());
        entries.forEach(entry -> sealed.put(entry.cid(), entry));
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Applied e -> applied(after, sealed.get(e.entry()));
                case Effect.Voided e -> voids.put(e.entry(), e.reason().intern());
                case Effect.Moved e -> moved(after, e);
                case Effect.Extended e -> {}
            }
        }
    }

    private void applied(DaoState after, Entry entry) {
        switch (entry.body()) {
            case Body.Charter b -> b.founders().forEach(this::admitted);
            case Body.KeyAdded b -> device(entry.key(), b.device());
            case Body.Comment b ->
                comments.computeIfAbsent(b.proposal(), proposal -> new ArrayList<>())
                        .add(new CommentAt(entry.cid(), after.height()));
            case Body.KeyRevoked b -> {}
            case Body.Proposal b -> {}
            case Body.Sponsorship b -> {}
            case Body.Withdrawal b -> {}
            case Body.Veto b -> {}
            case Body.Ballot b -> {}
            case Body.Counted b -> {}
            case Body.Equivocation b -> {}
        }
    }

    private void moved(DaoState after, Effect.Moved effect) {
        if (effect.to() != ProposalStatus.EXECUTED) {
            return;
        }
        Optional<ProposalState> proposal = after.proposal(effect.proposal());
        proposal.ifPresent(p -> p.body().actions().forEach(action -> {
            if (action instanceof Action.Admit admit) {
                admitted(admit);
            }
        }));
    }

    private void admitted(Action.Admit admit) {
        device(admit.root(), admit.device());
    }

    private void device(PublicKey root, PublicKey device) {
        devices.computeIfAbsent(root, key -> new LinkedHashSet<>()).add(device);
    }

    /** Why a sealed entry is without effect; empty if it has some. */
    synchronized Optional<String> voidness(Cid entry) {
        return Optional.ofNullable(voids.get(entry));
    }

    /** The latest comments of a proposal, oldest first. */
    synchronized List<CommentAt> comments(Cid proposal, int max) {
        List<CommentAt> all = comments.getOrDefault(proposal, List.of());
        return List.copyOf(all.subList(Math.max(0, all.size() - max), all.size()));
    }

    /** Every key that ever was a device of this member; the state knows which still are. */
    synchronized List<PublicKey> devices(PublicKey root) {
        return List.copyOf(devices.getOrDefault(root, Set.of()));
    }
}
