// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Membership;
import org.althing.api.sync.Replica;
import org.althing.api.sync.SyncProgress;
import org.jspecify.annotations.Nullable;

/**
 * A DAO of this node for those who exchange it with peers. One that was joined begins with nothing but its name: the seal of height 0 brings the
 * charter, and with it the pipeline.
 */
final class DaoReplica implements Replica {

    private final DaoLedger ledger;
    private final Desk desk;
    private final Founder founder;
    private final Observers observers = new Observers();
    private final Problems problems;
    private final KeyRing ring;
    private final DaoMembership membership;
    private volatile @Nullable Pipeline pipeline;
    private volatile @Nullable Mailbox mailbox;
    private volatile Joins.@Nullable Pin pin;

    /** Makes the pipeline of a DAO that was known by its name alone. */
    interface Founder {

        Pipeline found(Checked.Genuine charter, DaoReplica replica) throws AlthingException;

        /** The chain has the seal that the invite named. */
        void pinned(Cid dao);
    }

    DaoReplica(DaoLedger ledger, Desk desk, KeyRing ring, ReadingKeys reading, Founder founder) {
        this.ledger = ledger;
        this.desk = desk;
        this.founder = founder;
        this.problems = new Problems(ledger.dao());
        this.ring = ring;
        this.membership = new DaoMembership(this, ring, reading, desk);
    }

    /** Where messages between its members are kept; empty if the DAO is public, or not known yet. */
    Optional<Mailbox> mailbox() {
        return Optional.ofNullable(mailbox);
    }

    void keep(Mailbox made) {
        mailbox = made;
    }

    void serve(Pipeline made) {
        pipeline = made;
    }

    KeyRing ring() {
        return ring;
    }

    /** Whether the DAO may be shown to everybody: its charter is known and says so. */
    boolean isPublic() {
        return pipeline().filter(now -> !now.isPrivate()).isPresent();
    }

    Observers observers() {
        return observers;
    }

    Problems problemsBySubject() {
        return problems;
    }

    Optional<Pipeline> pipeline() {
        return Optional.ofNullable(pipeline);
    }

    // The seal that an invite named.

    /** @throws AlthingException if the chain that is here has another one at its height */
    void require(Joins.Pin wanted) throws AlthingException {
        long height = tip().height();
        if (wanted.height() < 0 || wanted.height() > height) {
            pin = wanted;
            return;
        }
        Optional<Seal> ours = ledger.seal(wanted.height());
        if (ours.isPresent() && !ours.get().cid().equals(wanted.seal())) {
            throw new AlthingException(conflict(wanted, ours.get().cid()));
        }
        founder.pinned(ledger.dao());
    }

    private String conflict(Joins.Pin wanted, Cid found) {
        return "at height " + wanted.height() + " the invite to DAO " + ledger.dao() + " names seal " + wanted.seal()
                + ", but the chain has " + found
                + ": one of them is another history; trust neither, and ask who invited you";
    }

    /** What an operator should know. */
    List<String> problems() {
        Joins.Pin open = pin;
        Optional<SyncProgress> progress = desk.progress(ledger.dao());
        boolean complete = progress.filter(p -> p.isInSync() && p.peers() > 0).isPresent() && tip().height() >= 0;
        problems.set(
                "pin",
                open != null && open.height() < 0 && complete,
                "the chain of DAO " + ledger.dao() + " that peers have does not contain seal "
                        + (open == null ? "" : open.seal())
                        + ", which the invite names; do not trust it, and ask who invited you");
        return problems.list();
    }

    private Optional<String> unpinned(Seal seal) {
        Joins.Pin open = pin;
        if (open == null) {
            return Optional.empty();
        }
        if (seal.cid().equals(open.seal())) {
            pin = null;
            founder.pinned(ledger.dao());
            return Optional.empty();
        }
        return seal.height() == open.height() ? Optional.of(conflict(open, seal.cid())) : Optional.empty();
    }

    // For those who exchange it.

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
        Pipeline now = pipeline;
        return now == null ? new Tip(-1, Optional.empty(), List.of()) : now.tip();
    }

    @Override
    public Optional<List<PublicKey>> notaries(Cid set) {
        return pipeline().flatMap(now -> now.sets().find(set));
    }

    @Override
    public List<Pending> pending() {
        return observers.pending();
    }

    @Override
    public List<Fork> forks() {
        return pipeline().map(now -> now.forks().proofs()).orElse(List.of());
    }

    @Override
    public Optional<Membership> membership() {
        return isPublic() ? Optional.empty() : Optional.of(membership);
    }

    /** Whether a peer may have what belongs to this DAO. */
    boolean admits(PeerId peer) {
        return isPublic()
                || desk.syncing()
                        .get()
                        .filter(service -> service.mayHave(dao(), peer))
                        .isPresent();
    }

    @Override
    public Observation observe(Observer observer) {
        return observers.observe(observer);
    }

    @Override
    public CompletableFuture<SealAnswer> bringSeal(Seal seal, List<byte[]> entries) {
        Optional<String> reason = unpinned(seal);
        if (reason.isPresent()) {
            return refuse(reason.get());
        }
        try {
            Pipeline now = pipeline;
            if (now == null) {
                now = begin(seal, entries);
            }
            return now.intake().bring(seal, entries);
        } catch (AlthingException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private CompletableFuture<SealAnswer> refuse(String reason) {
        problems.put("chain", reason);
        return CompletableFuture.completedFuture(new SealAnswer.Refused(reason));
    }

    /** The charter names the DAO, so there can be but one. */
    private Pipeline begin(Seal seal, List<byte[]> entries) throws AlthingException {
        byte[] charter = entries.stream()
                .filter(entry -> dao().names(entry))
                .findFirst()
                .orElseThrow(() ->
                        new AlthingException("the seal at height " + seal.height() + " comes without the charter"));
        Checked checked = desk.verifier().check(charter, entry -> false);
        if (!(checked instanceof Checked.Genuine genuine) || !(genuine.entry().body() instanceof Body.Charter body)) {
            throw new AlthingException("what names this DAO is no charter; the invite is wrong");
        }
        Optional<String> reason = desk.governance().refuse(body);
        if (reason.isPresent()) {
            throw new AlthingException("the charter does not hold: " + reason.get());
        }
        return founder.found(genuine, this);
    }

    @Override
    public CompletableFuture<List<EntryAnswer>> bringPending(List<byte[]> entries) {
        Pipeline now = pipeline;
        if (now == null) {
            return CompletableFuture.completedFuture(entries.stream()
                    .<EntryAnswer>map(entry -> new EntryAnswer.Later("the charter is not known here yet"))
                    .toList());
        }
        return desk.verifier()
                .checkAll(entries)
                .thenCompose(checked -> submit(now, checked))
                .thenApply(answers -> answers.stream().map(DaoReplica::forPeers).toList());
    }

    static CompletableFuture<List<Answer>> submit(Pipeline to, List<Checked> checked) {
        try {
            return to.submit(checked, Origin.PEER);
        } catch (AlthingException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static EntryAnswer forPeers(Answer answer) {
        return switch (answer) {
            case Answer.Pending a -> new EntryAnswer.Kept();
            case Answer.Sealed a -> new EntryAnswer.Kept();
            case Answer.Void a -> new EntryAnswer.Kept();
            case Answer.Refused a when a.fork().isPresent() -> a.fork().get();
            case Answer.Refused a when a.maybeLater() -> new EntryAnswer.Later(a.reason());
            case Answer.Refused a -> new EntryAnswer.Never(a.reason());
        };
    }
}
