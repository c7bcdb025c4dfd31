// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.Authoring;
import org.althing.api.assembly.Assembly.ProposalView;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.assembly.RefusedException;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.net.Multiaddr;
import org.althing.api.node.NetworkSettings;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.codec.Consent;
import org.althing.codec.Ed25519;
import org.althing.codec.Enclosure;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;
import org.althing.codec.Sha256;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestRules;
import org.althing.testkit.governance.TestSigner;

/** Members, a node, and the DAO that they found on it; time is the tests'. */
final class Community implements AutoCloseable {

    static final long START_MILLIS = 1_800_000_000_000L;
    /** Longest wait for an entry's seal; by the tests' clock, so it never runs out by itself. */
    static final long WAIT_MILLIS = Assembly.WAIT_MAX_MILLIS;

    private static final String NAME = "Test";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final ManualTimer timer;
    final Ed25519 signatures = Ed25519.fastest();
    final List<TestMember> members;
    private final NodeLauncher launcher;
    private final Optional<NetworkSettings> network;
    private Path data;
    private RunningNode node;
    String dao = "";

    private Community(Path data, int members) throws AlthingException {
        this(
                data,
                IntStream.range(0, members)
                        .mapToObj(i -> new TestMember("m" + i, Ed25519.fastest()))
                        .toList(),
                START_MILLIS,
                Optional.empty());
    }

    private Community(Path data, List<TestMember> members, long nowMillis, Optional<NetworkSettings> network)
            throws AlthingException {
        this.data = data;
        this.network = network;
        this.launcher = Installed.service(NodeLauncher.class);
        this.members = members;
        this.timer = new ManualTimer(nowMillis);
        this.node = launch();
    }

    /** A node without any DAO. */
    static Community gathered(Path data, int members) throws AlthingException {
        return new Community(data, members);
    }

    /** A DAO with voting of an hour after a review of five seconds. */
    static Community founded(Path data, int members) throws AlthingException, RefusedException {
        return founded(data, members, new TestRules().build());
    }

    static Community founded(Path data, int members, Rules rules) throws AlthingException, RefusedException {
        return founded(new Community(data, members), rules);
    }

    /** The same, on a node that takes connections on the loopback. */
    static Community networked(Path data, int members) throws AlthingException, RefusedException {
        List<TestMember> founders = IntStream.range(0, members)
                .mapToObj(i -> new TestMember("m" + i, Ed25519.fastest()))
                .toList();
        NetworkSettings network = new NetworkSettings(
                List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")), List.of(), List.of(), false, false, List.of());
        return founded(new Community(data, founders, START_MILLIS, Optional.of(network)), new TestRules().build());
    }

    private static Community founded(Community community, Rules rules) throws AlthingException, RefusedException {
        Submission submission = community.assembly().found(community.charter(rules, notary(community.node)));
        community.dao = submission.entry();
        return community;
    }

    /** A private DAO; its members read by this node, or by one whose key nobody has. */
    static Community foundedPrivate(Path data, int members) throws AlthingException, RefusedException {
        Community community = new Community(data, members);
        byte[] groupKey = TestDao.groupKey(0);
        List<Action.Admit> founders = community.members.stream()
                .map(member -> member.admitPrivately(community.founding(), "guardian", "member"))
                .toList();
        byte[] charter = community.charter(
                founders, notary(community.node), new TestRules().build(), Optional.of(Enclosure.name(groupKey)));
        community.dao = community.assembly().foundPrivate(charter, groupKey).entry();
        return community;
    }

    static List<Notary> notary(RunningNode node) {
        return List.of(new Notary(node.notary(), List.of()));
    }

    private RunningNode launch() throws AlthingException {
        return launcher.start(new NodeSettings(data, Optional.of(timer), network));
    }

    RunningNode node() {
        return node;
    }

    Path data() {
        return data;
    }

    Assembly assembly() {
        return node.assembly();
    }

    /** The process ends and another begins. */
    void restart() throws AlthingException {
        node.close();
        node = launch();
    }

    /** What its founders consent to. */
    Cid founding() {
        return Consent.founding(members.getFirst().key(), NAME);
    }

    /** The process is killed: another begins on what the disk holds at this moment, of which this makes a copy. */
    void kill(Path copy) throws AlthingException {
        copy(data, copy);
        node.close();
        data = copy;
        node = launch();
    }

    /** A community of its own, in a world where everything went as here so far. This one must be closed. */
    Community again(Path copy) throws AlthingException {
        copy(data, copy);
        Community other = new Community(copy, members, timer.millis(), network);
        other.dao = dao;
        return other;
    }

    /** What a node is about to rename may be gone in a moment, and is nothing to it. */
    static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(file) && !file.toString().endsWith(".next")) {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] charter(Rules rules, List<Notary> notaries) {
        List<Action.Admit> founders = IntStream.range(0, members.size())
                .mapToObj(i -> i == 0
                        ? members.get(i).admit(founding(), 1, "guardian", "member")
                        : members.get(i).admit(founding(), 1, "member"))
                .toList();
        return charter(founders, notaries, rules, Optional.empty());
    }

    private byte[] charter(List<Action.Admit> founders, List<Notary> notaries, Rules rules, Optional<Cid> group) {
        Body.Charter body = new Body.Charter(
                NAME, "To be tested.", new byte[Body.Charter.SALT_SIZE_BYTES], founders, notaries, rules, group);
        TestSigner founder = members.getFirst().root();
        return EntryCodec.sign(new Draft(null, founder.key(), 0, null, null, START_MILLIS, body), founder);
    }

    /** The draft of a signer's next entry. */
    Draft draft(TestSigner signer, Body body) throws AlthingException, RefusedException {
        Authoring authoring = assembly().authoring(dao, signer.key().toString());
        return new Draft(
                Cid.parse(dao),
                signer.key(),
                authoring.sequence(),
                authoring.previous().isEmpty() ? null : Cid.parse(authoring.previous()),
                Cid.parse(authoring.seen()),
                timer.millis(),
                body);
    }

    /** An entry; that of a private DAO is enclosed, if it is of a kind that is. */
    byte[] entry(TestSigner signer, Body body) throws AlthingException, RefusedException {
        Draft draft = draft(signer, body);
        List<byte[]> groupKeys = assembly().groupKeys(dao);
        if (groupKeys.isEmpty()) {
            return EntryCodec.sign(draft, signer);
        }
        byte[] salt = Sha256.hash(EntryCodec.sign(draft, signer));
        return EntryCodec.sign(Enclosure.enclose(draft, groupKeys.getLast(), salt), signer);
    }

    /** Entries of one key, each on top of the one before. */
    List<byte[]> chain(TestSigner signer, int count, IntFunction<Body> bodies)
            throws AlthingException, RefusedException {
        List<byte[]> entries = new ArrayList<>();
        Draft next = draft(signer, bodies.apply(0));
        for (int i = 0; i < count; i++) {
            entries.add(EntryCodec.sign(next, signer));
            next = after(next, entries.getLast(), bodies.apply(i + 1));
        }
        return entries;
    }

    /** The draft of the entry that follows one of the same key. */
    static Draft after(Draft draft, byte[] entry, Body body) {
        return new Draft(
                draft.dao(),
                draft.key(),
                draft.sequence() + 1,
                Cid.hash(entry),
                draft.seen(),
                draft.timeMillis(),
                body);
    }

    /** Signs, submits and waits for the seal. */
    Submission say(TestSigner signer, Body body) throws AlthingException, RefusedException {
        return assembly().submit(entry(signer, body), WAIT_MILLIS);
    }

    TestSigner device(int member) {
        return members.get(member).device();
    }

    /** Proposes as member 0 and lets time go on until voting is open. */
    Cid open(Body.Proposal body) throws AlthingException, RefusedException {
        String proposal = say(device(0), body).entry();
        timer.advanceTo(assembly().proposal(proposal).dueMillis());
        await(() -> status(proposal).equals("voting"));
        return Cid.parse(proposal);
    }

    /** Lets time go on to the deadline and waits for the count. */
    ProposalView decided(Cid proposal) throws AlthingException, RefusedException {
        timer.advanceTo(assembly().proposal(proposal.toString()).deadlineMillis());
        await(() -> !List.of("voting", "closed").contains(status(proposal.toString())));
        return assembly().proposal(proposal.toString());
    }

    /** Waits until every closed proposal is counted: from then on nothing changes by itself. */
    void counted() {
        await(() -> {
            try {
                return assembly().proposals(dao, Optional.of("closed"), 0, 1).isEmpty();
            } catch (AlthingException | RefusedException e) {
                throw new AssertionError(e);
            }
        });
    }

    String status(String proposal) {
        try {
            return assembly().proposal(proposal).status();
        } catch (AlthingException | RefusedException e) {
            throw new AssertionError(e);
        }
    }

    List<String> problems() {
        try {
            return assembly().status().problems();
        } catch (AlthingException e) {
            throw new AssertionError(e);
        }
    }

    String stateRoot() throws AlthingException, RefusedException {
        return assembly().dao(dao).stateRoot();
    }

    /** Waits for what other threads do. */
    static void await(BooleanSupplier condition) {
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("not within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws AlthingException {
        node.close();
    }
}
