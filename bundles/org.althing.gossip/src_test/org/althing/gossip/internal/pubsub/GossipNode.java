// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.althing.api.net.PeerId;
import org.althing.gossip.internal.pubsub.Event.Verdict;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.testkit.network.SimulatedHost;
import org.althing.testkit.network.SimulatedNode;

/**
 * The shipped {@link Router} in a simulated network: around it a validator that costs what a signature costs, a store of what was applied, and
 * a connection manager that dials until it has enough.
 */
class GossipNode implements SimulatedNode<Rpc> {

    static final String TOPIC = "/althing/a";

    /** Processor time, in microseconds: measured on this class of machine, rounded up. */
    private static final double RPC_MICROS = 3;

    private static final double BYTE_MICROS = 0.003;
    private static final double ID_MICROS = 0.3;
    private static final double SEND_MICROS = 2;
    private static final double VERIFY_MICROS = 55;
    private static final double LOOK_UP_MICROS = 1;
    private static final double HEARTBEAT_MICROS = 30;

    private static final long HEARTBEAT_MICROS_BETWEEN = GossipSettings.HEARTBEAT_MILLIS * 1000;
    private static final long DIAL_MICROS_BETWEEN = 2_000_000;
    private static final int OUTBOUND_PER_GROUP_MAX = 2;

    private static final List<PeerId> IDS = new ArrayList<>();

    /** What a node is told at the beginning. */
    record Setup(
            GossipSettings settings,
            ScoreSettings scoring,
            RouterLimits limits,
            int outboundWanted,
            boolean checksBeforeVerifying) {

        static Setup standard() {
            return new Setup(GossipSettings.standard(), ScoreSettings.standard(), RouterLimits.standard(), 10, true);
        }
    }

    /** Hears of each message that is applied. */
    interface Applied {

        /** @param from who brought it first; the node itself if it published it */
        void applied(int node, int from, int message, long micros);
    }

    private final Setup setup;
    private final Applied applied;
    /** Peers that this node knows addresses of, and those it trusts to be good from before. */
    final List<Integer> book = new ArrayList<>();

    final List<Integer> anchors = new ArrayList<>();
    private final Set<Integer> banned = new HashSet<>();
    private final Map<Integer, Boolean> outbound = new HashMap<>();
    private final Map<Integer, Double> regards = new HashMap<>();
    /** The ledger: it outlives the node's restarts. */
    private final Set<Integer> ledger = new HashSet<>();

    int appliedTwice;
    /** Messages and bytes that came, wanted or not. */
    long messagesReceived;

    long bytesReceived;
    Router router;
    SimulatedHost<Rpc> host;

    GossipNode(Setup setup, Applied applied, RandomGenerator random, int self) {
        this.setup = setup;
        this.applied = applied;
        this.router = newRouter(random, self);
    }

    private Router newRouter(RandomGenerator random, int self) {
        return new Router(
                peerId(self), setup.settings, setup.scoring, setup.limits, new java.util.Random(random.nextLong()));
    }

    static PeerId peerId(int number) {
        while (IDS.size() <= number) {
            IDS.add(RouterFixture.id(IDS.size() + 1));
        }
        return IDS.get(number);
    }

    static int number(PeerId id) {
        byte[] bytes = id.toBytes();
        return ((bytes[31] & 0xff) << 16 | (bytes[32] & 0xff) << 8 | bytes[33] & 0xff) - 1;
    }

    /** A message as an entry would be: with a number, an author and a signature that holds or not. */
    static byte[] entry(int number, int author, boolean valid) {
        return ByteBuffer.allocate(300)
                .putInt(number)
                .putInt(author)
                .put((byte) (valid ? 1 : 0))
                .array();
    }

    static int author(Message message) {
        return ByteBuffer.wrap(message.data()).getInt(4);
    }

    void regard(int peer, double score) {
        regards.put(peer, score);
    }

    @Override
    public void started(SimulatedHost<Rpc> host) {
        this.host = host;
        outbound.clear();
        on(new Event.Subscribe(TOPIC), host.self());
        host.after(host.random().nextLong(HEARTBEAT_MICROS_BETWEEN), this::heartbeat);
        anchors.forEach(host::dial);
        dial();
    }

    /** Begins anew, with nothing but the ledger, the book and the anchors. */
    void forget(RandomGenerator random) {
        router = newRouter(random, host.self());
        outbound.clear();
        banned.clear();
    }

    private void heartbeat() {
        host.work(HEARTBEAT_MICROS + outbound.size(), host.self());
        on(new Event.Heartbeat(), host.self());
        host.after(HEARTBEAT_MICROS_BETWEEN, this::heartbeat);
    }

    private void dial() {
        long have = outbound.values().stream().filter(dialled -> dialled).count();
        Map<String, Integer> groups = new HashMap<>();
        outbound.forEach((peer, dialled) -> {
            if (dialled) {
                groups.merge(host.addressGroup(peer), 1, Integer::sum);
            }
        });
        for (int tries = 0;
                tries < 4 * setup.outboundWanted && have < setup.outboundWanted && !book.isEmpty();
                tries++) {
            int peer = book.get(host.random().nextInt(book.size()));
            if (!outbound.containsKey(peer)
                    && !banned.contains(peer)
                    && peer != host.self()
                    && groups.getOrDefault(host.addressGroup(peer), 0) < OUTBOUND_PER_GROUP_MAX) {
                host.dial(peer);
                if (host.peers().contains(peer)) {
                    groups.merge(host.addressGroup(peer), 1, Integer::sum);
                    have++;
                }
            }
        }
        host.after(DIAL_MICROS_BETWEEN, this::dial);
    }

    @Override
    public void connected(SimulatedHost<Rpc> host, int peer, boolean dialled) {
        if (banned.contains(peer)) {
            host.disconnect(peer);
            return;
        }
        outbound.put(peer, dialled);
        on(new Event.PeerAdded(peerId(peer), dialled, host.addressGroup(peer), true), host.self());
        Double regard = regards.get(peer);
        if (regard != null) {
            on(new Event.Regard(peerId(peer), regard), host.self());
        }
    }

    @Override
    public void disconnected(SimulatedHost<Rpc> host, int peer) {
        if (outbound.remove(peer) != null) {
            on(new Event.PeerRemoved(peerId(peer)), host.self());
        }
    }

    @Override
    public void received(SimulatedHost<Rpc> host, int peer, Rpc rpc) {
        int size = sizeOf(rpc);
        messagesReceived += rpc.messages().size();
        bytesReceived += size;
        host.work(RPC_MICROS + BYTE_MICROS * size + ID_MICROS * ids(rpc), peer);
        on(new Event.RpcReceived(peerId(peer), rpc), peer);
    }

    void publish(int number) {
        byte[] data = entry(number, host.self(), true);
        ledger.add(number);
        applied.applied(host.self(), host.self(), number, host.nowMicros());
        host.work(VERIFY_MICROS, host.self());
        on(new Event.Publish(TOPIC, data), host.self());
    }

    /** A message has come on another way. */
    void keep(int number) {
        ledger.add(number);
    }

    private void on(Event event, int onBehalfOf) {
        for (Action action : router.handle(host.nowMicros() / 1000, event)) {
            switch (action) {
                case Action.Send send -> {
                    int peer = number(send.peer());
                    if (maySend(peer, send.rpc())) {
                        host.work(SEND_MICROS + BYTE_MICROS * sizeOf(send.rpc()), onBehalfOf);
                        host.send(peer, send.rpc(), sizeOf(send.rpc()));
                    }
                }
                case Action.Validate validate -> host.after(0, () -> validate(validate));
                case Action.Connect connect -> host.dial(number(connect.peer()));
                case Action.Disconnect gone -> {
                    int peer = number(gone.peer());
                    banned.add(peer);
                    host.disconnect(peer);
                }
            }
        }
    }

    /** For those who are not what they seem. */
    boolean maySend(int peer, Rpc rpc) {
        return true;
    }

    private void validate(Action.Validate validate) {
        int from = number(validate.from());
        ByteBuffer entry = ByteBuffer.wrap(validate.data());
        int number = entry.getInt();
        boolean valid = entry.get(8) == 1;
        host.work(LOOK_UP_MICROS, from);
        Verdict verdict;
        if (setup.checksBeforeVerifying && ledger.contains(number)) {
            verdict = Verdict.IGNORE;
        } else {
            host.work(VERIFY_MICROS, from);
            verdict = valid ? Verdict.ACCEPT : Verdict.REJECT;
        }
        if (verdict == Verdict.ACCEPT) {
            if (!ledger.add(number)) {
                appliedTwice++;
            }
            applied.applied(host.self(), from, number, host.nowMicros());
        }
        on(new Event.Judged(validate.id(), verdict), from);
    }

    @Override
    public long bytesHeld() {
        return router.bytesHeld();
    }

    static int ids(Rpc rpc) {
        int ids = rpc.iwant().size()
                + rpc.idontwant().size()
                + rpc.graft().size()
                + rpc.subscriptions().size();
        for (Rpc.IHave ihave : rpc.ihave()) {
            ids += ihave.ids().size();
        }
        return ids;
    }

    /** About what it takes on the wire. */
    static int sizeOf(Rpc rpc) {
        int size = 8 + 36 * ids(rpc) + 80 * rpc.prune().size();
        for (Message message : rpc.messages()) {
            size += message.data().length + 20;
        }
        return size;
    }
}
