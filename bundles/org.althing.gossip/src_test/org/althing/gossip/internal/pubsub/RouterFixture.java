// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.althing.api.net.PeerId;
import org.althing.gossip.internal.pubsub.Event.Verdict;
import org.althing.gossip.internal.pubsub.Rpc.IHave;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;

/** One router on a bench: a clock by hand, and everything it wants done in a list. */
final class RouterFixture {

    static final String TOPIC = "/althing/a";
    static final PeerId SELF = id(0);

    final Router router;
    long now = 1_000_000;
    final List<Action> actions = new ArrayList<>();

    RouterFixture() {
        this(GossipSettings.standard(), ScoreSettings.standard(), RouterLimits.standard());
    }

    RouterFixture(GossipSettings settings, ScoreSettings scoring, RouterLimits limits) {
        router = new Router(SELF, settings, scoring, limits, new Random(7));
    }

    RouterFixture(Gate gate) {
        router = new Router(
                SELF,
                GossipSettings.standard(),
                ScoreSettings.standard(),
                RouterLimits.standard(),
                gate,
                new Random(7));
    }

    static PeerId id(int n) {
        byte[] multihash = new byte[34];
        multihash[0] = 0x12;
        multihash[1] = 32;
        multihash[31] = (byte) (n >>> 16);
        multihash[32] = (byte) (n >>> 8);
        multihash[33] = (byte) n;
        return PeerId.of(multihash);
    }

    static byte[] data(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static MessageId name(String text) {
        return MessageId.of(TOPIC, data(text));
    }

    static Rpc message(String text) {
        return Rpc.messages(List.of(new Message(TOPIC, data(text))));
    }

    static Rpc ihave(String text) {
        return Rpc.ihave(List.of(new IHave(TOPIC, List.of(name(text)))));
    }

    static Rpc subscribe(String topic) {
        return Rpc.subscriptions(List.of(new Subscription(true, topic)));
    }

    /** What the event makes the router do; the list of all actions is begun anew. */
    List<Action> on(Event event) {
        actions.clear();
        actions.addAll(router.handle(now, event));
        return actions;
    }

    RouterFixture subscribed() {
        on(new Event.Subscribe(TOPIC));
        return this;
    }

    PeerId peer(int n) {
        return peer(n, false);
    }

    /** A peer of an address of its own that subscribes to the topic. */
    PeerId peer(int n, boolean outbound) {
        return peer(n, outbound, "10.0." + n);
    }

    PeerId peer(int n, boolean outbound, String group) {
        PeerId peer = id(n);
        on(new Event.PeerAdded(peer, outbound, group, true));
        receive(peer, subscribe(TOPIC));
        return peer;
    }

    /** A peer of our mesh. */
    PeerId meshPeer(int n) {
        PeerId peer = peer(n, true);
        receive(peer, Rpc.graft(TOPIC));
        return peer;
    }

    List<Action> receive(PeerId peer, Rpc rpc) {
        return on(new Event.RpcReceived(peer, rpc));
    }

    List<Action> judge(String text, Verdict verdict) {
        return on(new Event.Judged(name(text), verdict));
    }

    void accept(PeerId from, String text) {
        receive(from, message(text));
        judge(text, Verdict.ACCEPT);
    }

    List<Action> heartbeat() {
        now += GossipSettings.HEARTBEAT_MILLIS;
        return on(new Event.Heartbeat());
    }

    void heartbeats(int count) {
        for (int i = 0; i < count; i++) {
            heartbeat();
        }
    }

    double score(PeerId peer) {
        return view(peer).score();
    }

    boolean isInMesh(PeerId peer) {
        return view(peer).meshes().contains(TOPIC);
    }

    long meshSize() {
        return router.peers().stream()
                .filter(peer -> peer.meshes().contains(TOPIC))
                .count();
    }

    Router.PeerView view(PeerId peer) {
        return router.peers().stream()
                .filter(view -> view.peer().equals(peer))
                .findFirst()
                .orElseThrow();
    }

    List<Rpc> sentTo(PeerId peer) {
        return actions.stream()
                .filter(action ->
                        action instanceof Action.Send send && send.peer().equals(peer))
                .map(action -> ((Action.Send) action).rpc())
                .toList();
    }

    List<Action.Send> sent() {
        return actions.stream()
                .filter(Action.Send.class::isInstance)
                .map(Action.Send.class::cast)
                .toList();
    }

    long validations() {
        return actions.stream().filter(Action.Validate.class::isInstance).count();
    }
}
