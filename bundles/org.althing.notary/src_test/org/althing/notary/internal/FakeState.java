// SPDX-License-Identifier: EPL-2.0
package org.althing.notary.internal;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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

/** As much of a DAO as an engine looks at: every pending entry can be sealed, {@code planMax} at a time; transitions are due as told. */
record FakeState(
        Cid dao,
        long height,
        long timeMillis,
        Optional<Cid> head,
        Cid root,
        List<Notary> notaries,
        List<Long> due,
        List<Cid> sealed,
        int planMax)
        implements DaoState {

    static FakeState genesis(Cid dao, List<Notary> notaries, int planMax) {
        return new FakeState(
                dao, -1, -1, Optional.empty(), Cid.hash(new byte[] {0}), notaries, List.of(), List.of(), planMax);
    }

    FakeState due(Long... times) {
        return new FakeState(dao, height, timeMillis, head, root, notaries, List.of(times), sealed, planMax);
    }

    FakeState notaries(List<Notary> set) {
        return new FakeState(dao, height, timeMillis, head, root, set, due, sealed, planMax);
    }

    @Override
    public OptionalLong nextDueMillis() {
        return due.stream().mapToLong(Long::longValue).min();
    }

    @Override
    public List<Entry> plan(long time, Collection<Entry> pending) {
        return pending.stream()
                .filter(entry -> !sealed.contains(entry.cid()))
                .limit(planMax)
                .toList();
    }

    @Override
    public Step apply(long time, List<Entry> entries) throws InvalidSealException {
        if (time <= timeMillis) {
            throw new InvalidSealException("time " + time + " is not after " + timeMillis);
        }
        List<Cid> cids = entries.stream().map(Entry::cid).toList();
        Cid next = Cid.hash((root + "/" + time + "/" + cids).getBytes(StandardCharsets.UTF_8));
        return new Step() {
            @Override
            public long timeMillis() {
                return time;
            }

            @Override
            public Cid root() {
                return next;
            }

            @Override
            public List<Notary> nextNotaries() {
                return notaries;
            }

            @Override
            public List<Effect> effects() {
                return List.of();
            }

            @Override
            public DaoState sealed(SealHeader header, Cid headerCid) {
                List<Cid> all = java.util.stream.Stream.concat(sealed.stream(), cids.stream())
                        .toList();
                List<Long> left = due.stream().filter(at -> at > time).toList();
                return new FakeState(dao, height + 1, time, Optional.of(headerCid), next, notaries, left, all, planMax);
            }
        };
    }

    @Override
    public long epoch() {
        return 0;
    }

    @Override
    public String name() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String purpose() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Rules rules() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Member> member(PublicKey member) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Member> members() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<KeyState> key(PublicKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ProposalState> proposal(Cid proposal) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ProposalState> proposals() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CountingBallot> ballot(Cid proposal, PublicKey member) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void ballots(Cid proposal, Consumer<CountingBallot> sink) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void electorate(Cid proposal, Consumer<Member> sink) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void blocks(Optional<Cid> proposal, BiConsumer<Cid, byte[]> sink) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Judge judge() {
        throw new UnsupportedOperationException();
    }
}
