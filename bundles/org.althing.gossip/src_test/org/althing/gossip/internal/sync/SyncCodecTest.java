// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.sync.Replica;
import org.althing.codec.CborWriter;
import org.althing.codec.MalformedException;
import org.althing.codec.Sha256;
import org.althing.gossip.internal.sync.SyncCodec.Answered;
import org.althing.gossip.internal.sync.SyncCodec.Asked;

class SyncCodecTest {

    private static final Cid DAO = Cid.hash(new byte[] {1});

    @Property(tries = 500)
    void whatIsWrittenIsReadAgain(@ForAll long seed) {
        Random random = new Random(seed);
        Asked asked = new Asked(random.nextLong(Long.MAX_VALUE), request(random));
        byte[] request = SyncCodec.encode(asked);
        Asked readAsked = SyncCodec.decodeRequest(request);
        assertThat(readAsked.id()).isEqualTo(asked.id());
        assertThat(readAsked.request()).hasSameClassAs(asked.request());
        assertThat(SyncCodec.encode(readAsked)).isEqualTo(request);
        Answered answered = new Answered(random.nextLong(Long.MAX_VALUE), answer(random));
        byte[] answer = SyncCodec.encode(answered);
        Answered readAnswered = SyncCodec.decodeAnswer(answer);
        assertThat(readAnswered.id()).isEqualTo(answered.id());
        assertThat(readAnswered.answer()).hasSameClassAs(answered.answer());
        assertThat(SyncCodec.encode(readAnswered)).isEqualTo(answer);
    }

    @Property(tries = 1_000)
    void noBytesMakeTheDecodersFailOtherwise(@ForAll byte[] bytes, @ForAll long seed) {
        survives(bytes);
        Random random = new Random(seed);
        byte[] request = SyncCodec.encode(new Asked(1, request(random)));
        request[random.nextInt(request.length)] = (byte) random.nextInt();
        survives(request);
        byte[] answer = SyncCodec.encode(new Answered(1, answer(random)));
        answer[random.nextInt(Math.min(answer.length, 200))] = (byte) random.nextInt();
        survives(answer);
    }

    private static void survives(byte[] bytes) {
        for (boolean request : new boolean[] {true, false}) {
            try {
                Object read = request ? SyncCodec.decodeRequest(bytes) : SyncCodec.decodeAnswer(bytes);
                assertThat(read).isNotNull();
            } catch (MalformedException e) {
                assertThat(e.reason()).isNotBlank();
            }
        }
    }

    @Example
    void whatBreaksABoundIsRefused() {
        refused(new Request.Headers(DAO, 0, SyncLimits.HEADERS_MAX + 1));
        refused(new Request.Headers(DAO, 0, 0));
        refused(new Request.Headers(DAO, -1, 1));
        refused(new Request.Headers(DAO, Long.MAX_VALUE, 1));
        refused(new Request.Bodies(DAO, 0, SyncLimits.BODIES_MAX + 1));
        refused(new Request.Sealed(DAO, List.of(), 1));
        refused(new Request.Sealed(DAO, List.of(new Slice(0, 0, 1)), SyncLimits.CARGO_SIZE_MAX_BYTES + 1));
        refused(new Request.Sealed(DAO, List.of(new Slice(0, 0, SyncLimits.ENTRIES_MAX), new Slice(1, 0, 1)), 1));
        refused(new Request.Sealed(
                DAO,
                IntStream.rangeClosed(0, SyncLimits.SLICES_MAX)
                        .mapToObj(i -> new Slice(i, 0, 1))
                        .toList(),
                1));
        refused(new Request.Entries(DAO, List.of()));
        refused(new Request.Entries(
                DAO,
                IntStream.rangeClosed(0, SyncLimits.ENTRIES_MAX)
                        .mapToObj(i -> DAO)
                        .toList()));
        refused(new Request.Messages(DAO, List.of()));
        refused(new Request.Messages(
                DAO,
                IntStream.rangeClosed(0, SyncLimits.MESSAGES_MAX)
                        .mapToObj(i -> DAO)
                        .toList()));
        refused(new Request.Mailbox(DAO, -1));
        refused(new Request.Reconcile(DAO, new byte[SyncLimits.RECONCILE_SIZE_MAX_BYTES + 1]));
        refused(new byte[SyncLimits.REQUEST_SIZE_MAX_BYTES + 1]);
        refused(new CborWriter().list(3).integer(1).text("nothing").link(DAO).toBytes());
        refused(new CborWriter()
                .list(4)
                .integer(1)
                .text("status")
                .link(DAO)
                .integer(1)
                .toBytes());
        refused(new CborWriter().list(2).integer(1).text("status").toBytes());
    }

    private static void refused(Request request) {
        refused(SyncCodec.encode(new Asked(1, request)));
    }

    private static void refused(byte[] request) {
        assertThatThrownBy(() -> SyncCodec.decodeRequest(request)).isInstanceOf(MalformedException.class);
    }

    @Example
    void anAnswerThatContradictsItselfIsRefused() {
        for (Answer answer : List.of(
                new Answer.Status(3, Optional.empty(), 0),
                new Answer.Status(-1, Optional.of(DAO), 0),
                new Answer.Status(-2, Optional.empty(), 0))) {
            assertThatThrownBy(() -> SyncCodec.decodeAnswer(SyncCodec.encode(new Answered(1, answer))))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Example
    void theLargestRequestAndAnswerFitTheirFrames() {
        byte[] request = SyncCodec.encode(new Asked(
                Long.MAX_VALUE,
                new Request.Entries(
                        DAO,
                        IntStream.range(0, SyncLimits.ENTRIES_MAX)
                                .mapToObj(i -> DAO)
                                .toList())));
        assertThat(request.length).isLessThan(SyncLimits.REQUEST_SIZE_MAX_BYTES);
        List<List<Cid>> bodies = IntStream.range(0, 2)
                .mapToObj(i -> IntStream.range(0, SyncLimits.BODY_CIDS_MAX / 2)
                        .mapToObj(k -> DAO)
                        .toList())
                .toList();
        assertThat(SyncCodec.encode(new Answered(Long.MAX_VALUE, new Answer.Bodies(bodies))).length)
                .isLessThan(SyncLimits.ANSWER_SIZE_MAX_BYTES);
    }

    private static Request request(Random random) {
        return switch (random.nextInt(11)) {
            case 0 -> new Request.Status(DAO);
            case 1 -> new Request.Headers(DAO, height(random), 1 + random.nextInt(SyncLimits.HEADERS_MAX));
            case 2 -> new Request.Bodies(DAO, height(random), 1 + random.nextInt(SyncLimits.BODIES_MAX));
            case 3 ->
                new Request.Sealed(
                        DAO,
                        IntStream.range(0, 1 + random.nextInt(20))
                                .mapToObj(i -> new Slice(height(random), random.nextInt(4096), 1 + random.nextInt(40)))
                                .toList(),
                        1 + random.nextInt(SyncLimits.CARGO_SIZE_MAX_BYTES));
            case 4 -> new Request.Entries(DAO, cids(random, 1));
            case 5 -> new Request.Reconcile(DAO, bytes(random, 100));
            case 6 -> new Request.Reader(DAO);
            case 7 -> new Request.Proof(DAO, Sha256.hash(bytes(random, 9)), Sha256.hash(bytes(random, 9)));
            case 8 -> new Request.Mailbox(DAO, height(random));
            case 9 -> new Request.Messages(DAO, cids(random, 1));
            default -> new Request.Forks(DAO);
        };
    }

    private static Answer answer(Random random) {
        return switch (random.nextInt(11)) {
            case 7 -> new Answer.Challenge(Sha256.hash(bytes(random, 9)));
            case 8 -> new Answer.Granted(List.of(Sha256.hash(bytes(random, 9)), Sha256.hash(bytes(random, 9))));
            case 9 -> new Answer.Mailbox(height(random), cids(random, 0));
            case 10 ->
                new Answer.Messages(IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> bytes(random, 300))
                        .toList());
            case 0 ->
                random.nextBoolean()
                        ? new Answer.Status(height(random), Optional.of(DAO), height(random))
                        : new Answer.Status(-1, Optional.empty(), 0);
            case 1 ->
                new Answer.Headers(IntStream.range(0, random.nextInt(5))
                        .mapToObj(i -> new Answer.Link(bytes(random, 400), bytes(random, 300), keys(random)))
                        .toList());
            case 2 ->
                new Answer.Bodies(IntStream.range(0, random.nextInt(5))
                        .mapToObj(i -> cids(random, 0))
                        .toList());
            case 3 ->
                new Answer.Entries(IntStream.range(0, random.nextInt(5))
                        .mapToObj(i -> bytes(random, 400))
                        .toList());
            case 4 -> new Answer.Reconcile(bytes(random, 100));
            case 5 ->
                new Answer.Forks(IntStream.range(0, random.nextInt(SyncLimits.FORKS_MAX))
                        .mapToObj(i -> new Replica.Fork(bytes(random, 300), bytes(random, 300)))
                        .toList());
            default -> new Answer.Refused(Answer.Code.values()[random.nextInt(Answer.Code.values().length)], "reason");
        };
    }

    private static long height(Random random) {
        return random.nextLong(1L << random.nextInt(1, 62));
    }

    private static byte[] bytes(Random random, int max) {
        byte[] bytes = new byte[random.nextInt(max)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static List<Cid> cids(Random random, int min) {
        List<Cid> cids = new ArrayList<>();
        for (int i = random.nextInt(min, 20); i > 0; i--) {
            cids.add(Cid.hash(bytes(random, 10)));
        }
        return cids;
    }

    private static List<PublicKey> keys(Random random) {
        return IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> {
                    byte[] raw = new byte[PublicKey.BYTES];
                    random.nextBytes(raw);
                    return PublicKey.of(raw);
                })
                .toList();
    }
}
