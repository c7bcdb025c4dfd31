// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.althing.gossip.internal.pubsub.RouterFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.althing.api.net.PeerId;
import org.althing.codec.MalformedException;
import org.althing.gossip.internal.pubsub.Event.Verdict;
import org.althing.gossip.internal.pubsub.Rpc.IHave;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.gossip.internal.pubsub.Rpc.PeerInfo;
import org.althing.gossip.internal.pubsub.Rpc.Prune;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;

/** Whatever happens to a router, in any order, what it promises holds after each step. */
class RouterPropertyTest {

    private static final int STEPS = 600;
    private static final int PEERS = 40;
    private static final List<String> TOPICS = List.of("/althing/a", "/althing/b", "/elsewhere");
    private static final long HELD_MAX_BYTES = 24L * 1024 * 1024;

    private static final class Run {
        private final Random random;
        private final Router router;
        private final GossipSettings settings = GossipSettings.standard();
        private final RouterLimits limits = RouterLimits.standard();
        private long now = 1_000_000;
        private final Set<PeerId> present = new HashSet<>();
        private final Map<MessageId, Long> accepted = new HashMap<>();
        private final List<Handed> undecided = new ArrayList<>();
        private final Map<PeerId, Integer> iwants = new HashMap<>();
        private int next;

        private record Handed(MessageId id, long atMillis) {}

        Run(long seed) {
            random = new Random(seed);
            router = new Router(RouterFixture.SELF, settings, ScoreSettings.standard(), limits, new Random(seed));
        }

        void step() {
            Map<PeerId, Double> before = new HashMap<>();
            router.peers().forEach(view -> before.put(view.peer(), view.score()));
            Event event = event();
            List<Action> actions = router.handle(now, event);
            check(event, actions, before);
        }

        private void check(Event event, List<Action> actions, Map<PeerId, Double> before) {
            for (Action action : actions) {
                switch (action) {
                    case Action.Send send -> check(send, event, before);
                    case Action.Validate validate -> {
                        assertThat(accepted.getOrDefault(validate.id(), 0L))
                                .as("nothing is validated again soon after it was accepted")
                                .isLessThan(now - RouterLimits.SEEN_MIN_MILLIS + 1);
                        undecided.add(new Handed(validate.id(), now));
                    }
                    case Action.Connect connect -> assertThat(connect.peer()).isNotEqualTo(RouterFixture.SELF);
                    case Action.Disconnect gone -> assertThat(gone.reason()).isNotEmpty();
                }
            }
            Map<String, Integer> meshes = new HashMap<>();
            for (Router.PeerView view : router.peers()) {
                assertThat(present).contains(view.peer());
                view.meshes().forEach(topic -> meshes.merge(topic, 1, Integer::sum));
                assertThat(view.topics().size()).isLessThanOrEqualTo(limits.foreignTopicsPerPeer() + TOPICS.size());
                if (event instanceof Event.Heartbeat) {
                    assertThat(view.meshes().isEmpty() || view.score() >= 0)
                            .as("no mesh keeps a peer of negative score")
                            .isTrue();
                }
            }
            for (int size : meshes.values()) {
                // Full meshes take in peers that we dialled, until the next heartbeat.
                assertThat(size).isLessThanOrEqualTo(event instanceof Event.Heartbeat ? settings.dHigh() : PEERS);
            }
            assertThat(router.bytesHeld()).isBetween(0L, HELD_MAX_BYTES);
        }

        private void check(Action.Send send, Event event, Map<PeerId, Double> before) {
            assertThat(present).contains(send.peer());
            boolean mayRaiseScores = event instanceof Event.Heartbeat
                    || event instanceof Event.PeerAdded
                    || event instanceof Event.PeerRemoved;
            assertThat(mayRaiseScores || before.get(send.peer()) >= -100)
                    .as("nothing goes to a graylisted peer")
                    .isTrue();
            for (Message message : send.rpc().messages()) {
                assertThat(accepted).containsKey(MessageId.of(message.topic(), message.data()));
            }
            for (IHave ihave : send.rpc().ihave()) {
                assertThat(accepted.keySet()).containsAll(ihave.ids());
            }
            assertThat(RpcCodec.encode(send.rpc()).length).isLessThanOrEqualTo(RpcLimits.RPC_SIZE_MAX_BYTES);
            try {
                RpcCodec.decode(RpcCodec.encode(send.rpc()));
            } catch (MalformedException e) {
                throw new AssertionError("we send what we would refuse: " + send.rpc(), e);
            }
            if (event instanceof Event.RpcReceived && !send.rpc().iwant().isEmpty()) {
                assertThat(iwants.merge(send.peer(), send.rpc().iwant().size(), Integer::sum))
                        .isLessThanOrEqualTo(limits.ihaveIdsPerHeartbeat());
            }
        }

        private Event event() {
            PeerId peer = id(1 + random.nextInt(PEERS));
            return switch (random.nextInt(24)) {
                case 0 -> {
                    present.add(peer);
                    yield new Event.PeerAdded(
                            peer, random.nextInt(3) == 0, "g" + random.nextInt(12), random.nextBoolean());
                }
                case 1 -> {
                    if (random.nextInt(3) == 0) {
                        present.remove(peer);
                        yield new Event.PeerRemoved(peer);
                    }
                    yield new Event.Regard(peer, random.nextInt(20) - 5);
                }
                case 2 -> new Event.Subscribe(TOPICS.get(random.nextInt(2)));
                case 3 ->
                    random.nextInt(10) == 0
                            ? new Event.Unsubscribe(TOPICS.get(random.nextInt(2)))
                            : new Event.PeerRecord(peer, new byte[random.nextInt(100)]);
                case 4 -> {
                    Message message = fresh();
                    accepted.put(MessageId.of(message.topic(), message.data()), now);
                    yield new Event.Publish(message.topic(), message.data());
                }
                case 5, 6, 7, 8, 9 -> {
                    if (undecided.isEmpty()) {
                        yield new Event.RpcRefused(peer, "nonsense");
                    }
                    MessageId id =
                            undecided.remove(random.nextInt(undecided.size())).id();
                    Verdict verdict = random.nextInt(30) == 0
                            ? Verdict.REJECT
                            : random.nextInt(10) == 0 ? Verdict.IGNORE : Verdict.ACCEPT;
                    if (verdict == Verdict.ACCEPT) {
                        accepted.put(id, now);
                    }
                    yield new Event.Judged(id, verdict);
                }
                case 10, 11 -> {
                    now += random.nextInt(10) == 0 ? 30_000 : 1000;
                    iwants.clear();
                    undecided.removeIf(handed -> now - handed.atMillis >= RouterLimits.VALIDATION_MAX_MILLIS);
                    yield new Event.Heartbeat();
                }
                default -> new Event.RpcReceived(peer, rpc());
            };
        }

        private Rpc rpc() {
            return new Rpc(
                    some(2, () -> new Subscription(random.nextInt(4) > 0, topic())),
                    some(4, this::message),
                    some(2, () -> new IHave(topic(), some(200, this::messageId))),
                    some(20, this::messageId),
                    some(2, this::topic),
                    some(
                            2,
                            () -> new Prune(
                                    topic(),
                                    some(
                                            3,
                                            () -> new PeerInfo(
                                                    id(random.nextInt(60)).toBytes(), new byte[1])),
                                    random.nextInt(100))),
                    some(20, this::messageId));
        }

        private <T> List<T> some(int max, java.util.function.Supplier<T> one) {
            List<T> list = new ArrayList<>();
            if (random.nextInt(3) == 0) {
                for (int i = random.nextInt(max + 1); i > 0; i--) {
                    list.add(one.get());
                }
            }
            return list;
        }

        private String topic() {
            return random.nextInt(20) == 0 ? "/junk/" + random.nextInt(1000) : TOPICS.get(random.nextInt(3));
        }

        private Message message() {
            return random.nextBoolean() ? fresh() : numbered(random.nextInt(next + 1));
        }

        private Message fresh() {
            return numbered(next++);
        }

        private Message numbered(int number) {
            byte[] data = new byte[4 + number % 7 * 300];
            data[0] = (byte) number;
            data[1] = (byte) (number >>> 8);
            return new Message(TOPICS.get(number % 2), data);
        }

        private MessageId messageId() {
            Message message = random.nextInt(4) == 0 ? numbered(100_000 + random.nextInt(1000)) : message();
            return MessageId.of(message.topic(), message.data());
        }
    }

    @Property(tries = 40)
    void theInvariantsHold(@ForAll long seed) {
        Run run = new Run(seed);
        for (int i = 0; i < STEPS; i++) {
            run.step();
        }
    }
}
