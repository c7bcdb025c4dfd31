// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState.InvalidSealException;
import org.althing.api.governance.DaoState.Refusal;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.Rules;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What can be sealed after a given seal, and in which order (docs/formats/althing.cddl, "Seals"). Keys, memberships and rules are judged once: as the
 * transitions of the new seal leave them, before its first entry. So a key that an entry adds can be used from the next seal on, and what
 * an entry revokes can still be sealed with it (but is void after it, see {@link Voidness}).
 */
final class Sealing {

    /** The place of a key inside a seal: roots, devices, notaries; within each by a hash that nobody could choose beforehand. */
    private record Rank(KeyState.Kind kind, byte[] lot) implements Comparable<Rank> {
        @Override
        public int compareTo(Rank other) {
            return kind != other.kind ? kind.compareTo(other.kind) : Arrays.compareUnsigned(lot, other.lot);
        }
    }

    static final String BEFORE_MEMBERSHIP = "it was signed before its author became a member";
    /** Since when somebody is a member who is none: later than any seal. */
    private static final long NO_MEMBER = Long.MAX_VALUE;

    private final Cid dao;
    private final Cid head;
    private final SealHeights seals;
    private final World world;
    private final Function<PublicKey, Optional<KeyState>> keys;
    private final Usage usage;

    /**
     * @param head header of the seal before, after which this one is sealed
     * @param seals header to height of every seal so far
     * @param keys looks keys up in that world
     * @param usage of the day of the seal, so far
     */
    Sealing(
            Cid dao,
            Cid head,
            SealHeights seals,
            World world,
            Function<PublicKey, Optional<KeyState>> keys,
            Usage usage) {
        this.dao = dao;
        this.head = head;
        this.seals = seals;
        this.world = world;
        this.keys = keys;
        this.usage = usage;
    }

    /** Why an entry cannot be sealed next; of several reasons one that holds for ever. */
    Optional<Refusal> refuse(Entry entry) {
        Optional<KeyState> known = keys.apply(entry.key());
        if (known.isEmpty()) {
            return refuseDao(entry).or(() -> later("its key is not known here"));
        }
        KeyState key = known.get();
        List<Refusal> reasons = new ArrayList<>(0);
        refuseDao(entry).ifPresent(reasons::add);
        refuseKind(entry, key).ifPresent(reasons::add);
        refuseSize(entry, key).ifPresent(reasons::add);
        refuseAuthor(key).ifPresent(reasons::add);
        refuseChain(entry, key).ifPresent(reasons::add);
        refuseSeen(entry, since(key)).ifPresent(reasons::add);
        return reasons.isEmpty()
                ? Optional.empty()
                : reasons.stream().filter(Refusal::forEver).findFirst().or(() -> Optional.of(reasons.getFirst()));
    }

    /** Why nothing of this key can be sealed now. */
    Optional<Refusal> refuseAuthor(KeyState key) {
        return switch (key.status()) {
            case FROZEN -> never("its key is frozen: it signed two entries with one sequence number");
            case REVOKED ->
                key.kind() == KeyState.Kind.NOTARY
                        ? later("its author is no notary any more")
                        : never("its key is revoked");
            case ACTIVE ->
                key.kind() == KeyState.Kind.NOTARY
                                || world.member(key.owner())
                                        .filter(Member::active)
                                        .isPresent()
                        ? Optional.empty()
                        : later("its author is no member any more");
        };
    }

    private Optional<Refusal> refuseDao(Entry entry) {
        return dao.equals(entry.dao())
                ? Optional.empty()
                : never("it belongs to another DAO, or would found this one again");
    }

    private static Optional<Refusal> refuseKind(Entry entry, KeyState key) {
        boolean fits = switch (entry.body()) {
            case Body.Charter b -> false;
            case Body.KeyAdded b -> key.kind() == KeyState.Kind.ROOT;
            case Body.KeyRevoked b -> key.kind() == KeyState.Kind.ROOT;
            case Body.Proposal b -> key.kind() == KeyState.Kind.DEVICE;
            case Body.Sponsorship b -> key.kind() == KeyState.Kind.DEVICE;
            case Body.Withdrawal b -> key.kind() == KeyState.Kind.DEVICE;
            case Body.Veto b -> key.kind() == KeyState.Kind.DEVICE;
            case Body.Ballot b -> key.kind() == KeyState.Kind.DEVICE;
            case Body.Comment b -> key.kind() == KeyState.Kind.DEVICE;
            case Body.Counted b -> key.kind() == KeyState.Kind.NOTARY;
            case Body.Equivocation b -> key.kind() != KeyState.Kind.ROOT;
            case Body.ReaderChanged b -> key.kind() == KeyState.Kind.ROOT;
            case Body.GroupKey b -> key.kind() == KeyState.Kind.NOTARY;
            case Body.Enclosed b -> key.kind() != KeyState.Kind.ROOT;
        };
        return fits ? Optional.empty() : never("a " + Words.of(key.kind()) + " key cannot say this");
    }

    /** A proof has room for two entries of this size; a larger one could be sealed beside another of its number, and nobody could prove it. */
    private static Optional<Refusal> refuseSize(Entry entry, KeyState key) {
        return entry.sizeBytes() <= Entry.SIZE_MAX_BYTES || key.kind() == KeyState.Kind.NOTARY
                ? Optional.empty()
                : never("a " + Words.of(key.kind()) + " key signs at most " + Entry.SIZE_MAX_BYTES + " bytes");
    }

    private static Optional<Refusal> refuseChain(Entry entry, KeyState key) {
        if (entry.sequence() <= key.sequence()) {
            return never("sequence number " + entry.sequence() + " of its key is sealed already");
        }
        if (entry.sequence() > key.sequence() + 1) {
            return later("the entry before it is not sealed yet");
        }
        return Objects.equals(entry.previous(), key.last())
                ? Optional.empty()
                : never("it does not follow its key's last entry");
    }

    /**
     * A membership holds for what was signed in it: what a former member left pending can be given up at once, since it is not sealed either
     * if that member is admitted again.
     */
    private Optional<Refusal> refuseSeen(Entry entry, long since) {
        Optional<Long> seen = entry.seen() == null ? Optional.empty() : seals.get(entry.seen());
        if (seen.isEmpty()) {
            return later("it has seen a seal that is not on this chain");
        }
        if (seen.get() >= since) {
            return Optional.empty();
        }
        return never(since == NO_MEMBER ? "its author is no member any more" : BEFORE_MEMBERSHIP);
    }

    /** Height of the seal since which the owner of a key is a member; a notary need not be one. */
    private long since(KeyState key) {
        return key.kind() == KeyState.Kind.NOTARY
                ? 0
                : world.member(key.owner())
                        .filter(Member::active)
                        .map(Member::since)
                        .orElse(NO_MEMBER);
    }

    /** Notaries are no members: the rules' quotas, which could be very low, do not keep counts from being sealed. */
    private int perDayMax(KeyState key) {
        return key.kind() == KeyState.Kind.NOTARY
                ? Rules.ENTRIES_PER_DAY_LIMIT
                : world.rules().entriesPerDayMax();
    }

    private int perSealMax(KeyState key) {
        return key.kind() == KeyState.Kind.NOTARY
                ? Rules.ENTRIES_PER_SEAL_LIMIT
                : world.rules().entriesPerSealMax();
    }

    /** How many entries the owner of a key may have in the next seal. */
    private int allowance(KeyState key) {
        return Math.min(perSealMax(key), perDayMax(key) - usage.of(key.owner()));
    }

    private byte[] lot(PublicKey key) {
        MessageDigest sha256 = Sha256.begin();
        sha256.update(head.toBytes());
        return sha256.digest(key.toBytes());
    }

    /**
     * The entries of the next seal, in its order. Over the caps, what leads to a ballot goes first, so that ballots are deferred last; among
     * equals the lot decides, anew for every seal.
     */
    List<Entry> plan(Collection<Entry> pending) {
        Map<PublicKey, List<Entry>> byKey = new HashMap<>();
        pending.forEach(entry ->
                byKey.computeIfAbsent(entry.key(), key -> new ArrayList<>(1)).add(entry));
        List<Lane> lanes = new ArrayList<>(byKey.size());
        byKey.forEach((key, entries) -> lanes.add(new Lane(key, entries)));
        lanes.sort(Comparator.comparing(lane -> lane.lot, Arrays::compareUnsigned));
        Room room = new Room();
        for (Lane lane : lanes) {
            if (lane.mayBallot && room.entriesLeft > 0) {
                lane.take(room, lane.lastBallot() + 1);
            }
        }
        for (Lane lane : lanes) {
            if (room.entriesLeft > 0) {
                lane.take(room, Integer.MAX_VALUE);
            }
        }
        return lanes.stream()
                .filter(lane -> lane.taken > 0)
                .sorted(Comparator.comparing(Lane::rank))
                .flatMap(lane -> lane.chain().subList(0, lane.taken).stream())
                .toList();
    }

    /** What is left of the caps. */
    private final class Room {
        private int entriesLeft = SealHeader.ENTRIES_MAX;
        private int bytesLeft = SealHeader.ENTRIES_SIZE_MAX_BYTES;
        private final Map<PublicKey, Integer> ownersLeft = new HashMap<>();

        boolean take(Entry entry, KeyState key) {
            int left = ownersLeft.computeIfAbsent(key.owner(), owner -> allowance(key));
            if (left <= 0 || entriesLeft == 0 || entry.sizeBytes() > bytesLeft) {
                return false;
            }
            ownersLeft.put(key.owner(), left - 1);
            entriesLeft--;
            bytesLeft -= entry.sizeBytes();
            return true;
        }
    }

    /** The pending entries of one key. Looked at closely only when there is room for them: there may be very many. */
    private final class Lane {
        private final PublicKey key;
        private final List<Entry> pending;
        private final byte[] lot;
        private final boolean mayBallot;
        private @Nullable KeyState state;
        private @Nullable List<Entry> chain;
        private int taken;

        Lane(PublicKey key, List<Entry> pending) {
            this.key = key;
            this.pending = pending;
            this.lot = lot(key);
            this.mayBallot = pending.stream().anyMatch(entry -> entry.body() instanceof Body.Ballot);
        }

        Rank rank() {
            return new Rank(Objects.requireNonNull(state).kind(), lot);
        }

        void take(Room room, int end) {
            List<Entry> ready = chain();
            while (taken < Math.min(end, ready.size()) && room.take(ready.get(taken), Objects.requireNonNull(state))) {
                taken++;
            }
        }

        int lastBallot() {
            List<Entry> ready = chain();
            int last = ready.size() - 1;
            while (last >= 0 && !(ready.get(last).body() instanceof Body.Ballot)) {
                last--;
            }
            return last;
        }

        /** What can be sealed of this key, in order, were there no caps. */
        List<Entry> chain() {
            List<Entry> known = chain;
            if (known == null) {
                known = keys.apply(key)
                        .filter(found -> refuseAuthor(found).isEmpty())
                        .map(this::follow)
                        .orElse(List.of());
                chain = known;
            }
            return known;
        }

        private List<Entry> follow(KeyState from) {
            state = from;
            // Of two entries with one sequence number the choice must not depend on which came first.
            pending.sort(Comparator.comparingLong(Entry::sequence).thenComparing(Entry::cid));
            List<Entry> chained = new ArrayList<>();
            KeyState at = from;
            long since = since(from);
            for (Entry entry : pending) {
                if (chained.size() < allowance(from)
                        && refuseInSeal(entry, at, since).isEmpty()) {
                    chained.add(entry);
                    at = after(at, entry);
                }
            }
            return chained;
        }
    }

    /**
     * Checks that these entries can be the next seal, in this order.
     *
     * @return the day's usage after it
     * @throws InvalidSealException if they cannot
     */
    Usage check(List<Entry> entries) throws InvalidSealException {
        require(
                entries.size() <= SealHeader.ENTRIES_MAX,
                () -> entries.size() + " entries; at most " + SealHeader.ENTRIES_MAX);
        long sizeBytes = entries.stream().mapToLong(Entry::sizeBytes).sum();
        require(
                sizeBytes <= SealHeader.ENTRIES_SIZE_MAX_BYTES,
                () -> sizeBytes + " bytes; at most " + SealHeader.ENTRIES_SIZE_MAX_BYTES);
        Map<PublicKey, Integer> perOwner = new HashMap<>();
        Rank last = null;
        for (int from = 0, to; from < entries.size(); from = to) {
            PublicKey author = entries.get(from).key();
            to = from + 1;
            while (to < entries.size() && entries.get(to).key().equals(author)) {
                to++;
            }
            KeyState key = checkKey(entries.subList(from, to));
            Rank rank = new Rank(key.kind(), lot(author));
            require(last == null || last.compareTo(rank) < 0, () -> "entries of " + author + " are not in their place");
            last = rank;
            int count = perOwner.merge(key.owner(), to - from, Integer::sum);
            require(count <= allowance(key), () -> count + " entries of " + key.owner() + " are beyond its quota");
        }
        return plus(perOwner);
    }

    private KeyState checkKey(List<Entry> entries) throws InvalidSealException {
        PublicKey author = entries.getFirst().key();
        KeyState key =
                keys.apply(author).orElseThrow(() -> new InvalidSealException("key " + author + " is not known"));
        requireNone(entries.getFirst(), refuseAuthor(key));
        KeyState at = key;
        long since = since(key);
        for (Entry entry : entries) {
            requireNone(entry, refuseInSeal(entry, at, since));
            at = after(at, entry);
        }
        return key;
    }

    private Optional<Refusal> refuseInSeal(Entry entry, KeyState at, long since) {
        return refuseChain(entry, at)
                .or(() -> refuseDao(entry))
                .or(() -> refuseKind(entry, at))
                .or(() -> refuseSize(entry, at))
                .or(() -> refuseSeen(entry, since));
    }

    private Usage plus(Map<PublicKey, Integer> perOwner) {
        Usage sum = usage;
        for (Map.Entry<PublicKey, Integer> owner : perOwner.entrySet()) {
            sum = sum.plus(owner.getKey(), owner.getValue());
        }
        return sum;
    }

    /** The key once this entry of it is sealed. */
    static KeyState after(KeyState key, Entry entry) {
        return new KeyState(key.key(), key.kind(), key.owner(), key.status(), entry.sequence(), entry.cid());
    }

    private static Optional<Refusal> later(String reason) {
        return Optional.of(new Refusal(reason, false));
    }

    private static Optional<Refusal> never(String reason) {
        return Optional.of(new Refusal(reason, true));
    }

    private static void requireNone(Entry entry, Optional<Refusal> refusal) throws InvalidSealException {
        if (refusal.isPresent()) {
            throw new InvalidSealException(
                    "entry " + entry.cid() + ": " + refusal.get().reason());
        }
    }

    /** Reasons name keys, and to write a key costs more than to seal an entry: so only when it is needed. */
    private static void require(boolean holds, Supplier<String> reason) throws InvalidSealException {
        if (!holds) {
            throw new InvalidSealException(reason.get());
        }
    }
}
