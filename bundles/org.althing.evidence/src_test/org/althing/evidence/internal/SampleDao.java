// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Effect;
import org.althing.api.governance.Governance;
import org.althing.api.governance.Member;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.althing.api.tally.UnknownMethodException;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.SealCodec;
import org.althing.governance.internal.GovernanceService;
import org.althing.testkit.MemoryLedger;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.althing.testkit.governance.TestSigner;

/**
 * A DAO in a ledger, with certificates, real counts, and everybody's keys at hand.
 *
 * <p>All entries of founders have seen the first seal only, and results are sealed one by one: so a forger can change a seal without changing what no
 * forgery is about.
 */
final class SampleDao {

    static final Ed25519 SIGNATURES =
            new Ed25519(new RememberedSignatures(Ed25519.providers().getFirst()));
    static final Governance GOVERNANCE = new GovernanceService(SIGNATURES);
    static final TallyEngine ENGINE = Methods.all();

    final Map<PublicKey, Signer> keys = new HashMap<>();
    final List<TestMember> members = new ArrayList<>();
    final DaoLedger ledger;
    private final Map<PublicKey, Entry> last = new HashMap<>();
    private final Map<Cid, Entry> entries = new LinkedHashMap<>();
    private DaoState state;
    private List<Effect> effects = List.of();

    /** Founds a DAO: the member with the number {@code observer} may not vote. */
    SampleDao(int founders, int notaries, int observer) throws AlthingException {
        IntStream.range(0, founders).forEach(i -> members.add(know(new TestMember("m" + i, SIGNATURES))));
        Cid founding = Consent.founding(members.getFirst().key(), "Ferry");
        List<Action.Admit> admits = IntStream.range(0, founders)
                .mapToObj(i -> members.get(i).admit(founding, i % 3 + 1L, i == observer ? "observer" : "member"))
                .toList();
        Rules rules = new TestRules().role("observer", Right.COMMENT).build();
        Body.Charter body =
                new Body.Charter("Ferry", "Runs the ferry.", new byte[16], admits, notaries("n", notaries), rules);
        TestSigner founder = members.getFirst().root();
        Entry charter = EntryCodec.decode(
                EntryCodec.sign(new EntryCodec.Draft(null, founder.key(), 0, null, null, 0, body), founder));
        ledger = new MemoryLedger().open(Path.of("sample")).dao(charter.cid());
        state = GOVERNANCE.genesis(charter);
        entries.put(charter.cid(), charter);
        last.put(charter.key(), charter);
        seal(TestDao.START_MILLIS, charter);
    }

    TestMember know(TestMember member) {
        keys.put(member.key(), member.root());
        keys.put(member.device().key(), member.device());
        return member;
    }

    /** Makes these the notaries, with everybody's consent. */
    Action setNotaries(String prefix, int count) {
        List<Notary> set = notaries(prefix, count);
        TreeMap<PublicKey, Signature> consents = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            TestSigner signer = new TestSigner(prefix + i, SIGNATURES);
            consents.put(signer.key(), TestDao.consent(state.dao(), signer));
        }
        return new Action.SetNotaries(set, consents);
    }

    /** A notary set in its canonical order. */
    List<Notary> notaries(String prefix, int count) {
        List<Notary> set = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestSigner signer = new TestSigner(prefix + i, SIGNATURES);
            keys.put(signer.key(), signer);
            set.add(new Notary(signer.key(), List.of("/ip4/127.0.0.1/tcp/" + (4000 + i))));
        }
        set.sort(Comparator.comparing(Notary::key));
        return set;
    }

    DaoState state() {
        return state;
    }

    Entry entry(Signer author, Body body) {
        Entry before = last.get(author.key());
        Cid seen = Cid.hash(sealOf(since(author.key())).header());
        Entry entry = EntryCodec.decode(EntryCodec.sign(
                new EntryCodec.Draft(
                        state.dao(),
                        author.key(),
                        before == null ? 0 : before.sequence() + 1,
                        before == null ? null : before.cid(),
                        seen,
                        state.timeMillis(),
                        body),
                author));
        last.put(author.key(), entry);
        entries.put(entry.cid(), entry);
        return entry;
    }

    /** Nothing can be signed before one is a member. */
    private long since(PublicKey author) {
        return state.key(author)
                .flatMap(key -> state.member(key.owner()))
                .map(Member::since)
                .orElse(0L);
    }

    DaoLedger.Seal sealOf(long height) {
        try {
            return ledger.seal(height).orElseThrow();
        } catch (AlthingException e) {
            throw new AssertionError(e);
        }
    }

    void seal(Entry... sealed) {
        seal(state.timeMillis() + TestDao.SEAL_MILLIS, sealed);
    }

    void seal(long timeMillis, Entry... sealed) {
        List<Entry> planned = state.plan(timeMillis, Arrays.asList(sealed));
        if (planned.size() != sealed.length) {
            throw new AssertionError(
                    Arrays.stream(sealed).map(e -> state.refuse(e).toString()).toList());
        }
        try {
            DaoState.Step step = state.apply(timeMillis, planned);
            SealHeader header = TestDao.header(state, step, planned, GOVERNANCE);
            byte[] bytes = SealCodec.encode(header);
            Cid cid = Cid.hash(bytes);
            Certificate certificate = certificate(header, cid, state.notaries());
            ledger.add(planned.stream().map(EntryCodec::encode).toList()).join();
            ledger.seal(new DaoLedger.Seal(
                            header.height(),
                            bytes,
                            planned.stream().map(Entry::cid).toList(),
                            SealCodec.encode(certificate)))
                    .join();
            state = step.sealed(header, cid);
            effects = step.effects();
        } catch (DaoState.InvalidSealException e) {
            throw new AssertionError(e);
        }
    }

    /** What the last seal did. */
    List<Effect> effects() {
        return effects;
    }

    private Certificate certificate(SealHeader header, Cid cid, List<Notary> set) {
        byte[] message =
                SealCodec.voteMessage(Certificate.Kind.FINALIZE, header.dao(), header.epoch(), header.view(), cid);
        List<Certificate.Vote> votes = set.stream()
                .limit(SealCodec.quorum(set.size()))
                .map(notary -> new Certificate.Vote(
                        notary.key(), keys.get(notary.key()).sign(message)))
                .toList();
        return new Certificate(Certificate.Kind.FINALIZE, header.dao(), header.epoch(), header.view(), cid, votes);
    }

    Entry vote(int member, Cid proposal, long revision, Choice choice) {
        return entry(members.get(member).device(), new Body.Ballot(proposal, revision, choice));
    }

    Entry comment(int member, Cid proposal, String text) {
        return entry(members.get(member).device(), new Body.Comment(proposal, Optional.empty(), text));
    }

    /** Submits a proposal as this member and seals until it is open. */
    Cid open(int author, Body.Proposal body) {
        Entry proposal = entry(members.get(author).device(), body);
        seal(proposal);
        seal(state.proposal(proposal.cid()).orElseThrow().dueMillis());
        return proposal.cid();
    }

    void close(Cid proposal) {
        seal(state.proposal(proposal).orElseThrow().deadlineMillis() + 3);
    }

    /** Lets a quorum of the notaries count, each in a seal of its own. */
    void decide(Cid proposal) {
        Body.Counted counted = count(proposal);
        List<Notary> set = state.notaries();
        for (Notary notary : set.subList(0, SealCodec.quorum(set.size()))) {
            seal(entry(keys.get(notary.key()), counted));
        }
    }

    private Body.Counted count(Cid proposal) {
        ProposalState record = state.proposal(proposal).orElseThrow();
        List<CountingBallot> ballots = new ArrayList<>();
        state.ballots(proposal, ballots::add);
        try {
            Tally tally = ENGINE.count(
                    MethodId.parse(record.body().method()),
                    GOVERNANCE.question(record, sealOf(record.openedAt()).cid()),
                    new TallyEngine.BallotSource() {
                        @Override
                        public int parts() {
                            return 1;
                        }

                        @Override
                        public void read(int part, TallyEngine.Sink sink) {
                            ballots.forEach(b -> sink.accept(BallotPaper.of(
                                    ((Body.Ballot) entries.get(b.ballot()).body()).choice(), b.power(), 1)));
                        }
                    });
            return new Body.Counted(proposal, tally.hash(), GOVERNANCE.decide(record, tally));
        } catch (UnknownMethodException e) {
            throw new AssertionError(e);
        }
    }

    static Body.Proposal question(String title, String method, Action... actions) {
        List<String> options = method.equals("basic")
                ? List.of("For", "Against", "Abstain")
                : List.of("Paint it red", "Sell it", "Wait");
        return new Body.Proposal(
                title, "What shall be done?", options, method, 1, 1, false, List.of(actions), Terms.NONE);
    }

    /** A story told once, for all tests. */
    record Story(SampleDao dao, Cid ferry, Cid newcomer, Cid snack) {}

    /**
     * Five founders and four notaries. They rank what to do with the ferry (with a void ballot, a re-vote, a blank ballot and comments), admit
     * a sixth member and change the notaries in one vote, and approve a snack under the new notaries.
     */
    static Story story() {
        try {
            SampleDao dao = new SampleDao(5, 4, 4);
            Cid ferry = dao.open(0, question("The ferry", "schulze"));
            dao.seal(dao.vote(0, ferry, 0, rank(0, 1, 2)), dao.vote(1, ferry, 0, rank(1, 2, 0)));
            dao.seal(
                    dao.vote(0, ferry, 1, rank(1, 0, 2)),
                    dao.vote(4, ferry, 0, rank(2, 1, 0)),
                    dao.vote(2, ferry, 0, new Choice.Blank()));
            dao.seal(dao.vote(3, ferry, 0, rank(1, 0, 2)), dao.comment(1, ferry, "It leaks."));
            dao.seal(
                    dao.comment(0, ferry, "We know."),
                    dao.comment(2, ferry, "Who does not?"),
                    dao.comment(3, ferry, "I did not."));
            dao.close(ferry);
            dao.decide(ferry);
            TestMember frida = dao.know(new TestMember("frida", SIGNATURES));
            dao.members.add(frida);
            Cid newcomer = dao.open(
                    1,
                    question(
                            "A newcomer",
                            "basic",
                            frida.admit(dao.state().dao(), 2, "member"),
                            dao.setNotaries("o", 4)));
            dao.seal(
                    dao.vote(0, newcomer, 0, new Choice.Single(0)),
                    dao.vote(1, newcomer, 0, new Choice.Single(0)),
                    dao.vote(3, newcomer, 0, new Choice.Single(1)));
            dao.close(newcomer);
            dao.decide(newcomer);
            Cid snack = dao.open(0, question("A snack", "approval"));
            dao.seal(
                    dao.vote(5, snack, 0, new Choice.Approval(List.of(0, 2))),
                    dao.vote(2, snack, 0, new Choice.Approval(List.of(2))));
            dao.close(snack);
            dao.decide(snack);
            dao.seal(dao.comment(0, snack, "Apples."));
            dao.seal(dao.comment(1, snack, "Pears."));
            return new Story(dao, ferry, newcomer, snack);
        } catch (AlthingException e) {
            throw new AssertionError(e);
        }
    }

    static Choice rank(int... options) {
        return new Choice.Ranking(Arrays.stream(options).mapToObj(List::of).toList());
    }

    static BigInteger votes(long count) {
        return Tally.VOTE.multiply(BigInteger.valueOf(count));
    }
}
