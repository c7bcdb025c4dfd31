// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.evidence.Evidence.Claim;
import org.althing.api.evidence.Evidence.Report;
import org.althing.api.evidence.Evidence.Verdict;
import org.althing.api.files.PrivateFiles;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Effect;
import org.althing.api.governance.Governance;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.ledger.DamagedException;
import org.althing.api.ledger.DaoLedger;
import org.althing.codec.EntryCodec;
import org.althing.codec.GroupKeys;
import org.althing.codec.MalformedException;
import org.althing.codec.Merkle;
import org.jspecify.annotations.Nullable;

/**
 * Writes evidence files. The verifier asks for block after block of what is to become the file, and so gives the file its order and its
 * first check: what does not hold is not written.
 */
final class EvidenceWriter {

    private final Governance governance;
    private final Verifier verifier;
    private final DaoLedger ledger;
    private final GroupKeys keys;
    private final Map<Cid, byte[]> blocks = new HashMap<>();

    EvidenceWriter(Governance governance, Verifier verifier, DaoLedger ledger, GroupKeys keys) {
        this.governance = governance;
        this.verifier = verifier;
        this.ledger = ledger;
        this.keys = keys;
    }

    /** The ledger failed while the verifier asked. */
    private static final class LedgerFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient AlthingException failure;

        LedgerFailedException(AlthingException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** Writes a file about the proposal, or, without one, about the whole DAO. */
    long write(DaoState state, Optional<Cid> proposal, Path target, long salt) throws AlthingException {
        if (Files.exists(target)) {
            throw exists(target);
        }
        if (proposal.isPresent()) {
            requireDecided(state, proposal.get());
        }
        LedgerChain chain = LedgerChain.read(ledger, proposal.isEmpty());
        List<Cid> pages = new ArrayList<>();
        for (Manifest.Page page : chain.pages()) {
            pages.add(keep(page.encode()));
        }
        Optional<Manifest.Proof> proof =
                proposal.isEmpty() ? Optional.empty() : Optional.of(prove(chain, proposal.get()));
        Manifest manifest = new Manifest(ledger.dao(), keys.all(), pages, proof);
        return write(chain, manifest, target, salt);
    }

    private Cid keep(byte[] block) {
        Cid cid = Cid.hash(block);
        blocks.put(cid, block);
        return cid;
    }

    private static void requireDecided(DaoState state, Cid proposal) throws AlthingException {
        ProposalState record = state.proposal(proposal)
                .orElseThrow(() -> new AlthingException("there is no proposal " + proposal + " in DAO " + state.dao()
                        + "; 'althing proposals' lists them"));
        if (record.outcome().isPresent()) {
            return;
        }
        throw new AlthingException("proposal " + proposal + " is not decided: "
                + switch (record.status()) {
                    case SUBMITTED, REVIEW -> "voting has not opened; export it after the decision";
                    case VOTING ->
                        "voting is open until " + Instant.ofEpochMilli(record.deadlineMillis())
                                + "; export it after the decision";
                    case CLOSED -> "the notaries are still counting; try again shortly";
                    case WITHDRAWN, VETOED, EXPIRED, VOID, PASSED, REJECTED, QUORUM_MISSED, EXECUTED ->
                        "it ended as " + StatusWord.of(record.status())
                                + " without a count; export the whole DAO to prove that";
                });
    }

    // --- What proves a proposal

    private Manifest.Proof prove(LedgerChain chain, Cid proposal) throws AlthingException {
        Story story = new Story(chain, proposal);
        story.tell();
        return story.proof();
    }

    /** Replays the chain to find what it says of one proposal, and keeps the blocks of the states that prove it. */
    private final class Story {

        private final LedgerChain chain;
        private final Cid proposal;
        private final Map<Long, List<Entry>> counts = new HashMap<>();
        private final List<DaoState> states = new ArrayList<>();
        private DaoState state;

        Story(LedgerChain chain, Cid proposal) throws AlthingException {
            this.chain = chain;
            this.proposal = proposal;
            this.state = governance.genesis(entry(ledger.dao()));
        }

        void tell() throws AlthingException {
            for (int height = 0; height < chain.size(); height++) {
                ProposalState before = state.proposal(proposal).orElse(null);
                DaoState parent = state;
                step(height);
                ProposalState now = state.proposal(proposal).orElse(null);
                if (before == null && now != null) {
                    states.add(parent);
                }
                if (now != null && isTurn(before, now)) {
                    states.add(state);
                }
            }
            if (states.isEmpty() || states.getLast() != state) {
                states.add(state);
            }
        }

        private static boolean isTurn(@Nullable ProposalState before, ProposalState now) {
            return before == null
                    || before.openedAt() != now.openedAt()
                    || before.closedAt() != now.closedAt()
                    || before.decidedAt() != now.decidedAt();
        }

        private void step(int height) throws AlthingException {
            LedgerChain.Stored stored = chain.stored(height);
            List<Entry> entries = new ArrayList<>();
            for (Cid cid : stored.seal().entries()) {
                entries.add(entry(cid));
            }
            keep(Chain.encodeSet(state.notaries().stream().map(Notary::key).toList()));
            try {
                List<Entry> opened = keys.openAll(entries, state.groupKeys());
                DaoState.Step step = state.apply(stored.header().timeMillis(), opened);
                noteCounts(height, opened, step);
                state = step.sealed(stored.header(), stored.seal().cid());
            } catch (GroupKeys.MissingKeyException e) {
                throw new AlthingException(String.valueOf(e.getMessage()));
            } catch (DaoState.InvalidSealException | IllegalArgumentException e) {
                throw new DamagedException("seal " + height + " of DAO " + ledger.dao()
                        + " cannot be replayed from the ledger: " + e.getMessage());
            }
        }

        private void noteCounts(long height, List<Entry> entries, DaoState.Step step) {
            for (Entry entry : entries) {
                if (entry.body() instanceof Body.Counted counted
                        && counted.proposal().equals(proposal)
                        && step.effects().contains(new Effect.Applied(entry.cid()))) {
                    counts.computeIfAbsent(height, h -> new ArrayList<>()).add(entry);
                }
            }
        }

        Manifest.Proof proof() throws AlthingException {
            ProposalState record = state.proposal(proposal)
                    .filter(found -> found.outcome().isPresent())
                    .orElseThrow(() -> new AlthingException("proposal " + proposal
                            + " is decided by a seal that is not final by itself yet; try again after the next seal"));
            // The set that decided is the one before or the one after the deciding seal; see ProposalProof.results.
            states.forEach(each -> each.blocks(Optional.of(proposal), blocks::putIfAbsent));
            keep(Chain.encodeSet(state.notaries().stream().map(Notary::key).toList()));
            Body.Counted outcome = record.outcome().orElseThrow();
            List<Manifest.Result> results = new ArrayList<>();
            for (long height = record.closedAt(); height <= record.decidedAt(); height++) {
                for (Entry entry : counts.getOrDefault(height, List.of())) {
                    if (entry.body().equals(outcome)) {
                        results.add(new Manifest.Result(entry.cid(), height, place(height, entry.cid())));
                    }
                }
            }
            return new Manifest.Proof(proposal, place(record.submittedAt(), proposal), results);
        }

        private Manifest.Place place(long height, Cid entry) throws AlthingException {
            List<Cid> entries = chain.stored(height).seal().entries();
            int index = entries.indexOf(entry);
            return new Manifest.Place(
                    index,
                    Merkle.of(entries.stream().map(Cid::toBytes).toList()).inclusionProof(index));
        }
    }

    private Entry entry(Cid cid) throws AlthingException {
        byte[] bytes = ledger.entry(cid)
                .orElseThrow(() -> new DamagedException("entry " + cid + " of DAO " + ledger.dao()
                        + " is missing from the ledger; fetch it again from another peer"));
        try {
            return EntryCodec.decode(bytes);
        } catch (MalformedException e) {
            throw new DamagedException(
                    "entry " + cid + " of DAO " + ledger.dao() + " is damaged in the ledger: " + e.getMessage());
        }
    }

    // --- The file

    private long write(LedgerChain chain, Manifest manifest, Path target, long salt) throws AlthingException {
        Path folder = target.toAbsolutePath().getParent();
        Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            long size = fill(chain, manifest, temporary, salt);
            publish(temporary, target);
            sync(folder);
            return size;
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot write " + target + ": " + e.getMessage()
                            + "; check the folder, its rights and the free space",
                    e);
        } finally {
            delete(temporary);
        }
    }

    private long fill(LedgerChain chain, Manifest manifest, Path temporary, long salt)
            throws IOException, AlthingException {
        byte[] root = manifest.encode();
        Cid rootCid = keep(root);
        FileChannel file = create(temporary, !manifest.keys().isEmpty());
        try (WritingBlocks out = new WritingBlocks(file, rootCid, new Source(chain)::find)) {
            out.next(rootCid);
            requireSound(verifier.verify(out, manifest, salt));
            out.force();
            return out.sizeBytes();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (LedgerFailedException e) {
            throw e.failure;
        }
    }

    /** Evidence is for everybody, but what holds group keys is for whoever its owner gives it to. */
    private static FileChannel create(Path file, boolean isSecret) throws IOException {
        return isSecret
                ? PrivateFiles.begin(file)
                : FileChannel.open(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** A method that is not installed keeps nobody from writing evidence; a failed claim does. */
    private void requireSound(Report report) throws DamagedException {
        for (Claim claim : report.claims()) {
            if (claim.verdict() == Verdict.FAILS) {
                throw new DamagedException("the ledger of DAO " + ledger.dao() + " does not prove this (" + claim.id()
                        + ": " + claim.detail()
                        + "); stop the node, check the disk and fetch the DAO again from another peer");
            }
        }
    }

    /** Finds blocks: those kept here, those of the seal that is at its turn, and entries of the ledger. */
    private final class Source {

        private final LedgerChain chain;
        private final Map<Cid, byte[]> turn = new HashMap<>();
        private int next;

        Source(LedgerChain chain) {
            this.chain = chain;
        }

        byte @Nullable [] find(Cid cid) {
            byte[] kept = blocks.get(cid);
            if (kept != null) {
                return kept;
            }
            try {
                if (!turn.containsKey(cid)
                        && next < chain.size()
                        && chain.seal(next).header().equals(cid)) {
                    advance();
                }
                byte[] ofTurn = turn.get(cid);
                return ofTurn != null ? ofTurn : ledger.entry(cid).orElse(null);
            } catch (AlthingException e) {
                throw new LedgerFailedException(e);
            }
        }

        private void advance() throws AlthingException {
            DaoLedger.Seal seal = chain.stored(next).seal();
            turn.clear();
            turn.put(seal.cid(), seal.header());
            turn.put(Cid.hash(seal.certificate()), seal.certificate());
            byte[] body = Manifest.encodeBody(seal.entries());
            turn.put(Cid.hash(body), body);
            next++;
        }
    }

    private static void publish(Path temporary, Path target) throws IOException {
        try {
            // A link fails if the target exists; a move would silently take its place.
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Makes the new name durable where folders can be synced; where they cannot, the system does without. */
    private static void sync(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders; its renames are journalled.
            return;
        }
    }

    private static void delete(Path temporary) throws AlthingException {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new AlthingException("cannot delete " + temporary + ": " + e.getMessage() + "; delete it by hand", e);
        }
    }

    private static AlthingException exists(Path target) {
        return new AlthingException(target + " exists; choose another name or delete it");
    }
}
