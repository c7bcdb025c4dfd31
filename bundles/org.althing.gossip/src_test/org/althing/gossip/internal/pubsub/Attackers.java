// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.althing.gossip.internal.pubsub.Rpc.IHave;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;
import org.althing.testkit.network.SimulatedHost;
import org.althing.testkit.network.SimulatedNode;

/** Those who do not mean well, as scripts. */
final class Attackers {

    private static final long TICK_MICROS = 100_000;
    private static final long REGRAFT_MICROS = 61_000_000;

    private Attackers() {}

    /** Connects to its victims, gets into their meshes and says nothing: what reaches it ends there. */
    static class Sybil implements SimulatedNode<Rpc> {

        private final List<Integer> victims;

        Sybil(List<Integer> victims) {
            this.victims = victims;
        }

        @Override
        public void started(SimulatedHost<Rpc> host) {
            keepDialling(host);
        }

        private void keepDialling(SimulatedHost<Rpc> host) {
            victims.forEach(host::dial);
            host.after(5_000_000, () -> keepDialling(host));
        }

        @Override
        public void connected(SimulatedHost<Rpc> host, int peer, boolean outbound) {
            host.send(peer, Rpc.subscriptions(List.of(new Subscription(true, GossipNode.TOPIC))), 40);
            keepGrafting(host, peer);
        }

        private void keepGrafting(SimulatedHost<Rpc> host, int peer) {
            if (host.peers().contains(peer)) {
                host.send(peer, Rpc.graft(GossipNode.TOPIC), 30);
                host.after(REGRAFT_MICROS, () -> keepGrafting(host, peer));
            }
        }
    }

    /** What a flood is made of. */
    enum Weapon {
        INVALID_SIGNATURES,
        IHAVE,
        IWANT,
        IDONTWANT,
        GRAFT,
        SUBSCRIBE
    }

    /** A Sybil that also sends the same kind of thing over and over, as fast as it is told to. */
    static final class Flooder extends Sybil {

        private static final int SHOTS = 30;

        private final int rpcsPerSecond;
        private final Weapon weapon;
        private final List<Rpc> shots = new ArrayList<>();
        /** What victims can be asked for. */
        private final Set<MessageId> heard = new LinkedHashSet<>();

        private int next;

        Flooder(List<Integer> victims, int rpcsPerSecond, Weapon weapon) {
            super(victims);
            this.rpcsPerSecond = rpcsPerSecond;
            this.weapon = weapon;
        }

        @Override
        public void started(SimulatedHost<Rpc> host) {
            for (int i = 0; i < SHOTS; i++) {
                shots.add(shot(host));
            }
            super.started(host);
        }

        @Override
        public void connected(SimulatedHost<Rpc> host, int peer, boolean outbound) {
            super.connected(host, peer, outbound);
            flood(host, peer);
        }

        @Override
        public void received(SimulatedHost<Rpc> host, int peer, Rpc rpc) {
            if (weapon == Weapon.IWANT) {
                rpc.messages().forEach(message -> heard.add(MessageId.of(message.topic(), message.data())));
                rpc.ihave().forEach(ihave -> heard.addAll(ihave.ids()));
            }
        }

        private void flood(SimulatedHost<Rpc> host, int peer) {
            if (!host.peers().contains(peer)) {
                return;
            }
            for (int i = 0; i < rpcsPerSecond * TICK_MICROS / 1_000_000; i++) {
                Rpc rpc = weapon == Weapon.INVALID_SIGNATURES || weapon == Weapon.IWANT && i == 0
                        ? shot(host)
                        : shots.get(next++ % SHOTS);
                if (weapon == Weapon.IWANT) {
                    shots.set(next % SHOTS, rpc);
                }
                if (!host.send(peer, rpc, GossipNode.sizeOf(rpc))) {
                    break;
                }
            }
            host.after(TICK_MICROS, () -> flood(host, peer));
        }

        private Rpc shot(SimulatedHost<Rpc> host) {
            return switch (weapon) {
                case INVALID_SIGNATURES -> {
                    int number = 1_000_000 + host.random().nextInt(1_000_000_000);
                    yield Rpc.messages(
                            List.of(new Message(GossipNode.TOPIC, GossipNode.entry(number, host.self(), false))));
                }
                case IHAVE -> Rpc.ihave(List.of(new IHave(GossipNode.TOPIC, randomIds(host, 2000))));
                case IWANT -> {
                    List<MessageId> known = List.copyOf(heard);
                    List<MessageId> recent = known.subList(Math.max(0, known.size() - 25), known.size());
                    List<MessageId> wanted = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        wanted.addAll(recent);
                    }
                    yield Rpc.iwant(wanted);
                }
                case IDONTWANT -> Rpc.idontwant(randomIds(host, 500));
                case GRAFT -> Rpc.graft(GossipNode.TOPIC);
                case SUBSCRIBE -> {
                    Set<Subscription> many = new LinkedHashSet<>();
                    for (int i = 0; i < 100; i++) {
                        many.add(new Subscription(true, "/junk/" + host.random().nextInt(1_000_000_000)));
                    }
                    yield Rpc.subscriptions(List.copyOf(many));
                }
            };
        }
    }

    /** An honest node, until it is told to keep silent about some or all messages: covert flash, censorship. */
    static final class Turncoat extends GossipNode {

        private final BooleanSupplier turned;
        private final int censoredAuthor;

        /** @param censoredAuthor the one whose messages stop here; all, if negative */
        Turncoat(Setup setup, RandomGenerator random, int self, BooleanSupplier turned, int censoredAuthor) {
            super(setup, (node, from, message, micros) -> {}, random, self);
            this.turned = turned;
            this.censoredAuthor = censoredAuthor;
        }

        @Override
        boolean maySend(int peer, Rpc rpc) {
            if (!turned.getAsBoolean()) {
                return true;
            }
            if (censoredAuthor < 0) {
                return rpc.messages().isEmpty() && rpc.ihave().isEmpty();
            }
            return rpc.messages().stream().noneMatch(message -> author(message) == censoredAuthor)
                    && rpc.ihave().isEmpty();
        }
    }

    /** Keeps what it hears and, when the time has come, says all of it again. */
    static final class Replayer extends Sybil {

        private final List<Message> heard = new ArrayList<>();
        private final long replayMicros;
        private boolean replaying;

        Replayer(List<Integer> victims, long replayMicros) {
            super(victims);
            this.replayMicros = replayMicros;
        }

        @Override
        public void received(SimulatedHost<Rpc> host, int peer, Rpc rpc) {
            heard.addAll(rpc.messages());
            if (host.nowMicros() >= replayMicros && !replaying) {
                replaying = true;
                replay(host, List.copyOf(heard));
            }
        }

        private static void replay(SimulatedHost<Rpc> host, List<Message> old) {
            for (int peer : host.peers()) {
                for (Message message : old) {
                    Rpc rpc = Rpc.messages(List.of(message));
                    host.send(peer, rpc, GossipNode.sizeOf(rpc));
                }
            }
            host.after(1_000_000, () -> replay(host, old));
        }
    }

    private static List<MessageId> randomIds(SimulatedHost<Rpc> host, int count) {
        List<MessageId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(new MessageId(host.random().nextLong(), host.random().nextLong(), 1, 2));
        }
        return ids;
    }
}
