// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.althing.testkit.network.LinkQuality;
import org.althing.testkit.network.SimulatedNetwork;
import org.althing.testkit.network.SimulatedNode;

/** A town of honest nodes on a simulated network, those who attack it, and what became of the messages. */
final class GossipWorld {

    static final long SECOND = 1_000_000;

    /**
     * What came of the messages that were published between two times.
     *
     * @param delivered of all the deliveries there should have been, to honest nodes
     * @param p99Micros from publishing to applying
     * @param attackersWork the largest part of a processor that any honest node spent for attackers
     * @param bytesHeld the most that the router of any honest node held
     */
    record Outcome(double delivered, long p99Micros, long maxMicros, double attackersWork, long bytesHeld) {

        @Override
        public String toString() {
            return String.format(
                    "delivered %.5f p99 %d ms max %d ms attackers' work %.4f heap %d KB",
                    delivered, p99Micros / 1000, maxMicros / 1000, attackersWork, bytesHeld / 1024);
        }
    }

    final SimulatedNetwork<Rpc> network;
    final List<GossipNode> honest = new ArrayList<>();
    private final int honestCount;
    private final List<Long> publishedMicros = new ArrayList<>();
    /** By message and node; 0 when it has not come. */
    private final List<long[]> arrivals = new ArrayList<>();

    private final Map<Integer, Integer> authors = new HashMap<>();
    private long countedFromMicros;

    GossipWorld(long seed, int honestCount, GossipNode.Setup setup) {
        this(seed, honestCount, setup, 100, 1000);
    }

    GossipWorld(long seed, int honestCount, GossipNode.Setup setup, int inboundMax, int inboundPerGroupMax) {
        this.network = new SimulatedNetwork<>(seed, LinkQuality.wide());
        this.honestCount = honestCount;
        for (int i = 0; i < honestCount; i++) {
            GossipNode node = new GossipNode(setup, this::applied, network.random(), i);
            honest.add(node);
            network.add(node, new SimulatedNetwork.Place("home-" + i, inboundMax, inboundPerGroupMax, false));
        }
        for (int i = 0; i < honestCount; i++) {
            for (int j = 0; j < honestCount; j++) {
                if (j != i) {
                    honest.get(i).book.add(j);
                }
            }
        }
    }

    /** Adds attackers, several to an address range. */
    List<Integer> attackers(int count, int perGroup, IntFunction<SimulatedNode<Rpc>> script) {
        List<Integer> numbers = new ArrayList<>();
        int first = network.size();
        for (int i = 0; i < count; i++) {
            numbers.add(network.add(
                    script.apply(first + i),
                    new SimulatedNetwork.Place("den-" + (first + i) / perGroup, 10_000, 10_000, true)));
        }
        return numbers;
    }

    void startHonest() {
        for (int i = 0; i < honestCount; i++) {
            network.start(i);
        }
    }

    void startAll() {
        for (int i = 0; i < network.size(); i++) {
            network.start(i);
        }
    }

    private void applied(int node, int from, int message, long micros) {
        if (node < honestCount && arrivals.get(message)[node] == 0) {
            arrivals.get(message)[node] = micros;
        }
    }

    int publish(int node) {
        int message = arrivals.size();
        arrivals.add(new long[honestCount]);
        publishedMicros.add(network.nowMicros());
        authors.put(message, node);
        honest.get(node).publish(message);
        return message;
    }

    /** Lets time pass while honest nodes publish, each a random one of these. */
    void run(double seconds, double messagesPerSecond, int... publishers) {
        long end = network.nowMicros() + Math.round(seconds * SECOND);
        long between = messagesPerSecond == 0 ? Long.MAX_VALUE / 4 : Math.round(SECOND / messagesPerSecond);
        RandomGenerator random = network.random();
        for (long at = network.nowMicros() + between; at <= end; at += between) {
            int publisher = publishers.length == 0
                    ? random.nextInt(honestCount)
                    : publishers[random.nextInt(publishers.length)];
            network.at(at, () -> publish(publisher));
        }
        for (long at = network.nowMicros(); at <= end; at += SECOND / 4) {
            network.at(at, network::measureHeap);
        }
        network.run(end);
    }

    /** Lets what is under way arrive. */
    void settle() {
        run(5, 0);
    }

    /** Begins to count. */
    void count() {
        network.resetCounters();
        countedFromMicros = network.nowMicros();
    }

    /** What came of everything published since {@link #count()}, at all honest nodes. */
    Outcome outcome() {
        return outcome(countedFromMicros, Long.MAX_VALUE, -1, -1);
    }

    /** @param node only at this one, if not negative; @param author only by this one, if not negative */
    Outcome outcome(long fromMicros, long untilMicros, int node, int author) {
        List<Long> latencies = new ArrayList<>();
        long wanted = 0;
        for (int message = 0; message < arrivals.size(); message++) {
            long published = publishedMicros.get(message);
            if (published < fromMicros || published >= untilMicros || author >= 0 && authors.get(message) != author) {
                continue;
            }
            long[] arrived = arrivals.get(message);
            for (int i = 0; i < honestCount; i++) {
                if (i != authors.get(message) && (node < 0 || i == node)) {
                    wanted++;
                    if (arrived[i] > 0) {
                        latencies.add(arrived[i] - published);
                    }
                }
            }
        }
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        double elapsed = Math.max(1, network.nowMicros() - countedFromMicros);
        double work = 0;
        long held = 0;
        for (int i = 0; i < honestCount; i++) {
            work = Math.max(work, network.workedForAttackersMicros(i) / elapsed);
            held = Math.max(held, network.bytesHeldMax(i));
        }
        return new Outcome(
                wanted == 0 ? 1 : (double) sorted.length / wanted,
                sorted.length == 0 ? Long.MAX_VALUE : sorted[(int) (sorted.length * 0.99)],
                sorted.length == 0 ? Long.MAX_VALUE : sorted[sorted.length - 1],
                work,
                held);
    }

    long meshSizeOf(int node, boolean attackers) {
        return honest.get(node).router.peers().stream()
                .filter(view ->
                        !view.meshes().isEmpty() && network.isAttacker(GossipNode.number(view.peer())) == attackers)
                .count();
    }

    int[] honestNumbers() {
        int[] numbers = new int[honestCount];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }
}
