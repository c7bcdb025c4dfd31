// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A js-libp2p node whose mesh is full tells us of another one; nothing else does. */
class PeerExchangeTest {

    private static final String TOPIC = "/althing/itest-exchange";
    private static final int MESSAGES = 30;

    @Test
    void aPeerThatWeAreToldOfInAPruneIsDialled(@TempDir Path folder) throws Exception {
        Path npm = JsGossip.npm();
        Hearing hearing = new Hearing();
        try (LoneHost lone = new LoneHost(folder, hearing);
                JsGossip hub = new JsGossip(npm);
                JsGossip other = new JsGossip(npm)) {
            Host host = Installed.service(Host.class);
            Multiaddr address = hub.start(TOPIC, 1);
            Multiaddr elsewhere = other.start(TOPIC, 12);
            host.dial(address).toCompletableFuture().get(JsGossip.WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            JsGossip.await(() -> hub.call("{'do':'meshed'}").equals("1"));
            // What it tells us counts when it has brought us messages.
            hub.call("{'do':'publish','word':'hub','count':" + MESSAGES + "}");
            JsGossip.await(() -> hearing.heard.size() == MESSAGES);
            assertThat(host.peers()).hasSize(1);

            PeerId told = elsewhere.peer().orElseThrow();
            hub.call("{'do':'favour','peer':'" + told + "'}");
            hub.call("{'do':'dial','address':'" + elsewhere + "'}");
            JsGossip.await(
                    () -> host.peers().stream().anyMatch(peer -> peer.peer().equals(told)));
            assertThat(host.peers())
                    .filteredOn(peer -> peer.peer().equals(told))
                    .allMatch(peer -> peer.direction() == ConnectedPeer.Direction.OUTBOUND);
            other.call("{'do':'publish','word':'other','count':1}");
            JsGossip.await(() -> hearing.heard.size() == MESSAGES + 1);
        }
    }

    private static final class Hearing implements TopicValidator {

        private final Set<String> heard = ConcurrentHashMap.newKeySet();

        @Override
        public String topic() {
            return TOPIC;
        }

        @Override
        public CompletionStage<Verdict> validate(PeerId from, byte[] message) {
            heard.add(new String(message, java.nio.charset.StandardCharsets.UTF_8));
            return CompletableFuture.completedFuture(Verdict.ACCEPT);
        }
    }
}
