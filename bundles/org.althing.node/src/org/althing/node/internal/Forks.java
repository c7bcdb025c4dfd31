// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.KeyState;
import org.althing.api.node.NodeSettings;
import org.althing.api.sync.Replica;
import org.althing.api.sync.Replica.EntryAnswer.Forked;
import org.althing.api.sync.Replica.Fork;
import org.althing.codec.EntryCodec;

/**
 * Keys that have signed two entries with one number, and the proofs. A notary hands the proof in, so that the DAO freezes the key; everybody
 * passes it on. Until a seal has it, the file has it too. Belongs to the thread of its pipeline, but for {@link #proofs}.
 */
final class Forks {

    private final Pipeline pipeline;
    private final Observers observers;
    private final Outbox outbox;
    private final ForkFile file;
    /** Keys that this notary has handed a proof in against. */
    private final Set<PublicKey> accused = new HashSet<>();
    /** Keys of which another half was looked for in vain since the last seal. */
    private final Set<PublicKey> sought = new HashSet<>();
    /** The newest last. */
    private final Map<PublicKey, Fork> proofs = new LinkedHashMap<>();

    private volatile List<Fork> shown = List.of();

    Forks(Pipeline pipeline, Observers observers, Outbox outbox, ForkFile file) {
        this.pipeline = pipeline;
        this.observers = observers;
        this.outbox = outbox;
        this.file = file;
    }

    /** Proofs that no seal has yet, newest first. Any thread. */
    List<Fork> proofs() {
        return shown;
    }

    boolean has(PublicKey key) {
        return proofs.containsKey(key);
    }

    /** Takes up what was known before the node was stopped; a proof whose signatures do not hold is none. */
    void resume(Verifier verifier) {
        try {
            for (GossipCodec.Halves halves : file.read()) {
                Entry entry = halves.first();
                Fork proof = halves.proof();
                boolean genuine = verifier.check(proof.first(), known -> false) instanceof Checked.Genuine
                        && verifier.check(proof.second(), known -> false) instanceof Checked.Genuine;
                if (genuine && isActive(entry.key())) {
                    proofs.put(entry.key(), proof);
                    problem(entry, proof);
                    accuse(entry, proof);
                }
            }
            show();
        } catch (IOException e) {
            pipeline.problems()
                    .put(
                            "forks",
                            "the proofs of forks in folder " + NodeSettings.FORKS_FOLDER + " cannot be read ("
                                    + e.getMessage() + "); peers bring them again");
        }
    }

    private static String fact(Entry entry) {
        return entry.key() + " has signed two entries with number " + entry.sequence();
    }

    private void problem(Entry entry, Fork proof) {
        pipeline.problems()
                .put(
                        "fork " + entry.key(),
                        fact(entry) + ": " + Cid.hash(proof.first()) + " and " + Cid.hash(proof.second()));
    }

    /** Whether it is this node that goes before the DAO. */
    private boolean accuse(Entry entry, Fork proof) {
        if (!pipeline.isNotary() || !accused.add(entry.key())) {
            return false;
        }
        if (pipeline.pool().all().stream().anyMatch(pending -> isAgainst(entry.key(), pending))) {
            return true;
        }
        pipeline.thread()
                .run(() -> pipeline.author(
                        new Body.Equivocation(proof.first(), proof.second()),
                        "the proof against " + entry.key(),
                        () -> accused.remove(entry.key())));
        return true;
    }

    private static boolean isAgainst(PublicKey key, Entry pending) {
        return pending.body() instanceof Body.Equivocation accusation
                && EntryCodec.decode(accusation.first()).key().equals(key);
    }

    /** What to tell whoever brought the second half. */
    Answer denounce(Checked.Genuine fork) {
        Entry entry = fork.entry();
        String fact = fact(entry);
        // A notary whose proof was refused tries again.
        boolean done = accused.contains(entry.key()) || proofs.containsKey(entry.key()) && !pipeline.isNotary();
        if (done || !isActive(entry.key()) || sought.contains(entry.key())) {
            // Looking for the other half walks the chain of the key: once for nothing is enough until the next seal.
            return refused(entry, fact + "; the first one stands");
        }
        Optional<byte[]> other = otherHalf(entry);
        if (other.isEmpty()) {
            sought.add(entry.key());
            return refused(entry, fact + "; the other one is too old to be shown");
        }
        Optional<String> excuse = pipeline.state().judge().excuse(EntryCodec.decode(other.get()));
        if (excuse.isPresent()) {
            sought.add(entry.key());
            return refused(entry, fact + "; the first one stands, but proves nothing: " + excuse.get());
        }
        Fork proof = proof(other.get(), fork.bytes());
        keep(entry, proof);
        problem(entry, proof);
        if (accuse(entry, proof)) {
            return refused(
                    entry, fact + "; the first one stands, and the proof goes before the DAO, which freezes the key");
        }
        return refused(entry, fact + "; the first one stands");
    }

    private Answer refused(Entry entry, String reason) {
        return new Answer.Refused(
                entry.cid(),
                reason,
                false,
                Optional.ofNullable(proofs.get(entry.key())).map(proof -> new Forked(entry.key(), proof)));
    }

    private static Fork proof(byte[] one, byte[] other) {
        return Cid.hash(one).compareTo(Cid.hash(other)) < 0 ? new Fork(one, other) : new Fork(other, one);
    }

    private void keep(Entry entry, Fork proof) {
        if (proofs.containsKey(entry.key())) {
            return;
        }
        if (proofs.size() == Replica.FORKS_MAX) {
            proofs.remove(proofs.keySet().iterator().next());
        }
        proofs.put(entry.key(), proof);
        show();
        write();
        // The first half may still be sealed, but peers need fetch nothing more of this key.
        observers.went(pipeline.pool().chain(entry.key()));
        outbox.forked(pipeline.ledger().dao(), proof);
    }

    private void write() {
        try {
            file.write(List.copyOf(proofs.values()));
            pipeline.problems().remove("forks");
        } catch (IOException e) {
            pipeline.problems()
                    .put("forks", "the proofs of forks cannot be written (" + e + "); a restart forgets them");
        }
    }

    private void show() {
        shown = List.copyOf(new ArrayList<>(proofs.values()).reversed());
    }

    /** A seal was applied: what it froze needs no proof any more. */
    void sealed() {
        sought.clear();
        if (proofs.keySet().removeIf(key -> !isActive(key))) {
            show();
            write();
        }
    }

    private boolean isActive(PublicKey key) {
        return pipeline.state()
                .key(key)
                .filter(k -> k.status() == KeyState.Status.ACTIVE)
                .isPresent();
    }

    /** The entry that is known by this key and number. */
    private Optional<byte[]> otherHalf(Entry entry) {
        try {
            for (Entry pending : pipeline.pool().chain(entry.key())) {
                if (pending.sequence() == entry.sequence()) {
                    return pipeline.pending(pending.cid());
                }
            }
            Cid at = pipeline.state().key(entry.key()).map(KeyState::last).orElse(null);
            for (int steps = 0; at != null && steps < Limits.FORK_WALK_MAX_STEPS; steps++) {
                Entry known = Replay.decode(pipeline.ledger(), at);
                if (known.sequence() == entry.sequence()) {
                    return pipeline.ledger().entry(at);
                }
                at = known.previous();
            }
        } catch (AlthingException e) {
            pipeline.problems().put("fork " + entry.key(), String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }
}
