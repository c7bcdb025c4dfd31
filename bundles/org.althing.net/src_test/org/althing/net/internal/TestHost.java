// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.althing.api.AlthingException;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.ProtocolHandler;

/** A real host on the loopback, and what tests do with it. */
final class TestHost implements AutoCloseable {

    static final String SINK = "/test/sink/1";
    static final String SOURCE = "/test/source/1";
    static final int FRAME_MAX_BYTES = NetStream.FRAME_SIZE_LIMIT_BYTES;

    private static final long WAIT_MAX_SECONDS = 30;

    final LibP2pHost host;

    TestHost(Path folder) throws AlthingException {
        this(settings(folder));
    }

    TestHost(Settings settings) throws AlthingException {
        this(settings, System::currentTimeMillis);
    }

    TestHost(Settings settings, LongSupplier clock) throws AlthingException {
        host = new LibP2pHost(settings, Keys.ED25519, new SecureRandom(), clock);
        host.addHandler(new Sink(), Map.of());
        host.addHandler(new Source(), Map.of());
    }

    static Settings settings(Path folder) {
        return settings(folder, 10_000);
    }

    static Settings settings(Path folder, int handshakeTimeoutMillis) {
        return settings(folder, handshakeTimeoutMillis, 16);
    }

    static Settings settings(Path folder, int handshakeTimeoutMillis, int outboundWanted) {
        return settings(folder, handshakeTimeoutMillis, outboundWanted, List.of());
    }

    /** @param announce what it tells others in place of where it listens */
    static Settings settings(Path folder, int handshakeTimeoutMillis, int outboundWanted, List<Multiaddr> announce) {
        return new Settings(
                folder,
                List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")),
                announce,
                "althing-test",
                256,
                160,
                outboundWanted,
                16,
                List.of(AddressRange.parse("127.0.0.0/8")),
                handshakeTimeoutMillis,
                10_000);
    }

    Multiaddr address() {
        return host.listenAddresses().getFirst().withPeer(host.self());
    }

    int port() {
        return address().tcpPort().orElseThrow();
    }

    @Override
    public void close() {
        host.stop();
    }

    long ends(End end) {
        return host.counters().ends().get(end.kind());
    }

    /** Sends so many frames to the sink of a peer; what the peer says of them. */
    String send(PeerId peer, int frames, int size) {
        Asking asking = new Asking("{\"frames\":" + frames + "}", frames, size);
        host.open(peer, List.of(SINK), FRAME_MAX_BYTES, asking).thenAccept(asking::begin);
        return get(asking.answer);
    }

    /** Fetches so many frames from the source of a peer; what we say of them. */
    String fetch(PeerId peer, int frames, int size) {
        Drain drain = new Drain(frames);
        host.open(peer, List.of(SOURCE), FRAME_MAX_BYTES, drain)
                .thenAccept(stream -> stream.send(ascii("{\"frames\":" + frames + ",\"size\":" + size + "}")));
        return get(drain.said);
    }

    /** What both sides must say of a transfer. */
    static String report(int frames, int size) {
        Report report = new Report();
        for (int i = 0; i < frames; i++) {
            report.add(frame(i, size));
        }
        return report.toString();
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(WAIT_MAX_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_MAX_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come about in " + WAIT_MAX_SECONDS + " s");
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    private static byte[] frame(int number, int size) {
        byte[] frame = new byte[size];
        Arrays.fill(frame, (byte) number);
        return frame;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int number(String json, String name) {
        return Integer.parseInt(json.replaceAll(".*\"" + name + "\":([0-9]+).*", "$1"));
    }

    /** Frames, their bytes and their hash, in the words of libp2p-peer.mjs. */
    private static final class Report {
        private final MessageDigest hash;
        private long frames;
        private long bytes;

        Report() {
            try {
                hash = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        void add(byte[] frame) {
            frames++;
            bytes += frame.length;
            hash.update(frame);
        }

        @Override
        public String toString() {
            return "{\"frames\":" + frames + ",\"bytes\":" + bytes + ",\"sha256\":\""
                    + HexFormat.of().formatHex(hash.digest()) + "\"}";
        }
    }

    /** Sends frames as fast as they are taken. */
    private static class Pour implements NetStream.Receiver {
        private final int frames;
        private final int size;
        private int sent;

        Pour(int frames, int size) {
            this.frames = frames;
            this.size = size;
        }

        synchronized void pour(NetStream stream) {
            while (sent < frames && stream.send(TestHost.frame(sent, size))) {
                sent++;
            }
            if (sent == frames) {
                allSent(stream);
            }
        }

        void allSent(NetStream stream) {}

        @Override
        public void writable(NetStream stream) {
            pour(stream);
        }

        @Override
        public void frame(NetStream stream, byte[] frame) {}
    }

    private static final class Asking extends Pour {
        private final String question;
        final CompletableFuture<String> answer = new CompletableFuture<>();

        Asking(String question, int frames, int size) {
            super(frames, size);
            this.question = question;
        }

        void begin(NetStream stream) {
            stream.send(ascii(question));
            pour(stream);
        }

        @Override
        public void frame(NetStream stream, byte[] frame) {
            answer.complete(new String(frame, StandardCharsets.US_ASCII));
            stream.finish();
        }

        @Override
        public void closed(NetStream stream, String reason) {
            answer.completeExceptionally(new AssertionError(reason));
        }
    }

    private static final class Drain implements NetStream.Receiver {
        private final Report report = new Report();
        private final int frames;
        final CompletableFuture<String> said = new CompletableFuture<>();

        Drain(int frames) {
            this.frames = frames;
        }

        @Override
        public void frame(NetStream stream, byte[] frame) {
            report.add(frame);
            if (report.frames == frames) {
                said.complete(report.toString());
                stream.finish();
            }
        }

        @Override
        public void closed(NetStream stream, String reason) {
            said.completeExceptionally(new AssertionError(reason));
        }
    }

    /** Says of so many frames what came. */
    static final class Sink implements ProtocolHandler {
        @Override
        public List<String> protocols() {
            return List.of(SINK);
        }

        @Override
        public int frameSizeMaxBytes() {
            return FRAME_MAX_BYTES;
        }

        @Override
        public NetStream.Receiver accept(NetStream stream) {
            return new NetStream.Receiver() {
                private final Report report = new Report();
                private int frames = -1;

                @Override
                public void frame(NetStream same, byte[] frame) {
                    if (frames < 0) {
                        frames = number(new String(frame, StandardCharsets.US_ASCII), "frames");
                    } else {
                        report.add(frame);
                    }
                    if (report.frames == frames) {
                        same.send(ascii(report.toString()));
                        same.finish();
                    }
                }
            };
        }
    }

    /** Sends as many frames as it is asked for. */
    static final class Source implements ProtocolHandler {
        @Override
        public List<String> protocols() {
            return List.of(SOURCE);
        }

        @Override
        public int frameSizeMaxBytes() {
            return 1024;
        }

        @Override
        public NetStream.Receiver accept(NetStream stream) {
            return new NetStream.Receiver() {
                private Pour pour = new Pour(0, 0);

                @Override
                public void frame(NetStream same, byte[] frame) {
                    String asked = new String(frame, StandardCharsets.US_ASCII);
                    pour = new Pour(number(asked, "frames"), number(asked, "size")) {
                        @Override
                        void allSent(NetStream done) {
                            done.finish();
                        }
                    };
                    pour.pour(same);
                }

                @Override
                public void writable(NetStream same) {
                    pour.pour(same);
                }
            };
        }
    }
}
