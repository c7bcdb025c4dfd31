// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Action;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.Member;
import org.althing.api.governance.ProposalState;
import org.althing.codec.CborReader;
import org.althing.codec.Hamt;
import org.althing.codec.Node;
import org.althing.codec.RulesCodec;
import org.althing.testkit.governance.TestDao;
import org.junit.jupiter.api.Test;

/** The bytes of the state: what the root holds and proves, read with nothing but the codec and docs/formats/state.cddl. */
class StateTest extends DaoTest {

    private final TestDao dao = dao(40, 4, TestDao.rules());
    private final Cid proposal =
            dao.open(TestDao.basic(new Action.Remove(dao.member(3).key())));
    private final Cid other = counts(dao, dao.member(1).device(), TestDao.question("schulze", 1, "A", "B"))
            .cid();
    private final Entry comment =
            counts(dao, dao.member(2).device(), new Body.Comment(proposal, Optional.empty(), "Hm."));
    private final Entry ballot = counts(dao, dao.member(2).device(), TestDao.ballot(proposal, 6, 1));

    {
        for (int i = 3; i < 30; i++) {
            dao.seal(dao.entry(dao.member(i).device(), TestDao.ballot(proposal, 0, 0)));
        }
        dao.decide(dao.close(proposal), Verdict.PASSED);
    }

    @Test
    void theRootBlockHoldsTheDao() {
        Map<String, Node> root = ((Node.MapNode)
                        Node.decode(all(Optional.empty()).get(dao.state().root())))
                .entries();
        assertThat(root.keySet())
                .containsExactly("v", "dao", "keys", "epoch", "rules", "members", "notaries", "proposals", "submitted");
        assertThat(root.get("v")).isEqualTo(new Node.IntNode(1));
        assertThat(root.get("dao")).isEqualTo(new Node.Link(dao.dao()));
        assertThat(root.get("epoch")).isEqualTo(new Node.IntNode(0));
        assertThat(root.get("submitted")).isEqualTo(new Node.IntNode(2));
        assertThat(RulesCodec.read(new CborReader(root.get("rules").encode())))
                .isEqualTo(dao.state().rules());
        assertThat(RulesCodec.readNotaries(new CborReader(root.get("notaries").encode())))
                .isEqualTo(dao.state().notaries());
    }

    @Test
    void everyBlockHasItsNameAndNoneIsMissing() {
        Map<Cid, byte[]> blocks = all(Optional.empty());
        blocks.forEach((cid, block) -> assertThat(Cid.hash(block)).isEqualTo(cid));
        Map<String, Node> root = root(blocks);
        assertThat(load(root.get("members"), blocks).size()).isEqualTo(40);
        assertThat(load(root.get("keys"), blocks).size()).isEqualTo(84);
        assertThat(load(root.get("proposals"), blocks).size()).isEqualTo(2);
        for (ProposalState state : dao.state().proposals()) {
            load(new Node.Link(state.ballotMap()), blocks);
            load(new Node.Link(state.comments()), blocks);
            state.electorate().ifPresent(electorate -> load(new Node.Link(electorate), blocks));
        }
    }

    @Test
    void aProposalIsProvenByItsBlocksAlone() {
        Map<Cid, byte[]> blocks = all(Optional.of(proposal));
        Map<String, Node> root = root(blocks);
        byte[] record = Hamt.verify(
                        link(root.get("proposals")),
                        proposal.toBytes(),
                        List.of(blocks.get(link(root.get("proposals")))))
                .orElseThrow();
        Map<String, Node> fields = ((Node.MapNode) Node.decode(record)).entries();
        ProposalState state = dao.proposal(proposal);
        assertThat(fields.get("status")).isEqualTo(new Node.Text("executed"));
        assertThat(fields.get("ballots")).isEqualTo(new Node.IntNode(28));
        assertThat(fields.get("author"))
                .isEqualTo(new Node.Bytes(dao.member(0).key().toBytes()));
        assertThat(fields.get("electorate"))
                .isEqualTo(new Node.Link(state.electorate().orElseThrow()));
        assertThat(fields.get("ballotMap")).isEqualTo(new Node.Link(state.ballotMap()));
        assertThat(fields.get("results"))
                .isInstanceOfSatisfying(
                        Node.ListNode.class,
                        results -> assertThat(results.items()).hasSize(1));
        Hamt electorate = load(fields.get("electorate"), blocks);
        assertThat(electorate.size()).isEqualTo(40);
        Member removed = Records.MEMBER.read(
                dao.member(3).key(),
                new CborReader(electorate.get(dao.member(3).key().toBytes()).orElseThrow()));
        assertThat(removed.active()).isTrue();
        assertThat(isMember(dao, dao.member(3))).isFalse();
        Hamt ballots = load(fields.get("ballotMap"), blocks);
        assertThat(ballots.size()).isEqualTo(28);
        assertThat(Records.BALLOT.read(
                        dao.member(2).key(),
                        new CborReader(
                                ballots.get(dao.member(2).key().toBytes()).orElseThrow())))
                .isEqualTo(dao.state().ballot(proposal, dao.member(2).key()).orElseThrow());
        Hamt comments = load(fields.get("comments"), blocks);
        assertThat(comments.get(comment.cid().toBytes())).isPresent();
        Hamt keys = load(root.get("keys"), blocks);
        assertThat(Records.KEY.read(
                        dao.member(2).device().key(),
                        new CborReader(
                                keys.get(dao.member(2).device().key().toBytes()).orElseThrow())))
                .isEqualTo(dao.state().key(dao.member(2).device().key()).orElseThrow());
        assertThat(blocks).doesNotContainKey(link(root.get("members")));
        assertThat(ballot.cid())
                .isEqualTo(dao.state()
                        .ballot(proposal, dao.member(2).key())
                        .orElseThrow()
                        .ballot());
    }

    @Test
    void theAbsenceOfAProposalIsProven() {
        Map<Cid, byte[]> blocks = all(Optional.of(fakeCid(1)));
        Cid proposals = link(root(blocks).get("proposals"));
        assertThat(Hamt.verify(proposals, fakeCid(1).toBytes(), List.of(blocks.get(proposals))))
                .isEmpty();
    }

    @Test
    void theAbsenceOfABallotIsProven() {
        Map<Cid, byte[]> blocks = all(Optional.of(proposal));
        Cid ballots = dao.proposal(proposal).ballotMap();
        byte[] key = dao.member(35).key().toBytes();
        assertThat(Hamt.verify(
                        ballots, key, load(new Node.Link(ballots), blocks).prove(key)))
                .isEmpty();
        byte[] voter = dao.member(5).key().toBytes();
        assertThat(Hamt.verify(
                        ballots, voter, load(new Node.Link(ballots), blocks).prove(voter)))
                .isPresent();
    }

    @Test
    void everythingKnownOfAProposalIsInItsRecord() {
        ProposalState state = dao.proposal(proposal);
        Map<String, Node> fields = fields(state);
        assertThat(fields).hasSize(29);
        // Fields of the record, apart from the map's key and the body, which the proposal's entry has.
        assertThat(ProposalState.class.getRecordComponents()).hasSize(fields.size() + 2);
    }

    @Test
    void anEmptyDaoAndAnEmptyMapHaveTheirCanonicalNames() {
        assertThat(dao.proposal(other).ballotMap()).isEqualTo(Hamt.empty().root());
        assertThat(dao.proposal(other).comments()).isEqualTo(Hamt.empty().root());
    }

    @Test
    void anyChangeOfTheStateChangesTheRoot() {
        List<Cid> roots = new ArrayList<>();
        TestDao small = dao(2, 1, TestDao.rules());
        roots.add(small.state().root());
        small.seal();
        assertThat(small.state().root()).as("nothing happened").isEqualTo(roots.getFirst());
        Cid p = counts(small, small.member(0).device(), TestDao.basic()).cid();
        roots.add(small.state().root());
        small.opened(p);
        roots.add(small.state().root());
        counts(small, small.member(1).device(), TestDao.ballot(p, 0, 0));
        roots.add(small.state().root());
        counts(small, small.member(1).device(), TestDao.ballot(p, 0, 0));
        roots.add(small.state().root());
        small.close(p);
        roots.add(small.state().root());
        small.decide(p, Verdict.REJECTED);
        roots.add(small.state().root());
        isVoid(small, small.member(1).device(), TestDao.ballot(p, 0, 0), "not open");
        roots.add(small.state().root());
        assertThat(roots).doesNotHaveDuplicates();
    }

    private static Map<String, Node> fields(ProposalState state) {
        return ((Node.MapNode) Node.decode(Records.proposal(state))).entries();
    }

    private Map<Cid, byte[]> all(Optional<Cid> of) {
        Map<Cid, byte[]> blocks = new HashMap<>();
        dao.state().blocks(of, blocks::put);
        return blocks;
    }

    private Map<String, Node> root(Map<Cid, byte[]> blocks) {
        return ((Node.MapNode) Node.decode(blocks.get(dao.state().root()))).entries();
    }

    private static Cid link(Node node) {
        return ((Node.Link) node).value();
    }

    private static Hamt load(Node link, Map<Cid, byte[]> blocks) {
        return Hamt.load(link(link), blocks::get);
    }
}
