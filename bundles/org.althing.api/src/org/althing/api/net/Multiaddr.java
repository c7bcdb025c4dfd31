// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An address that says how to reach a peer, such as {@code /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...}. Each address has one text and one binary
 * form; nothing else is read.
 *
 * <p>Immutable and safe to share between threads.
 *
 * @see <a href="https://github.com/multiformats/multiaddr">multiaddr</a>
 * @see <a href="https://github.com/libp2p/specs/blob/master/addressing/README.md">libp2p: addressing</a>
 */
public final class Multiaddr {

    /** Length of the longest binary form, in bytes. */
    public static final int SIZE_MAX_BYTES = 512;

    /** Length of the longest text, in characters. */
    public static final int TEXT_MAX_CHARS = 1024;

    /** Parts of the longest address. */
    public static final int PARTS_MAX = 16;

    private final List<Part> parts;
    private final Optional<PeerId> peer;

    /**
     * One part of an address.
     *
     * @param value its text, in the one form that is written; empty for a protocol without a value
     */
    public record Part(AddressProtocol protocol, String value) {

        /** @throws IllegalArgumentException if the protocol has no such value, or it is not in its one form */
        public Part {
            protocol.encode(value);
        }
    }

    private Multiaddr(List<Part> parts) {
        require(!parts.isEmpty() && parts.size() <= PARTS_MAX, "an address has 1 to " + PARTS_MAX + " parts");
        this.parts = List.copyOf(parts);
        Part last = this.parts.getLast();
        this.peer = last.protocol() == AddressProtocol.P2P ? Optional.of(PeerId.parse(last.value())) : Optional.empty();
    }

    /**
     * An address of these parts.
     *
     * @throws IllegalArgumentException if there are none, or more than {@value #PARTS_MAX}
     */
    public static Multiaddr of(List<Part> parts) {
        return new Multiaddr(parts);
    }

    /** The address of a TCP socket: {@code /ip4/.../tcp/...} or {@code /ip6/.../tcp/...}. */
    public static Multiaddr ofTcp(byte[] ip, int port) {
        AddressProtocol protocol = ip.length == 4 ? AddressProtocol.IP4 : AddressProtocol.IP6;
        return new Multiaddr(List.of(
                new Part(protocol, protocol.decode(ip)), new Part(AddressProtocol.TCP, Integer.toString(port))));
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException for anything that {@link #toString()} would not have written
     */
    public static Multiaddr parse(String text) {
        require(text.length() <= TEXT_MAX_CHARS, "an address has at most " + TEXT_MAX_CHARS + " characters");
        require(text.startsWith("/"), "an address is written /ip4/.../tcp/...");
        String[] words = text.substring(1).split("/", -1);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < words.length; i++) {
            AddressProtocol protocol = AddressProtocol.named(words[i]);
            require(!protocol.hasValue() || i + 1 < words.length, "/" + words[i] + " needs a value");
            parts.add(new Part(protocol, protocol.hasValue() ? words[++i] : ""));
        }
        return new Multiaddr(parts);
    }

    /**
     * Reads the binary form.
     *
     * @throws IllegalArgumentException for anything that {@link #toBytes()} would not have written, so for unknown protocols too
     */
    public static Multiaddr of(byte[] bytes) {
        require(bytes.length <= SIZE_MAX_BYTES, "an address has at most " + SIZE_MAX_BYTES + " bytes");
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        List<Part> parts = new ArrayList<>();
        while (rest.hasRemaining()) {
            require(parts.size() < PARTS_MAX, "an address has at most " + PARTS_MAX + " parts");
            AddressProtocol protocol = AddressProtocol.numbered(Uvarint.read(rest));
            long length =
                    protocol.sizeBytes() == AddressProtocol.SIZE_IN_FRONT ? Uvarint.read(rest) : protocol.sizeBytes();
            require(length >= 0 && length <= rest.remaining(), "an address ends too early");
            byte[] value = new byte[(int) length];
            rest.get(value);
            parts.add(new Part(protocol, protocol.decode(value)));
        }
        return new Multiaddr(parts);
    }

    /** The parts, in order. */
    public List<Part> parts() {
        return parts;
    }

    /** The value of the first part of this protocol. */
    public Optional<String> value(AddressProtocol protocol) {
        return parts.stream()
                .filter(part -> part.protocol() == protocol)
                .map(Part::value)
                .findFirst();
    }

    /** The host of an address that begins {@code /ip4|ip6|dns|dns4|dns6/HOST/tcp/PORT}: a literal address or a name. */
    public Optional<String> tcpHost() {
        return tcpPort().isPresent() ? Optional.of(parts.getFirst().value()) : Optional.empty();
    }

    /** The port of an address that begins {@code /ip4|ip6|dns|dns4|dns6/HOST/tcp/PORT}. */
    public OptionalInt tcpPort() {
        boolean isTcp = parts.size() >= 2
                && parts.getFirst().protocol().isHost()
                && parts.get(1).protocol() == AddressProtocol.TCP;
        return isTcp ? OptionalInt.of(Integer.parseInt(parts.get(1).value())) : OptionalInt.empty();
    }

    /** The peer that the address ends in. */
    public Optional<PeerId> peer() {
        return peer;
    }

    /** The same address, ending in this peer. */
    public Multiaddr withPeer(PeerId peer) {
        List<Part> with = new ArrayList<>(withoutPeer().parts);
        with.add(new Part(AddressProtocol.P2P, peer.toString()));
        return new Multiaddr(with);
    }

    /**
     * The same address without the peer at its end.
     *
     * @throws IllegalArgumentException if nothing else is in it
     */
    public Multiaddr withoutPeer() {
        return peer().isPresent() ? new Multiaddr(parts.subList(0, parts.size() - 1)) : this;
    }

    /** The binary form, in a new array. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Part part : parts) {
            byte[] value = part.protocol().encode(part.value());
            writeUvarint(part.protocol().number(), bytes);
            if (part.protocol().sizeBytes() == AddressProtocol.SIZE_IN_FRONT) {
                writeUvarint(value.length, bytes);
            }
            bytes.writeBytes(value);
        }
        return bytes.toByteArray();
    }

    private static void writeUvarint(long value, ByteArrayOutputStream bytes) {
        byte[] varint = new byte[Uvarint.size(value)];
        Uvarint.write(value, varint, 0);
        bytes.writeBytes(varint);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multiaddr that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** The text form. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append('/').append(part.protocol().text());
            if (part.protocol().hasValue()) {
                text.append('/').append(part.value());
            }
        }
        return text.toString();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
