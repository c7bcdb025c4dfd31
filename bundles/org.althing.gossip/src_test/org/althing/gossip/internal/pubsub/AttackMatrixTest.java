// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.althing.gossip.internal.pubsub.GossipNode.Setup;
import org.althing.gossip.internal.pubsub.GossipWorld.Outcome;
import org.junit.jupiter.api.Test;

/**
 * The rows of the attack matrix that concern gossip: the shipped router under attack, against the same network in peace. What the network must
 * keep: 99.9% of deliveries, a 99th percentile at most twice that of peace, attackers' work within a fifth of a processor, the heap within
 * 1.2 times that of peace. Each defence is also switched off, and then its row must fail: a row that cannot fail shows nothing.
 */
class AttackMatrixTest {

    private static final double DELIVERED_MIN = 0.999;
    private static final double P99_MAX = 2;
    private static final double WORK_MAX = 0.2;
    private static final double HEAP_MAX = 1.2;

    private static final Setup STANDARD = Setup.standard();

    private static boolean holds(Outcome attacked, Outcome peace) {
        System.out.println(StackWalker.getInstance()
                        .walk(f -> f.skip(1)
                                .map(StackWalker.StackFrame::getMethodName)
                                .filter(n -> !n.equals("floodIsHeld"))
                                .findFirst())
                        .get()
                + "\n   peace " + peace + "\n   attacked " + attacked);
        return attacked.delivered() >= DELIVERED_MIN
                && attacked.p99Micros() <= P99_MAX * peace.p99Micros()
                && attacked.attackersWork() <= WORK_MAX
                && attacked.bytesHeld() <= HEAP_MAX * peace.bytesHeld();
    }

    // Sybils from few addresses

    private static Outcome sybils(Setup setup, int honest, int sybilsEach) {
        GossipWorld world = new GossipWorld(11, honest, setup);
        int sybils = honest * sybilsEach;
        world.startHonest();
        if (sybils > 0) {
            List<Integer> numbers = world.attackers(
                    sybils,
                    sybils / 10,
                    number -> new Attackers.Sybil(IntStream.range(0, 20)
                            .map(i -> world.network.random().nextInt(honest))
                            .boxed()
                            .toList()));
            world.honest.forEach(node -> node.book.addAll(numbers));
            numbers.forEach(world.network::start);
        }
        world.run(20, 2);
        world.count();
        world.run(40, 2);
        world.settle();
        return world.outcome();
    }

    @Test
    void fourSybilsToEachHonestNodeFromFewAddresses() {
        assertThat(holds(sybils(STANDARD, 60, 4), sybils(STANDARD, 60, 0))).isTrue();
    }

    @Test
    void twentySybilsToEachHonestNodeFromFewAddresses() {
        assertThat(holds(sybils(STANDARD, 40, 20), sybils(STANDARD, 40, 0))).isTrue();
    }

    /** Switched off: the colocation score. */
    @Test
    void withoutTheColocationScoreSybilsSlowTheNetworkDown() {
        assertThat(holds(sybils(unscored(STANDARD), 40, 20), sybils(STANDARD, 40, 0)))
                .isFalse();
    }

    private static Setup unscored(Setup setup) {
        return new Setup(
                setup.settings(),
                new ScoreSettings(
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        setup.scoring().thresholds(),
                        setup.scoring().colocationExempt()),
                setup.limits(),
                setup.outboundWanted(),
                setup.checksBeforeVerifying());
    }

    // Floods

    private static Outcome flood(Setup setup, int rpcsPerSecond, Attackers.Weapon weapon) {
        int honest = 30;
        GossipWorld world = new GossipWorld(12, honest, setup);
        world.startHonest();
        world.run(5, 5);
        List<Integer> victims = List.of(0, 1, 2, 3, 4);
        if (rpcsPerSecond == 0) {
            world.attackers(20, 1, number -> new Attackers.Sybil(victims)).forEach(world.network::start);
        } else {
            world.attackers(20, 1, number -> new Attackers.Flooder(victims, rpcsPerSecond, weapon))
                    .forEach(world.network::start);
        }
        world.count();
        world.run(10, 5);
        world.settle();
        return world.outcome();
    }

    private static boolean floodIsHeld(Setup setup, int rpcsPerSecond, Attackers.Weapon weapon) {
        return holds(flood(setup, rpcsPerSecond, weapon), flood(setup, 0, weapon));
    }

    @Test
    void floodOfInvalidSignatures() {
        assertThat(floodIsHeld(STANDARD, 2000, Attackers.Weapon.INVALID_SIGNATURES))
                .isTrue();
        assertThat(floodIsHeld(unlimited(unscored(STANDARD)), 2000, Attackers.Weapon.INVALID_SIGNATURES))
                .isFalse();
    }

    @Test
    void floodOfIhave() {
        assertThat(floodIsHeld(STANDARD, 50, Attackers.Weapon.IHAVE)).isTrue();
        assertThat(floodIsHeld(unlimited(unscored(STANDARD)), 50, Attackers.Weapon.IHAVE))
                .isFalse();
    }

    @Test
    void floodOfIwant() {
        assertThat(floodIsHeld(STANDARD, 200, Attackers.Weapon.IWANT)).isTrue();
        assertThat(floodIsHeld(unlimited(unscored(STANDARD)), 200, Attackers.Weapon.IWANT))
                .isFalse();
    }

    @Test
    void floodOfIdontwant() {
        assertThat(floodIsHeld(STANDARD, 200, Attackers.Weapon.IDONTWANT)).isTrue();
        assertThat(floodIsHeld(unlimited(unscored(STANDARD)), 200, Attackers.Weapon.IDONTWANT))
                .isFalse();
    }

    @Test
    void floodOfGraft() {
        assertThat(floodIsHeld(STANDARD, 3000, Attackers.Weapon.GRAFT)).isTrue();
        assertThat(floodIsHeld(unlimited(unscored(STANDARD)), 3000, Attackers.Weapon.GRAFT))
                .isFalse();
    }

    @Test
    void floodOfSubscriptions() {
        assertThat(floodIsHeld(STANDARD, 100, Attackers.Weapon.SUBSCRIBE)).isTrue();
        assertThat(floodIsHeld(unlimited(unscored(STANDARD)), 100, Attackers.Weapon.SUBSCRIBE))
                .isFalse();
    }

    private static Setup unlimited(Setup setup) {
        int none = 1_000_000_000;
        return new Setup(
                setup.settings(),
                setup.scoring(),
                new RouterLimits(none, none, none, none, none, none, none, none, none, none, none),
                setup.outboundWanted(),
                setup.checksBeforeVerifying());
    }
}
