// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Nodes, links and a clock. Time passes only in {@link #run}; everything that chance decides comes from the seed.
 *
 * <p>For each node the network counts what its processor did on behalf of nodes that are marked as attackers, and the largest heap that it
 * told of.
 *
 * @param <M> what nodes send to each other
 */
public final class SimulatedNetwork<M> {

    /** Events that one run may have; a run with more has a loop in it. */
    private static final long EVENTS_MAX = 2_000_000_000L;

    /**
     * @param addressGroup the range its address lies in
     * @param inboundMax connections that it lets in
     * @param inboundPerGroupMax of these, from one address range
     */
    public record Place(String addressGroup, int inboundMax, int inboundPerGroupMax, boolean attacker) {}

    private static final class Event {
        private final long micros;
        private final long order;
        private final Runnable action;

        Event(long micros, long order, Runnable action) {
            this.micros = micros;
            this.order = order;
            this.action = action;
        }
    }

    private record UnderWay<M>(M message, int bytes, long arrivalMicros) {}

    /** One direction of a connection. Only what arrives next is an event: the queue of events stays as short as there are lanes. */
    private final class Lane {
        private final Machine from;
        private final Machine to;
        private final long latencyMicros;
        private final boolean outbound;
        private final Deque<UnderWay<M>> underWay = new ArrayDeque<>(2);
        private final Deque<UnderWay<M>> arrived = new ArrayDeque<>(2);
        private long freeMicros;
        private long lastArrivalMicros;
        private int underWayBytes;
        private boolean open = true;

        Lane(Machine from, Machine to, long latencyMicros, boolean outbound) {
            this.from = from;
            this.to = to;
            this.latencyMicros = latencyMicros;
            this.outbound = outbound;
        }

        boolean send(M message, int bytes, long atMicros) {
            if (underWayBytes > LinkQuality.UNDER_WAY_MAX_BYTES) {
                return false;
            }
            underWayBytes += bytes;
            freeMicros = Math.max(atMicros, freeMicros) + bytes * 1_000_000L / quality.bytesPerSecond();
            long arrival = freeMicros + latencyMicros;
            if (random.nextInt(1000) < quality.lossPerMille()) {
                arrival += LinkQuality.RETRANSMISSION_MICROS;
            }
            lastArrivalMicros = Math.max(arrival, lastArrivalMicros);
            underWay.add(new UnderWay<>(message, bytes, lastArrivalMicros));
            if (underWay.size() == 1) {
                at(lastArrivalMicros, this::arrive);
            }
            return true;
        }

        private void arrive() {
            if (!open) {
                return;
            }
            if (arrived.isEmpty()) {
                to.ready.add(this);
            }
            arrived.add(underWay.remove());
            if (!underWay.isEmpty()) {
                at(underWay.peek().arrivalMicros, this::arrive);
            }
            to.wake();
        }
    }

    private final class Machine implements SimulatedHost<M> {
        private final int number;
        private final SimulatedNode<M> node;
        private final Place place;
        /** What goes to each peer. */
        private final Map<Integer, Lane> lanes = new LinkedHashMap<>();
        /** Lanes on which something has arrived. */
        private final Deque<Lane> ready = new ArrayDeque<>(4);

        private final Deque<Runnable> tasks = new ArrayDeque<>(4);
        private boolean up;
        private boolean awake;
        private long busyUntilMicros;
        private double workedMicros;
        private double workedForAttackersMicros;
        private long bytesHeldMax;
        private int inbound;

        Machine(int number, SimulatedNode<M> node, Place place) {
            this.number = number;
            this.node = node;
            this.place = place;
        }

        void wake() {
            if (!awake) {
                awake = true;
                at(Math.max(now, busyUntilMicros), this::turn);
            }
        }

        /** Does one thing: a task of its own first, else one message of the next lane in turn. */
        private void turn() {
            awake = false;
            if (!up) {
                return;
            }
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            } else {
                receive();
            }
            if (!tasks.isEmpty() || !ready.isEmpty()) {
                wake();
            }
        }

        private void receive() {
            Lane lane = ready.poll();
            if (lane == null || !lane.open) {
                return;
            }
            UnderWay<M> next = lane.arrived.remove();
            lane.underWayBytes -= next.bytes;
            if (!lane.arrived.isEmpty()) {
                ready.add(lane);
            }
            node.received(this, lane.from.number, next.message);
        }

        private long leaveMicros() {
            return Math.max(now, busyUntilMicros);
        }

        @Override
        public int self() {
            return number;
        }

        @Override
        public long nowMicros() {
            return now;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public String addressGroup(int peer) {
            return machines.get(peer).place.addressGroup();
        }

        @Override
        public List<Integer> peers() {
            return List.copyOf(lanes.keySet());
        }

        @Override
        public void dial(int peer) {
            connect(number, peer);
        }

        @Override
        public void disconnect(int peer) {
            SimulatedNetwork.this.disconnect(number, peer);
        }

        @Override
        public boolean send(int peer, M message, int sizeBytes) {
            Lane lane = lanes.get(peer);
            return lane != null && lane.send(message, sizeBytes, leaveMicros());
        }

        @Override
        public void after(long delayMicros, Runnable task) {
            at(leaveMicros() + delayMicros, () -> {
                if (up) {
                    tasks.add(task);
                    wake();
                }
            });
        }

        @Override
        public void work(double micros, int onBehalfOf) {
            busyUntilMicros = leaveMicros() + Math.round(Math.ceil(micros));
            workedMicros += micros;
            if (machines.get(onBehalfOf).place.attacker()) {
                workedForAttackersMicros += micros;
            }
        }
    }

    private final LinkQuality quality;
    private final Random random;
    private final List<Machine> machines = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.micros != b.micros ? Long.compare(a.micros, b.micros) : Long.compare(a.order, b.order));
    private @Nullable IntPredicate side;
    private long now;
    private long order;

    public SimulatedNetwork(long seed, LinkQuality quality) {
        this.random = new Random(seed);
        this.quality = quality;
    }

    public long nowMicros() {
        return now;
    }

    public RandomGenerator random() {
        return random;
    }

    /** @return its number: they are given from 0 up */
    public int add(SimulatedNode<M> node, Place place) {
        machines.add(new Machine(machines.size(), node, place));
        return machines.size() - 1;
    }

    public int size() {
        return machines.size();
    }

    public SimulatedNode<M> node(int number) {
        return machines.get(number).node;
    }

    public void start(int number) {
        Machine machine = machines.get(number);
        if (!machine.up) {
            machine.up = true;
            machine.busyUntilMicros = now;
            machine.node.started(machine);
        }
    }

    /** Pulls the plug: its state stays, its connections and timers are gone. */
    public void stop(int number) {
        Machine machine = machines.get(number);
        machine.up = false;
        for (int peer : machine.peers()) {
            disconnect(number, peer);
        }
        machine.tasks.clear();
        machine.ready.clear();
    }

    /** @return whether the two are connected now, as they may have been before */
    public boolean connect(int dialler, int listener) {
        Machine from = machines.get(dialler);
        Machine to = machines.get(listener);
        if (from.lanes.containsKey(listener)) {
            return true;
        }
        if (dialler == listener || !from.up || !to.up || isCut(dialler, listener) || !isLetIn(from, to)) {
            return false;
        }
        long spread = quality.latencyMaxMicros() - quality.latencyMinMicros();
        long latency = quality.latencyMinMicros() + (spread > 0 ? random.nextLong(spread) : 0);
        from.lanes.put(listener, new Lane(from, to, latency, true));
        to.lanes.put(dialler, new Lane(to, from, latency, false));
        to.inbound++;
        tell(from, () -> from.node.connected(from, listener, true));
        tell(to, () -> to.node.connected(to, dialler, false));
        return true;
    }

    private boolean isLetIn(Machine from, Machine to) {
        if (to.inbound >= to.place.inboundMax()) {
            return false;
        }
        String group = from.place.addressGroup();
        return to.lanes.values().stream()
                        .filter(lane ->
                                !lane.outbound && lane.to.place.addressGroup().equals(group))
                        .count()
                < to.place.inboundPerGroupMax();
    }

    public void disconnect(int one, int other) {
        close(machines.get(one), machines.get(other));
        close(machines.get(other), machines.get(one));
    }

    private void close(Machine from, Machine to) {
        Lane lane = from.lanes.remove(to.number);
        if (lane != null) {
            lane.open = false;
            if (!lane.outbound) {
                from.inbound--;
            }
            tell(from, () -> from.node.disconnected(from, to.number));
        }
    }

    private void tell(Machine machine, Runnable task) {
        if (machine.up) {
            machine.tasks.add(task);
            machine.wake();
        }
    }

    private boolean isCut(int one, int other) {
        return side != null && side.test(one) != side.test(other);
    }

    /** Cuts the network in two; what is under way between the halves is lost. */
    public void partition(IntPredicate side) {
        this.side = side;
        for (Machine machine : machines) {
            for (int peer : machine.peers()) {
                if (isCut(machine.number, peer)) {
                    disconnect(machine.number, peer);
                }
            }
        }
    }

    public void heal() {
        side = null;
    }

    /** Runs something at a time, outside of any node. */
    public void at(long micros, Runnable action) {
        events.add(new Event(Math.max(now, micros), order++, action));
    }

    /** Lets time pass until then. */
    public void run(long untilMicros) {
        for (Event next = events.peek(); next != null && next.micros <= untilMicros; next = events.peek()) {
            events.remove();
            now = next.micros;
            next.action.run();
            if (order > EVENTS_MAX) {
                throw new IllegalStateException("more than " + EVENTS_MAX + " events");
            }
        }
        now = untilMicros;
    }

    /** Asks every node for its heap and keeps the largest answer of each. */
    public void measureHeap() {
        for (Machine machine : machines) {
            if (machine.up && !machine.place.attacker()) {
                machine.bytesHeldMax = Math.max(machine.bytesHeldMax, machine.node.bytesHeld());
            }
        }
    }

    public long bytesHeldMax(int number) {
        return machines.get(number).bytesHeldMax;
    }

    /** Begins to count work and heap anew. */
    public void resetCounters() {
        for (Machine machine : machines) {
            machine.workedMicros = 0;
            machine.workedForAttackersMicros = 0;
            machine.bytesHeldMax = 0;
        }
    }

    public double workedMicros(int number) {
        return machines.get(number).workedMicros;
    }

    public double workedForAttackersMicros(int number) {
        return machines.get(number).workedForAttackersMicros;
    }

    public List<Integer> peers(int number) {
        return machines.get(number).peers();
    }

    public boolean isAttacker(int number) {
        return machines.get(number).place.attacker();
    }

    /** How many events there were: a measure of the run, and the same for the same seed. */
    public long events() {
        return order;
    }
}
