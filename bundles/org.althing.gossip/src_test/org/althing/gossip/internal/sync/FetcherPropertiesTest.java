// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.althing.api.net.PeerId;
import org.althing.gossip.internal.sync.SyncSimulation.Manner;

class FetcherPropertiesTest {

    /** Far more than any of these chains takes on the slowest link, with every pause; a stall is for ever. */
    private static final long MILLIS_MAX = 3_600_000;

    @Property(tries = 100)
    void withOneHonestPeerTheChainComesInWhateverTheOthersDo(@ForAll long seed, @ForAll @IntRange(max = 6) int others) {
        Random random = new Random(seed);
        TestChain chain = chain(random);
        int held = random.nextInt(3) == 0 ? random.nextInt(chain.size()) : 0;
        SyncSimulation simulation =
                new SyncSimulation(seed, TestReplica.of(chain, held), TestChain.verifier(), random.nextInt(50));
        TestReplica full = TestReplica.of(chain, chain.size());
        TestReplica some = TestReplica.of(chain, random.nextInt(chain.size() + 1));
        List<Manner> manners = List.of(Manner.values());
        for (int i = 0; i < others; i++) {
            add(simulation, manners.get(random.nextInt(manners.size())), random.nextInt(4) == 0 ? some : full, random);
        }
        PeerId honest = add(simulation, Manner.HONEST, full, random);

        assertThat(simulation.run(chain.size() - 1, MILLIS_MAX))
                .as(
                        "%s, bans %s, last pauses %s",
                        simulation.fetcher.progress(simulation.now), simulation.bans, tail(simulation.pauses))
                .isTrue();
        assertThat(simulation.bans).doesNotContainKey(honest);
        assertThat(simulation.bans.values()).allMatch(ban -> ban.startsWith("LYING") || ban.startsWith("BABBLING"));
        assertThat(simulation.node.ledger().entries()).isEqualTo(chain.entryCount());
        assertThat(simulation.heldMaxBytes).isLessThan(2 * FetchLimits.HELD_MAX_BYTES);
        assertThat(simulation.fetcher.progress(simulation.now).height()).isEqualTo(chain.size() - 1);
    }

    private static List<String> tail(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - 5), lines.size());
    }

    private static PeerId add(SyncSimulation simulation, Manner manner, TestReplica replica, Random random) {
        long rate = 20_000L << random.nextInt(10);
        return simulation.add(manner, replica, 1 + random.nextInt(200), rate, random.nextInt(2_000));
    }

    /** Many small seals, few large ones, empty ones, notaries that change, entries of all sizes. */
    private static TestChain chain(Random random) {
        TestChain chain = new TestChain();
        int seals = 1 + random.nextInt(new int[] {3, 30, 400}[random.nextInt(3)]);
        int countMax = seals > 100 ? 3 : seals > 10 ? 50 : 1_200;
        int sizeMaxBytes = countMax > 100 ? 300 : new int[] {100, 2_000, 60_000}[random.nextInt(3)];
        for (int i = 0; i < seals; i++) {
            int large = sizeMaxBytes > 10_000 ? Math.min(3, countMax) : countMax;
            chain.add(random, random.nextInt(large + 1), sizeMaxBytes, random.nextInt(20) == 0);
        }
        return chain;
    }
}
