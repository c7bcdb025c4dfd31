// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.sync.Membership;
import org.althing.api.sync.Replica;
import org.althing.codec.EntryCodec;
import org.althing.testkit.MemoryLedger;

/** A DAO of a node that believes what it is brought, in a ledger that forgets. */
final class TestReplica implements Replica {

    private final DaoLedger ledger;
    private final Function<Cid, Optional<List<PublicKey>>> sets;
    private final Map<Cid, Pending> pending = new HashMap<>();
    private final List<Fork> forks = new ArrayList<>();
    private final List<Observer> observers = new ArrayList<>();
    Optional<Membership> membership = Optional.empty();
    private Tip tip;

    TestReplica(Cid dao, List<PublicKey> notaries, Function<Cid, Optional<List<PublicKey>>> sets) {
        this.sets = sets;
        this.tip = new Tip(-1, Optional.empty(), notaries);
        try {
            this.ledger = new MemoryLedger().open(Path.of("sync")).dao(dao);
        } catch (AlthingException e) {
            throw new AssertionError(e);
        }
    }

    /** A replica that holds the first seals of a chain. */
    static TestReplica of(TestChain chain, int seals) {
        TestReplica replica = new TestReplica(chain.dao(), chain.firstSet(), set -> Optional.of(TestChain.set(set)));
        for (int i = 0; i < seals; i++) {
            replica.bringSeal(chain.seal(i), chain.entries(i)).join();
        }
        return replica;
    }

    @Override
    public Cid dao() {
        return ledger.dao();
    }

    @Override
    public DaoLedger ledger() {
        return ledger;
    }

    @Override
    public Tip tip() {
        return tip;
    }

    @Override
    public Optional<List<PublicKey>> notaries(Cid set) {
        return sets.apply(set);
    }

    @Override
    public Optional<Membership> membership() {
        return membership;
    }

    @Override
    public List<Pending> pending() {
        return List.copyOf(pending.values());
    }

    void addPending(byte[] entry, long timeMillis) {
        ledger.add(List.of(entry)).join();
        Pending came = new Pending(Cid.hash(entry), timeMillis);
        if (pending.put(came.cid(), came) == null) {
            observers.forEach(observer -> observer.came(List.of(came)));
        }
    }

    @Override
    public List<Fork> forks() {
        return forks;
    }

    void addFork(Fork fork) {
        forks.add(fork);
    }

    @Override
    public CompletableFuture<SealAnswer> bringSeal(Seal seal, List<byte[]> entries) {
        ledger.add(entries).join();
        ledger.seal(seal).join();
        var header = org.althing.codec.SealCodec.decodeHeader(seal.header());
        tip = new Tip(
                seal.height(),
                Optional.of(seal.cid()),
                header.nextSet().equals(header.set()) && !tip.notaries().isEmpty()
                        ? tip.notaries()
                        : sets.apply(header.nextSet()).orElseThrow());
        observers.forEach(observer -> observer.sealed(tip));
        return CompletableFuture.completedFuture(new SealAnswer.Taken());
    }

    @Override
    public CompletableFuture<List<EntryAnswer>> bringPending(List<byte[]> entries) {
        entries.forEach(entry -> addPending(entry, EntryCodec.decode(entry).timeMillis()));
        return CompletableFuture.completedFuture(entries.stream()
                .<EntryAnswer>map(entry -> new EntryAnswer.Kept())
                .toList());
    }

    @Override
    public Observation observe(Observer observer) {
        observers.add(observer);
        return () -> observers.remove(observer);
    }
}
