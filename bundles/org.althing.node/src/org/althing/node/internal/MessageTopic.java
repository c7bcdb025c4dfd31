// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.concurrent.CompletionStage;
import org.althing.api.AlthingException;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.PeerId;

/** Messages between members of a private DAO that come by gossip: passed on when they are kept and durable. */
final class MessageTopic implements TopicValidator {

    private final DaoReplica replica;
    private final Pipeline pipeline;
    private final Mailbox mailbox;
    private final Desk desk;

    MessageTopic(DaoReplica replica, Pipeline pipeline, Mailbox mailbox, Desk desk) {
        this.replica = replica;
        this.pipeline = pipeline;
        this.mailbox = mailbox;
        this.desk = desk;
    }

    @Override
    public String topic() {
        return Spreading.messages(replica.dao());
    }

    @Override
    public boolean admits(PeerId peer) {
        return replica.admits(peer);
    }

    @Override
    public CompletionStage<Verdict> validate(PeerId from, byte[] message) {
        return desk.verifier().later(() -> judge(message));
    }

    private Verdict judge(byte[] message) {
        try {
            return switch (mailbox.take(message, pipeline.state())) {
                case Mailbox.Outcome.New taken -> Verdict.ACCEPT;
                case Mailbox.Outcome.Bad bad -> Verdict.REJECT;
                case Mailbox.Outcome.Known known -> Verdict.IGNORE;
                case Mailbox.Outcome.Refused refused -> Verdict.IGNORE;
            };
        } catch (AlthingException e) {
            pipeline.problems().put("messages", String.valueOf(e.getMessage()));
            return Verdict.IGNORE;
        }
    }
}
