// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.pubsub;

import java.util.List;

/**
 * One message between two routers, {@code RPC} of the pubsub specification with the control messages of GossipSub v1.2.
 *
 * <p>Arrays in here are not copied and must not be changed: a message goes to dozens of peers.
 *
 * @param iwant the ids of all IWANT messages together; so with IDONTWANT
 * @param graft topics
 */
record Rpc(
        List<Subscription> subscriptions,
        List<Message> messages,
        List<IHave> ihave,
        List<MessageId> iwant,
        List<String> graft,
        List<Prune> prune,
        List<MessageId> idontwant) {

    static final Rpc EMPTY = new Rpc(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /** A peer begins or ends to listen to a topic. */
    record Subscription(boolean subscribe, String topic) {}

    /** A message without author or signature (StrictNoSign): the data carries its own. */
    record Message(String topic, byte[] data) {}

    record IHave(String topic, List<MessageId> ids) {}

    /**
     * @param peers where else to find the topic
     * @param backoffSeconds how long not to graft again; 0 when the sender did not say
     */
    record Prune(String topic, List<PeerInfo> peers, long backoffSeconds) {}

    /**
     * @param peerId binary form
     * @param signedPeerRecord an envelope of addresses, signed by that peer; empty when the sender had none
     */
    record PeerInfo(byte[] peerId, byte[] signedPeerRecord) {}

    boolean isEmpty() {
        return equals(EMPTY);
    }

    static Rpc subscriptions(List<Subscription> subscriptions) {
        return new Rpc(List.copyOf(subscriptions), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    static Rpc messages(List<Message> messages) {
        return new Rpc(List.of(), List.copyOf(messages), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    static Rpc ihave(List<IHave> ihave) {
        return new Rpc(List.of(), List.of(), List.copyOf(ihave), List.of(), List.of(), List.of(), List.of());
    }

    static Rpc iwant(List<MessageId> ids) {
        return new Rpc(List.of(), List.of(), List.of(), List.copyOf(ids), List.of(), List.of(), List.of());
    }

    static Rpc graft(String topic) {
        return new Rpc(List.of(), List.of(), List.of(), List.of(), List.of(topic), List.of(), List.of());
    }

    static Rpc prune(Prune prune) {
        return new Rpc(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(prune), List.of());
    }

    static Rpc idontwant(List<MessageId> ids) {
        return new Rpc(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.copyOf(ids));
    }
}
