// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.althing.api.net.PeerId;
import org.althing.api.sync.SyncProgress;
import org.althing.gossip.internal.sync.SyncSimulation.Manner;
import org.junit.jupiter.api.Test;

/** A node that joins late gets a hundred thousand sealed entries from four peers, one of them lying, one of them dying. */
class LateJoinerTest {

    private static final int SEALS = 100;
    private static final int ENTRIES_PER_SEAL = 1_000;
    private static final int ENTRY_SIZE_MAX_BYTES = 300;
    private static final long LATENCY_MILLIS = 20;
    private static final long BYTES_PER_SECOND = 1_000_000;
    private static final long SEAL_MILLIS = 5;

    private final TestChain chain = chain();
    private final TestReplica full = TestReplica.of(chain, SEALS);
    private final long sizeBytes = chainSizeBytes();

    private static TestChain chain() {
        Random random = new Random(4);
        TestChain chain = new TestChain();
        for (int i = 0; i < SEALS; i++) {
            chain.add(random, ENTRIES_PER_SEAL, ENTRY_SIZE_MAX_BYTES, i % 30 == 29);
        }
        return chain;
    }

    private long chainSizeBytes() {
        long bytes = 0;
        for (int i = 0; i < SEALS; i++) {
            bytes += chain.entries(i).stream().mapToLong(entry -> entry.length).sum();
        }
        return bytes;
    }

    @Test
    void itGetsThemAllAndNamesTheLiarAndTheDead() {
        SyncSimulation simulation = simulation(TestReplica.of(chain, 0));
        PeerId one = add(simulation, Manner.HONEST);
        PeerId liar = add(simulation, Manner.LYING);
        PeerId dead = add(simulation, Manner.DYING);
        PeerId other = add(simulation, Manner.HONEST);
        long start = simulation.now;

        assertThat(simulation.run(SEALS - 1, 120_000)).isTrue();

        assertThat(simulation.brought).isEqualTo((long) SEALS * ENTRIES_PER_SEAL);
        assertThat(simulation.bans).containsOnlyKeys(liar);
        assertThat(simulation.bans.get(liar)).containsAnyOf("is another", "is wrong", "not those of the seal");
        assertThat(simulation.pauses)
                .isNotEmpty()
                .allMatch(pause -> pause.startsWith("DYING: it does not answer in time"));
        assertThat(simulation.answersOf(dead)).isLessThan(20);
        int most = Math.max(simulation.answersOf(one), simulation.answersOf(other));
        int least = Math.min(simulation.answersOf(one), simulation.answersOf(other));
        assertThat(least).as("both honest peers gave").isGreaterThan(most / 2);
        long idealMillis = sizeBytes * 1_000 / (2 * BYTES_PER_SECOND);
        assertThat(simulation.now - start)
                .as("two links give it in %s ms", idealMillis)
                .isLessThan(idealMillis * 3 / 2);
        assertThat(simulation.heldMaxBytes).isLessThan(FetchLimits.HELD_MAX_BYTES + FetchLimits.HANDED_MAX_BYTES);
    }

    @Test
    void morePeersMakeItFaster() {
        long one = millisFrom(1);
        long four = millisFrom(4);
        long eight = millisFrom(8);
        assertThat(10 * one).as("1: %s, 4: %s, 8: %s ms", one, four, eight).isGreaterThan(32 * four);
        assertThat(10 * one).as("1: %s, 4: %s, 8: %s ms", one, four, eight).isGreaterThan(60 * eight);
    }

    private long millisFrom(int peers) {
        SyncSimulation simulation = simulation(TestReplica.of(chain, 0));
        for (int i = 0; i < peers; i++) {
            add(simulation, Manner.HONEST);
        }
        long start = simulation.now;
        assertThat(simulation.run(SEALS - 1, 120_000)).isTrue();
        assertThat(simulation.pauses).isEmpty();
        return simulation.now - start;
    }

    @Test
    void afterARestartItGoesOnFromWhatTheLedgerHas() {
        TestReplica node = TestReplica.of(chain, 0);
        SyncSimulation before = simulation(node);
        add(before, Manner.HONEST);
        assertThat(before.run(SEALS / 2, 120_000)).isTrue();
        long half = node.tip().height() + 1;

        SyncSimulation after = simulation(node);
        add(after, Manner.HONEST);
        assertThat(after.run(SEALS - 1, 120_000)).isTrue();
        assertThat(after.brought).isEqualTo((SEALS - half) * ENTRIES_PER_SEAL);
    }

    @Test
    void progressTellsWhatIsDoneAndWhatIsLeft() {
        SyncSimulation simulation = simulation(TestReplica.of(chain, 0));
        add(simulation, Manner.HONEST);
        assertThat(simulation.run(SEALS / 2, 120_000)).isTrue();

        SyncProgress half = simulation.fetcher.progress(simulation.now);
        long left = (SEALS - 1 - half.height()) * ENTRIES_PER_SEAL;
        assertThat(half.heightKnown()).isEqualTo(SEALS - 1);
        assertThat(half.entries()).isEqualTo((half.height() + 1) * ENTRIES_PER_SEAL);
        assertThat(half.entriesLeft()).isEqualTo(left);
        assertThat(half.isInSync()).isFalse();
        long millisHalf = simulation.now;
        long guess = half.leftMillis().orElseThrow();

        assertThat(simulation.run(SEALS - 1, 120_000)).isTrue();
        assertThat(simulation.now - millisHalf).as("guessed %s ms", guess).isBetween(guess / 2, guess * 2);
        SyncProgress done = simulation.fetcher.progress(simulation.now);
        assertThat(done.isInSync()).isTrue();
        assertThat(done.entriesLeft()).isZero();
        assertThat(done.leftMillis()).hasValue(0);
    }

    private static SyncSimulation simulation(TestReplica node) {
        return new SyncSimulation(5, node, TestChain.verifier(), SEAL_MILLIS);
    }

    private PeerId add(SyncSimulation simulation, Manner manner) {
        return simulation.add(manner, full, LATENCY_MILLIS, BYTES_PER_SECOND, 0);
    }
}
