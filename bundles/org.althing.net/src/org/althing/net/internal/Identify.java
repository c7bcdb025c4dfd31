// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.althing.api.PublicKey;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerRecord;
import org.althing.codec.MalformedException;
import org.althing.codec.ProtobufReader;
import org.althing.codec.ProtobufWriter;
import org.jspecify.annotations.Nullable;

/**
 * The message of identify and identify/push.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">libp2p: identify</a>
 */
final class Identify {

    static final String PROTOCOL = "/ipfs/id/1.0.0";
    static final String PUSH = "/ipfs/id/push/1.0.0";

    /** The family of protocols; for statistics only. */
    static final String VERSION = "althing/1";

    static final int MESSAGE_MAX_BYTES = 16 << 10;

    private static final int PROTOCOL_MAX_BYTES = 256;
    private static final int FIELD_MAX_BYTES = 8 << 10;

    private Identify() {}

    /** What we say of ourselves. */
    static byte[] write(
            PublicKey key,
            String agent,
            Collection<String> protocols,
            List<Multiaddr> listen,
            PeerRecord record,
            Optional<Multiaddr> observed) {
        ProtobufWriter message = new ProtobufWriter(512).bytes(1, NoisePayload.keyMessage(key));
        listen.forEach(address -> message.bytes(2, address.toBytes()));
        protocols.forEach(protocol -> message.text(3, protocol));
        observed.ifPresent(address -> message.bytes(4, address.toBytes()));
        return message.text(5, VERSION)
                .text(6, agent)
                .bytes(8, record.toBytes())
                .toBytes();
    }

    /**
     * What a peer says. What a push leaves out stays as it was; an address we do not understand, and what is beyond our bounds, is passed over.
     *
     * @param records judges the peer's signed record: given that and the one before, says which one holds
     * @throws Violation if it is no such message
     */
    static PeerIdentity read(
            byte[] bytes,
            @Nullable PeerIdentity before,
            BiFunction<byte[], Optional<PeerRecord>, Optional<PeerRecord>> records) {
        String agent = before == null ? "" : before.agent();
        Set<String> protocols = new HashSet<>();
        List<Multiaddr> addresses = new ArrayList<>();
        byte[] record = {};
        try {
            ProtobufReader in = new ProtobufReader(bytes);
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 2 -> addAddress(in.bytes(FIELD_MAX_BYTES), addresses);
                    case 3 -> {
                        String protocol = in.text(PROTOCOL_MAX_BYTES);
                        if (protocols.size() < PeerIdentity.PROTOCOLS_MAX) {
                            protocols.add(protocol);
                        }
                    }
                    case 6 -> agent = printable(in.text(FIELD_MAX_BYTES));
                    case 8 -> record = in.bytes(FIELD_MAX_BYTES);
                    default -> in.skip();
                }
            }
        } catch (MalformedException e) {
            throw new Violation(End.FRAME, "no identify message: " + e.getMessage());
        }
        Optional<PeerRecord> recordBefore = before == null ? Optional.empty() : before.record();
        return new PeerIdentity(
                agent,
                protocols.isEmpty() && before != null ? before.protocols() : protocols,
                addresses.isEmpty() && before != null ? before.listenAddresses() : addresses,
                record.length == 0 ? recordBefore : records.apply(record, recordBefore));
    }

    private static void addAddress(byte[] bytes, List<Multiaddr> addresses) {
        try {
            Multiaddr address = Multiaddr.of(bytes);
            if (addresses.size() < PeerIdentity.ADDRESSES_MAX && !addresses.contains(address)) {
                addresses.add(address);
            }
        } catch (IllegalArgumentException e) {
            // Another transport's address: no fault of the peer.
        }
    }

    /** Without what could play tricks with a terminal or a page. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> c >= ' ' && c <= '~' ? c : '?')
                .limit(PeerIdentity.AGENT_MAX_CHARS)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
