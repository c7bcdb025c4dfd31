// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.althing.api.entry.Entry;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.PeerId;
import org.althing.codec.EntryCodec;
import org.althing.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/** Entries that come by gossip: passed on when they are kept and durable. */
final class EntryTopic implements TopicValidator {

    private final DaoReplica replica;
    private final Desk desk;

    EntryTopic(DaoReplica replica, Desk desk) {
        this.replica = replica;
        this.desk = desk;
    }

    @Override
    public String topic() {
        return Spreading.entries(replica.dao());
    }

    @Override
    public boolean admits(PeerId peer) {
        return replica.admits(peer);
    }

    @Override
    public CompletionStage<Verdict> validate(PeerId from, byte[] message) {
        Verdict known = look(message);
        Pipeline pipeline = replica.pipeline().orElse(null);
        if (known != null || pipeline == null) {
            return CompletableFuture.completedFuture(known == null ? Verdict.IGNORE : known);
        }
        return desk.verifier().checkAll(List.of(message)).thenCompose(checked -> {
            if (checked.getFirst() instanceof Checked.Bad) {
                return CompletableFuture.completedFuture(Verdict.REJECT);
            }
            return DaoReplica.submit(pipeline, checked).thenApply(answers -> verdict(from, answers.getFirst()));
        });
    }

    private Verdict verdict(PeerId from, Answer answer) {
        if (answer instanceof Answer.Refused refused && refused.maybeLater()) {
            // Whoever passed it on has what it is built on.
            desk.syncing().get().ifPresent(service -> service.differs(replica.dao(), from));
        }
        return answer instanceof Answer.Pending ? Verdict.ACCEPT : Verdict.IGNORE;
    }

    /** What can be said at once; null if nothing. */
    private @Nullable Verdict look(byte[] message) {
        try {
            Entry entry = EntryCodec.decode(message);
            if (!entry.belongsTo().equals(replica.dao())) {
                return Verdict.REJECT;
            }
            // Who replays what is sealed shall not be helped.
            return replica.ledger().sealedAt(entry.cid()).isPresent() ? Verdict.IGNORE : null;
        } catch (MalformedException e) {
            return Verdict.REJECT;
        }
    }
}
