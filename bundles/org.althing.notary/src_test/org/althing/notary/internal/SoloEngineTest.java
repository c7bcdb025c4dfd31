// SPDX-License-Identifier: EPL-2.0
package org.althing.notary.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signature;
import org.althing.api.Signer;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.Notary;
import org.althing.api.ledger.DaoLedger;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.notary.SealingEngine;
import org.althing.api.notary.SealingEngine.Action;
import org.althing.api.notary.SealingEngine.Event;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Ed25519;
import org.althing.codec.Merkle;
import org.althing.codec.RulesCodec;
import org.althing.codec.SealCodec;
import org.junit.jupiter.api.Test;

class SoloEngineTest {

    private static final Ed25519 ED25519 = Ed25519.fastest();
    private static final Cid DAO = Cid.hash("charter".getBytes());
    private static final Signer KEY = signer(1);
    private static final Notary ME = new Notary(KEY.key(), List.of());
    private static final Notary OTHER = new Notary(signer(2).key(), List.of());
    private static final long NOW = 1_800_000_000_000L;
    private static final int PLAN_MAX = 4;

    /** The shell: does what the engine says, as a node would, on a ledger that is a list. */
    private static final class Shell {
        private SealingEngine engine = new SoloEngine(DAO, KEY);
        private FakeState state = FakeState.genesis(DAO, List.of(ME), PLAN_MAX);
        private final List<byte[]> votes = new ArrayList<>();
        private final List<Seal> seals = new ArrayList<>();
        private final List<String> order = new ArrayList<>();
        private Optional<String> halt = Optional.empty();
        private Optional<Long> wake = Optional.empty();

        Shell started() {
            run(new Event.Started(votes, state, last()));
            return this;
        }

        Optional<Seal> last() {
            return seals.isEmpty() ? Optional.empty() : Optional.of(seals.getLast());
        }

        /** A new process on the same folder. */
        void restart() {
            engine = new SoloEngine(DAO, KEY);
            started();
        }

        void work(long now, Entry... pending) {
            int before;
            do {
                before = seals.size();
                run(new Event.Work(state, List.of(pending), now));
            } while (seals.size() > before);
        }

        void run(Event event) {
            engine.handle(event).forEach(this::perform);
        }

        void perform(Action action) {
            order.add(action.getClass().getSimpleName());
            switch (action) {
                case Action.StoreVote a -> votes.add(a.vote());
                case Action.Finalize a -> finish(a);
                case Action.WakeAt a -> wake = Optional.of(a.timeMillis());
                case Action.Halt a -> halt = Optional.of(a.reason());
            }
        }

        void finish(Action.Finalize action) {
            SealHeader header = SealCodec.decodeHeader(action.seal().header());
            assertThat(header.height()).isEqualTo(state.height() + 1);
            seals.add(action.seal());
            List<Entry> entries =
                    action.seal().entries().stream().map(SoloEngineTest::named).toList();
            DaoState.Step step = action.step().orElseGet(() -> apply(header.timeMillis(), entries));
            state = (FakeState) step.sealed(header, action.seal().cid());
        }

        DaoState.Step apply(long time, List<Entry> entries) {
            try {
                return state.apply(time, entries);
            } catch (DaoState.InvalidSealException e) {
                throw new AssertionError(e);
            }
        }

        SealHeader header(int height) {
            return SealCodec.decodeHeader(seals.get(height).header());
        }
    }

    private static Signer signer(int seed) {
        byte[] bytes = new byte[Ed25519.SEED_BYTES];
        Arrays.fill(bytes, (byte) seed);
        PublicKey key = ED25519.publicKey(bytes);
        return new Signer() {
            @Override
            public PublicKey key() {
                return key;
            }

            @Override
            public Signature sign(byte[] message) {
                return ED25519.provider().sign(bytes, message);
            }
        };
    }

    private static Entry named(Cid cid) {
        Signature none = Signature.of(new byte[Signature.BYTES]);
        return new Entry(cid, 300, DAO, KEY.key(), 0, null, DAO, NOW, new Body.Sponsorship(DAO), none);
    }

    private static Entry entry(String name) {
        return named(Cid.hash(name.getBytes()));
    }

    private static final Entry CHARTER = named(DAO);

    private static Shell founded() {
        Shell shell = new Shell().started();
        shell.work(NOW, CHARTER);
        return shell;
    }

    @Test
    void givenTheCharter_whenThereIsWork_thenItIsSealedAlone() {
        Shell shell = new Shell().started();
        shell.work(NOW, entry("a"), CHARTER);
        assertThat(shell.seals.getFirst().entries()).containsExactly(DAO);
        SealHeader header = shell.header(0);
        assertThat(header.previous()).isNull();
        assertThat(header.timeMillis()).isEqualTo(NOW);
        assertThat(header.set()).isEqualTo(RulesCodec.setHash(List.of(ME)));
    }

    @Test
    void givenNoCharter_whenOnlyOtherEntriesWait_thenNothingIsSealed() {
        Shell shell = new Shell().started();
        shell.work(NOW, entry("a"));
        assertThat(shell.seals).isEmpty();
    }

    @Test
    void everySealIsAcceptedByTheVerifier() {
        Shell shell = founded();
        shell.work(NOW, CHARTER, entry("a"), entry("b"));
        Seal seal = shell.seals.get(1);
        SealHeader header = shell.header(1);
        assertThat(SealCodec.refuse(
                        SealCodec.decodeCertificate(seal.certificate()), header, seal.cid(), List.of(ME), ED25519))
                .isEmpty();
        assertThat(header.previous()).isEqualTo(shell.seals.getFirst().cid());
        assertThat(header.entriesRoot())
                .isEqualTo(Merkle.root(seal.entries().stream().map(Cid::toBytes).toList()));
        assertThat(header.count()).isEqualTo(2);
        assertThat(header.state()).isEqualTo(shell.state.root());
        assertThat(header.view()).isEqualTo(header.height());
    }

    @Test
    void theVoteIsStoredBeforeTheSealLeaves() {
        assertThat(founded().order).startsWith("StoreVote", "Finalize");
    }

    @Test
    void givenMoreEntriesThanASealHolds_thenSealsFollowUntilNoneIsLeft() {
        Shell shell = founded();
        Entry[] many = java.util.stream.IntStream.range(0, 11)
                .mapToObj(i -> entry("e" + i))
                .toArray(Entry[]::new);
        shell.work(NOW, many);
        assertThat(shell.seals.subList(1, shell.seals.size()).stream()
                        .map(seal -> seal.entries().size()))
                .containsExactly(4, 4, 3);
    }

    @Test
    void givenNoWork_thenNothingIsSealed() {
        Shell shell = founded();
        shell.wake = Optional.empty();
        shell.work(NOW + 1_000_000);
        assertThat(shell.seals).hasSize(1);
        assertThat(shell.wake).isEmpty();
    }

    @Test
    void givenATransitionLater_thenTheEngineAsksToBeWokenThen() {
        Shell shell = founded();
        shell.state = shell.state.due(NOW + 5_000);
        shell.work(NOW + 10);
        assertThat(shell.seals).hasSize(1);
        assertThat(shell.wake).contains(NOW + 5_000);
    }

    @Test
    void givenATransitionDue_thenAnEmptySealAppliesIt() {
        Shell shell = founded();
        shell.state = shell.state.due(NOW + 5_000, NOW + 9_000);
        shell.work(NOW + 5_000);
        assertThat(shell.seals).hasSize(2);
        assertThat(shell.seals.get(1).entries()).isEmpty();
        assertThat(shell.wake).contains(NOW + 9_000);
    }

    @Test
    void givenEntriesThatWaitForTheirQuota_thenTheEngineAsksToBeWokenTheNextDay() {
        Shell shell = founded();
        shell.state = new FakeState(
                DAO,
                0,
                shell.state.timeMillis(),
                shell.state.head(),
                shell.state.root(),
                List.of(ME),
                List.of(),
                List.of(),
                0);
        shell.work(NOW, entry("a"));
        assertThat(shell.wake).contains((NOW / 86_400_000 + 1) * 86_400_000);
    }

    @Test
    void givenAClockThatStandsStill_thenTimesStillAscend() {
        Shell shell = founded();
        shell.work(NOW, entry("a"));
        shell.work(NOW, entry("b"));
        assertThat(shell.header(1).timeMillis()).isEqualTo(NOW + 1);
        assertThat(shell.header(2).timeMillis()).isEqualTo(NOW + 2);
    }

    @Test
    void givenAParentTooFarAhead_thenTheEngineWaitsInsteadOfSealing() {
        Shell shell = founded();
        shell.work(NOW - 2_000, entry("a"));
        assertThat(shell.seals).hasSize(1);
        assertThat(shell.wake).contains(NOW + 1 - 2_000);
        shell.work(NOW + 1 - 2_000, entry("a"));
        assertThat(shell.header(1).timeMillis()).isEqualTo(NOW + 1);
    }

    @Test
    void givenACrashBetweenVoteAndSeal_thenTheSameSealIsFinishedAndNoOtherIsMade() {
        Shell shell = founded();
        byte[] vote = shell.engine.handle(new Event.Work(shell.state, List.of(entry("a")), NOW)).stream()
                .filter(Action.StoreVote.class::isInstance)
                .map(action -> ((Action.StoreVote) action).vote())
                .findFirst()
                .orElseThrow();
        shell.votes.add(vote);
        shell.restart();
        shell.work(NOW + 60_000, entry("a"), entry("b"));
        assertThat(shell.seals.get(1)).satisfies(seal -> {
            assertThat(seal.header())
                    .isEqualTo(
                            new Promise.Reader().read(vote).orElseThrow().seal().header());
            assertThat(seal.certificate())
                    .isEqualTo(
                            new Promise.Reader().read(vote).orElseThrow().seal().certificate());
            assertThat(seal.entries()).containsExactly(entry("a").cid());
        });
        assertThat(shell.seals.get(2).entries()).containsExactly(entry("b").cid());
    }

    /** A shell whose seals may be as large as any. */
    private static Shell large() {
        Shell shell = new Shell();
        shell.state = FakeState.genesis(DAO, List.of(ME), SealHeader.ENTRIES_MAX);
        shell.started().work(NOW, CHARTER);
        return shell;
    }

    private static Entry[] many(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> entry("e" + i))
                .toArray(Entry[]::new);
    }

    @Test
    void everyRecordOfTheLargestSealFitsTheVoteLog() {
        Shell shell = large();
        shell.work(NOW, many(SealHeader.ENTRIES_MAX));
        assertThat(shell.seals.get(1).entries()).hasSize(SealHeader.ENTRIES_MAX);
        assertThat(shell.votes)
                .hasSize(1 + 4)
                .allSatisfy(vote -> assertThat(vote.length).isLessThanOrEqualTo(DaoLedger.VOTE_SIZE_MAX_BYTES));
        shell.restart();
        assertThat(shell.halt).isEmpty();
        shell.work(NOW, entry("z"));
        assertThat(shell.seals).hasSize(3);
    }

    @Test
    void givenACrashAfterAllRecordsOfALargeSeal_thenTheSameSealIsFinished() {
        Shell shell = large();
        Seal lost = keepVotes(shell, Integer.MAX_VALUE, many(3_000));
        shell.restart();
        assertThat(shell.seals.get(1).cid()).isEqualTo(lost.cid());
        assertThat(shell.seals.get(1).entries()).isEqualTo(lost.entries());
    }

    @Test
    void givenACrashAmidTheRecordsOfALargeSeal_thenNothingWasPromisedAndAnotherMayBeMade() {
        Shell shell = large();
        keepVotes(shell, 2, many(3_000));
        shell.restart();
        assertThat(shell.halt).isEmpty();
        assertThat(shell.seals).hasSize(1);
        shell.work(NOW + 9, many(3_001));
        assertThat(shell.seals.get(1).entries()).hasSize(3_001);
        shell.restart();
        assertThat(shell.halt).isEmpty();
    }

    @Test
    void givenARecordThatLacksItsParts_thenTheNotaryIsSilent() {
        Shell shell = large();
        keepVotes(shell, Integer.MAX_VALUE, many(3_000));
        shell.votes.remove(shell.votes.size() - 2);
        shell.restart();
        assertThat(shell.halt.orElseThrow()).contains("cannot be read").contains("parts");
    }

    /** Stores only the first votes of a seal, then crashes. */
    private static Seal keepVotes(Shell shell, int votes, Entry... pending) {
        List<Action> actions = shell.engine.handle(new Event.Work(shell.state, List.of(pending), NOW));
        actions.stream()
                .filter(Action.StoreVote.class::isInstance)
                .limit(votes)
                .forEach(action -> shell.votes.add(((Action.StoreVote) action).vote()));
        return finalize(actions).seal();
    }

    @Test
    void givenASealThatTheShellDidNotStore_whenMoreWorkComes_thenTheSameSealComesOutAgain() {
        Shell shell = founded();
        Action.Finalize first = finalize(shell.engine.handle(new Event.Work(shell.state, List.of(entry("a")), NOW)));
        Action.Finalize again =
                finalize(shell.engine.handle(new Event.Work(shell.state, List.of(entry("b")), NOW + 9)));
        assertThat(again.seal().cid()).isEqualTo(first.seal().cid());
    }

    private static Action.Finalize finalize(List<Action> actions) {
        return actions.stream()
                .filter(Action.Finalize.class::isInstance)
                .map(Action.Finalize.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void givenARestartWithNothingUnfinished_thenSealingGoesOn() {
        Shell shell = founded();
        shell.work(NOW, entry("a"));
        shell.restart();
        assertThat(shell.halt).isEmpty();
        shell.work(NOW, entry("b"));
        assertThat(shell.seals).hasSize(3);
    }

    @Test
    void givenAVoteLogThatLostItsTail_thenTheNotaryIsSilent() {
        Shell shell = founded();
        shell.work(NOW, entry("a"));
        shell.votes.removeLast();
        shell.restart();
        assertThat(shell.halt.orElseThrow())
                .contains("its vote log ends before")
                .contains("restore");
        shell.work(NOW, entry("b"));
        assertThat(shell.seals).hasSize(2);
    }

    @Test
    void givenAnEmptyVoteLogUnderSealsOfItsOwn_thenTheNotaryIsSilent() {
        Shell shell = founded();
        shell.votes.clear();
        shell.restart();
        assertThat(shell.halt.orElseThrow()).contains("its vote log ends before");
    }

    @Test
    void givenAVoteForAnotherSealThanTheLedgerHolds_thenTheNotaryIsSilent() {
        Shell shell = founded();
        Shell other = new Shell().started();
        other.work(NOW + 5, CHARTER);
        shell.votes.clear();
        shell.votes.addAll(other.votes);
        shell.restart();
        assertThat(shell.halt.orElseThrow()).contains("another seal than the ledger holds");
    }

    @Test
    void givenALedgerFarBehindTheVotes_thenTheNotaryIsSilent() {
        Shell shell = founded();
        shell.work(NOW, entry("a"));
        shell.state = FakeState.genesis(DAO, List.of(ME), PLAN_MAX);
        shell.seals.clear();
        shell.restart();
        assertThat(shell.halt.orElseThrow()).contains("the ledger ends at height -1");
    }

    @Test
    void givenAnUnfinishedVoteOnAnotherParent_thenTheNotaryIsSilent() {
        Shell shell = founded();
        Shell other = new Shell().started();
        other.work(NOW + 5, CHARTER);
        other.work(NOW + 6, entry("a"));
        shell.votes.clear();
        shell.votes.addAll(other.votes);
        shell.restart();
        assertThat(shell.halt.orElseThrow()).contains("built on another seal");
    }

    @Test
    void givenTwoVotesAtOneHeight_thenTheNotaryIsSilent() {
        Shell shell = founded();
        Shell other = new Shell().started();
        other.work(NOW + 5, CHARTER);
        shell.votes.addAll(other.votes);
        shell.restart();
        assertThat(shell.halt.orElseThrow()).contains("two votes at height 0");
    }

    @Test
    void givenAVoteThatDoesNotFollowTheOneBefore_thenTheNotaryIsSilent() {
        Shell shell = founded();
        Shell other = new Shell().started();
        other.work(NOW + 5, CHARTER);
        other.work(NOW + 6, entry("a"));
        shell.votes.add(other.votes.get(1));
        shell.restart();
        assertThat(shell.halt.orElseThrow()).contains("not built on the vote before it");
    }

    @Test
    void givenAVoteForAnotherDao_thenTheNotaryIsSilent() {
        Shell shell = founded();
        Cid elsewhere = Cid.hash("elsewhere".getBytes());
        SealingEngine engine = new SoloEngine(elsewhere, KEY);
        List<Action> actions = engine.handle(
                new Event.Started(shell.votes, FakeState.genesis(elsewhere, List.of(ME), PLAN_MAX), Optional.empty()));
        assertThat(actions)
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.Halt.class, halt -> assertThat(halt.reason()).contains("another DAO"));
    }

    @Test
    void givenAVoteLogOfRubbish_thenTheNotaryIsSilent() {
        Shell shell = founded();
        shell.votes.set(0, new byte[] {1, 2, 3});
        shell.restart();
        assertThat(shell.halt.orElseThrow()).contains("record 1 of the vote log cannot be read");
    }

    @Test
    void givenAnotherNotary_thenThisOneIsSilentAndSaysWhatToDo() {
        Shell shell = founded();
        shell.state = shell.state.notaries(List.of(OTHER));
        shell.work(NOW, entry("a"));
        assertThat(shell.seals).hasSize(1);
        assertThat(shell.halt.orElseThrow())
                .contains("not a notary")
                .contains(KEY.key().toString());
    }

    @Test
    void givenSeveralNotaries_thenThisOneIsSilentAndSaysWhatToDo() {
        Shell shell = founded();
        shell.state = shell.state.notaries(List.of(ME, OTHER));
        shell.work(NOW, entry("a"));
        assertThat(shell.seals).hasSize(1);
        assertThat(shell.halt.orElseThrow()).contains("2 notaries").contains("install");
    }

    @Test
    void givenWorkBeforeItsVotes_thenTheEngineFailsFast() {
        SealingEngine engine = new SoloEngine(DAO, KEY);
        FakeState state = FakeState.genesis(DAO, List.of(ME), PLAN_MAX);
        assertThatThrownBy(() -> engine.handle(new Event.Work(state, List.of(CHARTER), NOW)))
                .isInstanceOf(IllegalStateException.class);
    }
}
