// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.althing.api.Cid;
import org.althing.api.governance.Notary;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.junit.jupiter.api.Test;

class SealCodecTest {

    private static final Ed25519 SIGNATURES = Ed25519.fastest();

    private final List<byte[]> seeds = seeds(4);
    private final List<Notary> set = seeds.stream()
            .map(seed -> new Notary(SIGNATURES.publicKey(seed), List.of()))
            .toList();
    private final SealHeader header = header(set);
    private final Cid cid = Cid.hash(SealCodec.encode(header));

    @Test
    void aQuorumMakesASealFinal() {
        assertThat(refusal(certificate(Certificate.Kind.FINALIZE, cid, 0, 1, 2)))
                .isEmpty();
        assertThat(refusal(certificate(Certificate.Kind.FINALIZE, cid, 0, 1, 2, 3)))
                .isEmpty();
    }

    @Test
    void fewerThanAQuorumDoNot() {
        assertThat(refusal(certificate(Certificate.Kind.FINALIZE, cid, 0, 1)))
                .hasValueSatisfying(r -> assertThat(r).contains("3 are needed"));
    }

    @Test
    void notarizingIsNotFinalizing() {
        assertThat(refusal(certificate(Certificate.Kind.NOTARIZE, cid, 0, 1, 2)))
                .isPresent();
    }

    @Test
    void aCertificateForAnotherSealIsRefused() {
        assertThat(refusal(certificate(Certificate.Kind.FINALIZE, Cid.hash(new byte[1]), 0, 1, 2)))
                .isPresent();
        Certificate good = certificate(Certificate.Kind.FINALIZE, cid, 0, 1, 2);
        assertThat(refusal(new Certificate(good.kind(), good.dao(), good.epoch() + 1, good.view(), cid, good.votes())))
                .isPresent();
        assertThat(refusal(new Certificate(good.kind(), good.dao(), good.epoch(), good.view() + 1, cid, good.votes())))
                .isPresent();
        assertThat(refusal(new Certificate(good.kind(), cid, good.epoch(), good.view(), cid, good.votes())))
                .isPresent();
    }

    @Test
    void strangersAndDoublesDoNotCount() {
        Certificate good = certificate(Certificate.Kind.FINALIZE, cid, 0, 1, 2);
        List<Certificate.Vote> doubled = new ArrayList<>(good.votes());
        doubled.set(2, doubled.get(1));
        assertThat(refusal(with(good, doubled))).isPresent();
        byte[] stranger = seeds(9).get(8);
        List<Certificate.Vote> strange = new ArrayList<>(good.votes());
        strange.set(2, vote(stranger, good));
        assertThat(refusal(with(good, strange))).isPresent();
    }

    @Test
    void aBadSignatureSpoilsTheCertificate() {
        Certificate good = certificate(Certificate.Kind.FINALIZE, cid, 0, 1, 2);
        List<Certificate.Vote> swapped = new ArrayList<>(good.votes());
        swapped.set(
                0,
                new Certificate.Vote(
                        good.votes().get(0).key(), good.votes().get(1).signature()));
        assertThat(refusal(with(good, swapped)))
                .hasValueSatisfying(r -> assertThat(r).contains("bad signature"));
    }

    @Test
    void aSetThatTheHeaderDoesNotNameIsRefused() {
        assertThat(SealCodec.refuse(
                        certificate(Certificate.Kind.FINALIZE, cid, 0, 1, 2),
                        header,
                        cid,
                        set.subList(0, 3),
                        SIGNATURES))
                .isPresent();
    }

    @Test
    void quorumsTolerateLessThanAThird() {
        assertThat(java.util.stream.IntStream.rangeClosed(1, 10).map(SealCodec::quorum))
                .containsExactly(1, 2, 3, 3, 4, 5, 5, 6, 7, 7);
    }

    private Optional<String> refusal(Certificate certificate) {
        return SealCodec.refuse(certificate, header, cid, set, SIGNATURES);
    }

    private Certificate certificate(Certificate.Kind kind, Cid name, int... notaries) {
        Certificate empty = new Certificate(kind, header.dao(), header.epoch(), header.view(), name, List.of());
        List<Certificate.Vote> votes = new ArrayList<>();
        for (int notary : notaries) {
            votes.add(vote(seeds.get(notary), empty));
        }
        return with(empty, votes);
    }

    private static Certificate with(Certificate c, List<Certificate.Vote> votes) {
        return new Certificate(c.kind(), c.dao(), c.epoch(), c.view(), c.header(), votes);
    }

    private static Certificate.Vote vote(byte[] seed, Certificate c) {
        byte[] message = SealCodec.voteMessage(c.kind(), c.dao(), c.epoch(), c.view(), c.header());
        return new Certificate.Vote(
                SIGNATURES.publicKey(seed), SIGNATURES.provider().sign(seed, message));
    }

    private static SealHeader header(List<Notary> set) {
        Cid hash = RulesCodec.setHash(set);
        return new SealHeader(
                Cid.hash(new byte[] {1}),
                2,
                7,
                5,
                Cid.hash(new byte[] {2}),
                1_000,
                0,
                new byte[32],
                Cid.hash(new byte[] {3}),
                hash,
                hash);
    }

    private static List<byte[]> seeds(int count) {
        Random random = new Random(11);
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            seeds.add(seed);
        }
        seeds.sort(Comparator.comparing(SIGNATURES::publicKey));
        return seeds;
    }
}
