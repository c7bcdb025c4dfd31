// SPDX-License-Identifier: EPL-2.0
package org.althing.api.net;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a peer says of itself. All of it is the peer's claim: its agent and addresses prove nothing.
 *
 * @param agent the program, printable, at most {@value #AGENT_MAX_CHARS} characters
 * @param protocols that it answers, at most {@value #PROTOCOLS_MAX}
 * @param listenAddresses where it says it can be reached, those that we understand, at most {@value #ADDRESSES_MAX}
 * @param record its addresses once more, signed by it; empty where it has sent none, or none that is good
 */
public record PeerIdentity(
        String agent, Set<String> protocols, List<Multiaddr> listenAddresses, Optional<PeerRecord> record) {

    public static final int AGENT_MAX_CHARS = 128;
    public static final int PROTOCOLS_MAX = 128;
    public static final int ADDRESSES_MAX = 32;

    public PeerIdentity {
        protocols = Set.copyOf(protocols);
        listenAddresses = List.copyOf(listenAddresses);
        if (agent.length() > AGENT_MAX_CHARS
                || protocols.size() > PROTOCOLS_MAX
                || listenAddresses.size() > ADDRESSES_MAX) {
            throw new IllegalArgumentException("a peer says too much of itself");
        }
    }
}
