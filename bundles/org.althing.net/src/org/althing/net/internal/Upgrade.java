// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.althing.api.net.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection of bytes into one that is encrypted, whose peer is known, and that agrees on yamux: multistream, Noise, and multistream
 * again unless the handshake settled the multiplexer. For one thread.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md">libp2p: connection establishment</a>
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/inlined-muxer-negotiation.md">early multiplexer negotiation</a>
 */
final class Upgrade {

    static final String SECURITY = "/noise";
    static final String MUXER = "/yamux/1.0.0";

    private final HostKey key;
    private final boolean dialler;
    private final Optional<PeerId> expected;
    private final X25519.Pair statics;
    private final NoiseHandshake handshake;
    private final NoiseFrames frames = new NoiseFrames();
    private final byte[] plain;
    private @Nullable Multistream negotiation;
    private @Nullable PeerId peer;
    private @Nullable NoiseTransport transport;

    /**
     * @param expected whom we dialled
     * @param plain see {@link NoiseTransport}
     */
    Upgrade(
            HostKey key,
            boolean dialler,
            Optional<PeerId> expected,
            X25519.Pair statics,
            X25519.Pair ephemeral,
            byte[] plain) {
        this.key = key;
        this.dialler = dialler;
        this.expected = expected;
        this.statics = statics;
        this.handshake = new NoiseHandshake(dialler, statics, ephemeral);
        this.plain = plain;
        this.negotiation = negotiation(SECURITY);
    }

    /** Sends what the dialling side begins with. */
    void start(Consumer<byte[]> out) {
        start(negotiation, out);
    }

    /**
     * Takes bytes from the socket.
     *
     * @param in with an array
     * @param out bytes for the socket
     * @return what the peer has already sent for the multiplexer, empty mostly, once the upgrade is done; null before. What is left of the
     *     input is for {@link #transport()}
     * @throws Violation if the peer breaks the rules, or is not the one expected
     */
    @Nullable
    ByteBuffer feed(ByteBuffer in, Consumer<byte[]> out) {
        if (transport == null && negotiation != null) {
            if (negotiation.feed(in, out) == null) {
                return null;
            }
            negotiation = null;
            if (handshake.isWriter()) {
                write(out);
            }
        }
        while (transport == null) {
            ByteBuffer message = frames.next(in);
            if (message == null) {
                return null;
            }
            read(message, out);
        }
        return negotiation == null ? ByteBuffer.allocate(0) : agreeOnMuxer(transport, negotiation, in, out);
    }

    private @Nullable ByteBuffer agreeOnMuxer(
            NoiseTransport secure, Multistream muxer, ByteBuffer in, Consumer<byte[]> out) {
        for (ByteBuffer content = secure.open(in); content != null; content = secure.open(in)) {
            if (muxer.feed(content, line -> out.accept(secure.seal(line))) != null) {
                negotiation = null;
                return content;
            }
        }
        return null;
    }

    private void write(Consumer<byte[]> out) {
        // The first message is not encrypted, so nothing is said in it.
        byte[] message = handshake.write(
                handshake.messages() == 0 ? new byte[0] : NoisePayload.of(key, statics.open(), List.of(MUXER)));
        byte[] framed = new byte[NoiseFrames.PREFIX_BYTES + message.length];
        framed[0] = (byte) (message.length >> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, NoiseFrames.PREFIX_BYTES, message.length);
        out.accept(framed);
    }

    private void read(ByteBuffer message, Consumer<byte[]> out) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        boolean isFirst = handshake.messages() == 0;
        byte[] payload = handshake.read(bytes);
        NoisePayload said = isFirst ? null : check(payload);
        if (handshake.isWriter()) {
            write(out);
        }
        if (said != null && handshake.isDone()) {
            secure(said, out);
        }
    }

    private NoisePayload check(byte[] payload) {
        NoisePayload said = NoisePayload.read(payload, handshake.remoteStatic(), key.ed25519());
        if (said.peer().equals(key.peer())) {
            throw new Violation(End.SELF, "that is ourselves");
        }
        if (expected.isPresent() && !expected.get().equals(said.peer())) {
            throw new Violation(End.IDENTITY, "another peer answers there: " + said.peer());
        }
        peer = said.peer();
        return said;
    }

    private void secure(NoisePayload said, Consumer<byte[]> out) {
        NoiseTransport secure = new NoiseTransport(handshake.split(), frames, plain);
        transport = secure;
        if (!said.muxers().contains(MUXER)) {
            negotiation = negotiation(MUXER);
            start(negotiation, line -> out.accept(secure.seal(line)));
        }
    }

    private Multistream negotiation(String protocol) {
        return dialler ? new Multistream.Dialler(List.of(protocol)) : new Multistream.Listener(protocol::equals);
    }

    private static void start(@Nullable Multistream negotiation, Consumer<byte[]> out) {
        if (negotiation instanceof Multistream.Dialler asking) {
            asking.start(out);
        }
    }

    /** Who the peer is; once the upgrade is done. */
    PeerId peer() {
        if (peer == null) {
            throw new IllegalStateException("not upgraded");
        }
        return peer;
    }

    /** What encrypts and decrypts; once the upgrade is done. */
    NoiseTransport transport() {
        if (transport == null) {
            throw new IllegalStateException("not upgraded");
        }
        return transport;
    }
}
