// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.althing.codec.MalformedException;
import org.althing.gossip.internal.pubsub.Rpc.IHave;
import org.althing.gossip.internal.pubsub.Rpc.Message;
import org.althing.gossip.internal.pubsub.Rpc.PeerInfo;
import org.althing.gossip.internal.pubsub.Rpc.Prune;
import org.althing.gossip.internal.pubsub.Rpc.Subscription;
import org.junit.jupiter.api.Test;

class RpcCodecTest {

    private static final HexFormat HEX = HexFormat.of();
    /** What decoding may allocate: a few times its input, and the lists up to their limits. */
    private static final long ALLOCATED_MAX_PER_BYTE = 6;

    private static final long ALLOCATED_MAX_BYTES = 256 * 1024;

    @Test
    void theBytesOfAnRpcAreThoseOfTheSpecification() {
        Rpc rpc = new Rpc(
                List.of(new Subscription(true, "t")),
                List.of(new Message("t", new byte[] {7, 8})),
                List.of(),
                List.of(),
                List.of("t"),
                List.of(new Prune("t", List.of(new PeerInfo(new byte[] {1}, new byte[] {2})), 60)),
                List.of());
        assertThat(HEX.formatHex(RpcCodec.encode(rpc)))
                .isEqualTo(
                        "0a050801120174" // subscriptions {subscribe: 1, topicid: "t"}
                                + "1207" + "12020708" + "220174" // publish {data, topic}
                                + "1a14" + "1a030a0174" // control {graft {topicID}
                                + "220d" + "0a0174" + "1206" + "0a0101" + "120102"
                                + "183c"); // prune {topicID, peers, backoff: 60}}
    }

    @Test
    void theIdOfAMessageIsTheHashOfTopicAndData() {
        MessageId id = MessageId.of("ab", "c".getBytes(StandardCharsets.UTF_8));
        byte[] bytes = id.toBytes();
        // SHA-256("abc"), FIPS 180-2 appendix B.1.
        assertThat(HEX.formatHex(bytes)).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(MessageId.read(bytes, 0)).isEqualTo(id);
    }

    @Property(tries = 300)
    void whatIsEncodedDecodesToTheSame(@ForAll("rpcs") Rpc rpc) {
        byte[] bytes = RpcCodec.encode(rpc);
        Rpc back = RpcCodec.decode(bytes);
        assertThat(RpcCodec.encode(back)).isEqualTo(bytes);
        assertThat(back.subscriptions()).isEqualTo(rpc.subscriptions());
        assertThat(back.ihave()).isEqualTo(rpc.ihave());
        assertThat(back.iwant()).isEqualTo(rpc.iwant());
        assertThat(back.graft()).isEqualTo(rpc.graft());
        assertThat(back.idontwant()).isEqualTo(rpc.idontwant());
        assertThat(back.messages())
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(rpc.messages());
        assertThat(back.prune()).usingRecursiveFieldByFieldElementComparator().isEqualTo(rpc.prune());
    }

    @Property(tries = 3000)
    void randomBytesAreReadOrRefused(@ForAll byte[] bytes) {
        readOrRefuse(bytes);
    }

    @Property(tries = 3000)
    void damagedRpcsAreReadOrRefused(@ForAll("rpcs") Rpc rpc, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = RpcCodec.encode(rpc);
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) 0xff;
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                default -> System.arraycopy(bytes, 0, bytes, at, Math.min(at, bytes.length - at));
            }
        }
        readOrRefuse(bytes);
    }

    private static void readOrRefuse(byte[] bytes) {
        decode(bytes); // The first refusal of a kind loads classes, which is no decoding.
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        decode(bytes);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .isLessThan(ALLOCATED_MAX_BYTES + ALLOCATED_MAX_PER_BYTE * bytes.length);
    }

    private static void decode(byte[] bytes) {
        try {
            RpcCodec.decode(bytes);
        } catch (MalformedException e) {
            assertThat(e.reason()).isNotEmpty();
        }
    }

    @Test
    void floodsOfTheSmallestPartsAllocateNoMoreThanTheLimits() {
        for (String part : List.of(
                "0a00",
                "0a051201740801",
                "1200",
                "120522017412 00".replace(" ", ""),
                "1a021200",
                "1a021a00",
                "1a052203" + "0a0174")) {
            byte[] one = HEX.parseHex(part);
            byte[] flood = new byte[RpcLimits.RPC_SIZE_MAX_BYTES / one.length * one.length];
            for (int at = 0; at < flood.length; at += one.length) {
                System.arraycopy(one, 0, flood, at, one.length);
            }
            readOrRefuse(flood);
            assertThatThrownBy(() -> RpcCodec.decode(flood)).as(part).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void aMessageThatNamesItsAuthorOrIsSignedIsRefused() {
        for (String field : List.of("0a0101", "1a0101", "2a0101", "320101")) {
            byte[] bytes = HEX.parseHex("1209" + "120107" + "220174" + field);
            assertThatThrownBy(() -> RpcCodec.decode(bytes)).hasMessageContaining("StrictNoSign");
        }
        assertThat(RpcCodec.decode(HEX.parseHex("1206" + "120107" + "220174")).messages())
                .hasSize(1);
    }

    @Test
    void fieldsOfLaterVersionsArePassedOver() {
        byte[] bytes = HEX.parseHex("5203010203" + "1a0732050801000000" + "0a0508011201745d01020304610102030405060708");
        assertThat(RpcCodec.decode(bytes).subscriptions()).containsExactly(new Subscription(true, "t"));
    }

    @Test
    void eachLimitIsExact() {
        accepts(Rpc.messages(List.of(new Message("t", new byte[RpcLimits.MESSAGE_SIZE_MAX_BYTES]))));
        refuses(
                Rpc.messages(List.of(new Message("t", new byte[RpcLimits.MESSAGE_SIZE_MAX_BYTES + 1]))),
                "bytes where at most");
        accepts(Rpc.graft("t".repeat(RpcLimits.TOPIC_SIZE_MAX_BYTES)));
        refuses(Rpc.graft("t".repeat(RpcLimits.TOPIC_SIZE_MAX_BYTES + 1)), "bytes where at most");
        List<MessageId> ids = new ArrayList<>(Collections.nCopies(RpcLimits.IDS_MAX, new MessageId(1, 2, 3, 4)));
        accepts(Rpc.ihave(List.of(new IHave("t", ids))));
        accepts(Rpc.iwant(ids));
        ids.add(ids.getFirst());
        refuses(Rpc.ihave(List.of(new IHave("t", ids))), "message ids");
        refuses(Rpc.iwant(ids), "message ids");
        refuses(Rpc.idontwant(ids), "message ids");
        List<Subscription> many =
                new ArrayList<>(Collections.nCopies(RpcLimits.SUBSCRIPTIONS_MAX, new Subscription(true, "t")));
        accepts(Rpc.subscriptions(many));
        many.add(many.getFirst());
        refuses(Rpc.subscriptions(many), "subscriptions");
        List<PeerInfo> peers =
                new ArrayList<>(Collections.nCopies(RpcLimits.PEERS_MAX, new PeerInfo(new byte[38], new byte[0])));
        accepts(Rpc.prune(new Prune("t", peers, 1)));
        peers.add(peers.getFirst());
        refuses(Rpc.prune(new Prune("t", peers, 1)), "exchanged peers");
        refuses(Rpc.prune(new Prune("t", List.of(new PeerInfo(new byte[65], new byte[0])), 1)), "65 bytes where");
        assertThatThrownBy(() -> RpcCodec.decode(new byte[RpcLimits.RPC_SIZE_MAX_BYTES + 1]))
                .hasMessageContaining("an RPC of");
    }

    @Test
    void aBackoffOfAnySizeIsCapped() {
        Prune forEver = new Prune("t", List.of(), -1L);
        byte[] bytes = HEX.parseHex("1a10220e" + "0a0174" + "18ffffffffffffffffff01");
        assertThat(RpcCodec.decode(bytes).prune().getFirst().backoffSeconds())
                .isEqualTo(RpcLimits.BACKOFF_MAX_SECONDS)
                .isNotEqualTo(forEver.backoffSeconds());
    }

    private static void accepts(Rpc rpc) {
        assertThat(RpcCodec.encode(RpcCodec.decode(RpcCodec.encode(rpc)))).isEqualTo(RpcCodec.encode(rpc));
    }

    private static void refuses(Rpc rpc, String reason) {
        assertThatThrownBy(() -> RpcCodec.decode(RpcCodec.encode(rpc)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(reason);
    }

    @Provide
    Arbitrary<Rpc> rpcs() {
        Arbitrary<String> topics = Arbitraries.of("t", "/althing/x", "\u00e9\u4e16\ud83d\ude00");
        Arbitrary<MessageId> ids = Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as((a, d) -> new MessageId(a, d ^ a, a + d, d));
        Arbitrary<byte[]> data = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<byte[]> peerIds = Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
        Arbitrary<PeerInfo> peers = Combinators.combine(peerIds, data).as(PeerInfo::new);
        return Combinators.combine(
                        Combinators.combine(Arbitraries.of(true, false), topics)
                                .as(Subscription::new)
                                .list()
                                .ofMaxSize(4),
                        Combinators.combine(topics, data)
                                .as(Message::new)
                                .list()
                                .ofMaxSize(3),
                        Combinators.combine(topics, ids.list().ofMaxSize(5))
                                .as(IHave::new)
                                .list()
                                .ofMaxSize(3),
                        ids.list().ofMaxSize(5),
                        topics.list().ofMaxSize(3),
                        Combinators.combine(
                                        topics,
                                        peers.list().ofMaxSize(3),
                                        Arbitraries.longs().between(0, RpcLimits.BACKOFF_MAX_SECONDS))
                                .as(Prune::new)
                                .list()
                                .ofMaxSize(3),
                        ids.list().ofMaxSize(5))
                .as(Rpc::new);
    }
}
