// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import static org.althing.net.internal.TestHost.await;
import static org.althing.net.internal.TestHost.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.NetStream;
import org.althing.api.net.ProtocolHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Peers that break the rules, over real sockets: a clean close with its reason counted, nothing leaked, nothing shouted in the log. */
class HostilePeersTest {

    private static final int PATIENCE_MILLIS = 2_000;

    private final Random random = new Random(23);
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue() || line.getThrown() != null) {
                logged.add(line.getLoggerName() + ": " + line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private TestHost ours;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Logger.getLogger("").addHandler(recorder);
        ours = new TestHost(TestHost.settings(folder, PATIENCE_MILLIS));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        try {
            await(() -> ours.host.counters().inbound() == 0 && ours.host.peers().isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError(ours.host.counters().toString(), e);
        }
        assertEquals(0, ours.host.budget().takenBytes());
        ours.close();
        // Netty tells of buffers that nobody released when the next ones are allocated.
        System.gc();
        for (int i = 0; i < 1_000; i++) {
            PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        Logger.getLogger("").removeHandler(recorder);
        assertEquals(List.of(), logged);
    }

    private RawPeer raw() throws IOException {
        return new RawPeer(ours.port(), 9);
    }

    private void assertClosed(RawPeer peer, End end) throws IOException {
        assertTrue(peer.isClosed());
        await(() -> ours.ends(end) == 1);
        peer.close();
    }

    @Test
    void theRecorderHearsWhatIsLogged() {
        LoggerFactory.getLogger(Connection.class).warn("just a test");
        assertEquals(1, logged.size());
        logged.clear();
    }

    @Test
    void noiseOnTheLineIsNoNegotiation() throws IOException {
        RawPeer peer = raw();
        peer.write(("GET /" + "x".repeat(100) + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        assertClosed(peer, End.NEGOTIATION);
    }

    @Test
    void aProtocolOtherThanNoiseIsNotAvailableAndThePatienceIsLimited() throws IOException {
        RawPeer peer = raw();
        new Multistream.Dialler(List.of("/tls/1.0.0")).start(line -> write(peer, line));
        assertClosed(peer, End.HANDSHAKE_TIMEOUT);
    }

    private static void write(RawPeer peer, byte[] bytes) {
        try {
            peer.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aHalfOpenConnectionIsClosedInTime() throws IOException {
        assertClosed(raw(), End.HANDSHAKE_TIMEOUT);
    }

    @Test
    void aPeerThatSendsAByteNowAndThenIsClosedInTime() throws Exception {
        RawPeer peer = raw();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        new Multistream.Dialler(List.of(Upgrade.SECURITY)).start(lines::writeBytes);
        byte[] bytes = lines.toByteArray();
        long begun = System.nanoTime();
        for (int i = 0; i < bytes.length && ours.ends(End.HANDSHAKE_TIMEOUT) == 0; i++) {
            try {
                peer.write(new byte[] {bytes[i]});
            } catch (IOException e) {
                break;
            }
            long pause = begun + (i + 1) * 100_000_000L;
            await(() -> System.nanoTime() > pause);
        }
        assertClosed(peer, End.HANDSHAKE_TIMEOUT);
    }

    @Test
    void aHandshakeOfRandomBytesIsRefused() throws IOException {
        RawPeer peer = raw();
        new Multistream.Dialler(List.of(Upgrade.SECURITY)).start(line -> write(peer, line));
        byte[] junk = new byte[2 + 40];
        random.nextBytes(junk);
        junk[0] = 0;
        junk[1] = 40;
        peer.write(junk);
        peer.write(junk);
        assertTrue(peer.isClosed());
        await(() -> ours.ends(End.CIPHERTEXT) + ours.ends(End.HANDSHAKE) == 1);
        peer.close();
    }

    @Test
    void aTamperedMessageEndsTheConnection() throws IOException {
        RawPeer peer = raw().secure();
        byte[] sealed = peer.seal(RawPeer.yamux(Yamux.PING, Yamux.SYN, 0, 1, new byte[0]));
        sealed[sealed.length - 1] ^= 1;
        peer.write(sealed);
        assertClosed(peer, End.CIPHERTEXT);
    }

    @Test
    void aReplayedMessageEndsTheConnection() throws IOException {
        RawPeer peer = raw().secure();
        byte[] sealed = peer.seal(RawPeer.yamux(Yamux.PING, Yamux.SYN, 0, 1, new byte[0]));
        peer.write(sealed);
        peer.write(sealed);
        assertClosed(peer, End.CIPHERTEXT);
    }

    @Test
    void whatIsNoYamuxEndsTheConnectionWithAFarewell() throws IOException {
        RawPeer peer = raw().secure();
        peer.send(new byte[] {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7});
        peer.awaitFrame(Yamux.GO_AWAY, 0, 0);
        assertClosed(peer, End.YAMUX);
    }

    @Test
    void moreThanTheWindowEndsTheConnection() throws IOException {
        RawPeer peer = raw().secure();
        peer.frame(Yamux.DATA, Yamux.SYN, 1, Yamux.WINDOW_INITIAL_BYTES + 1, new byte[0]);
        assertClosed(peer, End.YAMUX);
    }

    @Test
    void aFrameTooLargeEndsItsStreamAlone() throws IOException {
        try (RawPeer peer = raw().secure()) {
            peer.stream(1, TestHost.SOURCE, new byte[] {(byte) 0xff, (byte) 0xff, 3});
            peer.awaitFrame(Yamux.WINDOW_UPDATE, Yamux.RST, 1);
            assertEquals(1, ours.ends(End.FRAME));
            assertStillThere(peer);
        }
    }

    @Test
    void anUnknownProtocolIsRefusedAndTheConnectionStays() throws IOException {
        try (RawPeer peer = raw().secure()) {
            peer.stream(1, "/no/such/1");
            peer.awaitText("na\n");
            peer.frame(Yamux.WINDOW_UPDATE, Yamux.FIN, 1, 0, new byte[0]);
            peer.awaitFrame(Yamux.WINDOW_UPDATE, Yamux.RST, 1);
            assertStillThere(peer);
        }
    }

    private void assertStillThere(RawPeer peer) throws IOException {
        peer.frame(Yamux.PING, Yamux.SYN, 0, 77, new byte[0]);
        peer.awaitFrame(Yamux.PING, Yamux.ACK, 0);
        assertEquals(1, ours.host.peers().size());
    }

    @Test
    void aPeerMayHaveSoManyStreamsOfAProtocolAndNoMore() throws IOException {
        try (RawPeer peer = raw().secure()) {
            int allowed = ProtocolHandler.STREAMS_PER_PEER_MAX_DEFAULT;
            for (int i = 0; i <= allowed; i++) {
                peer.stream(1 + 2 * i, TestHost.SINK);
            }
            peer.awaitFrame(Yamux.WINDOW_UPDATE, Yamux.RST, 1 + 2 * allowed);
            assertEquals(1, ours.ends(End.STREAM_LIMIT));
            assertStillThere(peer);
        }
    }

    @Test
    void aFloodOfStreamsIsResetBeyondTheBound() throws IOException {
        try (RawPeer peer = raw().secure()) {
            for (int i = 0; i <= Yamux.STREAMS_INBOUND_MAX; i++) {
                peer.frame(Yamux.WINDOW_UPDATE, Yamux.SYN, 1 + 2 * i, 0, new byte[0]);
            }
            peer.awaitFrame(Yamux.WINDOW_UPDATE, Yamux.RST, 1 + 2 * Yamux.STREAMS_INBOUND_MAX);
            assertStillThere(peer);
        }
    }

    @Test
    void streamsThatAreOpenedOnlyToBeResetEndTheConnection() throws IOException {
        RawPeer peer = raw().secure();
        ByteArrayOutputStream streams = new ByteArrayOutputStream();
        for (int i = 0; i < Connection.STREAMS_BURST + 5 * Connection.STREAMS_PER_SECOND; i++) {
            streams.writeBytes(RawPeer.yamux(Yamux.WINDOW_UPDATE, Yamux.SYN, 1 + 2 * i, 0, new byte[0]));
            streams.writeBytes(RawPeer.yamux(Yamux.WINDOW_UPDATE, Yamux.RST, 1 + 2 * i, 0, new byte[0]));
        }
        peer.send(streams.toByteArray());
        assertClosed(peer, End.STREAM_LIMIT);
    }

    @Test
    void aPeerThatAsksForEverAndNeverReadsIsClosed() throws IOException {
        RawPeer peer = raw().secure();
        ByteArrayOutputStream pings = new ByteArrayOutputStream();
        for (int i = 0; i < 5_000; i++) {
            pings.writeBytes(RawPeer.yamux(Yamux.PING, Yamux.SYN, 0, i, new byte[0]));
        }
        IOException closed = assertThrows(IOException.class, () -> {
            for (int i = 0; i < 2_000; i++) {
                peer.send(pings.toByteArray());
            }
        });
        assertFalse(closed.toString().isEmpty());
        await(() -> ours.ends(End.SILENT) == 1);
        peer.close();
    }

    @Test
    void aReaderThatTakesNothingCostsAWindowAndAQueue() throws IOException {
        try (RawPeer peer = raw().secure()) {
            byte[] asked = "{\"frames\":100000,\"size\":1000}".getBytes(StandardCharsets.US_ASCII);
            peer.stream(1, TestHost.SOURCE, RawPeer.framed(asked));
            await(() -> ours.host.counters().bytesOut() > Yamux.WINDOW_INITIAL_BYTES);
            assertStillThere(peer);
            long taken = ours.host.counters().framesOut() * 1_000;
            assertTrue(
                    taken < Yamux.WINDOW_INITIAL_BYTES + 2L * NetStream.SEND_QUEUE_MAX_BYTES, taken + " bytes taken");
        }
    }

    @Test
    void aStrangersSignatureProvesNothing() throws IOException {
        RawPeer peer = raw();
        new Multistream.Dialler(List.of(Upgrade.SECURITY)).start(line -> write(peer, line));
        X25519.Pair statics = Keys.pair(random);
        NoiseHandshake handshake = new NoiseHandshake(true, statics, Keys.pair(random));
        peer.write(prefixed(handshake.write(new byte[0])));
        byte[] answer = readMessageAfterLines(peer.socket);
        handshake.read(answer);
        byte[] otherStatic = Keys.pair(random).open();
        peer.write(prefixed(handshake.write(NoisePayload.of(Keys.host(9), otherStatic, List.of()))));
        assertClosed(peer, End.IDENTITY);
    }

    private static byte[] prefixed(byte[] message) {
        byte[] framed = new byte[2 + message.length];
        framed[0] = (byte) (message.length >> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }

    private static byte[] readMessageAfterLines(Socket socket) throws IOException {
        byte[] lines =
                new byte[Multistream.line(Multistream.VERSION).length + Multistream.line(Upgrade.SECURITY).length];
        socket.getInputStream().readNBytes(lines, 0, lines.length);
        byte[] length = socket.getInputStream().readNBytes(2);
        return socket.getInputStream().readNBytes((length[0] & 0xff) << 8 | length[1] & 0xff);
    }

    @Test
    void aPeerThatHangsUpInTheMiddleLeavesNothing() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (RawPeer peer = i % 2 == 0 ? raw() : raw().secure()) {
                peer.socket.setSoLinger(true, 0);
                peer.write(new byte[] {0x13});
            }
        }
        await(() -> ours.host.counters().inbound() == 0);
        assertEquals(0, ours.ends(End.LOCAL));
    }

    @Test
    void aDialToAPortThatSpeaksNothingEndsInTime(@TempDir Path folder) throws Exception {
        try (java.net.ServerSocket mute = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Multiaddr address = Multiaddr.ofTcp(mute.getInetAddress().getAddress(), mute.getLocalPort());
            Exception refused = assertThrows(Exception.class, () -> get(ours.host.dial(address)));
            assertTrue(refused.getMessage().contains("no handshake in"), refused.getMessage());
            assertEquals(1, ours.ends(End.HANDSHAKE_TIMEOUT));
        }
    }

    @Test
    void aReceiverThatPausesStopsTheSenderAndLosesNothing(@TempDir Path folder) throws Exception {
        AtomicLong received = new AtomicLong();
        AtomicReference<NetStream> far = new AtomicReference<>();
        ours.host.addHandler(
                new ProtocolHandler() {
                    @Override
                    public List<String> protocols() {
                        return List.of("/test/paused/1");
                    }

                    @Override
                    public int frameSizeMaxBytes() {
                        return 10_000;
                    }

                    @Override
                    public NetStream.Receiver accept(NetStream stream) {
                        stream.setReading(false);
                        far.set(stream);
                        return (same, frame) -> received.addAndGet(frame.length);
                    }
                },
                Map.of());
        try (TestHost other = new TestHost(folder)) {
            get(other.host.dial(ours.address()));
            NetStream near = get(other.host.open(ours.host.self(), List.of("/test/paused/1"), 10, (s, f) -> {}));
            await(() -> far.get() != null);
            List<byte[]> sent = new ArrayList<>();
            long before = -1;
            // The window and both queues fill, and then nothing is taken any more.
            for (long stop = 0; stop < 200_000_000L; stop = before == sent.size() ? stop + 1 : 0) {
                before = sent.size();
                byte[] frame = new byte[10_000];
                if (near.send(frame)) {
                    sent.add(frame);
                } else if (stop > 1_000_000) {
                    break;
                }
            }
            assertEquals(0, received.get());
            assertTrue(sent.size() * 10_000L < Yamux.WINDOW_BYTES + NetStream.SEND_QUEUE_MAX_BYTES + (2L << 20));
            far.get().setReading(true);
            await(() -> received.get() == sent.size() * 10_000L);
        }
    }

    @Test
    void aHandlerThatFailsLosesItsStreamAndSaysSoInOneLine() throws Exception {
        ours.host.addHandler(
                new ProtocolHandler() {
                    @Override
                    public List<String> protocols() {
                        return List.of("/test/broken/1");
                    }

                    @Override
                    public int frameSizeMaxBytes() {
                        return 10;
                    }

                    @Override
                    public NetStream.Receiver accept(NetStream stream) {
                        return (same, frame) -> {
                            throw new IllegalStateException("on purpose");
                        };
                    }
                },
                Map.of());
        try (RawPeer peer = raw().secure()) {
            peer.stream(1, "/test/broken/1", new byte[] {1, 5});
            peer.awaitFrame(Yamux.WINDOW_UPDATE, Yamux.RST, 1);
            assertStillThere(peer);
        }
        assertEquals(1, logged.size());
        logged.clear();
    }
}
