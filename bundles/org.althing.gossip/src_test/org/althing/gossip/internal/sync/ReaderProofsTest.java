// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.althing.api.Cid;
import org.althing.api.net.PeerId;
import org.junit.jupiter.api.Test;

class ReaderProofsTest {

    private static final Cid DAO = Cid.hash(new byte[] {1});
    private static final PeerId PROVER = SyncSimulation.peer(1);
    private static final PeerId VERIFIER = SyncSimulation.peer(2);
    private static final PeerId MIDDLE = SyncSimulation.peer(3);

    private final TestMembership member = new TestMembership(1);
    private final ReaderProofs verifying = new ReaderProofs(DAO, VERIFIER);
    private final ReaderProofs proving = new ReaderProofs(DAO, PROVER);

    private Request.Proof proof(PeerId verifier, byte[] challenge) {
        return proving.answer(member, verifier, challenge);
    }

    private boolean prove(PeerId prover, Request.Proof proof) {
        return verifying.prove(
                prover, List.of(new TestMembership(4).reader(), member.reader()), proof.reader(), proof.mac());
    }

    @Test
    void whoHoldsTheKeyIsBelieved() {
        byte[] challenge = verifying.challenge(PROVER);
        assertThat(prove(PROVER, proof(VERIFIER, challenge))).isTrue();
        assertThat(verifying.size()).isEqualTo(1);
        verifying.left(PROVER);
        assertThat(verifying.size()).isZero();
    }

    @Test
    void aProofServesOnce() {
        Request.Proof proof = proof(VERIFIER, verifying.challenge(PROVER));
        assertThat(prove(PROVER, proof)).isTrue();
        verifying.left(PROVER);
        assertThat(prove(PROVER, proof)).isFalse();
        verifying.challenge(PROVER);
        assertThat(prove(PROVER, proof)).isFalse();
        assertThat(verifying.size()).isZero();
    }

    @Test
    void whoStandsInBetweenProvesNothing() {
        byte[] challenge = verifying.challenge(MIDDLE);
        Request.Proof proofForTheMiddle = proof(MIDDLE, challenge);
        assertThat(prove(MIDDLE, proofForTheMiddle)).isFalse();
        byte[] again = verifying.challenge(MIDDLE);
        assertThat(prove(MIDDLE, proof(VERIFIER, again))).isFalse();
    }

    @Test
    void aProofForAnotherPeerServesNoOne() {
        byte[] challenge = verifying.challenge(PROVER);
        assertThat(prove(PROVER, proof(MIDDLE, challenge))).isFalse();
    }

    @Test
    void anotherKeyDaoOrBitProvesNothing() {
        byte[] challenge = verifying.challenge(PROVER);
        assertThat(prove(PROVER, proving.answer(new TestMembership(9), VERIFIER, challenge)))
                .isFalse();
        byte[] second = verifying.challenge(PROVER);
        ReaderProofs elsewhere = new ReaderProofs(Cid.hash(new byte[] {2}), PROVER);
        assertThat(prove(PROVER, elsewhere.answer(member, VERIFIER, second))).isFalse();
        byte[] third = verifying.challenge(PROVER);
        Request.Proof flipped = proof(VERIFIER, third);
        flipped.mac()[0] ^= 1;
        assertThat(prove(PROVER, flipped)).isFalse();
    }

    @Test
    void howeverManyPeersAskOrProveLittleIsRemembered() {
        for (int i = 0; i < ReaderProofs.OPEN_MAX + 10; i++) {
            verifying.challenge(SyncSimulation.peer(100 + i));
        }
        assertThat(verifying.size()).isEqualTo(ReaderProofs.OPEN_MAX);
        for (int i = 0; i < ReaderProofs.PROVED_MAX + 10; i++) {
            PeerId peer = SyncSimulation.peer(1_000 + i);
            ReaderProofs other = new ReaderProofs(DAO, peer);
            Request.Proof proof = other.answer(member, VERIFIER, verifying.challenge(peer));
            assertThat(prove(peer, proof)).isEqualTo(i < ReaderProofs.PROVED_MAX);
        }
        assertThat(verifying.size()).isLessThanOrEqualTo(ReaderProofs.OPEN_MAX + ReaderProofs.PROVED_MAX);
    }

    @Test
    void keysOfSmallOrderAreRefused() {
        byte[] none = new byte[32];
        verifying.challenge(PROVER);
        assertThat(verifying.prove(PROVER, List.of(none), new byte[32], new byte[32]))
                .isFalse();
        assertThatThrownBy(() -> proof(VERIFIER, none)).isInstanceOf(IllegalArgumentException.class);
    }
}
