// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * This node in the network: one peer identity, the addresses it listens on, its connections. A service; a transport that provides it is
 * configured under {@link HostConfiguration#PID}. Safe for use by many threads.
 *
 * <p>Futures complete on threads of the transport. They fail with {@link UnreachableException}, and always complete: within
 * {@link HostConfiguration#dialTimeoutMillis()}, or when the host stops.
 */
public interface Host {

    /** Our own name. */
    PeerId self();

    /** Where we can be reached, without our own name at the end; no wildcard addresses, ports as they are bound. */
    List<Multiaddr> listenAddresses();

    /** Where we can be reached, signed by us, for others to pass on; a new one whenever that changes. */
    PeerRecord record();

    /**
     * Checks a record that came by way of somebody else: its signature, and that it tells of its signer. Addresses that are of no use from here, such as
     * those of a local network that we are not in, are left out of what is returned. Takes as long as one signature check.
     *
     * @param signed as {@link PeerRecord#toBytes()} gives it; anything at all may come
     * @return empty if it is not good
     */
    Optional<PeerRecord> record(byte[] signed);

    /** Those connected now, in no particular order. */
    List<ConnectedPeer> peers();

    /**
     * Connects, or finds the connection that is there.
     *
     * @param address where; if it ends in a peer, whoever answers there must be that one
     * @return who answered
     */
    CompletionStage<PeerId> dial(Multiaddr address);

    /**
     * Tells of an address where a peer might be. The host tries it when it wants more connections, with growing pauses; how many it keeps is
     * bounded, and what has served before is kept over restarts.
     *
     * @param address must end in the peer
     * @param wanted whether the host should connect to this peer whatever else it has, and again whenever the connection is lost: bootstrap
     *     nodes, notaries
     * @throws IllegalArgumentException unless it ends in a peer
     */
    void suggest(Multiaddr address, boolean wanted);

    /**
     * Tells what a peer and this node have in common, such as a DAO. Until half of the outbound connections that are wanted are with peers that share
     * something, the host tries those of whom it is said, beyond what it wants otherwise; one that shows it takes the place of one that shares
     * nothing. What was shown holds until the connection ends; the peer is remembered over restarts, also one that dialled this node, if it listens where
     * it came from.
     *
     * @param peer one that is connected or was suggested; of others nothing is kept
     */
    void sharing(PeerId peer, Sharing sharing);

    /** What a peer has in common with this node. */
    enum Sharing {
        /** Nothing that we know of, or no longer. */
        NOTHING,
        /** Somebody says so; it does not undo what was seen. */
        CLAIMED,
        /** It answers for it. */
        SEEN
    }

    /**
     * Opens a stream to a peer that is connected.
     *
     * @param protocols in order of preference; the first that the peer has
     * @param frameSizeMaxBytes the largest frame that is read, 0 to {@link NetStream#FRAME_SIZE_LIMIT_BYTES}
     * @param receiver told what happens from then on
     */
    CompletionStage<NetStream> open(
            PeerId peer, List<String> protocols, int frameSizeMaxBytes, NetStream.Receiver receiver);

    /**
     * Closes all connections with a peer, and its streams.
     *
     * @param reason one short line, for a log and for listeners
     * @param refuseFor how long neither side may connect again; zero for not at all
     */
    void disconnect(PeerId peer, String reason, Duration refuseFor);

    /** What was counted so far. */
    NetCounters counters();
}
