// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.PublicKey;
import org.althing.api.Signer;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.Authoring;
import org.althing.api.assembly.Assembly.ProposalView;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Choice;
import org.althing.cli.internal.Failure;
import org.althing.codec.Consent;
import org.althing.codec.EntryCodec;

/**
 * Founds a DAO, admits one member for every ballot, and lets them vote in two real elections; all through the same assembly that every
 * member uses. Not safe for use by several threads.
 */
final class Demo {

    static final List<Integer> YEARS = List.of(2006, 2007);
    /** How long the elections stay open by default: a small machine seals all ballots in a part of it. */
    static final long VOTING_MILLIS_DEFAULT = 6_000;

    /** Debian counts by Schulze's method on winning votes; the margins give the same two rankings. */
    private static final String METHOD = "schulze:winning";

    private static final int METHOD_VERSION = 1;
    private static final String NAME = "Debian, replayed";
    /** What fits into an entry of 64 KiB with room to spare. */
    private static final int ADMISSIONS_PER_PROPOSAL_MAX = 165;

    private static final int BATCH_ENTRIES = 128;
    private static final long POLL_MILLIS = 50;
    /** How long a step that is due may take before the demo gives up. */
    private static final long STEP_MAX_MILLIS = 60_000;

    private static final long SEAL_WAIT_MILLIS = 10_000;

    private final Assembly assembly;
    private final SeparateVerifier verifier;
    private final Progress progress;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Path folder;
    private final long votingMillis;

    /**
     * @param folder where evidence goes
     * @param votingMillis how long the elections stay open
     */
    Demo(
            Assembly assembly,
            SeparateVerifier verifier,
            Progress progress,
            RandomGenerator random,
            InstantSource clock,
            Path folder,
            long votingMillis) {
        this.assembly = assembly;
        this.verifier = verifier;
        this.progress = progress;
        this.random = random;
        this.clock = clock;
        this.folder = folder;
        this.votingMillis = votingMillis;
    }

    /** What came of it. */
    record Outcome(String dao, int members, long seals, List<Held> elections) {

        long ballots() {
            return elections.stream().mapToLong(held -> held.view().ballots()).sum();
        }

        boolean agrees() {
            return elections.stream().allMatch(held -> held.agrees() && held.verified());
        }
    }

    /** An election that was held again. */
    record Held(Election election, ProposalView view, Assembly.TallyView tally, String evidence, boolean verified) {

        boolean agrees() {
            return election.isPublished(tally.ranking());
        }

        String winner() {
            return String.join(" = ", tally.winners());
        }
    }

    Outcome run() throws Failure, RefusedException, AlthingException, IOException {
        List<Election> elections = YEARS.stream().map(Election::debianLeader).toList();
        List<Voter> voters = keys(elections);
        Cid dao = found(voters.getFirst());
        admit(dao, voters);
        List<ProposalView> decided = hold(dao, voters, elections);
        List<Held> held = prove(dao, elections, decided);
        return new Outcome(
                dao.toString(), voters.size(), assembly.dao(dao.toString()).height() + 1, held);
    }

    private List<Voter> keys(List<Election> elections) {
        progress.begin("Keys");
        int count = elections.stream()
                .mapToInt(election -> election.ballots().size())
                .max()
                .orElse(1);
        List<Voter> voters = Voter.make(count, random);
        progress.end(count + " members, each with its own root key and device key");
        return voters;
    }

    private Cid found(Voter founder) throws RefusedException, AlthingException, Failure {
        progress.begin("Charter");
        byte[] salt = new byte[Body.Charter.SALT_SIZE_BYTES];
        random.nextBytes(salt);
        Notary notary = new Notary(PublicKey.parse(assembly.status().notary()), List.of());
        Body charter = new Body.Charter(
                NAME,
                "Holds the project leader elections of 2006 and 2007 again, to show that the ballots lead to the results that were published.",
                salt,
                List.of(founder.admission(Consent.founding(founder.root().key(), NAME))),
                List.of(notary),
                rules());
        byte[] entry = EntryCodec.sign(
                new EntryCodec.Draft(null, founder.root().key(), 0, null, null, clock.millis(), charter),
                founder.root());
        Submission submission = assembly.found(entry);
        if (!submission.state().equals("sealed")) {
            throw Failure.environment("the charter was " + submission.state() + ": " + submission.reason());
        }
        progress.end("founded DAO " + submission.entry().substring(0, 16));
        return Cid.parse(submission.entry());
    }

    private Rules rules() {
        Rules usual = Rules.usual();
        long admissionMillis = Math.max(Rules.VOTING_MIN_MILLIS, votingMillis / 3);
        return new Rules(
                usual.roles(),
                usual.methods(),
                0,
                usual.sponsorMillis(),
                0,
                admissionMillis,
                0,
                usual.quorum(),
                usual.threshold(),
                usual.graceMillis(),
                usual.extensionMaxMillis(),
                usual.entriesPerSealMax(),
                usual.entriesPerDayMax());
    }

    /** The founder proposes all others, in as few proposals as hold them, and votes for them: nobody else is a member yet. */
    private void admit(Cid dao, List<Voter> voters) throws Failure, RefusedException, AlthingException {
        progress.begin("Admission");
        List<Voter> others = voters.subList(1, voters.size());
        int parts = Math.ceilDiv(others.size(), ADMISSIONS_PER_PROPOSAL_MAX);
        Chain founder = chain(dao, voters.getFirst().device());
        List<byte[]> entries = new ArrayList<>();
        List<Cid> proposals = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            List<Voter> admitted = others.subList(others.size() * part / parts, others.size() * (part + 1) / parts);
            List<Action> actions = admitted.parallelStream()
                    .<Action>map(voter -> voter.admission(dao))
                    .toList();
            byte[] entry = founder.sign(new Body.Proposal(
                    "Admit " + admitted.size() + " developers (" + (part + 1) + " of " + parts + ")",
                    "One member for every ballot of the elections.",
                    List.of("For", "Against", "Abstain"),
                    "basic",
                    1,
                    1,
                    false,
                    actions,
                    Terms.NONE));
            entries.add(entry);
            proposals.add(Cid.hash(entry));
        }
        List<byte[]> ballots = proposals.stream()
                .map(p -> founder.sign(new Body.Ballot(p, 0, new Choice.Single(0))))
                .toList();
        submit(entries, SEAL_WAIT_MILLIS);
        for (Cid proposal : proposals) {
            await(proposal, view -> view.status().equals("voting"), "opened for votes", SEAL_WAIT_MILLIS);
        }
        submit(ballots, 0);
        for (Cid proposal : proposals) {
            progress.tick("voting on " + parts + " proposals");
            await(proposal, view -> view.status().equals("executed"), "executed", STEP_MAX_MILLIS);
        }
        progress.end(others.size() + " members by " + parts + " proposals, voted and executed");
    }

    private List<ProposalView> hold(Cid dao, List<Voter> voters, List<Election> elections)
            throws Failure, RefusedException, AlthingException {
        progress.begin("Ballots");
        Chain founder = chain(dao, voters.getFirst().device());
        List<byte[]> proposals = elections.stream()
                .map(election -> founder.sign(proposal(election)))
                .toList();
        List<List<byte[]>> ballots = sign(
                dao,
                voters,
                founder,
                elections,
                proposals.stream().map(Cid::hash).toList());
        progress.end(ballots.stream().mapToInt(List::size).sum() + " ballots signed, each by its member's device key");
        progress.begin("Voting");
        submit(proposals, SEAL_WAIT_MILLIS);
        for (byte[] proposal : proposals) {
            await(Cid.hash(proposal), view -> view.status().equals("voting"), "opened for votes", SEAL_WAIT_MILLIS);
        }
        long total = ballots.stream().mapToLong(List::size).sum();
        long sent = 0;
        for (List<byte[]> election : ballots) {
            for (int from = 0; from < election.size(); from += BATCH_ENTRIES) {
                List<byte[]> batch = election.subList(from, Math.min(from + BATCH_ENTRIES, election.size()));
                submit(batch, 0);
                sent += batch.size();
                progress.tick(sent + " of " + total + " ballots handed in");
            }
        }
        return close(proposals, elections, total);
    }

    private List<ProposalView> close(List<byte[]> proposals, List<Election> elections, long total)
            throws Failure, RefusedException, AlthingException {
        List<ProposalView> decided = new ArrayList<>();
        for (int i = 0; i < proposals.size(); i++) {
            ProposalView view = await(
                    Cid.hash(proposals.get(i)), v -> v.decidedAt() >= 0, "decided", votingMillis + STEP_MAX_MILLIS);
            int expected = elections.get(i).ballots().size();
            if (view.ballots() != expected) {
                throw late(view.ballots() + " of " + expected + " ballots of '" + view.title()
                        + "' were sealed before voting closed");
            }
            decided.add(view);
        }
        progress.end(total + " ballots sealed and counted");
        return decided;
    }

    private Body.Proposal proposal(Election election) {
        Terms terms = new Terms(
                OptionalLong.empty(),
                OptionalLong.of(votingMillis),
                OptionalLong.empty(),
                Optional.of(Fraction.of(1, 4)),
                Optional.empty());
        return new Body.Proposal(
                election.title(),
                election.ballots().size()
                        + " developers voted. Every ballot here is one of theirs, cast by a member with keys of its own.",
                election.options(),
                METHOD,
                METHOD_VERSION,
                1,
                false,
                List.of(),
                terms);
    }

    /** Signs before voting opens, so that the voting time holds nothing but handing in and sealing. */
    private List<List<byte[]>> sign(
            Cid dao, List<Voter> voters, Chain founder, List<Election> elections, List<Cid> proposals)
            throws RefusedException, AlthingException {
        List<Chain> chains = new ArrayList<>(List.of(founder));
        for (Voter voter : voters.subList(1, voters.size())) {
            chains.add(chain(dao, voter.device()));
        }
        List<List<byte[]>> ballots = new ArrayList<>();
        for (int i = 0; i < elections.size(); i++) {
            List<Choice.Ranking> rankings = elections.get(i).ballots();
            Cid proposal = proposals.get(i);
            ballots.add(java.util.stream.IntStream.range(0, rankings.size())
                    .parallel()
                    .mapToObj(v -> chains.get(v).sign(new Body.Ballot(proposal, 0, rankings.get(v))))
                    .toList());
        }
        return ballots;
    }

    private List<Held> prove(Cid dao, List<Election> elections, List<ProposalView> decided)
            throws Failure, RefusedException, AlthingException, IOException {
        progress.begin("Evidence");
        Files.createDirectories(folder);
        List<String> files = new ArrayList<>();
        List<SeparateVerifier.Running> checks = new ArrayList<>();
        for (int i = 0; i < decided.size(); i++) {
            String proposal = decided.get(i).proposal();
            Path file = folder.resolve("debian-leader-" + YEARS.get(i) + "-" + proposal.substring(0, 16) + ".car");
            files.add(assembly.export(proposal, file.toString()).file());
            checks.add(verifier.start(dao.toString(), file.toString()));
        }
        progress.end(files.size() + " files written");
        progress.begin("Verify");
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < decided.size(); i++) {
            ProposalView view = decided.get(i);
            Assembly.TallyView tally =
                    view.tally().orElseThrow(() -> new IllegalStateException("a decided proposal without a tally"));
            held.add(new Held(
                    elections.get(i), view, tally, files.get(i), checks.get(i).await()));
        }
        boolean all = held.stream().allMatch(Held::verified);
        progress.end(all ? "every claim holds, checked by separate processes" : "an evidence file does NOT hold");
        return held;
    }

    /** Hands in; none may be refused. */
    private void submit(List<byte[]> entries, long waitMillis) throws Failure, AlthingException {
        for (Submission submission : assembly.submitAll(entries, waitMillis)) {
            if (submission.state().equals("refused") || submission.state().equals("void")) {
                throw late("an entry was " + submission.state() + ": " + submission.reason());
            }
        }
    }

    private static Failure late(String what) {
        return Failure.environment(
                what + "; if this machine is busy, run the demo again with a longer --voting, such as --voting 30s");
    }

    /** A condition on a proposal. */
    private interface Reached {
        boolean by(ProposalView view);
    }

    private ProposalView await(Cid proposal, Reached reached, String what, long maxMillis)
            throws Failure, RefusedException, AlthingException {
        long until = clock.millis() + maxMillis;
        while (true) {
            ProposalView view = assembly.proposal(proposal.toString());
            if (reached.by(view)) {
                return view;
            }
            boolean over = view.status().equals("void")
                    || view.status().equals("rejected")
                    || view.status().equals("quorum-missed");
            if (over || clock.millis() > until) {
                throw Failure.environment("'" + view.title() + "' was not " + what + " but is " + view.status()
                        + (view.reason().isEmpty() ? "" : ": " + view.reason()));
            }
            pause();
        }
    }

    private static void pause() throws Failure {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.environment("interrupted");
        }
    }

    private Chain chain(Cid dao, Signer signer) throws RefusedException, AlthingException {
        return new Chain(assembly.authoring(dao.toString(), signer.key().toString()), signer);
    }

    /** The entries of one key, one after the other. */
    private final class Chain {

        private final Authoring from;
        private final Signer signer;
        private long sequence;
        private String previous;

        Chain(Authoring from, Signer signer) {
            this.from = from;
            this.signer = signer;
            sequence = from.sequence();
            previous = from.previous();
        }

        byte[] sign(Body body) {
            byte[] entry = EntryCodec.sign(
                    new EntryCodec.Draft(
                            Cid.parse(from.dao()),
                            signer.key(),
                            sequence,
                            previous.isEmpty() ? null : Cid.parse(previous),
                            Cid.parse(from.seen()),
                            clock.millis(),
                            body),
                    signer);
            sequence++;
            previous = Cid.hash(entry).toString();
            return entry;
        }
    }
}
