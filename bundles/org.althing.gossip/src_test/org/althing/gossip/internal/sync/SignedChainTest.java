// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.ledger.DaoLedger.Seal;
import org.althing.api.net.PeerId;
import org.althing.api.seal.Certificate;
import org.althing.api.seal.SealHeader;
import org.althing.codec.Ed25519;
import org.althing.codec.EntryCodec;
import org.althing.codec.Merkle;
import org.althing.codec.RulesCodec;
import org.althing.codec.SealCodec;
import org.althing.gossip.internal.sync.SyncSimulation.Manner;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;
import org.althing.testkit.governance.TestSigner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A chain with a real charter, real entries and certificates that four notaries have really signed, taken by one who knows its name alone. */
class SignedChainTest {

    private static final int SEALS = 12;
    private static final int NEW_NOTARIES_AT = 6;

    private final Ed25519 signatures = Ed25519.fastest();
    private final TestMember founder = new TestMember("m0", signatures);
    private final List<TestSigner> first = signers("n", 4);
    private final List<TestSigner> second = signers("p", 4);
    private final Entry charter = TestDao.charter(signatures, List.of(founder), first, TestDao.rules());
    private final Cid dao = charter.cid();

    private List<TestSigner> signers(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TestSigner(name + i, signatures))
                .sorted(Comparator.comparing(TestSigner::key))
                .toList();
    }

    @Test
    void whoKnowsTheNameOfTheDaoAloneGetsAndChecksAllOfIt() {
        TestReplica node = empty();
        SyncSimulation simulation = simulation(node);
        PeerId peer = simulation.add(Manner.HONEST, replica(3, 3), 10, 1_000_000, 0);
        assertThat(simulation.run(SEALS - 1, 60_000))
                .as("%s %s", simulation.bans, simulation.alarms)
                .isTrue();
        assertThat(simulation.bans).doesNotContainKey(peer);
        assertThat(node.tip().notaries()).isEqualTo(keys(second));
        assertThat(node.ledger().has(dao)).isTrue();
    }

    @Test
    void aCertificateWithoutAQuorumIsRefusedAndItsPeerNamed() {
        refused(replica(2, 3), "header at height 0 is wrong: 2 of 4 notaries signed");
    }

    @Test
    void aCertificateOfFormerNotariesIsRefused() {
        refused(replica(3, 0), "header at height " + NEW_NOTARIES_AT + " is wrong");
    }

    @Test
    void notariesThatTheHeaderDoesNotNameAreRefused() {
        List<PublicKey> others = keys(signers("liar", 4));
        refused(
                replica(3, 3, set -> set(set).map(keys -> keys.equals(keys(second)) ? others : keys)),
                "header at height " + (NEW_NOTARIES_AT - 1)
                        + " is wrong: it comes without the notaries of the next one");
    }

    private void refused(TestReplica lying, String reason) {
        TestReplica node = empty();
        SyncSimulation simulation = simulation(node);
        PeerId liar = simulation.add(Manner.HONEST, lying, 10, 1_000_000, 0);
        assertThat(simulation.run(SEALS - 1, 20_000)).isFalse();
        assertThat(simulation.bans.get(liar)).contains(reason);
        simulation.add(Manner.HONEST, replica(4, 4), 10, 1_000_000, 0);
        assertThat(simulation.run(SEALS - 1, 20_000)).isTrue();
    }

    @Test
    void aNameThatIsNoChartersIsAnAlarm() {
        byte[] entry = {1, 2, 3};
        TestReplica other = new TestReplica(Cid.hash(entry), List.of(), set -> Optional.of(List.of()));
        other.ledger().add(List.of(entry)).join();
        Fetcher fetcher = new Fetcher(
                Cid.hash(entry), other.tip(), SealVerifier.bySignatures(signatures), cid -> false, () -> 1, 0);
        PeerId peer = SyncSimulation.peer(1);
        fetcher.handle(new FetchEvent.Joined(peer), 0);
        fetcher.handle(new FetchEvent.Answered(peer, 1, new Answer.Status(1, Optional.of(dao), 0), 1), 1);
        assertThat(fetcher.handle(new FetchEvent.Answered(peer, 1, new Answer.Entries(List.of(entry)), 1), 2))
                .containsExactly(new FetchAction.Alarm("what names this DAO is no charter; the invitation is wrong"));
    }

    private SyncSimulation simulation(TestReplica node) {
        return new SyncSimulation(1, node, SealVerifier.bySignatures(signatures), 1);
    }

    private TestReplica empty() {
        return new TestReplica(dao, List.of(), this::set);
    }

    private Optional<List<PublicKey>> set(Cid hash) {
        return List.of(first, second).stream()
                .map(SignedChainTest::keys)
                .filter(keys -> setHash(keys).equals(hash))
                .findFirst();
    }

    /**
     * A replica of the chain.
     *
     * @param quorum how many notaries of the first set sign
     * @param laterQuorum how many of the second set sign; if none, the first goes on signing
     */
    private TestReplica replica(int quorum, int laterQuorum) {
        return replica(quorum, laterQuorum, this::set);
    }

    private TestReplica replica(int quorum, int laterQuorum, Function<Cid, Optional<List<PublicKey>>> sets) {
        TestReplica replica = new TestReplica(dao, keys(first), sets);
        Cid head = null;
        Cid previous = null;
        for (int height = 0; height < SEALS; height++) {
            List<byte[]> entries = new ArrayList<>();
            if (height == 0) {
                entries.add(EntryCodec.encode(charter));
            } else {
                byte[] entry = comment(height - 1, previous, head);
                previous = Cid.hash(entry);
                entries.add(entry);
            }
            boolean later = height >= NEW_NOTARIES_AT;
            List<TestSigner> signers =
                    later && laterQuorum > 0 ? second.subList(0, laterQuorum) : first.subList(0, quorum);
            Seal seal = seal(height, head, entries, signers);
            head = seal.cid();
            replica.bringSeal(seal, entries).join();
        }
        return replica;
    }

    private byte[] comment(int sequence, @Nullable Cid previous, @Nullable Cid seen) {
        return EntryCodec.sign(
                new EntryCodec.Draft(
                        dao,
                        founder.device().key(),
                        sequence,
                        previous,
                        seen,
                        TestDao.START_MILLIS,
                        new Body.Comment(dao, Optional.empty(), "comment " + sequence)),
                founder.device());
    }

    private Seal seal(int height, @Nullable Cid head, List<byte[]> entries, List<TestSigner> signers) {
        List<Cid> cids = entries.stream().map(Cid::hash).toList();
        SealHeader header = new SealHeader(
                dao,
                height < NEW_NOTARIES_AT ? 0 : 1,
                height,
                height,
                head,
                TestDao.START_MILLIS + height,
                cids.size(),
                Merkle.root(cids.stream().map(Cid::toBytes).toList()),
                dao,
                setHash(keys(height < NEW_NOTARIES_AT ? first : second)),
                setHash(keys(height + 1 < NEW_NOTARIES_AT ? first : second)));
        byte[] bytes = SealCodec.encode(header);
        Cid cid = Cid.hash(bytes);
        byte[] message = SealCodec.voteMessage(Certificate.Kind.FINALIZE, dao, header.epoch(), header.view(), cid);
        List<Certificate.Vote> votes = signers.stream()
                .map(signer -> new Certificate.Vote(signer.key(), signer.sign(message)))
                .toList();
        Certificate certificate =
                new Certificate(Certificate.Kind.FINALIZE, dao, header.epoch(), header.view(), cid, votes);
        return new Seal(height, bytes, cids, SealCodec.encode(certificate));
    }

    private static List<PublicKey> keys(List<TestSigner> signers) {
        return signers.stream().map(TestSigner::key).toList();
    }

    private static Cid setHash(List<PublicKey> keys) {
        return RulesCodec.setHash(SealVerifier.withoutAddresses(keys));
    }
}
