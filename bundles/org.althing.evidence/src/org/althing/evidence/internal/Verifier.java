// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.evidence.Evidence;
import org.althing.api.evidence.Evidence.Claim;
import org.althing.api.evidence.Evidence.Outcome;
import org.althing.api.evidence.Evidence.Report;
import org.althing.api.evidence.Evidence.Verdict;
import org.althing.api.governance.Governance;
import org.althing.api.tally.TallyEngine;
import org.althing.codec.Car;
import org.althing.codec.Ed25519;
import org.althing.codec.GroupKeys;

/**
 * Checks an evidence file. Trusts nobody: what the file says is compared with what hashes, signatures, the rules of governance and the
 * voting methods make of it.
 *
 * <p>Immutable, safe for use by many threads.
 */
final class Verifier {

    private static final String ATTESTED = "attested";
    private static final String REPLAYED = "replayed";
    private static final String NOTHING = "none";

    private final Governance governance;
    private final TallyEngine engine;
    private final Ed25519 ed25519;
    private final Executor executor;
    private final Set<Check> enabled;

    /**
     * @param executor lends threads for signature checks
     */
    Verifier(Governance governance, TallyEngine engine, Ed25519 ed25519, Executor executor) {
        this(governance, engine, ed25519, executor, EnumSet.allOf(Check.class));
    }

    /** For tests alone, which switch each check off once and see a forgery pass. */
    Verifier(Governance governance, TallyEngine engine, Ed25519 ed25519, Executor executor, Set<Check> enabled) {
        this.governance = governance;
        this.engine = engine;
        this.ed25519 = ed25519;
        this.executor = executor;
        this.enabled = enabled;
    }

    /** What the reader knows of the DAO already. */
    record Known(Optional<Cid> dao, Optional<Cid> seal) {}

    /**
     * Checks a file.
     *
     * @param salt a number that whoever made the file could not foresee
     * @throws IOException if it cannot be read
     */
    Report verify(Path path, Known known, long salt) throws IOException {
        Run run = new Run(known, salt);
        if (Files.size(path) > Evidence.FILE_SIZE_MAX_BYTES) {
            run.findings.fail(ClaimKind.FILE, "the file has more than " + Evidence.FILE_SIZE_MAX_BYTES + " bytes");
            return run.report();
        }
        try {
            run.file(path);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return run.report();
    }

    /** Checks blocks that are not in a file yet. */
    Report verify(Blocks blocks, Manifest manifest, long salt) {
        Run run = new Run(new Known(Optional.empty(), Optional.empty()), salt);
        run.guarded(() -> run.content(blocks, manifest));
        run.findings.done(ClaimKind.FILE, "");
        return run.report();
    }

    /** One check of one file. */
    private final class Run {

        private final Known known;
        private final long salt;
        private final Findings findings = new Findings(enabled);
        private Optional<Cid> dao = Optional.empty();
        private Optional<String> daoName = Optional.empty();
        private List<Outcome> outcomes = new ArrayList<>();
        private String completeness = NOTHING;

        Run(Known known, long salt) {
            this.known = known;
            this.salt = salt;
        }

        void guarded(Runnable work) {
            try {
                work.run();
            } catch (Stopped e) {
                findings.fail(e.claim, e.reason);
            }
        }

        void file(Path path) throws IOException {
            EvidenceFile opened;
            try {
                opened = EvidenceFile.open(path, findings);
            } catch (Stopped e) {
                findings.fail(e.claim, e.reason);
                return;
            }
            try (EvidenceFile file = opened) {
                guarded(() -> read(file));
            }
        }

        private void read(EvidenceFile file) {
            Car.Block first = file.first();
            findings.check(
                    Check.CAR_ROOT,
                    file.roots().equals(List.of(first.cid())),
                    () -> "the header names the roots " + file.roots() + ", but the manifest comes first: "
                            + first.cid());
            content(file, Blocks.decode(first.cid(), "manifest", first.bytes(), Manifest::decode));
            file.end();
            findings.done(ClaimKind.FILE, file.blocks() + " blocks, " + file.sizeBytes() + " bytes");
        }

        void content(Blocks blocks, Manifest manifest) {
            findings.make(
                    manifest.proof().isPresent() ? ClaimKind.OF_PROPOSAL : ClaimKind.OF_DAO,
                    known.seal().isPresent());
            dao = Optional.of(manifest.dao());
            Signatures signatures = new Signatures(findings, blocks, ed25519, executor, GroupKeys.of(manifest.keys()));
            Signatures.Found charter = signatures.take(manifest.dao());
            Body.Charter founding = charter(charter.entry());
            Chain chain = new Chain(findings, blocks, ed25519, manifest.dao(), founding, known.seal());
            Recount recount = new Recount(findings, signatures, governance, engine);
            outcomes = recount.outcomes();
            if (manifest.proof().isPresent()) {
                pages(blocks, manifest, seal -> {
                    findings.check(
                            Check.BODY_NEEDED,
                            seal.body() == null,
                            () -> "seal " + seal.header() + " has a list of entries, which proves nothing here");
                    chain.certify(chain.next(seal));
                });
                chain.end();
                chain.certified();
                new ProposalProof(
                                findings,
                                signatures,
                                chain,
                                new StateBlocks(blocks),
                                recount,
                                manifest.dao(),
                                manifest.proof().get())
                        .run();
                completeness = ATTESTED;
            } else {
                Replay replay = new Replay(findings, blocks, signatures, chain, governance, recount, charter, salt);
                pages(blocks, manifest, replay::next);
                chain.end();
                replay.end();
                completeness = REPLAYED;
            }
        }

        private Body.Charter charter(Entry entry) {
            if (!(entry.body() instanceof Body.Charter charter)) {
                throw new Stopped(ClaimKind.DAO, "entry " + entry.cid() + " is no charter");
            }
            daoName = Optional.of(charter.name());
            findings.check(Check.CHARTER_FORM, governance.refuse(charter), "the charter founds no DAO");
            boolean byFounder = !charter.founders().isEmpty()
                    && charter.founders().getFirst().root().equals(entry.key())
                    && entry.sequence() == 0;
            findings.check(
                    Check.CHARTER_SIGNER,
                    byFounder,
                    () -> "the charter is not the first entry of its first founder's root key");
            findings.check(
                    Check.DAO_GIVEN,
                    known.dao().isEmpty() || known.dao().get().equals(entry.cid()),
                    () -> "the file is about DAO " + entry.cid() + ", not "
                            + known.dao().orElseThrow());
            findings.done(
                    ClaimKind.DAO,
                    entry.cid()
                            + (known.dao().isPresent() || known.seal().isPresent()
                                    ? ""
                                    : "; true of this DAO only: "
                                            + "compare its CID with one that you know, or give it with --dao"));
            return charter;
        }

        private void pages(Blocks blocks, Manifest manifest, Consumer<Manifest.Seal> next) {
            for (int i = 0; i < manifest.pages().size(); i++) {
                Cid cid = manifest.pages().get(i);
                Manifest.Page page = blocks.decode(cid, "page of seals", Manifest.Page::decode);
                boolean full = page.seals().size() == Manifest.Page.SEALS_MAX
                        || i == manifest.pages().size() - 1;
                findings.check(Check.PAGE_FULL, full, () -> "page " + cid + " is not full, and not the last");
                page.seals().forEach(next);
            }
        }

        Report report() {
            List<Claim> claims = findings.claims();
            boolean holds = claims.stream().allMatch(claim -> claim.verdict() == Verdict.HOLDS);
            boolean fails = claims.stream().anyMatch(claim -> claim.verdict() == Verdict.FAILS);
            return new Report(holds, dao.map(Cid::toString), daoName, fails ? NOTHING : completeness, claims, outcomes);
        }
    }
}
