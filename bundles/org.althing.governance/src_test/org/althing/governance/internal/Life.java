// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.althing.governance.internal.DaoTest.fakeCid;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.DaoState.InvalidSealException;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.Effect;
import org.althing.api.governance.Governance;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.SealCodec;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.althing.testkit.governance.TestSigner;

/**
 * One random life of a DAO, from its seed: members, strangers and notaries say what they may and what they may not, at times at which
 * transitions, late closings and extensions fall due. Used once.
 */
final class Life {

    private static final int STEPS = 30;
    private static final int PEOPLE = 5;
    private static final int STRANGERS = 3;

    /** A seal, what it did, and the state after it. */
    record Moment(TestDao.Sealed seal, List<Effect> effects, DaoState after) {}

    private final Governance governance;
    private final Random random;
    private final TestDao dao;
    private final List<Entry> said = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private final List<TestMember> people = new ArrayList<>();
    private final List<TestSigner> notaries = new ArrayList<>();
    private final List<Cid> proposals = new ArrayList<>(List.of(fakeCid(1)));
    private final List<Cid> comments = new ArrayList<>(List.of(fakeCid(2)));
    private final List<Entry> pending = new ArrayList<>();
    private final Set<Cid> hopeless = new HashSet<>();

    Life(Governance governance, Ed25519 signatures, long seed) {
        this.governance = governance;
        random = new Random(seed);
        Rules rules = new TestRules()
                .sponsors(random.nextInt(2), 20_000)
                .review(random.nextInt(3) * 1_000)
                .voting(5_000)
                .timeLock(random.nextInt(2) * 5_000)
                .late(3_000, 8_000)
                .quotas(1 + random.nextInt(5), 3 + random.nextInt(200))
                .role("voter", Right.VOTE)
                .build();
        dao = TestDao.found(governance, signatures, PEOPLE, 4, rules);
        said.add(dao.charter());
        remember();
        for (int i = 0; i < PEOPLE; i++) {
            people.add(dao.member(i));
        }
        for (int i = 0; i < STRANGERS; i++) {
            people.add(dao.stranger("s" + i));
        }
        for (int i = 0; i < 6; i++) {
            notaries.add(i < 4 ? dao.notary(i) : dao.signer("n" + i));
        }
    }

    private void remember() {
        moments.add(new Moment(dao.seals().getLast(), dao.effects(), dao.state()));
    }

    /** The seals of this life so far, the charter's first. */
    List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** Everything that anybody has said, whether it was sealed or not, and the charter. */
    List<Entry> said() {
        return List.copyOf(said);
    }

    private void speak() {
        TestMember who = pick(people);
        Body body = body(who);
        TestSigner author = switch (body) {
            case Body.KeyAdded b -> who.root();
            case Body.KeyRevoked b -> who.root();
            case Body.Counted b -> pick(notaries);
            case Body.Veto b -> (random.nextBoolean() ? people.getFirst() : who).device();
            case Body b -> random.nextInt(4) == 0 ? who.device("2") : who.device();
        };
        say(random.nextInt(15) == 0 ? dao.entry(author, 0, null, body) : dao.entry(author, body));
    }

    private void say(Entry entry) {
        pending.add(entry);
        said.add(entry);
        if (entry.body() instanceof Body.Proposal) {
            proposals.add(entry.cid());
        }
        if (entry.body() instanceof Body.Comment) {
            comments.add(entry.cid());
        }
    }

    /** What the notaries of a running DAO do: each counts whatever has closed. Without it few proposals would ever be decided. */
    private void count() {
        dao.state().proposals().stream()
                .filter(p -> p.status() == ProposalStatus.CLOSED)
                .forEach(p ->
                        notaries.forEach(n -> say(dao.entry(n, TestDao.counted(p.proposal(), verdict(p.proposal()))))));
    }

    private Body body(TestMember who) {
        Cid proposal = random.nextInt(3) == 0 ? pick(proposals) : proposals.getLast();
        return switch (random.nextInt(16)) {
            case 0 -> who.adds(dao.dao(), who.device("2"));
            case 1 ->
                new Body.KeyRevoked(
                        random.nextBoolean()
                                ? who.device().key()
                                : who.device("2").key());
            case 2, 3 -> TestDao.basic(terms(), actions());
            case 4 -> TestDao.question(random.nextBoolean() ? "schulze" : "borda", 1 + random.nextInt(3), "A", "B");
            case 5 -> new Body.Sponsorship(proposal);
            case 6 -> random.nextInt(4) == 0 ? new Body.Withdrawal(proposal) : new Body.Sponsorship(proposal);
            case 7 -> random.nextInt(3) == 0 ? new Body.Veto(proposal, "no") : new Body.Sponsorship(proposal);
            case 8 ->
                new Body.Comment(
                        proposal, random.nextBoolean() ? Optional.empty() : Optional.of(pick(comments)), "Hm.");
            case 9 -> equivocation();
            case 10, 11, 12 -> counted();
            default -> TestDao.ballot(proposal, random.nextInt(3), random.nextInt(4));
        };
    }

    private Body counted() {
        List<ProposalState> closed = dao.state().proposals().stream()
                .filter(p -> p.status() == ProposalStatus.CLOSED)
                .toList();
        Cid proposal = closed.isEmpty() ? pick(proposals) : pick(closed).proposal();
        return random.nextInt(6) == 0
                ? new Body.Counted(proposal, fakeCid(9), new Decision(Verdict.REJECTED, List.of()))
                : TestDao.counted(proposal, verdict(proposal));
    }

    /** What honest notaries agree on; mostly that it has passed. */
    private static Verdict verdict(Cid proposal) {
        return switch (Math.floorMod(proposal.digest()[0], 6)) {
            case 0 -> Verdict.REJECTED;
            case 1 -> Verdict.QUORUM_MISSED;
            default -> Verdict.PASSED;
        };
    }

    private Body equivocation() {
        if (random.nextInt(3) > 0) {
            return new Body.Equivocation(new byte[] {1}, new byte[] {2});
        }
        TestSigner cheat = random.nextBoolean() ? pick(people).device() : pick(notaries);
        Entry one = dao.entry(cheat, 50, fakeCid(5), new Body.Sponsorship(fakeCid(1)));
        Entry other = dao.entry(cheat, 50, fakeCid(5), new Body.Sponsorship(fakeCid(random.nextInt(3))));
        return new Body.Equivocation(EntryCodec.encode(one), EntryCodec.encode(other));
    }

    private Terms terms() {
        return random.nextInt(4) > 0
                ? Terms.NONE
                : new Terms(
                        OptionalLong.of(random.nextInt(3) * 1_000),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty());
    }

    private Action[] actions() {
        Action[] actions = new Action[random.nextInt(3)];
        for (int i = 0; i < actions.length; i++) {
            TestMember m = pick(people);
            actions[i] = switch (random.nextInt(7)) {
                case 0 -> m.admit(dao.dao(), 1, "member");
                case 1 -> m.admit(dao.dao(), BigInteger.TEN, m.device("2"), "member");
                case 2 -> new Action.Remove(m.key());
                case 3 ->
                    new Action.SetRoles(m.key(), new TreeSet<>(List.of(random.nextBoolean() ? "voter" : "member")));
                case 4 -> new Action.SetPower(m.key(), BigInteger.valueOf(random.nextInt(3)));
                case 5 ->
                    setNotaries(notaries.subList(random.nextInt(3), 3 + random.nextInt(4))
                            .toArray(new TestSigner[0]));
                default ->
                    new Action.SetRules(new TestRules(dao.state().rules())
                            .review(random.nextInt(3) * 1_000)
                            .build());
            };
        }
        return actions;
    }

    private Action setNotaries(TestSigner... next) {
        return random.nextInt(4) > 0
                ? dao.setNotaries(next)
                : new Action.SetNotaries(TestDao.set(next), new TreeMap<>());
    }

    private long nextTime() {
        long now = dao.state().timeMillis();
        return now
                + 1
                + switch (random.nextInt(6)) {
                    case 0 -> random.nextInt(20_000);
                    case 1 -> Math.max(0, dao.state().nextDueMillis().orElse(now) - now - 1);
                    default -> random.nextInt(1_500);
                };
    }

    private void seal() {
        long time = nextTime();
        List<Entry> plan = dao.state().plan(time, pending);
        Collections.shuffle(pending, random);
        assertThat(dao.state().plan(time, pending)).isEqualTo(plan);
        assertThat(plan).noneMatch(entry -> hopeless.contains(entry.cid()));
        voidsChangeNothing(time, plan);
        dao.sealAt(time, plan);
        remember();
        pending.removeAll(plan);
        pending.forEach(entry ->
                dao.state().refuse(entry).filter(DaoState.Refusal::forEver).ifPresent(r -> hopeless.add(entry.cid())));
        pending.stream().map(Entry::key).distinct().toList().forEach(this::unblock);
    }

    /** Lets an author whose chain can never be sealed any more begin again from what is sealed. */
    private void unblock(PublicKey key) {
        if (pending.stream().anyMatch(e -> e.key().equals(key) && hopeless.contains(e.cid()))) {
            pending.removeIf(e -> e.key().equals(key));
            for (TestMember m : people) {
                for (TestSigner signer : List.of(m.root(), m.device(), m.device("2"))) {
                    if (signer.key().equals(key)) {
                        dao.forget(signer);
                    }
                }
            }
            notaries.stream().filter(n -> n.key().equals(key)).forEach(dao::forget);
        }
    }

    private void voidsChangeNothing(long time, List<Entry> plan) {
        DaoState before = dao.state();
        for (Entry entry : plan) {
            if (before.plan(time, List.of(entry)).isEmpty()) {
                continue;
            }
            DaoState with = sealed(before, time, List.of(entry));
            DaoState without = sealed(before, time, List.of());
            if (lastVoid) {
                assertThat(DaoTest.Picture.of(with, entry.key())).isEqualTo(DaoTest.Picture.of(without, entry.key()));
                assertThat(with.key(entry.key()).orElseThrow().last()).isEqualTo(entry.cid());
            }
        }
    }

    private boolean lastVoid;

    private DaoState sealed(DaoState before, long time, List<Entry> entries) {
        try {
            DaoState.Step step = before.apply(time, entries);
            lastVoid = entries.isEmpty() ? lastVoid : step.effects().stream().anyMatch(Effect.Voided.class::isInstance);
            SealHeader header = TestDao.header(before, step, entries, governance);
            return step.sealed(header, Cid.hash(SealCodec.encode(header)));
        } catch (InvalidSealException e) {
            throw new AssertionError(e);
        }
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    TestDao live() {
        for (int i = 0; i < STEPS; i++) {
            int words = random.nextInt(8);
            for (int j = 0; j < words; j++) {
                speak();
            }
            if (random.nextInt(3) == 0) {
                count();
            }
            seal();
        }
        return dao;
    }
}
