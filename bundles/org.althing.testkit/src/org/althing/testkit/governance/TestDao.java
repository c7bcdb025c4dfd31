// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.governance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.entry.Terms;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Effect;
import org.althing.api.governance.Governance;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Rules;
import org.althing.api.seal.SealHeader;
import org.althing.api.tally.Choice;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.althing.codec.Enclosure;
import org.althing.codec.EntryCodec;
import org.althing.codec.GroupKeys;
import org.althing.codec.Merkle;
import org.althing.codec.SealCodec;
import org.althing.codec.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * A DAO that seals what it is told, at a virtual time: authors keep their own chains, seals get real headers, nobody votes on them.
 *
 * <p>Members are named m0, m1, ... with one vote and the role {@code member}; m0 founds, and also is a {@code guardian}. Notaries are n0,
 * n1, ... Not safe for use by several threads.
 */
public final class TestDao {

    /** When the charter is sealed: a round number at the start of a UTC day. */
    public static final long START_MILLIS = 1_800_000_000_000L - 1_800_000_000_000L % 86_400_000L;
    /** Between one seal and the next, unless told otherwise. */
    public static final long SEAL_MILLIS = 1_000;

    /** What every such DAO is called. */
    public static final String NAME = "Test";

    private static final int ADMITTED_AT_ONCE = 200;
    private static final int SEALS_ADVANCED_MAX = 1_000;

    /** One seal as the ledger would have it. */
    public record Sealed(SealHeader header, Cid cid, List<Entry> entries) {
        public Sealed {
            entries = List.copyOf(entries);
        }
    }

    private record Link(long sequence, Cid cid) {}

    private final Governance governance;
    private final Ed25519 signatures;
    private final List<TestMember> members;
    private final List<TestSigner> notaries;
    private final Entry charter;
    /** Those of a private DAO, oldest first. */
    private final List<byte[]> groupKeys = new ArrayList<>();

    private final List<Sealed> seals = new ArrayList<>();
    private final Map<PublicKey, Link> chains = new HashMap<>();
    private DaoState state;
    private List<Effect> effects = List.of();

    private TestDao(
            Governance governance,
            Ed25519 signatures,
            List<TestMember> members,
            List<TestSigner> notaries,
            Rules rules,
            boolean isPrivate) {
        this.governance = governance;
        this.signatures = signatures;
        this.members = new ArrayList<>(members);
        this.notaries = notaries;
        if (isPrivate) {
            groupKeys.add(groupKey(0));
        }
        this.charter = charter(signatures, members, notaries, rules, isPrivate);
        this.state = governance.genesis(charter);
        chains.put(charter.key(), new Link(0, charter.cid()));
        sealAt(START_MILLIS, List.of(charter));
    }

    /** Founds a DAO and seals its charter. */
    public static TestDao found(Governance governance, Ed25519 signatures, int members, int notaries, Rules rules) {
        return new TestDao(
                governance,
                signatures,
                IntStream.range(0, members)
                        .mapToObj(i -> new TestMember("m" + i, signatures))
                        .toList(),
                IntStream.range(0, notaries)
                        .mapToObj(i -> new TestSigner("n" + i, signatures))
                        .toList(),
                rules,
                false);
    }

    /** Founds a private DAO with one notary. What members say in it is enclosed by the newest group key, and opened again. */
    public static TestDao foundPrivate(Governance governance, Ed25519 signatures, int members, Rules rules) {
        return new TestDao(
                governance,
                signatures,
                IntStream.range(0, members)
                        .mapToObj(i -> new TestMember("m" + i, signatures))
                        .toList(),
                List.of(new TestSigner("n0", signatures)),
                rules,
                true);
    }

    /** The group key of a number. */
    public static byte[] groupKey(int number) {
        return Sha256.hash(new byte[] {(byte) number, 'g'});
    }

    /** The notary names the next group key. */
    public Entry rekey() {
        int number = groupKeys.size();
        Entry entry = entry(notary(0), new Body.GroupKey(number, Enclosure.name(groupKey(number))));
        groupKeys.add(groupKey(number));
        return entry;
    }

    public List<byte[]> groupKeys() {
        return List.copyOf(groupKeys);
    }

    /** The signed charter that such members would found a DAO with. */
    public static Entry charter(Ed25519 signatures, List<TestMember> members, List<TestSigner> notaries, Rules rules) {
        return charter(signatures, members, notaries, rules, false);
    }

    private static Entry charter(
            Ed25519 signatures, List<TestMember> members, List<TestSigner> notaries, Rules rules, boolean isPrivate) {
        Cid founding = Consent.founding(members.getFirst().key(), NAME);
        List<Action.Admit> founders = IntStream.range(0, members.size())
                .mapToObj(i -> {
                    String[] roles = i == 0 ? new String[] {"guardian", "member"} : new String[] {"member"};
                    return isPrivate
                            ? members.get(i).admitPrivately(founding, roles)
                            : members.get(i).admit(founding, 1, roles);
                })
                .toList();
        Body.Charter body = new Body.Charter(
                NAME,
                "To be tested.",
                new byte[Body.Charter.SALT_SIZE_BYTES],
                founders,
                set(notaries.toArray(new TestSigner[0])),
                rules,
                isPrivate ? Optional.of(Enclosure.name(groupKey(0))) : Optional.empty());
        TestSigner founder = members.getFirst().root();
        return EntryCodec.decode(
                EntryCodec.sign(new EntryCodec.Draft(null, founder.key(), 0, null, null, START_MILLIS, body), founder));
    }

    /** A notary set in its canonical order. */
    public static List<Notary> set(TestSigner... notaries) {
        return Arrays.stream(notaries)
                .map(n -> new Notary(n.key(), List.of()))
                .sorted(Comparator.comparing(Notary::key))
                .toList();
    }

    /** Makes these the notaries, with everybody's consent. */
    public Action.SetNotaries setNotaries(TestSigner... next) {
        TreeMap<PublicKey, Signature> consents = new TreeMap<>();
        for (TestSigner notary : next) {
            consents.put(notary.key(), consent(dao(), notary));
        }
        return new Action.SetNotaries(set(next), consents);
    }

    /** A notary key's consent to serve a DAO. */
    public static Signature consent(Cid dao, TestSigner notary) {
        return Consent.ofNotary(dao, notary);
    }

    public DaoState state() {
        return state;
    }

    public Cid dao() {
        return charter.cid();
    }

    public Entry charter() {
        return charter;
    }

    public TestMember member(int i) {
        return members.get(i);
    }

    public TestSigner notary(int i) {
        return notaries.get(i);
    }

    /** Lets proposals admit so many more members, named on from the last, each with one vote. A charter has room for about 200. */
    public void admit(int count) {
        for (int left = count; left > 0; left -= ADMITTED_AT_ONCE) {
            int first = members.size();
            List<TestMember> next = IntStream.range(first, first + Math.min(left, ADMITTED_AT_ONCE))
                    .mapToObj(i -> new TestMember("m" + i, signatures))
                    .toList();
            members.addAll(next);
            pass(next.stream().map(member -> member.admit(dao(), 1, "member")).toArray(Action[]::new));
        }
    }

    /** A person who is not a member, unless admitted. */
    public TestMember stranger(String name) {
        return new TestMember(name, signatures);
    }

    public TestSigner signer(String name) {
        return new TestSigner(name, signatures);
    }

    /** All seals so far. */
    public List<Sealed> seals() {
        return List.copyOf(seals);
    }

    /** What the last seal did. */
    public List<Effect> effects() {
        return effects;
    }

    /** The next entry of this key, on top of the last that this method gave for it. */
    public Entry entry(Signer author, Body body) {
        Link last = chains.get(author.key());
        Entry entry = last == null ? entry(author, 0, null, body) : entry(author, last.sequence + 1, last.cid, body);
        chains.put(author.key(), new Link(entry.sequence(), entry.cid()));
        return entry;
    }

    /** An entry with any place in its key's chain; the author's own chain does not notice. */
    public Entry entry(Signer author, long sequence, @Nullable Cid previous, Body body) {
        return entry(author, dao(), sequence, previous, state.head().orElseThrow(), body);
    }

    /** An entry for any DAO that has seen any seal; the author's own chain does not notice. */
    public Entry entry(Signer author, Cid dao, long sequence, @Nullable Cid previous, Cid seen, Body body) {
        EntryCodec.Draft draft =
                new EntryCodec.Draft(dao, author.key(), sequence, previous, seen, state.timeMillis(), body);
        if (groupKeys.isEmpty()) {
            return EntryCodec.decode(EntryCodec.sign(draft, author));
        }
        byte[] salt = Sha256.hash(EntryCodec.sign(draft, author));
        return GroupKeys.of(groupKeys)
                .show(EntryCodec.decode(EntryCodec.sign(Enclosure.enclose(draft, groupKeys.getLast(), salt), author)));
    }

    /** An entry in clear, whatever the DAO is; the author's own chain does not notice. */
    public Entry entryInClear(Signer author, long sequence, @Nullable Cid previous, Body body) {
        return EntryCodec.decode(EntryCodec.sign(
                new EntryCodec.Draft(
                        dao(), author.key(), sequence, previous, state.head().orElseThrow(), state.timeMillis(), body),
                author));
    }

    /** Lets the author go on from what is sealed, forgetting entries that were not. */
    public void forget(Signer author) {
        chains.remove(author.key());
        state.key(author.key())
                .filter(key -> key.last() != null)
                .ifPresent(
                        key -> chains.put(author.key(), new Link(key.sequence(), Objects.requireNonNull(key.last()))));
    }

    /** Seals these entries, in the order that a seal must have, {@link #SEAL_MILLIS} after the last seal. */
    public List<Effect> seal(Entry... entries) {
        return sealAt(state.timeMillis() + SEAL_MILLIS, List.of(entries));
    }

    /** Seals what is due then, and these entries. All of them must be sealable. */
    public List<Effect> sealAt(long timeMillis, List<Entry> entries) {
        List<Entry> planned = state.plan(timeMillis, entries);
        if (planned.size() != entries.size()) {
            throw new AssertionError("cannot be sealed: "
                    + entries.stream()
                            .filter(e -> !planned.contains(e))
                            .map(e -> e.body().getClass().getSimpleName() + " " + state.refuse(e))
                            .toList());
        }
        try {
            DaoState.Step step = state.apply(timeMillis, planned);
            SealHeader header = header(state, step, planned, governance);
            Cid cid = Cid.hash(SealCodec.encode(header));
            state = step.sealed(header, cid);
            seals.add(new Sealed(header, cid, planned));
            effects = step.effects();
            return effects;
        } catch (DaoState.InvalidSealException e) {
            throw new AssertionError("a plan that cannot be applied", e);
        }
    }

    /** The header of a seal on top of a state. */
    public static SealHeader header(DaoState parent, DaoState.Step step, List<Entry> entries, Governance governance) {
        return new SealHeader(
                parent.dao(),
                parent.epoch(),
                parent.height() + 1,
                parent.height() + 1,
                parent.head().orElse(null),
                step.timeMillis(),
                entries.size(),
                Merkle.root(entries.stream().map(entry -> entry.cid().toBytes()).toList()),
                step.root(),
                governance.setHash(parent.notaries()),
                governance.setHash(step.nextNotaries()));
    }

    /** Seals nothing but what is due, at the very time, until nothing is due before {@code untilMillis}; then once more at that time. */
    public void advanceTo(long untilMillis) {
        for (int seals = 0; state.nextDueMillis().orElse(Long.MAX_VALUE) < untilMillis; seals++) {
            if (seals == SEALS_ADVANCED_MAX) {
                throw new AssertionError("something is always due, last at " + state.nextDueMillis());
            }
            sealAt(Math.max(state.nextDueMillis().getAsLong(), state.timeMillis() + 1), List.of());
        }
        sealAt(Math.max(untilMillis, state.timeMillis() + 1), List.of());
    }

    public void advance(long millis) {
        advanceTo(state.timeMillis() + millis);
    }

    /** A proposal with the method basic that does these things. */
    public static Body.Proposal basic(Action... actions) {
        return basic(Terms.NONE, actions);
    }

    public static Body.Proposal basic(Terms terms, Action... actions) {
        return new Body.Proposal(
                "Title", "Text", List.of("For", "Against", "Abstain"), "basic", 1, 1, false, List.of(actions), terms);
    }

    /** A proposal with these options and no actions. */
    public static Body.Proposal question(String method, int seats, String... options) {
        return new Body.Proposal("Title", "Text", List.of(options), method, 1, seats, false, List.of(), Terms.NONE);
    }

    public static Body.Ballot ballot(Cid proposal, long revision, int option) {
        return new Body.Ballot(proposal, revision, new Choice.Single(option));
    }

    /** A count of this verdict, with a made-up tally. */
    public static Body.Counted counted(Cid proposal, Decision.Verdict verdict) {
        return new Body.Counted(
                proposal,
                Cid.hash(new byte[] {1}),
                new Decision(verdict, verdict == Decision.Verdict.PASSED ? List.of(0) : List.of()));
    }

    /** Submits as m0 and seals until voting is open; the rules must ask for no sponsors. */
    public Cid open(Body.Proposal body) {
        Entry proposal = entry(member(0).device(), body);
        seal(proposal);
        return opened(proposal.cid());
    }

    /** Seals, when its review is over, the opening of a proposal; nothing if it is open. */
    public Cid opened(Cid proposal) {
        if (status(proposal) == ProposalStatus.REVIEW) {
            sealAt(Math.max(proposal(proposal).dueMillis(), state.timeMillis() + 1), List.of());
        }
        if (status(proposal) != ProposalStatus.VOTING) {
            throw new AssertionError("not open when it is due, but " + proposal(proposal));
        }
        return proposal;
    }

    /** Seals, at the deadline, the closing of an open proposal. */
    public Cid close(Cid proposal) {
        sealAt(Math.max(proposal(proposal).deadlineMillis(), state.timeMillis() + 1), List.of());
        return proposal;
    }

    /** Seals the same count by as many notaries as it takes. */
    public Cid decide(Cid proposal, Decision.Verdict verdict) {
        int quorum = SealCodec.quorum(state.notaries().size());
        List<TestSigner> signing = notaries.stream()
                .filter(n -> state.key(n.key())
                        .filter(key -> key.status() == KeyState.Status.ACTIVE)
                        .isPresent())
                .limit(quorum)
                .toList();
        seal(signing.stream().map(n -> entry(n, counted(proposal, verdict))).toArray(Entry[]::new));
        return proposal;
    }

    /** Submits, opens, closes and decides a proposal, and lets its actions happen, nobody having voted. */
    public Cid pass(Action... actions) {
        Cid proposal = decide(close(open(basic(actions))), Decision.Verdict.PASSED);
        if (status(proposal) == ProposalStatus.PASSED) {
            sealAt(Math.max(proposal(proposal).dueMillis(), state.timeMillis() + 1), List.of());
        }
        return proposal;
    }

    public ProposalState proposal(Cid proposal) {
        return state.proposal(proposal).orElseThrow();
    }

    public ProposalStatus status(Cid proposal) {
        return proposal(proposal).status();
    }

    /** Rules for tests: no sponsors, review of five seconds, voting of an hour, no time lock, quotas out of the way. */
    public static Rules rules() {
        Rules usual = Rules.usual();
        return new Rules(
                usual.roles(),
                new TreeSet<>(usual.methods()),
                0,
                60_000,
                5_000,
                3_600_000,
                0,
                usual.quorum(),
                usual.threshold(),
                600_000,
                7_200_000,
                Rules.ENTRIES_PER_SEAL_LIMIT,
                Rules.ENTRIES_PER_DAY_LIMIT);
    }
}
