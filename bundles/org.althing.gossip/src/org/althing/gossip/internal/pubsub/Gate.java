// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import org.althing.api.net.PeerId;

/** Who may take part in our topics. Asked when a peer or a topic comes and at each heartbeat; answers at once. */
interface Gate {

    /** Everybody in everything. */
    Gate OPEN = (topic, peer) -> true;

    boolean admits(String topic, PeerId peer);
}
