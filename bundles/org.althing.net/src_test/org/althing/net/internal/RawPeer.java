// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.althing.api.net.Uvarint;

/** A peer on a plain socket that keeps to no rule it is not told to. */
final class RawPeer implements AutoCloseable {

    private static final int READ_MAX_MILLIS = 20_000;
    private static final Random RANDOM = new Random(17);

    final Socket socket;
    private final HostKey key;
    private NoiseTransport transport;
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();

    RawPeer(int port, int number) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_MAX_MILLIS);
        key = Keys.host(number);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Whether the other side has closed the connection; what still comes is passed over. */
    boolean isClosed() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] skipped = new byte[1 << 16];
        try {
            while (in.read(skipped) >= 0) {
                // More may follow.
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset, since it had sent more than was read
        }
    }

    /** A whole handshake, as it should be. */
    RawPeer secure() throws IOException {
        Upgrade upgrade = new Upgrade(
                key,
                true,
                Optional.empty(),
                Keys.pair(RANDOM),
                Keys.pair(RANDOM),
                new byte[NoiseTransport.PLAIN_MAX_BYTES]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Consumer<byte[]> send = out::writeBytes;
        upgrade.start(send);
        ByteBuffer early = null;
        byte[] chunk = new byte[1 << 16];
        while (early == null) {
            write(out.toByteArray());
            out.reset();
            int length = socket.getInputStream().read(chunk);
            if (length < 0) {
                throw new IOException("closed in the handshake");
            }
            ByteBuffer in = ByteBuffer.wrap(chunk, 0, length);
            early = upgrade.feed(in, send);
            if (early != null) {
                transport = upgrade.transport();
                take(early);
                open(in);
            }
        }
        write(out.toByteArray());
        return this;
    }

    private void open(ByteBuffer in) {
        for (ByteBuffer content = transport.open(in); content != null; content = transport.open(in)) {
            take(content);
        }
    }

    private void take(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        plain.writeBytes(bytes);
    }

    byte[] seal(byte[] content) {
        return transport.seal(content);
    }

    void send(byte[] content) throws IOException {
        write(seal(content));
    }

    /** Sends a yamux frame. */
    void frame(int type, int flags, int id, int length, byte[] data) throws IOException {
        send(yamux(type, flags, id, length, data));
    }

    static byte[] yamux(int type, int flags, int id, int length, byte[] data) {
        ByteBuffer frame = ByteBuffer.allocate(Yamux.HEADER_BYTES + data.length);
        Yamux.putHeader(frame, type, flags, id, length);
        return frame.put(data).array();
    }

    /** Opens a stream, asks for a protocol, and sends what follows. */
    void stream(int id, String protocol, byte[]... frames) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        new Multistream.Dialler(List.of(protocol)).start(data::writeBytes);
        for (byte[] frame : frames) {
            data.writeBytes(frame);
        }
        frame(Yamux.DATA, Yamux.SYN, id, data.size(), data.toByteArray());
    }

    static byte[] framed(byte[] body) {
        byte[] frame = new byte[Uvarint.size(body.length) + body.length];
        int at = Uvarint.write(body.length, frame, 0);
        System.arraycopy(body, 0, frame, at, body.length);
        return frame;
    }

    /** Waits until this text has come in what was decrypted. */
    void awaitText(String text) throws IOException {
        await(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Waits until a header has come, with this type, flags and stream. */
    void awaitFrame(int type, int flags, int id) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Yamux.HEADER_BYTES);
        Yamux.putHeader(header, type, flags, id, 0);
        await(java.util.Arrays.copyOf(header.array(), 8));
    }

    private void await(byte[] wanted) throws IOException {
        String sought = new String(wanted, StandardCharsets.ISO_8859_1);
        byte[] chunk = new byte[1 << 16];
        while (!plain.toString(StandardCharsets.ISO_8859_1).contains(sought)) {
            int length = socket.getInputStream().read(chunk);
            if (length < 0) {
                throw new IOException("closed before it came");
            }
            open(ByteBuffer.wrap(chunk, 0, length));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
