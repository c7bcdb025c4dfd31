// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.junit.jupiter.api.Test;

/** What a node believes of those to whom it proves that it is a member's. */
class ProvingTest {

    private static final Cid DAO = Cid.hash(new byte[] {1});
    private static final PeerId PROVER = SyncSimulation.peer(1);
    private static final PeerId VERIFIER = SyncSimulation.peer(2);
    private static final Answer GRANTED = new Answer.Granted(List.of(new byte[32]));

    private final TestReplica replica = new TestReplica(DAO, List.of(), set -> Optional.empty());
    private final TestMembership member = new TestMembership(1);
    private final List<Request> asked = new ArrayList<>();
    private final List<PeerId> granted = new ArrayList<>();
    private long lastId;
    private final Proving proving = new Proving(
            replica, new ReaderProofs(DAO, PROVER), () -> ++lastId, (peer, id, r) -> asked.add(r), granted::add);

    private void begin() {
        replica.membership = Optional.of(member);
        proving.joined(VERIFIER, 1_000);
        assertThat(asked).singleElement().isInstanceOf(Request.Reader.class);
    }

    @Test
    void whoGivesKeysBeforeTheProofIsNotBelieved() {
        begin();
        proving.answered(VERIFIER, lastId, GRANTED);
        assertThat(member.keys).isEmpty();
        assertThat(granted).isEmpty();
        assertThat(proving.isGranted(VERIFIER)).isFalse();
    }

    @Test
    void whoGivesThemForTheProofIsAndOnce() {
        begin();
        proving.answered(VERIFIER, lastId, new Answer.Challenge(new TestMembership(5).reader()));
        assertThat(asked.getLast()).isInstanceOf(Request.Proof.class);
        proving.answered(VERIFIER, lastId, GRANTED);
        assertThat(member.keys).hasSize(1);
        assertThat(granted).containsExactly(VERIFIER);
        proving.answered(VERIFIER, lastId, new Answer.Granted(List.of(new byte[32], new byte[32])));
        assertThat(member.keys).hasSize(1);
    }

    @Test
    void aChallengeInsteadOfAnAnswerToTheProofIsNotTakenUp() {
        begin();
        Answer challenge = new Answer.Challenge(new TestMembership(5).reader());
        proving.answered(VERIFIER, lastId, challenge);
        int requests = asked.size();
        proving.answered(VERIFIER, lastId, challenge);
        assertThat(asked).hasSize(requests);
    }
}
