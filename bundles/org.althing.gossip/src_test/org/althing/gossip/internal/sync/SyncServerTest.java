// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.althing.gossip.internal.sync.Answer.Code;
import org.althing.gossip.internal.sync.SyncCodec.Answered;
import org.althing.gossip.internal.sync.negentropy.ItemTree;
import org.junit.jupiter.api.Test;

class SyncServerTest {

    private static final Cid OTHER_DAO = Cid.hash(new byte[] {9, 9});

    private static final PeerId SELF = SyncSimulation.peer(0);

    private final TestChain chain = chain();
    private final TestReplica replica = TestReplica.of(chain, chain.size());
    private final SyncServer server = new SyncServer((asking, dao) -> dao.equals(chain.dao())
            ? Optional.of(new SyncServer.Served(replica, new ReaderProofs(chain.dao(), SELF), new ItemTree()))
            : Optional.empty());

    private static TestChain chain() {
        Random random = new Random(3);
        TestChain chain = new TestChain();
        for (int i = 0; i < 300; i++) {
            chain.add(random, i == 7 ? 4096 : i % 3, 300, i == 5);
        }
        chain.add(random, 20, 130_000, false);
        return chain;
    }

    private Answer ask(Request request) {
        Answer answer = server.answer(SELF, request);
        byte[] frame = SyncCodec.encode(new Answered(1, answer));
        assertThat(frame.length).isLessThanOrEqualTo(SyncLimits.ANSWER_SIZE_MAX_BYTES);
        assertThat(Arrays.equals(SyncCodec.encode(SyncCodec.decodeAnswer(frame)), frame))
                .isTrue();
        return answer;
    }

    private void refused(Code code, Request request) {
        assertThat(ask(request))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        answer -> assertThat(answer.code()).isEqualTo(code));
    }

    @Test
    void whatIsPrivateIsRefusedToWhoHasProvedNothing() {
        TestMembership keeper = new TestMembership(1);
        keeper.keep(new byte[] {1});
        replica.membership = Optional.of(keeper);
        refused(Code.UNKNOWN_DAO, new Request.Status(chain.dao()));
        refused(Code.UNKNOWN_DAO, new Request.Mailbox(chain.dao(), 0));
        refused(Code.UNKNOWN_DAO, new Request.Messages(chain.dao(), List.copyOf(keeper.mailbox.keySet())));
    }

    @Test
    void whoeverAsksIsChallengedAndLearnsNothingFromTheRefusal() {
        TestMembership keeper = new TestMembership(1);
        TestMembership member = new TestMembership(2);
        TestMembership stranger = new TestMembership(3);
        replica.membership = Optional.of(keeper);
        keeper.readers.add(member.reader());
        List<Answer> refusals = new ArrayList<>();
        for (Cid dao : List.of(chain.dao(), OTHER_DAO)) {
            for (TestMembership who : List.of(member, stranger)) {
                Answer challenge = ask(new Request.Reader(dao));
                assertThat(challenge).isInstanceOf(Answer.Challenge.class);
                Request.Proof proof =
                        new ReaderProofs(chain.dao(), SELF).answer(who, SELF, ((Answer.Challenge) challenge).key());
                if (who == member) {
                    proof.mac()[0] ^= 1;
                }
                refusals.add(ask(proof.of(dao)));
            }
        }
        assertThat(refusals)
                .hasSize(4)
                .containsOnly(new Answer.Refused(Code.UNKNOWN_DAO, "this node does not serve that DAO"));
    }

    @Test
    void itTellsHowFarItIs() {
        assertThat(ask(new Request.Status(chain.dao())))
                .isEqualTo(new Answer.Status(300, Optional.of(chain.seal(300).cid()), 0));
        refused(Code.UNKNOWN_DAO, new Request.Status(OTHER_DAO));
    }

    @Test
    void headersComeWithTheNotariesOfTheNextSetWhereItIsAnother() {
        Answer.Headers answer = (Answer.Headers) ask(new Request.Headers(chain.dao(), 0, 256));
        assertThat(answer.links()).hasSize(256);
        for (int i = 0; i < 256; i++) {
            assertThat(answer.links().get(i).header()).isEqualTo(chain.seal(i).header());
            assertThat(answer.links().get(i).certificate())
                    .isEqualTo(chain.seal(i).certificate());
            assertThat(answer.links().get(i).notaries()).isEqualTo(i == 5 ? chain.setAfter(5) : List.of());
        }
        assertThat(((Answer.Headers) ask(new Request.Headers(chain.dao(), 299, 256))).links())
                .hasSize(2);
        refused(Code.OUT_OF_RANGE, new Request.Headers(chain.dao(), 301, 1));
        refused(Code.TOO_MANY, new Request.Headers(chain.dao(), 0, 257));
    }

    @Test
    void bodiesComeUpToTheirLimit() {
        Answer.Bodies answer = (Answer.Bodies) ask(new Request.Bodies(chain.dao(), 6, 256));
        assertThat(answer.bodies().size()).isEqualTo(256);
        assertThat(answer.bodies().get(1)).isEqualTo(chain.seal(7).entries());
        refused(Code.OUT_OF_RANGE, new Request.Bodies(chain.dao(), 301, 1));
        refused(Code.TOO_MANY, new Request.Bodies(chain.dao(), 0, 257));
    }

    @Test
    void sealedEntriesComeInTheOrderOfTheRequestAsFarAsThereIsRoom() {
        List<Slice> slices = List.of(new Slice(7, 4000, 96), new Slice(2, 1, 1), new Slice(7, 0, 10));
        Answer.Entries answer =
                (Answer.Entries) ask(new Request.Sealed(chain.dao(), slices, SyncLimits.CARGO_SIZE_MAX_BYTES));
        assertThat(answer.entries()).hasSize(107);
        assertThat(answer.entries().get(0)).isEqualTo(chain.entries(7).get(4000));
        assertThat(answer.entries().get(96)).isEqualTo(chain.entries(2).get(1));
        assertThat(answer.entries().get(106)).isEqualTo(chain.entries(7).get(9));
        Answer.Entries few = (Answer.Entries) ask(new Request.Sealed(chain.dao(), slices, 2_000));
        assertThat(few.entries().size()).isBetween(3, 50);
        assertThat(few.entries().stream().mapToInt(entry -> entry.length).sum()).isLessThanOrEqualTo(2_000);
        Answer.Entries one = (Answer.Entries) ask(new Request.Sealed(chain.dao(), slices, 1));
        assertThat(one.entries()).hasSize(1);
    }

    @Test
    void placesThatThereAreNotAreRefused() {
        refused(Code.OUT_OF_RANGE, new Request.Sealed(chain.dao(), List.of(new Slice(301, 0, 1)), 1000));
        refused(Code.OUT_OF_RANGE, new Request.Sealed(chain.dao(), List.of(new Slice(2, 1, 2)), 1000));
        refused(Code.OUT_OF_RANGE, new Request.Sealed(chain.dao(), List.of(new Slice(0, 0, 1)), 1000));
    }

    @Test
    void entriesComeByTheirCidsAndWhatIsNotHereIsEmpty() {
        List<Cid> cids = List.of(
                chain.seal(7).entries().get(5),
                OTHER_DAO,
                chain.seal(2).entries().get(0));
        Answer.Entries answer = (Answer.Entries) ask(new Request.Entries(chain.dao(), cids));
        same(
                answer.entries(),
                List.of(chain.entries(7).get(5), new byte[0], chain.entries(2).get(0)));
        refused(
                Code.TOO_MANY,
                new Request.Entries(
                        chain.dao(),
                        IntStream.rangeClosed(0, SyncLimits.ENTRIES_MAX)
                                .mapToObj(i -> OTHER_DAO)
                                .toList()));
    }

    @Test
    void largeEntriesComeInSeveralAnswers() {
        List<Cid> cids = chain.seal(300).entries();
        Answer.Entries answer = (Answer.Entries) ask(new Request.Entries(chain.dao(), cids));
        assertThat(answer.entries().size()).isBetween(1, 19);
        same(answer.entries(), chain.entries(300).subList(0, answer.entries().size()));
    }

    private static void same(List<byte[]> some, List<byte[]> others) {
        assertThat(some.stream().map(Cid::hash).toList())
                .isEqualTo(others.stream().map(Cid::hash).toList());
    }

    @Test
    void aBadMessageOfNegentropyIsRefused() {
        refused(Code.MALFORMED, new Request.Reconcile(chain.dao(), new byte[] {1, 2, 3}));
        assertThat(ask(new Request.Reconcile(chain.dao(), new byte[] {0x61}))).isInstanceOf(Answer.Reconcile.class);
    }
}
