// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.althing.api.gossip.Gossip;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two js-libp2p gossipsub nodes with us between them: one that we dial, one that dials us. */
class GossipWithJsTest {

    private static final String TOPIC = "/althing/itest";
    private static final int MESSAGES = 500;

    @Test
    void messagesGoBothWaysAndNoInvalidOneIsForwarded(@TempDir Path folder) throws Exception {
        Path npm = JsGossip.npm();
        Judge judge = new Judge();
        try (LoneHost lone = new LoneHost(folder, judge);
                JsGossip dialled = new JsGossip(npm);
                JsGossip dialling = new JsGossip(npm)) {
            Host host = Installed.service(Host.class);
            Gossip gossip = Installed.service(Gossip.class);
            Multiaddr address = dialled.start(TOPIC, 12);
            dialling.start(TOPIC, 12);
            host.dial(address).toCompletableFuture().get(JsGossip.WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            dialling.call("{'do':'dial','address':'"
                    + host.listenAddresses().getFirst().withPeer(host.self()) + "'}");
            JsGossip.await(() ->
                    gossip.peers().stream().filter(p -> !p.topics().isEmpty()).count() == 2);
            JsGossip.await(() -> dialled.call("{'do':'meshed'}").equals("1")
                    && dialling.call("{'do':'meshed'}").equals("1"));

            for (int i = 0; i < MESSAGES; i++) {
                assertThat(gossip.publish(TOPIC, ("althing " + i + ".".repeat(280)).getBytes(StandardCharsets.UTF_8)))
                        .isTrue();
            }
            dialled.call("{'do':'publish','word':'one','count':" + MESSAGES + "}");
            dialling.call("{'do':'publish','word':'two','count':" + MESSAGES + "}");
            JsGossip.await(() -> judge.accepted.size() == 2 * MESSAGES);
            JsGossip.await(() -> dialled.heard("althing", MESSAGES) && dialled.heard("two", MESSAGES));
            JsGossip.await(() -> dialling.heard("althing", MESSAGES) && dialling.heard("one", MESSAGES));

            dialled.call("{'do':'publish','word':'bad','count':1}");
            JsGossip.await(() -> judge.rejected.size() == 1);
            gossip.publish(TOPIC, "last 0".getBytes(StandardCharsets.UTF_8));
            JsGossip.await(() -> dialling.heard("last", 1));
            assertThat(dialling.call("{'do':'counts'}")).doesNotContain("bad");
            PeerId sender = address.peer().orElseThrow();
            assertThat(gossip.peers())
                    .filteredOn(peer -> peer.peer().equals(sender))
                    .allSatisfy(peer -> assertThat(peer.score()).isNegative());
        }
    }

    @Test
    void givenAnotherGossipInItsPlace_thenPeersComeBackAndMessagesGoBothWays(@TempDir Path folder) throws Exception {
        byte[] other = Providers.copyOf("org.althing.gossip", "test.gossip");
        Path npm = JsGossip.npm();
        Judge judge = new Judge();
        try (LoneHost lone = new LoneHost(folder, judge);
                JsGossip peer = new JsGossip(npm)) {
            Host host = Installed.service(Host.class);
            Multiaddr address = peer.start(TOPIC, 12);
            host.dial(address).toCompletableFuture().get(JsGossip.WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            exchange(peer, judge, "before", 1);
            try (Providers.Gone gone = Providers.uninstall("org.althing.gossip")) {
                awaitMeshed(peer, 0);
                try (Providers.Guest guest = Providers.install("test.gossip", other)) {
                    exchange(peer, judge, "meanwhile", 2);
                }
                awaitMeshed(peer, 0);
            }
            exchange(peer, judge, "after", 3);
            assertThat(host.peers()).hasSize(1);
        }
    }

    /** Waits for the mesh, and lets a message go each way. */
    private static void exchange(JsGossip peer, Judge judge, String word, int round) throws Exception {
        Gossip gossip = Installed.service(Gossip.class);
        JsGossip.await(
                () -> gossip.peers().stream().anyMatch(each -> each.topics().contains(TOPIC)));
        awaitMeshed(peer, 1);
        assertThat(gossip.publish(TOPIC, (word + " of ours").getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        JsGossip.await(() -> peer.heard(word, 1));
        peer.call("{'do':'publish','word':'js" + round + "','count':1}");
        JsGossip.await(() -> judge.accepted.size() == round);
    }

    private static void awaitMeshed(JsGossip peer, int count) throws Exception {
        JsGossip.await(() -> peer.call("{'do':'meshed'}").equals("" + count));
    }

    private static final class Judge implements TopicValidator {

        private final Set<String> accepted = ConcurrentHashMap.newKeySet();
        private final Set<String> rejected = ConcurrentHashMap.newKeySet();

        @Override
        public String topic() {
            return TOPIC;
        }

        @Override
        public CompletionStage<Verdict> validate(PeerId from, byte[] message) {
            String text = new String(message, StandardCharsets.UTF_8);
            boolean isBad = text.startsWith("bad");
            (isBad ? rejected : accepted).add(text);
            return CompletableFuture.completedFuture(isBad ? Verdict.REJECT : Verdict.ACCEPT);
        }
    }
}
