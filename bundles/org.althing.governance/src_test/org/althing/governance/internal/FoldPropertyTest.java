// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.althing.api.Cid;
import org.althing.api.entry.Entry;
import org.althing.api.governance.CountingBallot;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.DaoState.InvalidSealException;
import org.althing.api.governance.Effect;
import org.althing.api.governance.Governance;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.seal.SealHeader;
import org.althing.codec.EntryCodec;
import org.althing.codec.Hamt;
import org.althing.codec.SealCodec;
import org.althing.testkit.governance.TestDao;

/**
 * Random lives of a DAO: whatever members say, in whatever order and batches it arrives, however often a node forgets everything and begins
 * again, all nodes agree and nothing ever fails. jqwik prints the seed of a failure; it makes the same life again.
 */
class FoldPropertyTest extends DaoTest {

    private static final int TRIES = 25;
    /** Lives of one try; in a soak many. */
    private static final int LIVES = Boolean.getBoolean("althing.soak") ? 40 : 1;
    /** Seals that a follower applies at most before it is asked, tried or restarted. */
    private static final int BATCH_MAX_SEALS = 5;
    /** Entries of one trial at most; as many as a whole life has would only be slower. */
    private static final int TRIAL_MAX_ENTRIES = 40;

    private static final int LIVES_SEEN = 100;

    private interface Check {
        void on(Life life, Random random) throws InvalidSealException;
    }

    private void lives(long seed, Check check) throws InvalidSealException {
        Random random = new Random(seed);
        for (int i = 0; i < LIVES; i++) {
            Life life = new Life(governance, SIGNATURES, i == 0 ? seed : random.nextLong());
            life.live();
            check.on(life, random);
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void aReplayOfTheSealsGivesTheSameRoots(@ForAll long seed) throws InvalidSealException {
        lives(seed, (life, random) -> {
            DaoState state = genesis(life);
            for (Life.Moment moment : life.moments()) {
                state = follow(state, moment);
                holdsTogether(moment.after());
            }
        });
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void restartsTrialsAndQuestionsInBetweenGiveTheSameRoots(@ForAll long seed) throws InvalidSealException {
        lives(seed, (life, random) -> {
            List<Life.Moment> moments = life.moments();
            DaoState state = genesis(life);
            for (int next = 0; next < moments.size(); ) {
                int end = Math.min(moments.size(), next + 1 + random.nextInt(BATCH_MAX_SEALS));
                for (; next < end; next++) {
                    state = follow(state, moments.get(next));
                    if (random.nextInt(3) == 0) {
                        distract(state, moments.get(next).after(), life.said(), random);
                    }
                }
                if (random.nextBoolean()) {
                    state = rebuilt(life, next);
                }
            }
        });
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void aStateThatWasWrittenDownAndReadAgainGoesOnAsTheReplayedOne(@ForAll long seed) throws InvalidSealException {
        lives(seed, (life, random) -> {
            List<Life.Moment> moments = life.moments();
            DaoState state = genesis(life);
            for (int next = 0; next < moments.size(); ) {
                int end = Math.min(moments.size(), next + 1 + random.nextInt(BATCH_MAX_SEALS));
                for (; next < end; next++) {
                    state = follow(state, moments.get(next));
                    if (random.nextInt(3) == 0) {
                        distract(state, moments.get(next).after(), life.said(), random);
                    }
                }
                DaoState before = state;
                state = resumed(life, moments.get(next - 1), state);
                same(state, before);
                holdsTogether(state);
                assertThat(items(state)).containsExactlyElementsOf(items(before));
                for (Entry entry : life.said()) {
                    assertThat(state.refuse(entry)).isEqualTo(before.refuse(entry));
                    assertThat(state.voidness(entry)).isEqualTo(before.voidness(entry));
                    assertThat(state.judge().excuse(entry))
                            .isEqualTo(before.judge().excuse(entry));
                }
            }
        });
    }

    /** A restart with the state in a file and the entries in a ledger. */
    private static DaoState resumed(Life life, Life.Moment moment, DaoState state) {
        Map<Cid, Entry> ledger = new HashMap<>();
        life.said().forEach(entry -> ledger.put(entry.cid(), entry));
        Iterator<byte[]> items = StoredTest.written(state).iterator();
        try {
            DaoState resumed = new GovernanceService(SIGNATURES)
                    .resume(
                            reread(life.moments().getFirst().seal().entries().getFirst()),
                            moment.seal().header(),
                            moment.seal().cid(),
                            cid -> reread(ledger.get(cid)),
                            items::next);
            assertThat(items).isExhausted();
            return resumed;
        } catch (Governance.CannotResumeException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> items(DaoState state) {
        return StoredTest.written(state).stream().map(HexFormat.of()::formatHex).toList();
    }

    /** A state of another process: nothing is shared with the life's own, not even what is in memory of its entries. */
    private static DaoState genesis(Life life) {
        return new GovernanceService(SIGNATURES)
                .genesis(reread(life.moments().getFirst().seal().entries().getFirst()));
    }

    private static Entry reread(Entry entry) {
        return EntryCodec.decode(EntryCodec.encode(entry));
    }

    /** A restart: all that a process had is gone, and the ledger gives the charter and the seals so far. */
    private DaoState rebuilt(Life life, int seals) throws InvalidSealException {
        DaoState state = genesis(life);
        for (Life.Moment moment : life.moments().subList(0, seals)) {
            state = follow(state, moment);
        }
        return state;
    }

    /** Applies a seal as a ledger gives it: bytes and times, nothing of what was in memory. */
    private DaoState follow(DaoState state, Life.Moment moment) throws InvalidSealException {
        SealHeader header = moment.seal().header();
        DaoState.Step step = state.apply(
                header.timeMillis(),
                moment.seal().entries().stream().map(FoldPropertyTest::reread).toList());
        assertThat(step.root()).as("state root at height %d", header.height()).isEqualTo(header.state());
        assertThat(governance.setHash(step.nextNotaries())).isEqualTo(header.nextSet());
        assertThat(state.epoch()).isEqualTo(header.epoch());
        assertThat(step.effects()).isEqualTo(moment.effects());
        DaoState next = step.sealed(header, moment.seal().cid());
        same(next, moment.after());
        return next;
    }

    private static void same(DaoState state, DaoState expected) {
        assertThat(state.root()).isEqualTo(expected.root());
        assertThat(state.head()).isEqualTo(expected.head());
        assertThat(state.timeMillis()).isEqualTo(expected.timeMillis());
        assertThat(state.nextDueMillis()).isEqualTo(expected.nextDueMillis());
        assertThat(state.notaries()).isEqualTo(expected.notaries());
        assertThat(state.proposals()).isEqualTo(expected.proposals());
        assertThat(state.members()).isEqualTo(expected.members());
    }

    /** Asks both states the same questions and lets one of them try seals that never come to be. */
    private void distract(DaoState state, DaoState twin, List<Entry> said, Random random) throws InvalidSealException {
        List<Entry> trial = new ArrayList<>(said);
        Collections.shuffle(trial, random);
        trial = trial.subList(0, Math.min(trial.size(), TRIAL_MAX_ENTRIES));
        for (Entry entry : trial.subList(0, trial.size() / 2)) {
            assertThat(state.refuse(entry)).isEqualTo(twin.refuse(entry));
            assertThat(state.voidness(entry)).isEqualTo(twin.voidness(entry));
        }
        DaoState branch = state;
        for (int i = 0; i < 2; i++) {
            long time = branch.timeMillis() + 1 + random.nextInt(random.nextBoolean() ? 1_000 : 20_000);
            List<Entry> plan = branch.plan(time, trial);
            if (i == 0) {
                Collections.shuffle(trial, random);
                assertThat(twin.plan(time, trial)).isEqualTo(plan);
            }
            DaoState.Step step = branch.apply(time, plan);
            SealHeader header = TestDao.header(branch, step, plan, governance);
            branch = step.sealed(header, Cid.hash(SealCodec.encode(header)));
        }
        same(state, twin);
    }

    /** A random test is worth as much as the lives that it sees. */
    @Example
    void theLivesReachEveryCorner() {
        Set<ProposalStatus> statuses = EnumSet.noneOf(ProposalStatus.class);
        Set<Class<?>> applied = new HashSet<>();
        Set<Class<?>> voided = new HashSet<>();
        Set<Class<?>> effects = new HashSet<>();
        Set<KeyState.Status> keys = EnumSet.noneOf(KeyState.Status.class);
        long[] extremes = {0, 0, 0};
        for (int seed = 0; seed < LIVES_SEEN; seed++) {
            Life life = new Life(governance, SIGNATURES, seed);
            life.live();
            Map<Cid, Class<?>> types = new HashMap<>();
            life.said().forEach(entry -> types.put(entry.cid(), entry.body().getClass()));
            Consumer<Effect> see = effect -> {
                effects.add(effect.getClass());
                switch (effect) {
                    case Effect.Moved moved -> statuses.add(moved.to());
                    case Effect.Applied e -> applied.add(types.get(e.entry()));
                    case Effect.Voided e -> voided.add(types.get(e.entry()));
                    case Effect.Extended e -> {}
                }
            };
            for (Life.Moment moment : life.moments()) {
                moment.effects().forEach(see);
                extremes[0] = Math.max(extremes[0], moment.after().epoch());
                extremes[1] = Math.max(extremes[1], moment.seal().entries().size());
            }
            DaoState last = life.moments().getLast().after();
            life.said().forEach(entry -> last.key(entry.key()).ifPresent(key -> keys.add(key.status())));
            last.proposals()
                    .forEach(p -> last.ballots(
                            p.proposal(), ballot -> extremes[2] = Math.max(extremes[2], ballot.revision())));
        }
        EnumSet<ProposalStatus> all = EnumSet.allOf(ProposalStatus.class);
        all.remove(ProposalStatus.SUBMITTED);
        assertThat(statuses).isEqualTo(all);
        assertThat(effects).hasSize(4);
        assertThat(keys).isEqualTo(EnumSet.allOf(KeyState.Status.class));
        assertThat(applied).as("bodies that counted").hasSize(11);
        assertThat(voided).as("bodies that were void").hasSize(10);
        assertThat(extremes[0]).as("epoch").isPositive();
        assertThat(extremes[1]).as("entries of a seal").isGreaterThan(5);
        assertThat(extremes[2]).as("revision").isPositive();
    }

    private static void holdsTogether(DaoState state) {
        Map<Cid, byte[]> blocks = new HashMap<>();
        state.blocks(Optional.empty(), blocks::put);
        long due = Long.MAX_VALUE;
        for (ProposalState proposal : state.proposals()) {
            List<CountingBallot> ballots = new ArrayList<>();
            state.ballots(proposal.proposal(), ballots::add);
            assertThat(proposal.ballots()).isEqualTo(ballots.size());
            assertThat(proposal.ballotPower())
                    .isEqualTo(ballots.stream().map(CountingBallot::power).reduce(BigInteger.ZERO, BigInteger::add));
            assertThat(Hamt.load(proposal.ballotMap(), blocks::get).size()).isEqualTo(ballots.size());
            BigInteger[] electorate = {BigInteger.ZERO};
            state.electorate(proposal.proposal(), member -> electorate[0] = electorate[0].add(member.power()));
            assertThat(proposal.electoratePower()).isEqualTo(electorate[0]);
            assertThat(proposal.ballotPower()).isLessThanOrEqualTo(proposal.electoratePower());
            boolean timed = !proposal.status().ended() && proposal.status() != ProposalStatus.CLOSED;
            assertThat(proposal.dueMillis() >= 0).isEqualTo(timed);
            due = timed ? Math.min(due, proposal.dueMillis()) : due;
        }
        assertThat(state.nextDueMillis().orElse(Long.MAX_VALUE)).isEqualTo(due);
        assertThat(state.notaries()).isNotEmpty();
        assertThat(state.members()).anyMatch(member -> member.active());
    }
}
