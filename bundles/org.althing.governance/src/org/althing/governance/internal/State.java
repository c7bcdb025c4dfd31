// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Entry;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Effect;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.Rules;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Ed25519;
import org.jspecify.annotations.Nullable;

/** The DAO after a seal. */
final class State implements DaoState {

    private final Ed25519 signatures;
    private final Entry charter;
    private final Core core;
    private final long height;
    private final long timeMillis;
    private final @Nullable Cid head;
    private final SealHeights seals;

    private State(
            Ed25519 signatures,
            Entry charter,
            Core core,
            long height,
            long timeMillis,
            @Nullable Cid head,
            SealHeights seals) {
        this.signatures = signatures;
        this.charter = charter;
        this.core = core;
        this.height = height;
        this.timeMillis = timeMillis;
        this.head = head;
        this.seals = seals;
    }

    /** The state before any seal. */
    static State genesis(Ed25519 signatures, Entry charter, Core core) {
        return new State(signatures, charter, core, -1, -1, null, SealHeights.none());
    }

    @Override
    public Cid dao() {
        return core.dao();
    }

    @Override
    public String name() {
        return core.charter().name();
    }

    @Override
    public String purpose() {
        return core.charter().purpose();
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public long timeMillis() {
        return timeMillis;
    }

    @Override
    public Optional<Cid> head() {
        return Optional.ofNullable(head);
    }

    @Override
    public Cid root() {
        return core.root();
    }

    @Override
    public Rules rules() {
        return core.world().rules();
    }

    @Override
    public long epoch() {
        return core.epoch();
    }

    @Override
    public List<Notary> notaries() {
        return core.world().notaries();
    }

    @Override
    public Optional<Member> member(PublicKey root) {
        return core.world().member(root);
    }

    @Override
    public List<Cid> groupKeys() {
        return core.world().groupKeys();
    }

    @Override
    public boolean groupKeyDue() {
        return core.world().groupKeyDue();
    }

    @Override
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        core.world().members().forEach((root, member) -> members.add(member));
        members.sort(Comparator.comparing(Member::root));
        return List.copyOf(members);
    }

    @Override
    public Optional<KeyState> key(PublicKey key) {
        return core.world().key(key);
    }

    @Override
    public Optional<ProposalState> proposal(Cid proposal) {
        return core.proposals().get(proposal).map(Held::state);
    }

    @Override
    public List<ProposalState> proposals() {
        return core.held().stream().map(Held::state).toList();
    }

    @Override
    public Optional<CountingBallot> ballot(Cid proposal, PublicKey member) {
        return core.proposals().get(proposal).flatMap(held -> held.ballots().get(member));
    }

    @Override
    public void ballots(Cid proposal, Consumer<CountingBallot> sink) {
        core.proposals()
                .get(proposal)
                .ifPresent(held -> held.ballots().forEach((member, ballot) -> sink.accept(ballot)));
    }

    @Override
    public void electorate(Cid proposal, Consumer<Member> sink) {
        core.proposals()
                .get(proposal)
                .ifPresent(held -> held.electorate().forEach((root, member) -> {
                    if (held.state().mayVote(member)) {
                        sink.accept(member);
                    }
                }));
    }

    @Override
    public void blocks(Optional<Cid> proposal, BiConsumer<Cid, byte[]> sink) {
        sink.accept(core.root(), core.rootBlock().clone());
        core.world().keys().blocks(sink);
        if (proposal.isPresent()) {
            core.records().prove(proposal.get().toBytes()).forEach(block -> sink.accept(Cid.hash(block), block));
            core.proposals().get(proposal.get()).ifPresent(held -> blocks(held, sink));
        } else {
            core.records().blocks(sink);
            core.world().members().blocks(sink);
            core.held().forEach(held -> blocks(held, sink));
        }
    }

    private static void blocks(Held held, BiConsumer<Cid, byte[]> sink) {
        held.electorate().blocks(sink);
        held.ballots().blocks(sink);
        held.comments().blocks(sink);
    }

    /** The state after a seal, from its parts. */
    static State resumed(Ed25519 signatures, Entry charter, Core core, SealHeader header, Cid seal, SealHeights seals) {
        return new State(signatures, charter, core, header.height(), header.timeMillis(), seal, seals);
    }

    @Override
    public boolean write(Consumer<byte[]> items) {
        if (head == null || height >= SealHeights.SEALS_MAX) {
            return false;
        }
        Stored.write(core, seals, items);
        return true;
    }

    @Override
    public OptionalLong nextDueMillis() {
        return core.agenda().first().map(due -> OptionalLong.of(due.millis())).orElse(OptionalLong.empty());
    }

    @Override
    public Judge judge() {
        return head == null ? new BeforeCharter() : new AfterSeal(head);
    }

    /** Nothing but the charter can be sealed. */
    private final class BeforeCharter implements Judge {

        @Override
        public Optional<KeyState> key(PublicKey key) {
            return State.this.key(key);
        }

        @Override
        public Optional<Refusal> refuse(Entry entry) {
            return entry.cid().equals(charter.cid())
                    ? Optional.empty()
                    : Optional.of(new Refusal("the charter is not sealed yet", false));
        }

        @Override
        public Optional<String> voidness(Entry entry) {
            return refuse(entry).map(Refusal::reason);
        }

        @Override
        public Optional<String> excuse(Entry entry) {
            return refuse(entry).map(Refusal::reason);
        }
    }

    /** Asks a fold of the seal to come, into which it never enters anything; the fold keeps what it looked up. */
    private final class AfterSeal implements Judge {

        private final Fold fold = fold(timeMillis + 1);
        private final Sealing sealing;

        AfterSeal(Cid head) {
            sealing = sealing(head, core.world(), fold::key, core.usage());
        }

        @Override
        public Optional<KeyState> key(PublicKey key) {
            return fold.key(key);
        }

        @Override
        public Optional<Refusal> refuse(Entry entry) {
            return sealing.refuse(entry);
        }

        @Override
        public Optional<String> voidness(Entry entry) {
            Optional<KeyState> author = fold.key(entry.key());
            if (author.isEmpty()) {
                return Optional.of("its key is not known here");
            }
            return sealing.refuseAuthor(author.get()).map(Refusal::reason).or(() -> fold.voidness(entry, author.get()));
        }

        @Override
        public Optional<String> excuse(Entry entry) {
            return fold.excuse(entry);
        }
    }

    @Override
    public List<Entry> plan(long sealTimeMillis, Collection<Entry> pending) {
        if (sealTimeMillis <= timeMillis) {
            throw new IllegalArgumentException("a seal at " + sealTimeMillis + " cannot follow one at " + timeMillis);
        }
        if (head == null) {
            return pending.stream()
                    .filter(entry -> entry.cid().equals(charter.cid()))
                    .limit(1)
                    .toList();
        }
        Fold fold = fold(sealTimeMillis);
        fold.transitions();
        return sealing(head, fold.world(), fold::key, core.usage().on(sealTimeMillis))
                .plan(pending);
    }

    @Override
    public Step apply(long sealTimeMillis, List<Entry> entries) throws InvalidSealException {
        if (sealTimeMillis <= timeMillis) {
            throw new InvalidSealException("its time " + sealTimeMillis + " is not after its parent's, " + timeMillis);
        }
        if (head == null) {
            return found(sealTimeMillis, entries);
        }
        Fold fold = fold(sealTimeMillis);
        fold.transitions();
        Usage usage = sealing(head, fold.world(), fold::key, core.usage().on(sealTimeMillis))
                .check(entries);
        entries.forEach(fold::enter);
        Core next = fold.finish(usage);
        return new Applied(sealTimeMillis, next, fold.effects());
    }

    private Step found(long sealTimeMillis, List<Entry> entries) throws InvalidSealException {
        if (entries.size() != 1 || !entries.getFirst().cid().equals(charter.cid())) {
            throw new InvalidSealException("the first seal holds the charter and nothing else");
        }
        World world = Charters.found(core.charter(), signatures);
        world = world.with(Sealing.after(world.key(charter.key()).orElseThrow(), charter));
        Usage usage = Usage.none().on(sealTimeMillis).plus(charter.key(), 1);
        Core next = Core.founded(core.dao(), core.charter(), world, usage);
        return new Applied(sealTimeMillis, next, List.of(new Effect.Applied(charter.cid())));
    }

    private Fold fold(long sealTimeMillis) {
        return new Fold(core, seals, height + 1, sealTimeMillis, signatures);
    }

    private Sealing sealing(Cid previous, World world, Function<PublicKey, Optional<KeyState>> keys, Usage usage) {
        return new Sealing(core.dao(), previous, seals, world, keys, usage);
    }

    private final class Applied implements Step {
        private final long sealTimeMillis;
        private final Core next;
        private final List<Effect> effects;

        Applied(long sealTimeMillis, Core next, List<Effect> effects) {
            this.sealTimeMillis = sealTimeMillis;
            this.next = next;
            this.effects = List.copyOf(effects);
        }

        @Override
        public long timeMillis() {
            return sealTimeMillis;
        }

        @Override
        public Cid root() {
            return next.root();
        }

        @Override
        public List<Notary> nextNotaries() {
            return next.world().notaries();
        }

        @Override
        public List<Effect> effects() {
            return effects;
        }

        @Override
        public DaoState sealed(SealHeader header, Cid headerCid) {
            boolean fits = header.dao().equals(next.dao())
                    && header.height() == height + 1
                    && Objects.equals(header.previous(), head)
                    && header.timeMillis() == sealTimeMillis
                    && header.state().equals(next.root());
            if (!fits) {
                throw new IllegalArgumentException("header " + headerCid + " is of another seal");
            }
            return new State(
                    signatures,
                    charter,
                    next,
                    header.height(),
                    sealTimeMillis,
                    headerCid,
                    seals.with(headerCid, header.height()));
        }
    }
}
