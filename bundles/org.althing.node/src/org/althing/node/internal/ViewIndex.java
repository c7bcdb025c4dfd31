// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Effect;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;

/**
 * What views need and the state does not list: which entries are void and why, the comments of a proposal, the devices of a member. Made from
 * the seals like the state, and grows as they do. Safe for use by many threads.
 */
final class ViewIndex {

    /** A sealed comment. */
    record CommentAt(Cid entry, long height) {}

    /** Rows in one written item. */
    static final int ITEM_ROWS = 1024;
    /** What an author wrote, or an action that was impossible. */
    private static final int REASON_MAX_BYTES = Body.TEXT_MAX_BYTES;

    private record VoidAt(String reason, long height) {}

    /** Also read without the lock: whoever writes down an older state passes over what came since. */
    private final Map<Cid, VoidAt> voids = new ConcurrentHashMap<>();

    private final Map<Cid, List<CommentAt>> comments = new HashMap<>();
    private final Map<PublicKey, Set<PublicKey>> devices = new HashMap<>();

    /** A seal was applied. */
    synchronized void add(DaoState after, List<Entry> entries, List<Effect> effects) {
        Map<Cid, Entry> sealed = HashMap.newHashMap(entries.size());
        entries.forEach(entry -> sealed.put(entry.cid(), entry));
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Applied e -> applied(after, sealed.get(e.entry()));
                case Effect.Voided e ->
                    voids.put(e.entry(), new VoidAt(e.reason().intern(), after.height()));
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
            case Body.ReaderChanged b -> {}
            case Body.GroupKey b -> {}
            case Body.Enclosed b -> {}
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
        return Optional.ofNullable(voids.get(entry)).map(VoidAt::reason);
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

    /**
     * Writes what it knew when this was the state, however much has come since: devices by member, the voids, comments by proposal.
     * Takes the lock for short moments only.
     */
    void write(DaoState at, Consumer<byte[]> items) {
        Rows rows = new Rows(items);
        for (PublicKey root : roots()) {
            for (PublicKey device : devices(root)) {
                if (at.key(device).isPresent()) {
                    rows.add(new CborWriter().list(2).bytes(root.toBytes()).bytes(device.toBytes()));
                }
            }
        }
        rows.end();
        voids.forEach((entry, made) -> {
            if (made.height() <= at.height()) {
                rows.add(new CborWriter().list(2).link(entry).text(made.reason()));
            }
        });
        rows.end();
        for (ProposalState proposal : at.proposals()) {
            for (int from = 0; ; from += ITEM_ROWS) {
                List<CommentAt> some = comments(proposal.proposal(), from, at.height());
                some.forEach(comment -> rows.add(
                        new CborWriter().list(2).link(proposal.proposal()).link(comment.entry())));
                if (some.size() < ITEM_ROWS) {
                    break;
                }
            }
        }
        rows.end();
    }

    private synchronized List<PublicKey> roots() {
        return List.copyOf(devices.keySet());
    }

    private synchronized List<CommentAt> comments(Cid proposal, int from, long heightMax) {
        return comments.getOrDefault(proposal, List.of()).stream()
                .skip(from)
                .limit(ITEM_ROWS)
                .takeWhile(comment -> comment.height() <= heightMax)
                .toList();
    }

    /** Rows, some an item; a table ends in an item without any. */
    private static final class Rows {

        private final Consumer<byte[]> items;
        private final List<byte[]> rows = new ArrayList<>(ITEM_ROWS);

        Rows(Consumer<byte[]> items) {
            this.items = items;
        }

        void add(CborWriter row) {
            rows.add(row.toBytes());
            if (rows.size() == ITEM_ROWS) {
                flush();
            }
        }

        void flush() {
            CborWriter out = new CborWriter().list(rows.size());
            rows.forEach(out::raw);
            items.accept(out.toBytes());
            rows.clear();
        }

        void end() {
            if (!rows.isEmpty()) {
                flush();
            }
            flush();
        }
    }

    /**
     * Reads what was written for this state.
     *
     * @param sealedAt the height of an entry's seal, or nothing
     * @throws MalformedException if it names what the state or the ledger do not have
     */
    static ViewIndex read(DaoState at, Function<Cid, OptionalLong> sealedAt, Supplier<byte[]> items) {
        ViewIndex index = new ViewIndex();
        rows(items, in -> {
            PublicKey root = RulesCodec.readKey(in);
            PublicKey device = RulesCodec.readKey(in);
            require(
                    at.key(device)
                            .filter(key -> key.kind() == KeyState.Kind.DEVICE
                                    && key.owner().equals(root))
                            .isPresent(),
                    "a device that the member does not have");
            index.device(root, device);
        });
        rows(items, in -> {
            Cid entry = in.readLink();
            String reason = in.readText(REASON_MAX_BYTES).intern();
            VoidAt made = new VoidAt(reason, height(entry, at, sealedAt));
            require(index.voids.put(entry, made) == null, "an entry that is void twice");
        });
        rows(items, in -> {
            Cid proposal = in.readLink();
            Cid entry = in.readLink();
            require(at.proposal(proposal).isPresent(), "a comment on a proposal that there is not");
            List<CommentAt> of = index.comments.computeIfAbsent(proposal, key -> new ArrayList<>());
            long height = height(entry, at, sealedAt);
            require(of.isEmpty() || of.getLast().height() <= height, "comments out of order");
            of.add(new CommentAt(entry, height));
        });
        return index;
    }

    private static long height(Cid entry, DaoState at, Function<Cid, OptionalLong> sealedAt) {
        OptionalLong height = sealedAt.apply(entry);
        require(height.isPresent() && height.getAsLong() <= at.height(), "an entry that was not sealed then");
        return height.getAsLong();
    }

    private static void rows(Supplier<byte[]> items, Consumer<CborReader> row) {
        int count;
        do {
            CborReader in = new CborReader(items.get());
            count = in.readList(ITEM_ROWS);
            for (int i = 0; i < count; i++) {
                in.readListExactly(2);
                row.accept(in);
            }
            in.finish();
        } while (count > 0);
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new MalformedException(0, reason);
        }
    }
}
