// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.althing.net.internal.TestHost.await;
import static org.althing.net.internal.TestHost.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.althing.api.net.ConnectedPeer.Direction;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** js-libp2p, a process of its own, and our host: each dials the other, and both talk. */
class JsLibp2pTest {

    private static final int[][] TRANSFERS = {{1, 0}, {500, 300}, {20_000, 300}, {4, 4 << 20}, {50, 100_000}};

    private Path log;
    private TestHost ours;
    private JsPeer js;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Path npm = JsPeer.npm();
        assumeTrue(
                npm != null,
                "skipped: no libp2p in releng/npm/node_modules (npm ci there), and ALTHING_NPM names none");
        log = folder.resolve("js.log");
        ours = new TestHost(folder);
        js = new JsPeer(npm, log);
    }

    @AfterEach
    void stop() throws IOException {
        if (js != null) {
            js.close();
            ours.close();
            assertEquals("", Files.readString(log));
        }
    }

    @Test
    void weDialJsLibp2pAndTalkBothWays() {
        PeerId peer = dial(true);
        assertEquals(Direction.OUTBOUND, ours.host.peers().getFirst().direction());
        talk(peer);
    }

    @Test
    void jsLibp2pDialsUsAndTalksBothWays() {
        PeerId peer = Multiaddr.parse(start(true)).peer().orElseThrow();
        assertEquals(quoted(ours.host.self()), js.call("{'do':'dial','address':'" + ours.address() + "'}"));
        await(() -> ours.host.peers().size() == 1);
        assertEquals(Direction.INBOUND, ours.host.peers().getFirst().direction());
        talk(peer);
    }

    @Test
    void withoutEarlyNegotiationTheMultiplexerIsAgreedOnAfterTheHandshake() {
        PeerId peer = dial(false);
        assertEquals(TestHost.report(3, 1000), ours.send(peer, 3, 1000));
        js.call("{'do':'hangup','peer':'" + ours.host.self() + "'}");
        await(() -> ours.host.peers().isEmpty());
        js.call("{'do':'dial','address':'" + ours.address() + "'}");
        await(() -> ours.host.peers().size() == 1);
        assertEquals(TestHost.report(3, 1000), ours.send(peer, 3, 1000));
    }

    private PeerId dial(boolean early) {
        return get(ours.host.dial(Multiaddr.parse(start(early))));
    }

    /** Starts the js node; its address. */
    private String start(boolean early) {
        String addresses = js.call("{'do':'start','early':" + early + "}");
        return addresses.substring(2, addresses.length() - 2);
    }

    private void talk(PeerId peer) {
        await(() -> ours.host.peers().getFirst().identity().isPresent());
        assertTrue(ours.host.peers().getFirst().identity().orElseThrow().agent().contains("js-libp2p"));
        assertTrue(ours.host
                .peers()
                .getFirst()
                .identity()
                .orElseThrow()
                .protocols()
                .contains(TestHost.SINK));
        PeerRecord record =
                ours.host.peers().getFirst().identity().orElseThrow().record().orElseThrow();
        assertEquals(peer, record.peer());
        assertEquals("127.0.0.1", record.addresses().getFirst().tcpHost().orElseThrow());
        String us = "'peer':'" + ours.host.self() + "'";
        String identity = js.call("{'do':'identity'," + us + "}");
        assertTrue(identity.contains("\"agent\":\"althing-test\"") && identity.contains(TestHost.SOURCE), identity);
        String certified = "\"certified\":[\"" + ours.host.listenAddresses().getFirst() + "\"]";
        assertTrue(identity.contains(certified), identity);
        assertTrue(Long.parseLong(js.call("{'do':'ping'," + us + "}")) >= 0);
        await(() -> ours.host.peers().getFirst().roundTripMicros().isPresent());
        for (int[] transfer : TRANSFERS) {
            String asked = us + ",'frames':" + transfer[0] + ",'size':" + transfer[1] + "}";
            String expected = TestHost.report(transfer[0], transfer[1]);
            assertEquals(expected, ours.send(peer, transfer[0], transfer[1]), "we to them");
            assertEquals(expected, ours.fetch(peer, transfer[0], transfer[1]), "they to us, asked");
            assertEquals(expected, js.call("{'do':'send'," + asked), "they to us");
            assertEquals(expected, js.call("{'do':'fetch'," + asked), "we to them, asked");
        }
    }

    private static String quoted(PeerId peer) {
        return "\"" + peer + "\"";
    }
}
