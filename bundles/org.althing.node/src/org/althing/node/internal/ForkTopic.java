// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.PeerId;
import org.althing.codec.MalformedException;

/** Proofs of forks that come by gossip: passed on when they hold and the key is not frozen yet. */
final class ForkTopic implements TopicValidator {

    private final DaoReplica replica;
    private final Desk desk;

    ForkTopic(DaoReplica replica, Desk desk) {
        this.replica = replica;
        this.desk = desk;
    }

    @Override
    public String topic() {
        return Spreading.forks(replica.dao());
    }

    @Override
    public boolean admits(PeerId peer) {
        return replica.admits(peer);
    }

    @Override
    public CompletionStage<Verdict> validate(PeerId from, byte[] message) {
        GossipCodec.Halves halves;
        try {
            halves = GossipCodec.decodeFork(message, replica.dao());
        } catch (MalformedException e) {
            return CompletableFuture.completedFuture(Verdict.REJECT);
        }
        Pipeline pipeline = replica.pipeline().orElse(null);
        if (pipeline == null) {
            return CompletableFuture.completedFuture(Verdict.IGNORE);
        }
        List<byte[]> both = List.of(halves.proof().first(), halves.proof().second());
        return desk.verifier().checkAll(both).thenCompose(checked -> {
            if (checked.stream().anyMatch(Checked.Bad.class::isInstance)) {
                return CompletableFuture.completedFuture(Verdict.REJECT);
            }
            return DaoReplica.submit(pipeline, checked).thenApply(ForkTopic::verdict);
        });
    }

    private static Verdict verdict(List<Answer> answers) {
        boolean proved = answers.stream()
                .anyMatch(answer -> answer instanceof Answer.Refused refused
                        && refused.fork().isPresent());
        return proved ? Verdict.ACCEPT : Verdict.IGNORE;
    }
}
