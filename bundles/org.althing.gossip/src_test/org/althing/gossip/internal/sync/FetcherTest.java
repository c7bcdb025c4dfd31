// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.althing.api.sync.Replica;
import org.althing.gossip.internal.sync.SyncSimulation.Manner;
import org.junit.jupiter.api.Test;

class FetcherTest {

    private static final long RATE = 1_000_000;
    private static final long LATENCY_MILLIS = 10;

    private final Random random = new Random(7);
    private final TestChain chain = chain(40, 30);

    private TestChain chain(int seals, int entries) {
        TestChain made = new TestChain();
        for (int i = 0; i < seals; i++) {
            made.add(random, entries, 200, false);
        }
        return made;
    }

    private SyncSimulation simulation(TestReplica node) {
        return new SyncSimulation(8, node, TestChain.verifier(), 1);
    }

    private PeerId add(SyncSimulation simulation, Manner manner, int seals) {
        return simulation.add(manner, TestReplica.of(chain, seals), LATENCY_MILLIS, RATE, 0);
    }

    @Test
    void whoBoastsIsAskedMoreAndMoreRarelyAndNoStallIsMadeOfIt() {
        SyncSimulation simulation = simulation(TestReplica.of(chain, 3));
        add(simulation, Manner.BOASTING, 10);
        assertThat(simulation.run(20, 600_000)).isFalse();
        assertThat(simulation.node.tip().height()).isEqualTo(9);
        assertThat(simulation.pauses)
                .hasSizeBetween(3, 30)
                .allMatch(pause -> pause.startsWith("BOASTING: it refuses: OUT_OF_RANGE"));
        assertThat(simulation.alarms).isEmpty();
    }

    @Test
    void whenWhatPeersClaimDoesNotComePeopleAreTold() {
        SyncSimulation simulation = simulation(TestReplica.of(chain, 3));
        add(simulation, Manner.SILENT, 40);
        assertThat(simulation.run(39, 60_000)).isFalse();
        assertThat(simulation.alarms)
                .containsExactly(
                        "nothing has come for 30 s: 1 peers claim to have the header at height 3, but do not send it");
        assertThat(simulation.fetcher.progress(simulation.now).stalled()).isTrue();
    }

    @Test
    void whenItGoesOnTheProblemIsGone() {
        SyncSimulation simulation = simulation(TestReplica.of(chain, 3));
        add(simulation, Manner.SILENT, 40);
        assertThat(simulation.run(39, 60_000)).isFalse();
        assertThat(simulation.fetcher.progress(simulation.now).stalled()).isTrue();
        add(simulation, Manner.HONEST, 40);
        assertThat(simulation.run(39, 60_000)).isTrue();
        assertThat(simulation.fetcher.progress(simulation.now).stalled()).isFalse();
        assertThat(simulation.fetcher.progress(simulation.now).problem()).isEmpty();
    }

    @Test
    void theSilentAreAskedMoreAndMoreRarely() {
        SyncSimulation simulation = simulation(TestReplica.of(chain, 3));
        add(simulation, Manner.SILENT, 40);
        simulation.run(39, 600_000);
        assertThat(simulation.pauses).hasSizeBetween(3, 30);
        assertThat(simulation.bans).isEmpty();
    }

    @Test
    void entriesThatAreHereAreNotFetched() {
        TestReplica node = TestReplica.of(chain, 0);
        for (int height = 0; height < 40; height++) {
            node.ledger().add(chain.entries(height).subList(5, 25)).join();
        }
        SyncSimulation simulation = simulation(node);
        add(simulation, Manner.HONEST, 40);
        assertThat(simulation.run(39, 60_000)).isTrue();
        assertThat(simulation.brought).isEqualTo(40 * 10);
    }

    @Test
    void aSlowPeerWithTheLastPiecesIsOvertaken() {
        SyncSimulation simulation = simulation(TestReplica.of(chain, 0));
        TestReplica full = TestReplica.of(chain, 40);
        simulation.add(Manner.HONEST, full, LATENCY_MILLIS, 2_000, 0);
        simulation.add(Manner.HONEST, full, LATENCY_MILLIS, RATE, 0);
        long start = simulation.now;
        assertThat(simulation.run(39, 60_000)).isTrue();
        // The first piece of the slow one alone takes it half a minute.
        assertThat(simulation.now - start).isLessThan(5_000);
    }

    @Test
    void aLiarWhoComesBackIsStillBanned() {
        List<FetchAction> actions = new ArrayList<>();
        Fetcher fetcher = fetcher(TestReplica.of(chain, 3));
        PeerId liar = SyncSimulation.peer(1);
        actions.addAll(fetcher.handle(new FetchEvent.Joined(liar), 0));
        actions.addAll(fetcher.handle(new FetchEvent.Misbehaved(liar, "bytes"), 1));
        actions.addAll(fetcher.handle(new FetchEvent.Left(liar), 2));
        assertThat(actions).anyMatch(FetchAction.Ban.class::isInstance);
        assertThat(fetcher.handle(new FetchEvent.Joined(liar), 3)).isEmpty();
        assertThat(fetcher.handle(new FetchEvent.Ticked(), 1_000_000)).isEmpty();
    }

    @Test
    void whoeverFailsMakesPlaceForOneMore() {
        Fetcher fetcher = fetcher(TestReplica.of(chain, 3));
        for (int i = 0; i < FetchLimits.PEERS_MAX; i++) {
            fetcher.handle(new FetchEvent.Joined(SyncSimulation.peer(i)), 0);
        }
        PeerId late = SyncSimulation.peer(FetchLimits.PEERS_MAX);
        assertThat(fetcher.handle(new FetchEvent.Joined(late), 1)).isEmpty();
        fetcher.handle(new FetchEvent.Ticked(), FetchLimits.TIMEOUT_FIRST_MILLIS);
        assertThat(fetcher.handle(new FetchEvent.Joined(late), FetchLimits.TIMEOUT_FIRST_MILLIS + 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        FetchAction.Ask.class, ask -> assertThat(ask.peer()).isEqualTo(late));
    }

    @Test
    void whoAnswersWhatWasNotAskedIsBanned() {
        Fetcher fetcher = fetcher(TestReplica.of(chain, 3));
        PeerId peer = SyncSimulation.peer(1);
        fetcher.handle(new FetchEvent.Joined(peer), 0);
        assertThat(fetcher.handle(
                        new FetchEvent.Answered(peer, 99, new Answer.Status(5, Optional.of(chain.dao()), 0), 50), 1))
                .containsExactly(new FetchAction.Ban(peer, "it answers what it was not asked"));
    }

    @Test
    void twoFinalSealsAtOneHeightAreAnAlarmAndNothingMoreIsFetched() {
        SyncSimulation simulation = new SyncSimulation(8, TestReplica.of(chain, 3), TestChain.verifier(), 1_000_000);
        add(simulation, Manner.HONEST, 40);
        simulation.run(39, 2_000);
        Cid other = Cid.hash(new byte[] {5});
        // Nothing was taken yet, and this node's notary has sealed something else meanwhile.
        Fetcher fetcher = fetcher(TestReplica.of(chain, 3));
        PeerId peer = SyncSimulation.peer(1);
        long asked = id(fetcher.handle(new FetchEvent.Joined(peer), 0));
        long headers = id(fetcher.handle(
                new FetchEvent.Answered(peer, asked, new Answer.Status(39, Optional.of(other), 0), 50), 1));
        fetcher.handle(new FetchEvent.Answered(peer, headers, links(3, 10), 50), 2);
        List<FetchAction> actions =
                fetcher.handle(new FetchEvent.Advanced(new Replica.Tip(3, Optional.of(other), chain.firstSet())), 3);
        assertThat(actions)
                .singleElement()
                .isInstanceOfSatisfying(
                        FetchAction.Alarm.class,
                        alarm -> assertThat(alarm.problem()).contains("two final seals at height 3"));
        assertThat(fetcher.handle(new FetchEvent.Ticked(), 60_000)).isEmpty();
        assertThat(fetcher.progress(60_000).problem()).contains("two final seals");
    }

    @Test
    void whenTheNodeSealsItselfTheFetcherGoesOnAboveIt() {
        TestReplica node = TestReplica.of(chain, 3);
        SyncSimulation simulation = simulation(node);
        node.bringSeal(chain.seal(3), chain.entries(3)).join();
        simulation.handle(new FetchEvent.Advanced(node.tip()));
        add(simulation, Manner.HONEST, 40);
        assertThat(simulation.run(39, 60_000)).isTrue();
        assertThat(simulation.brought).isEqualTo(36 * 30);
        assertThat(simulation.alarms).isEmpty();
    }

    @Test
    void aSealThatTheNodeRefusesStopsTheFetcher() {
        Fetcher fetcher = fetcher(TestReplica.of(chain, 3));
        fetcher.handle(new FetchEvent.Joined(SyncSimulation.peer(1)), 0);
        assertThat(fetcher.handle(new FetchEvent.NotTaken(4, "another state"), 1))
                .containsExactly(new FetchAction.Alarm("seal 4 was not taken: another state"));
        assertThat(fetcher.handle(new FetchEvent.Ticked(), 10_000)).isEmpty();
    }

    private Answer links(int from, int to) {
        List<Answer.Link> links = new ArrayList<>();
        for (int height = from; height < to; height++) {
            links.add(new Answer.Link(
                    chain.seal(height).header(), chain.seal(height).certificate(), List.of()));
        }
        return new Answer.Headers(links);
    }

    private static long id(List<FetchAction> actions) {
        return actions.stream()
                .filter(FetchAction.Ask.class::isInstance)
                .map(FetchAction.Ask.class::cast)
                .findFirst()
                .orElseThrow()
                .id();
    }

    private static Fetcher fetcher(TestReplica node) {
        long[] last = {0};
        return new Fetcher(
                node.dao(),
                node.tip(),
                TestChain.verifier(),
                cid -> node.ledger().has(cid),
                () -> ++last[0],
                0);
    }
}
