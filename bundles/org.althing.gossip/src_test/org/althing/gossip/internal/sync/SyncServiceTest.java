// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.net.Host;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.ProtocolHandler;
import org.althing.api.sync.SyncProgress;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.testkit.governance.TestSigner;
import org.junit.jupiter.api.Test;

/** Two nodes and more, each with the shipped service on a host; only the bytes between them and the time are the test's. */
class SyncServiceTest {

    private final LoopbackHost.Network network = new LoopbackHost.Network();
    private final TestChain chain = chain();
    private long now = 1_000_000;

    private static TestChain chain() {
        Random random = new Random(11);
        TestChain chain = new TestChain();
        for (int i = 0; i < 60; i++) {
            chain.add(random, i == 30 ? 3_000 : random.nextInt(40), i == 30 ? 2_000 : 400, i % 20 == 19);
        }
        return chain;
    }

    private final class Node {
        final LoopbackHost host = new LoopbackHost(network, SyncSimulation.peer(network.hosts.size()));
        final Map<PeerId, Integer> regards = new HashMap<>();
        final SyncService service = new SyncService(
                host,
                TestChain.verifier(),
                network::run,
                () -> now,
                new Random(1),
                (peer, score) -> regards.put(peer, score));
        final TestReplica replica;

        Node(int seals) {
            replica = TestReplica.of(chain, seals);
            host.handler = service;
            host.listener = service;
            service.add(replica);
        }

        SyncProgress progress() {
            return service.progress(chain.dao()).orElseThrow();
        }
    }

    private void pass(Node node, long millis) {
        passAll(millis, node);
    }

    private void passAll(long millis, Node... nodes) {
        for (long until = now + millis; now < until; now += FetchLimits.TICK_BUSY_MILLIS) {
            List.of(nodes).forEach(node -> node.service.tick());
            network.settle();
        }
    }

    @Test
    void aNewNodeCatchesUpAndTellsSo() {
        Node node = new Node(0);
        Node one = new Node(60);
        Node other = new Node(60);
        node.host.connect(one.host);
        node.host.connect(other.host);
        pass(node, 2_000);
        assertThat(node.replica.tip()).isEqualTo(one.replica.tip());
        assertThat(node.replica.ledger().entries()).isEqualTo(chain.entryCount());
        assertThat(node.progress().isInSync()).isTrue();
        assertThat(node.progress().peers()).isEqualTo(2);
        assertThat(node.host.disconnects).isEmpty();
        assertThat(node.service.progress(Cid.hash(new byte[] {7}))).isEqualTo(Optional.empty());
    }

    @Test
    void whoServedIsRegardedForAWhileAndWhoIsMerelyThereIsNot() {
        Node node = new Node(0);
        Node one = new Node(60);
        node.host.connect(one.host);
        pass(node, 6_000);
        assertThat(node.regards).containsExactly(Map.entry(one.host.self(), DaoSync.SERVED_REGARD));
        Node idle = new Node(60);
        node.host.connect(idle.host);
        pass(node, 6_000);
        assertThat(node.progress().peers()).isEqualTo(2);
        assertThat(node.regards).containsOnlyKeys(one.host.self());
        assertThat(one.regards).as("who is fetched from regards nobody for it").isEmpty();
        pass(node, FetchLimits.SERVED_REGARD_MILLIS);
        assertThat(node.regards).containsExactly(Map.entry(one.host.self(), 0));
    }

    @Test
    void aStreamThatBreaksIsOpenedAgain() {
        Node node = new Node(0);
        Node one = new Node(60);
        node.host.connect(one.host);
        for (int i = 0; i < 40 && node.replica.tip().height() < 59; i++) {
            for (int steps = 0; steps < 15 && !network.tasks.isEmpty(); steps++) {
                network.tasks.remove().run();
            }
            node.host.breakStreams(one.host.self());
            pass(node, 3_000);
        }
        assertThat(node.replica.tip()).isEqualTo(one.replica.tip());
    }

    @Test
    void aPeerThatGoesAndComesBackIsAskedAgain() {
        Node node = new Node(10);
        Node one = new Node(20);
        node.host.connect(one.host);
        pass(node, 1_000);
        one.host.disconnect(node.host.self(), "bye", Duration.ZERO);
        pass(node, 1_000);
        assertThat(node.replica.tip().height()).isEqualTo(19);
        for (int i = 20; i < 60; i++) {
            one.replica.bringSeal(chain.seal(i), chain.entries(i)).join();
        }
        node.host.connect(one.host);
        pass(node, 1_000);
        assertThat(node.replica.tip().height()).isEqualTo(59);
    }

    @Test
    void pendingEntriesComeOver() {
        Node node = new Node(60);
        Node one = new Node(60);
        TestSigner signer = new TestSigner("a", Ed25519.fastest());
        byte[] entry = EntryCodec.sign(
                new EntryCodec.Draft(
                        chain.dao(),
                        signer.key(),
                        0,
                        null,
                        chain.dao(),
                        5_000,
                        new Body.Comment(chain.dao(), Optional.empty(), "missed")),
                signer);
        node.host.connect(one.host);
        pass(node, 500);
        one.replica.addPending(entry, 5_000);
        pass(node, 100);
        assertThat(node.replica.ledger().has(Cid.hash(entry))).isFalse();
        pass(node, 2 * PendingLimits.PERIOD_MILLIS);
        assertThat(node.replica.ledger().has(Cid.hash(entry))).isTrue();
    }

    private static TestMembership reads(Node node, int seed) {
        TestMembership membership = new TestMembership(seed);
        node.replica.membership = Optional.of(membership);
        return membership;
    }

    @Test
    void aPrivateDaoGoesToMembersNodesAlone() {
        Node one = new Node(50);
        Node member = new Node(0);
        Node other = new Node(0);
        TestMembership keeper = reads(one, 1);
        TestMembership reader = reads(member, 2);
        TestMembership stranger = reads(other, 3);
        keeper.keys.add(new byte[32]);
        keeper.readers.add(reader.reader());
        member.host.connect(one.host);
        other.host.connect(one.host);
        pass(member, 3_000);
        pass(other, 70_000);
        assertThat(member.replica.tip()).isEqualTo(one.replica.tip());
        assertThat(reader.keys).hasSize(1);
        assertThat(one.service.mayHave(chain.dao(), member.host.self())).isTrue();
        assertThat(other.replica.tip().height()).isEqualTo(-1);
        assertThat(stranger.keys).isEmpty();
        assertThat(one.service.mayHave(chain.dao(), other.host.self())).isFalse();
        keeper.readers.clear();
        assertThat(one.service.mayHave(chain.dao(), member.host.self())).isFalse();
        for (int i = 50; i < chain.size(); i++) {
            one.replica.bringSeal(chain.seal(i), chain.entries(i)).join();
        }
        pass(member, 70_000);
        assertThat(member.replica.tip().height()).isEqualTo(49);
    }

    @Test
    void whoIsAdmittedWhileConnectedGetsItSoon() {
        Node one = new Node(60);
        Node late = new Node(0);
        TestMembership keeper = reads(one, 1);
        TestMembership reader = reads(late, 2);
        late.host.connect(one.host);
        pass(late, 40_000);
        assertThat(late.replica.tip().height()).isEqualTo(-1);
        keeper.readers.add(reader.reader());
        pass(late, Proving.RETRY_MAX_MILLIS + 3_000);
        assertThat(late.replica.tip()).isEqualTo(one.replica.tip());
    }

    /** Nodes of members who know each other. */
    private static List<TestMembership> members(Node... nodes) {
        List<TestMembership> members = new ArrayList<>();
        for (int i = 0; i < nodes.length; i++) {
            members.add(reads(nodes[i], i + 1));
        }
        members.forEach(each -> members.forEach(other -> each.readers.add(other.reader())));
        return members;
    }

    private static byte[] message(int number) {
        return new byte[] {1, (byte) (number >> 8), (byte) number};
    }

    @Test
    void howeverManyMessagesWaitAllOfThemCome() {
        Node keeping = new Node(60);
        Node absent = new Node(60);
        List<TestMembership> members = members(keeping, absent);
        int count = SyncLimits.MESSAGE_NAMES_MAX + 200;
        for (int i = 0; i < count; i++) {
            members.get(0).keep(message(i));
        }
        absent.host.connect(keeping.host);
        passAll(5_000, keeping, absent);
        assertThat(members.get(1).mailbox).hasSize(count);
        assertThat(members.get(1).broughtCount).isEqualTo(count);
        members.get(0).keep(message(count));
        members.get(1).keep(message(count + 1));
        passAll(2 * Mailing.PERIOD_MILLIS, keeping, absent);
        assertThat(members.get(1).mailbox).hasSize(count + 2);
        assertThat(members.get(0).mailbox).hasSize(count + 2);
    }

    @Test
    void aMessageTravelsOverMembersWhoAreNotItsAddressee() {
        Node author = new Node(60);
        Node between = new Node(60);
        Node addressee = new Node(60);
        List<TestMembership> members = members(author, between, addressee);
        members.get(0).keep(message(1));
        between.host.connect(author.host);
        passAll(3_000, author, between);
        author.host.disconnect(between.host.self(), "bye", Duration.ZERO);
        addressee.host.connect(between.host);
        passAll(3_000, between, addressee);
        assertThat(members.get(2).mailbox).hasSize(1);
    }

    @Test
    void aMessageThatCannotBeTakenYetIsAskedForAgainAndSeldom() {
        Node keeping = new Node(60);
        Node node = new Node(60);
        List<TestMembership> members = members(keeping, node);
        members.get(0).keep(message(1));
        members.get(1).takesMessages = false;
        node.host.connect(keeping.host);
        passAll(Mailing.AGAIN_MILLIS - Mailing.PERIOD_MILLIS, keeping, node);
        assertThat(members.get(1).broughtCount).isEqualTo(1);
        members.get(1).takesMessages = true;
        passAll(3 * Mailing.PERIOD_MILLIS, keeping, node);
        assertThat(members.get(1).mailbox).hasSize(1);
    }

    @Test
    void messagesGoOnlyBetweenNodesThatBothProved() {
        Node one = new Node(60);
        Node other = new Node(60);
        List<TestMembership> members = members(one, other);
        members.get(0).keep(message(1));
        members.get(1).keep(message(2));
        members.get(0).readers.clear();
        other.host.connect(one.host);
        passAll(3 * Mailing.PERIOD_MILLIS, one, other);
        assertThat(members.get(0).mailbox).hasSize(1);
        assertThat(members.get(1).mailbox).hasSize(1);
    }

    @Test
    void aKeyThatIsMissingIsAskedForAgain() {
        Node one = new Node(60);
        Node member = new Node(0);
        TestMembership keeper = reads(one, 1);
        TestMembership reader = reads(member, 2);
        keeper.readers.add(reader.reader());
        member.host.connect(one.host);
        pass(member, 5_000);
        keeper.keys.add(new byte[32]);
        assertThat(reader.keys).isEmpty();
        reader.lacksKeys = true;
        pass(member, 10_000);
        assertThat(reader.keys).hasSize(1);
    }

    @Test
    void noStrangerHearsOfADaoOrAReadingKey() {
        Node node = new Node(5);
        Node stranger = new Node(0);
        TestMembership member = reads(node, 1);
        reads(stranger, 2);
        List<String> heard = new ArrayList<>();
        SyncService service = stranger.service;
        stranger.host.handler = new ProtocolHandler() {
            @Override
            public List<String> protocols() {
                return service.protocols();
            }

            @Override
            public int frameSizeMaxBytes() {
                return service.frameSizeMaxBytes();
            }

            @Override
            public NetStream.Receiver accept(NetStream stream) {
                NetStream.Receiver receiver = service.accept(stream);
                return new NetStream.Receiver() {
                    @Override
                    public void frame(NetStream from, byte[] frame) {
                        heard.add(text(frame));
                        receiver.frame(from, frame);
                    }

                    @Override
                    public void closed(NetStream from, String reason) {
                        receiver.closed(from, reason);
                    }
                };
            }
        };
        node.host.connect(stranger.host);
        passAll(Proving.RETRY_MAX_MILLIS, node, stranger);
        assertThat(heard).anyMatch(frame -> frame.contains("status")).anyMatch(frame -> frame.contains("proof"));
        assertThat(heard)
                .noneMatch(frame -> frame.contains(text(chain.dao().toBytes())))
                .noneMatch(frame -> frame.contains(text(member.reader())));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatAPeerHasProvedIsForgottenWhenItGoesAlsoIfItServesNothing() {
        Node node = new Node(5);
        TestMembership keeper = reads(node, 1);
        TestMembership member = new TestMembership(2);
        keeper.readers.add(member.reader());
        LoopbackHost silent = new LoopbackHost(network, SyncSimulation.peer(77));
        Node unheard = new Node(5);
        silent.handler = silentHandler();
        silent.listener = unheard.service;
        silent.connect(node.host);
        network.settle();
        List<Answer> answers = new ArrayList<>();
        NetStream stream = open(silent, node, new ArrayList<>(), answers);
        stream.send(SyncCodec.encode(new SyncCodec.Asked(1, new Request.Reader(name(silent.self(), node)))));
        network.settle();
        byte[] challenge = ((Answer.Challenge) answers.getFirst()).key();
        Request proof = new ReaderProofs(chain.dao(), silent.self()).answer(member, node.host.self(), challenge);
        stream.send(SyncCodec.encode(new SyncCodec.Asked(2, proof.of(name(silent.self(), node)))));
        network.settle();
        assertThat(node.service.mayHave(chain.dao(), silent.self())).isTrue();
        silent.disconnect(node.host.self(), "bye", Duration.ZERO);
        network.settle();
        assertThat(node.service.mayHave(chain.dao(), silent.self())).isFalse();
    }

    /** What the DAO is called by who asks a node. */
    private Cid name(PeerId asking, Node asked) {
        return DaoName.of(chain.dao(), asking, asked.host.self());
    }

    private static ProtocolHandler silentHandler() {
        return new ProtocolHandler() {
            @Override
            public List<String> protocols() {
                return List.of();
            }

            @Override
            public int frameSizeMaxBytes() {
                return 1;
            }

            @Override
            public NetStream.Receiver accept(NetStream stream) {
                throw new AssertionError("nobody asks it");
            }
        };
    }

    @Test
    void whoSendsWhatIsNoRequestIsDisconnected() {
        Node node = new Node(5);
        Node attacker = new Node(5);
        attacker.host.connect(node.host);
        network.settle();
        open(attacker, node).send(new byte[] {1, 2, 3});
        network.settle();
        assertThat(node.host.disconnects).singleElement().asString().startsWith("its request cannot be read");
    }

    @Test
    void whoSendsMoreRequestsThanMayWaitLosesItsStream() {
        Node node = new Node(5);
        Node attacker = new Node(5);
        attacker.host.connect(node.host);
        network.settle();
        List<String> ends = new ArrayList<>();
        NetStream stream = open(attacker, node, ends);
        byte[] request = SyncCodec.encode(new SyncCodec.Asked(1, new Request.Status(name(attacker.host.self(), node))));
        for (int i = 0; i <= SyncLimits.REQUESTS_WAITING_MAX; i++) {
            stream.send(request);
        }
        network.settle();
        assertThat(ends).hasSize(1);
    }

    @Test
    void whoDoesNotTakeItsAnswersMakesNobodyReadForIt() {
        Node node = new Node(60);
        Node slow = new Node(5);
        slow.host.connect(node.host);
        network.settle();
        NetStream stream = open(slow, node);
        byte[] request = SyncCodec.encode(new SyncCodec.Asked(
                1,
                new Request.Sealed(
                        name(slow.host.self(), node),
                        List.of(new Slice(30, 0, 1024)),
                        SyncLimits.CARGO_SIZE_MAX_BYTES)));
        for (int i = 0; i < 20; i++) {
            stream.send(request);
        }
        network.settle();
        assertThat(network.refusedFrames).as("answers that waited for room").isPositive();
    }

    @Test
    void aReplicaThatGoesIsNotServedAnyMore() {
        Node node = new Node(0);
        Node one = new Node(60);
        one.service.remove(one.replica);
        node.host.connect(one.host);
        pass(node, 1_000);
        assertThat(node.replica.tip().height()).isEqualTo(-1);
        one.service.add(one.replica);
        pass(node, 70_000);
        assertThat(node.replica.tip().height()).isEqualTo(59);
    }

    @Test
    void aPeerThatComesToADaoIsAskedAtOnce() {
        Node node = new Node(0);
        Node one = new Node(60);
        one.service.remove(one.replica);
        node.host.connect(one.host);
        pass(node, 100_000);
        assertThat(node.replica.tip().height()).isEqualTo(-1);
        one.service.add(one.replica);
        pass(node, 1_000);
        assertThat(node.replica.tip().height()).isEqualTo(59);
    }

    @Test
    void theHostIsToldWhoSharesADao() {
        Node node = new Node(60);
        Node one = new Node(60);
        Node stranger = new Node(60);
        stranger.service.remove(stranger.replica);
        node.host.connect(one.host);
        node.host.connect(stranger.host);
        pass(node, 2 * SyncService.SHARING_PERIOD_MILLIS);
        assertThat(node.host.shared).isEqualTo(Map.of(one.host.self(), Host.Sharing.SEEN));
        one.service.remove(one.replica);
        pass(node, FetchLimits.STATUS_IDLE_PERIOD_MILLIS + 2 * SyncService.SHARING_PERIOD_MILLIS);
        assertThat(node.host.shared).isEqualTo(Map.of(one.host.self(), Host.Sharing.NOTHING));
    }

    private NetStream open(Node from, Node to) {
        return open(from, to, new ArrayList<>());
    }

    private NetStream open(Node from, Node to, List<String> ends) {
        return open(from.host, to, ends, new ArrayList<>());
    }

    private NetStream open(LoopbackHost from, Node to, List<String> ends, List<Answer> answers) {
        List<NetStream> opened = new ArrayList<>();
        from.open(
                        to.host.self(),
                        List.of(SyncLimits.PROTOCOL),
                        SyncLimits.ANSWER_SIZE_MAX_BYTES,
                        new NetStream.Receiver() {
                            @Override
                            public void frame(NetStream stream, byte[] frame) {
                                answers.add(SyncCodec.decodeAnswer(frame).answer());
                            }

                            @Override
                            public void closed(NetStream stream, String reason) {
                                ends.add(reason);
                            }
                        })
                .thenAccept(opened::add);
        network.settle();
        return opened.getFirst();
    }
}
