// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The protocols an address may be made of: those of libp2p's transports over TCP and UDP. An address with any other is not understood.
 *
 * @see <a href="https://github.com/multiformats/multiaddr/blob/master/protocols.csv">the table of protocols</a>
 */
public enum AddressProtocol {
    IP4("ip4", 4, 4),
    TCP("tcp", 6, 2),
    IP6("ip6", 41, 16),
    DNS("dns", 53, AddressProtocol.SIZE_IN_FRONT),
    DNS4("dns4", 54, AddressProtocol.SIZE_IN_FRONT),
    DNS6("dns6", 55, AddressProtocol.SIZE_IN_FRONT),
    DNSADDR("dnsaddr", 56, AddressProtocol.SIZE_IN_FRONT),
    UDP("udp", 273, 2),
    P2P_CIRCUIT("p2p-circuit", 290, 0),
    P2P("p2p", 421, AddressProtocol.SIZE_IN_FRONT),
    TLS("tls", 448, 0),
    QUIC_V1("quic-v1", 461, 0),
    WS("ws", 477, 0),
    WSS("wss", 478, 0);

    /** In place of a size: the value has its length in front. */
    static final int SIZE_IN_FRONT = -1;

    private static final int NAME_MAX_CHARS = 253;
    private static final int PORT_MAX = 65_535;

    /** Labels of letters, digits, hyphens and underscores, parted by dots. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?");

    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,4}");

    private final String text;
    private final int number;
    private final int sizeBytes;

    AddressProtocol(String text, int number, int sizeBytes) {
        this.text = text;
        this.number = number;
        this.sizeBytes = sizeBytes;
    }

    /** The name in an address. */
    public String text() {
        return text;
    }

    /** Whether it names a host. */
    public boolean isHost() {
        return switch (this) {
            case IP4, IP6, DNS, DNS4, DNS6 -> true;
            case TCP, DNSADDR, UDP, P2P_CIRCUIT, P2P, TLS, QUIC_V1, WS, WSS -> false;
        };
    }

    boolean hasValue() {
        return sizeBytes != 0;
    }

    int number() {
        return number;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    static AddressProtocol named(String text) {
        return find(p -> p.text.equals(text), "/" + (text.length() > 32 ? text.substring(0, 32) + "..." : text));
    }

    static AddressProtocol numbered(long number) {
        return find(p -> p.number == number, "number " + number);
    }

    private static AddressProtocol find(Predicate<AddressProtocol> wanted, String what) {
        return Stream.of(values())
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no address protocol known: " + what));
    }

    /** The binary form of a value. */
    byte[] encode(String value) {
        byte[] bytes = read(value);
        if (!decode(bytes).equals(value)) {
            throw new IllegalArgumentException("/" + text + "/" + value + " is written " + decode(bytes));
        }
        return bytes;
    }

    private byte[] read(String value) {
        return switch (this) {
            case IP4 -> IpText.parse4(value);
            case IP6 -> IpText.parse6(value);
            case TCP, UDP -> {
                require(DECIMAL.matcher(value).matches() && Integer.parseInt(value) <= PORT_MAX, "no port: " + value);
                int port = Integer.parseInt(value);
                yield new byte[] {(byte) (port >> 8), (byte) port};
            }
            case DNS, DNS4, DNS6, DNSADDR -> value.getBytes(StandardCharsets.US_ASCII);
            case P2P -> PeerId.parse(value).toBytes();
            case P2P_CIRCUIT, TLS, QUIC_V1, WS, WSS -> {
                require(value.isEmpty(), "/" + text + " has no value");
                yield new byte[0];
            }
        };
    }

    /** The text of a value. */
    String decode(byte[] value) {
        require(sizeBytes == SIZE_IN_FRONT || value.length == sizeBytes, "/" + text + " of " + value.length + " bytes");
        return switch (this) {
            case IP4 -> IpText.format4(value);
            case IP6 -> IpText.format6(value);
            case TCP, UDP -> Integer.toString((value[0] & 0xff) << 8 | value[1] & 0xff);
            case DNS, DNS4, DNS6, DNSADDR -> {
                String name = new String(value, StandardCharsets.ISO_8859_1);
                require(name.length() <= NAME_MAX_CHARS && NAME.matcher(name).matches(), "no host name");
                yield name;
            }
            case P2P -> PeerId.of(value).toString();
            case P2P_CIRCUIT, TLS, QUIC_V1, WS, WSS -> "";
        };
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
