// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.gossip.Gossip;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.sync.Replica.Fork;

/**
 * Spreads what is new here by gossip, as long as there is a network. What gossip loses, peers get by reconciliation. What came by entry sync is
 * not spread again: its peers have it.
 */
final class Spreading implements Outbox {

    private static final String ENTRIES = "/althing/entries/1/";

    private final Supplier<Optional<Gossip>> gossip;

    Spreading(Supplier<Optional<Gossip>> gossip) {
        this.gossip = gossip;
    }

    /** Who judges what comes by gossip for a DAO. */
    static List<TopicValidator> validators(DaoReplica replica, Desk desk) {
        return List.of(new EntryTopic(replica, desk), new SealTopic(replica, desk), new ForkTopic(replica, desk));
    }

    static String entries(Cid dao) {
        return ENTRIES + dao;
    }

    static boolean isEntries(String topic) {
        return topic.startsWith(ENTRIES);
    }

    static String seals(Cid dao) {
        return "/althing/seals/1/" + dao;
    }

    static String forks(Cid dao) {
        return "/althing/forks/1/" + dao;
    }

    static String messages(Cid dao) {
        return "/althing/messages/1/" + dao;
    }

    @Override
    public void message(Cid dao, byte[] message) {
        gossip.get().ifPresent(service -> service.publish(messages(dao), message));
    }

    @Override
    public void entries(Cid dao, List<byte[]> entries) {
        gossip.get().ifPresent(service -> {
            String topic = entries(dao);
            for (byte[] entry : entries) {
                if (!service.publish(topic, entry)) {
                    return; // Too many wait: reconciliation brings the rest.
                }
            }
        });
    }

    @Override
    public void sealed(Cid dao, Seal seal) {
        gossip.get().ifPresent(service -> service.publish(seals(dao), GossipCodec.encode(seal)));
    }

    @Override
    public void forked(Cid dao, Fork fork) {
        gossip.get().ifPresent(service -> service.publish(forks(dao), GossipCodec.encode(fork)));
    }
}
