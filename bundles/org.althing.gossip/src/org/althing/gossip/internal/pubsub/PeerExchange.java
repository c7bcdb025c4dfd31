// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.Comparator;
import java.util.List;
import org.althing.api.net.Host;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerRecord;

/**
 * Dials peers that others told of in a PRUNE. Whether the teller is to be believed is the router's business; here it is whether the record is
 * that peer's own, and how much is dialled at all: a record is signed by its peer, but its addresses may be anybody's. For one thread.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/pubsub/gossipsub/gossipsub-v1.1.md#prune-backoff-and-peer-exchange">GossipSub v1.1:
 *     peer exchange</a>
 */
final class PeerExchange {

    /** Peers dialled because others told of them. */
    static final int DIALS_PER_MINUTE_MAX = 30;

    /** With so many connected, a mesh finds its peers among them. */
    static final int CONNECTED_MAX = 64;

    /** Addresses of one peer that are dialled, one after the other. */
    static final int ADDRESSES_PER_PEER_MAX = 4;

    private static final long MINUTE_MILLIS = 60_000;

    private final Host host;
    private long minuteEndMillis = Long.MIN_VALUE;
    private int dials;

    PeerExchange(Host host) {
        this.host = host;
    }

    /**
     * Dials, unless the record is not good, there are enough peers, or it was much in the last minute.
     *
     * @param connected peers that are connected now
     * @param nowMillis of a clock that never goes back
     */
    void connect(Action.Connect told, int connected, long nowMillis) {
        if (told.signedPeerRecord().length == 0 || connected >= CONNECTED_MAX || !isAllowed(nowMillis)) {
            return;
        }
        host.record(told.signedPeerRecord())
                .filter(record -> record.peer().equals(told.peer()))
                .ifPresent(record -> dial(addresses(record), 0));
    }

    private boolean isAllowed(long nowMillis) {
        if (nowMillis >= minuteEndMillis) {
            minuteEndMillis = nowMillis + MINUTE_MILLIS;
            dials = 0;
        }
        return dials++ < DIALS_PER_MINUTE_MAX;
    }

    /** A loopback address last: it serves only where both are on one machine. */
    private static List<Multiaddr> addresses(PeerRecord record) {
        return record.addresses().stream()
                .filter(address -> address.tcpPort().isPresent())
                .sorted(Comparator.comparing(AddressGroup::isLoopback))
                .limit(ADDRESSES_PER_PEER_MAX)
                .map(address -> address.withPeer(record.peer()))
                .toList();
    }

    private void dial(List<Multiaddr> addresses, int at) {
        if (at < addresses.size()) {
            host.dial(addresses.get(at)).whenComplete((peer, failure) -> {
                if (failure != null) {
                    dial(addresses, at + 1);
                }
            });
        }
    }
}
