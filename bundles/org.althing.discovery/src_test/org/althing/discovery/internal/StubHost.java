// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerRecord;

/** A host that has addresses and notes what is suggested to it; whatever else is asked of it fails. */
public final class StubHost {

    public final PeerId self;
    public volatile List<Multiaddr> addresses;
    public final List<Multiaddr> suggested = new CopyOnWriteArrayList<>();

    public StubHost(PeerId self, String... addresses) {
        this.self = self;
        this.addresses = Arrays.stream(addresses).map(Multiaddr::parse).toList();
    }

    /** Names of peers, each from a number. */
    public static PeerId peer(int number) {
        byte[] multihash = new byte[34];
        multihash[0] = 0x12;
        multihash[1] = 32;
        multihash[32] = (byte) (number >>> 8);
        multihash[33] = (byte) number;
        return PeerId.of(multihash);
    }

    /** What passes for a signed record here: the peer's name and its addresses in words. */
    public static PeerRecord record(PeerId peer, long sequence, List<Multiaddr> addresses) {
        StringBuilder text = new StringBuilder("signed " + peer + " " + sequence);
        addresses.forEach(address -> text.append(' ').append(address));
        return new PeerRecord(peer, sequence, addresses, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<PeerRecord> read(byte[] signed) {
        String[] words = new String(signed, StandardCharsets.US_ASCII).split(" ");
        if (words.length < 3 || !words[0].equals("signed")) {
            return Optional.empty();
        }
        return Optional.of(record(
                PeerId.parse(words[1]),
                Long.parseLong(words[2]),
                Arrays.stream(words).skip(3).map(Multiaddr::parse).toList()));
    }

    public Set<Multiaddr> suggestions() {
        return Set.copyOf(suggested);
    }

    public Host host() {
        return (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(),
                new Class<?>[] {Host.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "self" -> self;
                    case "listenAddresses" -> addresses;
                    case "record" -> arguments == null ? record(self, 1, addresses) : read((byte[]) arguments[0]);
                    case "suggest" -> suggested.add((Multiaddr) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
