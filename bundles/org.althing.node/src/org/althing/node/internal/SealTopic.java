// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.governance.Notary;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.net.PeerId;
import org.althing.codec.MalformedException;
import org.althing.codec.SealCodec;

/**
 * Seals that come by gossip, without their entries: passed on when a notary set of this DAO has made them final. One on the tip whose entries
 * are all pending here is taken at once; for any other, entry sync is told that there is more.
 */
final class SealTopic implements TopicValidator {

    private final DaoReplica replica;
    private final Desk desk;

    SealTopic(DaoReplica replica, Desk desk) {
        this.replica = replica;
        this.desk = desk;
    }

    @Override
    public String topic() {
        return Spreading.seals(replica.dao());
    }

    @Override
    public boolean admits(PeerId peer) {
        return replica.admits(peer);
    }

    @Override
    public CompletionStage<Verdict> validate(PeerId from, byte[] message) {
        GossipCodec.Announced announced;
        try {
            announced = GossipCodec.decodeSeal(message);
        } catch (MalformedException e) {
            return CompletableFuture.completedFuture(Verdict.REJECT);
        }
        if (!announced.header().dao().equals(replica.dao())) {
            return CompletableFuture.completedFuture(Verdict.REJECT);
        }
        return desk.verifier().later(() -> judge(from, announced));
    }

    private Verdict judge(PeerId from, GossipCodec.Announced announced) {
        long height = replica.tip().height();
        Seal seal = announced.seal();
        boolean old = seal.height() <= height;
        if (old && isOurs(seal)) {
            return Verdict.IGNORE;
        }
        Optional<List<PublicKey>> signers = replica.notaries(announced.header().set());
        if (signers.isEmpty()) {
            // A set that is not known may be one to come; or nobody's.
            return Verdict.IGNORE;
        }
        Optional<String> refusal = SealCodec.refuse(
                announced.certificate(),
                announced.header(),
                seal.cid(),
                signers.get().stream().map(key -> new Notary(key, List.of())).toList(),
                desk.verifier().signatures());
        if (refusal.isPresent()) {
            return Verdict
                    .REJECT; // Whoever passed it on could tell as well: the header names the set that it is not signed
            // by.
        }
        if (old) {
            conflict(seal);
        } else {
            follow(from, announced, height);
        }
        return Verdict.ACCEPT;
    }

    private void follow(PeerId from, GossipCodec.Announced announced, long height) {
        Seal seal = announced.seal();
        boolean complete = announced
                .body()
                .filter(body -> body.stream().allMatch(replica.ledger()::has))
                .isPresent();
        if (complete && seal.height() == height + 1) {
            replica.bringSeal(seal, List.of());
        }
        desk.syncing().get().ifPresent(service -> service.claimed(replica.dao(), from, seal.height()));
    }

    private boolean isOurs(Seal seal) {
        return ours(seal.height()).filter(seal.cid()::equals).isPresent();
    }

    private Optional<Cid> ours(long height) {
        try {
            return replica.ledger().seal(height).map(Seal::cid);
        } catch (AlthingException e) {
            return Optional.empty();
        }
    }

    private void conflict(Seal seal) {
        ours(seal.height())
                .ifPresent(ours -> replica.problemsBySubject()
                        .put(
                                "final",
                                "two final seals at height " + seal.height() + ": " + ours + " here and " + seal.cid()
                                        + " from peers; the notaries have signed both, people must look at it"));
    }
}
