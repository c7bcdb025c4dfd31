// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signer;
import org.althing.api.evidence.Evidence.Claim;
import org.althing.api.evidence.Evidence.Report;
import org.althing.api.evidence.Evidence.Verdict;
import org.althing.api.governance.Notary;
import org.althing.api.tally.Choice;
import org.althing.codec.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attackers with some keys, who make everything fit as far as these keys go. */
class AttackTest {

    private static final SampleDao.Story STORY = SampleDao.story();
    private static final SampleDao DAO = STORY.dao();
    private static final byte[] PROPOSAL = Samples.file(DAO, Optional.of(STORY.ferry()));
    private static final byte[] WHOLE = Samples.file(DAO, Optional.empty());
    private static final int CLOSED = 7;
    private static final int HEAD = 26;

    @TempDir
    Path folder;

    private Claim failure(byte[] forged) {
        try {
            Path file = Files.write(folder.resolve("forged.car"), forged);
            Report report = new Verifier(
                            SampleDao.GOVERNANCE,
                            SampleDao.ENGINE,
                            SampleDao.SIGNATURES,
                            Runnable::run,
                            EnumSet.allOf(Check.class))
                    .verify(file, new Verifier.Known(Optional.empty(), Optional.empty()), 1);
            assertThat(report.holds()).isFalse();
            return report.claims().stream()
                    .filter(claim -> claim.verdict() == Verdict.FAILS)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<PublicKey, Signer> keys(PublicKey... held) {
        Map<PublicKey, Signer> keys = new HashMap<>();
        for (PublicKey key : held) {
            keys.put(key, DAO.keys.get(key));
        }
        return keys;
    }

    private static Cid ballot(int member) {
        return DAO.state()
                .ballot(STORY.ferry(), DAO.members.get(member).key())
                .orElseThrow()
                .ballot();
    }

    private static Node ranking(int... options) {
        return new Node.MapNode(Map.of(
                "rank",
                new Node.ListNode(Arrays.stream(options)
                        .mapToObj(o -> (Node) new Node.ListNode(List.of(Forgery.number(o))))
                        .toList())));
    }

    @Test
    void aMemberSignsItsBallotAgainWithAnotherChoice() {
        for (byte[] file : List.of(PROPOSAL, WHOLE)) {
            // The newcomer has seen a seal that is another now, so it has to help.
            PublicKey newcomer = DAO.members.get(5).device().key();
            Forgery forgery = new Forgery(file, keys(DAO.members.get(3).device().key(), newcomer))
                    .set(ballot(3), ranking(0, 1, 2), 0, "body", "choice");
            // In a replay the forged header also draws other lots for the order of the seals after it.
            assertThat(failure(forgery.fit()).id()).isIn("certificates", "sealing");
        }
    }

    @Test
    void aMemberPutsItsNewBallotInThePlaceOfTheSealedOne() {
        Forgery forgery = new Forgery(PROPOSAL, keys(DAO.members.get(3).device().key()))
                .set(ballot(3), ranking(0, 1, 2), 0, "body", "choice");
        Map<Cid, byte[]> blocks = Forgery.blocks(PROPOSAL);
        blocks.putAll(Forgery.blocks(forgery.fit()));
        List<Cid> order = Forgery.blocks(PROPOSAL).keySet().stream()
                .map(cid -> cid.equals(ballot(3)) ? forgery.name(cid) : cid)
                .toList();
        assertThat(failure(Forgery.car(order.getFirst(), order, blocks)).id()).isEqualTo("file");
    }

    @Test
    void oneNotaryForgesAHeader() {
        List<Notary> set = DAO.state().notaries();
        Forgery forgery = new Forgery(PROPOSAL, keys(set.getFirst().key()));
        forgery.change(forgery.header(HEAD), Forgery.plus(1), "time");
        assertThat(failure(forgery.fit()))
                .satisfies(claim -> assertThat(claim.id()).isEqualTo("certificates"))
                .satisfies(claim -> assertThat(claim.detail()).contains("bad signature"));
    }

    @Test
    void aStrangerSignsTheHeadWithAKeyOfItsOwn() {
        PublicKey own = DAO.members.get(0).device().key();
        Forgery forgery = new Forgery(PROPOSAL, keys(own));
        forgery.set(certificate(forgery), new Node.ListNode(List.of(vote(own))), "votes");
        assertThat(failure(forgery.fit()))
                .satisfies(claim -> assertThat(claim.id()).isEqualTo("certificates"))
                .satisfies(claim -> assertThat(claim.detail()).contains("is not a notary of this seal"));
    }

    private static Node vote(PublicKey key) {
        return new Node.ListNode(List.of(new Node.Bytes(key.toBytes()), new Node.Bytes(new byte[64])));
    }

    private static Cid certificate(Forgery forgery) {
        return Forgery.link(forgery.block(forgery.page()), HEAD, 2);
    }

    @Test
    void fewerThanAQuorumOfTheNotariesSign() {
        Forgery forgery = new Forgery(WHOLE, DAO.keys);
        forgery.change(
                certificate(forgery),
                votes -> new Node.ListNode(((Node.ListNode) votes).items().subList(0, 2)),
                "votes");
        assertThat(failure(forgery.fit()).detail()).contains("2 of 4 notaries signed; 3 are needed");
    }

    @Test
    void aBallotIsLeftOutOfAMapThatIsConsistent() {
        // Everybody but the notaries: they signed the root of the true map.
        Map<PublicKey, Signer> keys = new HashMap<>(DAO.keys);
        DAO.state().notaries().forEach(notary -> keys.remove(notary.key()));
        Forgery forgery = new Forgery(PROPOSAL, keys);
        withoutBallot(forgery, 3);
        assertThat(failure(forgery.fit()).id()).isEqualTo("certificates");
        // The notaries too, in all but the count that they signed.
        Forgery colluding = new Forgery(PROPOSAL, DAO.keys);
        withoutBallot(colluding, 3);
        assertThat(failure(colluding.fit()).id()).isEqualTo("ballots");
    }

    private static void withoutBallot(Forgery forgery, int member) {
        Cid[] map = new Cid[1];
        Forgery.hamt(forgery.block(forgery.map(CLOSED, "proposals")), (key, value) -> {
            map[0] = Arrays.equals(key, STORY.ferry().toBytes()) ? Forgery.link(value, "ballotMap") : map[0];
            return value;
        });
        forgery.record(map[0], DAO.members.get(member).key().toBytes(), ballot -> null);
    }

    @Test
    void theElectorateIsInflated() {
        Map<PublicKey, Signer> members = new HashMap<>(DAO.keys);
        DAO.state().notaries().forEach(notary -> members.remove(notary.key()));
        Forgery forgery = new Forgery(PROPOSAL, members);
        forgery.record(
                forgery.map(2, "members"),
                DAO.members.get(0).key().toBytes(),
                member -> Forgery.with(
                        member, old -> new Node.Bytes(SampleDao.votes(200).toByteArray()), 2));
        assertThat(failure(forgery.fit()).id()).isEqualTo("certificates");
    }

    @Test
    void aNotarySignsAResultWithAnotherTally() {
        Forgery forgery = new Forgery(PROPOSAL, DAO.keys);
        Cid result = Forgery.link(forgery.block(forgery.root()), "proof", "results", 0, 0);
        forgery.set(result, new Node.Link(Cid.hash(new byte[1])), 0, "body", "tally");
        assertThat(failure(forgery.fit()).id()).isEqualTo("results");
    }

    @Test
    void aChainOfAnotherDaoOrAMixOfTwoFiles() throws AlthingException {
        SampleDao other = new SampleDao(4, 4, 3);
        Cid question = other.open(0, SampleDao.question("Elsewhere", "approval"));
        other.seal(other.vote(1, question, 0, new Choice.Approval(List.of(1))));
        other.close(question);
        other.decide(question);
        Map<Cid, byte[]> ours = Forgery.blocks(PROPOSAL);
        Map<Cid, byte[]> theirs = Forgery.blocks(Samples.file(other, Optional.of(question)));
        // Our manifest with their chain: the pages are theirs.
        Forgery forgery = new Forgery(PROPOSAL, Map.of());
        List<Cid> theirNames = List.copyOf(theirs.keySet());
        theirs.forEach((cid, bytes) -> forgery.add(Node.decode(bytes)));
        forgery.set(forgery.root(), new Node.Link(theirNames.get(2)), "pages", 0);
        assertThat(failure(forgery.fit()).id()).isEqualTo("chain");
        // Half of one file, half of another.
        Map<Cid, byte[]> both = new LinkedHashMap<>(ours);
        both.putAll(theirs);
        List<Cid> order = List.copyOf(ours.keySet()).subList(0, ours.size() / 2);
        List<Cid> mixed = new ArrayList<>(order);
        mixed.addAll(theirNames.subList(theirNames.size() / 2, theirNames.size()));
        assertThat(failure(Forgery.car(mixed.getFirst(), mixed, both)).id()).isEqualTo("file");
        // The proof of one proposal under the manifest of another.
        Forgery swapped = new Forgery(PROPOSAL, Map.of());
        swapped.set(swapped.root(), new Node.Link(question), "proof", "proposal");
        assertThat(failure(swapped.fitInOldOrder()).id()).isEqualTo("file");
    }

    @Test
    void powerBeyondAnyBoundIsNoEscape() {
        Forgery forgery = new Forgery(PROPOSAL, DAO.keys);
        byte[] most = BigInteger.ONE.shiftLeft(120).subtract(BigInteger.ONE).toByteArray();
        Node.Bytes power = new Node.Bytes(Arrays.copyOfRange(most, most.length - 15, most.length));
        forgery.change(
                forgery.map(2, "members"),
                map -> Forgery.hamt(map, (key, member) -> Forgery.with(member, old -> power, 2)));
        assertThat(failure(forgery.fit()).id()).isEqualTo("electorate");
    }
}
