// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerRecord;
import org.althing.codec.Ed25519;
import org.althing.codec.MalformedException;
import org.althing.codec.ProtobufReader;
import org.althing.codec.ProtobufWriter;
import org.althing.net.internal.SignedEnvelope.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * Makes our own peer record, anew when our addresses have changed, and reads those of others. Safe for use by many threads.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/RFC/0003-routing-records.md">libp2p RFC 0003: peer routing records</a>; the
 *     domain and the payload type are those that implementations use
 */
final class PeerRecords {

    static final Purpose PURPOSE = new Purpose("libp2p-peer-record", new byte[] {3, 1});

    private static final int FIELD_PEER = 1;
    private static final int FIELD_SEQUENCE = 2;
    private static final int FIELD_ADDRESSES = 3;
    private static final int FIELD_MULTIADDR = 1;

    private final HostKey key;
    private @Nullable PeerRecord own;
    private List<Multiaddr> ownAddresses = List.of();

    PeerRecords(HostKey key) {
        this.key = key;
    }

    /**
     * Our own.
     *
     * @param nowMillis Unix time, from which the sequence begins, so that it goes on after a restart
     */
    synchronized PeerRecord own(List<Multiaddr> addresses, long nowMillis) {
        List<Multiaddr> told = addresses.stream()
                .map(address -> address.peer().isPresent() ? address.withoutPeer() : address)
                .distinct()
                .limit(PeerRecord.ADDRESSES_MAX)
                .toList();
        PeerRecord before = own;
        if (before != null && ownAddresses.equals(told)) {
            return before;
        }
        long sequence = before == null ? nowMillis : Math.max(nowMillis, before.sequence() + 1);
        PeerRecord made = write(key, sequence, told);
        own = made;
        ownAddresses = told;
        return made;
    }

    /** A record; of as many of the addresses as fit. */
    static PeerRecord write(HostKey key, long sequence, List<Multiaddr> addresses) {
        ProtobufWriter record =
                new ProtobufWriter(256).bytes(FIELD_PEER, key.peer().toBytes()).integer(FIELD_SEQUENCE, sequence);
        for (Multiaddr address : addresses) {
            record.message(FIELD_ADDRESSES, new ProtobufWriter().bytes(FIELD_MULTIADDR, address.toBytes()));
        }
        byte[] signed = SignedEnvelope.seal(key, PURPOSE, record.toBytes());
        return signed.length <= PeerRecord.SIZE_MAX_BYTES
                ? new PeerRecord(key.peer(), sequence, addresses, signed)
                : write(key, sequence, addresses.subList(0, addresses.size() / 2));
    }

    /**
     * Reads a record, whoever brought it.
     *
     * @return empty unless it is signed by the peer it tells of; addresses that we do not understand are passed over
     */
    static Optional<PeerRecord> read(byte[] signed, Ed25519 ed25519) {
        if (signed.length > PeerRecord.SIZE_MAX_BYTES) {
            return Optional.empty();
        }
        return SignedEnvelope.open(signed, PURPOSE, ed25519)
                .flatMap(envelope -> read(envelope.payload(), PeerId.of(envelope.key()), signed));
    }

    /**
     * Reads the record that a connected peer sends of itself.
     *
     * @param before the one that it sent before
     * @return the later one of both that is good
     */
    static Optional<PeerRecord> read(byte[] signed, PeerId peer, Optional<PeerRecord> before, Ed25519 ed25519) {
        if (before.isPresent() && Arrays.equals(before.get().toBytes(), signed)) {
            return before;
        }
        return read(signed, ed25519)
                .filter(record -> record.peer().equals(peer) && before.stream().noneMatch(record::isOlderThan))
                .or(() -> before);
    }

    private static Optional<PeerRecord> read(byte[] payload, PeerId signer, byte[] signed) {
        byte[] peer = {};
        long sequence = 0;
        List<Multiaddr> addresses = new ArrayList<>();
        try {
            ProtobufReader in = new ProtobufReader(payload);
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case FIELD_PEER -> peer = in.bytes(PeerId.SIZE_MAX_BYTES);
                    case FIELD_SEQUENCE -> sequence = in.integer();
                    case FIELD_ADDRESSES -> readAddress(in.message(payload.length), addresses, signer);
                    default -> in.skip();
                }
            }
        } catch (MalformedException e) {
            return Optional.empty();
        }
        return Arrays.equals(peer, signer.toBytes())
                ? Optional.of(new PeerRecord(signer, sequence, addresses, signed))
                : Optional.empty();
    }

    private static void readAddress(ProtobufReader in, List<Multiaddr> addresses, PeerId signer) {
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == FIELD_MULTIADDR && addresses.size() < PeerRecord.ADDRESSES_MAX) {
                understood(in.bytes(Multiaddr.SIZE_MAX_BYTES), signer)
                        .filter(address -> !addresses.contains(address))
                        .ifPresent(addresses::add);
            } else {
                in.skip();
            }
        }
    }

    private static Optional<Multiaddr> understood(byte[] bytes, PeerId signer) {
        try {
            Multiaddr address = Multiaddr.of(bytes);
            Optional<PeerId> named = address.peer();
            if (named.isEmpty()) {
                return Optional.of(address);
            }
            return named.get().equals(signer) && address.parts().size() > 1
                    ? Optional.of(address.withoutPeer())
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Another transport's address: no fault of the peer.
        }
    }
}
