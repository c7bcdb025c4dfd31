// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.Test;

/** The question that is counted and the decision that a count means. */
class OutcomesTest extends DaoTest {

    private final TestDao dao = dao(4);

    @Test
    void theQuestionIsThatOfTheProposal() {
        Body.Proposal body =
                new Body.Proposal("T", "", List.of("A", "B", "C"), "schulze", 1, 2, true, List.of(), Terms.NONE);
        ProposalState proposal = dao.proposal(dao.open(body));
        Question question = governance.question(proposal, fakeCid(1));
        assertThat(question.options()).isEqualTo(3);
        assertThat(question.seats()).isEqualTo(2);
        assertThat(question.unranked()).isEqualTo(Question.Unranked.IGNORED);
        ProposalState other = dao.proposal(dao.open(TestDao.question("schulze", 1, "A", "B")));
        assertThat(governance.question(other, fakeCid(1)).unranked()).isEqualTo(Question.Unranked.LAST);
    }

    @Test
    void theLotIsSortedByHash() throws NoSuchAlgorithmException {
        String[] options = IntStream.range(0, 300).mapToObj(i -> "o" + i).toArray(String[]::new);
        ProposalState proposal = dao.proposal(dao.open(TestDao.question("schulze", 1, options)));
        List<Integer> lot = governance.question(proposal, fakeCid(1)).lot();
        byte[][] draws = new byte[300][];
        for (int i = 0; i < 300; i++) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(ByteBuffer.allocate(14 + 36 + 36 + 4)
                    .put("althing-lot-1\0".getBytes(StandardCharsets.US_ASCII))
                    .put(fakeCid(1).toBytes())
                    .put(proposal.proposal().toBytes())
                    .putInt(i)
                    .array());
            draws[i] = sha.digest();
        }
        List<Integer> expected = new ArrayList<>(IntStream.range(0, 300).boxed().toList());
        expected.sort((a, b) -> Arrays.compareUnsigned(draws[a], draws[b]));
        assertThat(lot).isEqualTo(expected);
        assertThat(governance.question(proposal, fakeCid(2)).lot()).isNotEqualTo(lot);
    }

    @Test
    void theQuorumIsInclusiveAndExact() {
        // A quarter of four votes is one vote.
        ProposalState proposal = dao.proposal(dao.open(TestDao.basic()));
        BigInteger one = Tally.VOTE;
        assertThat(decide(proposal, one, BigInteger.ZERO, 1, 0).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(decide(proposal, one.subtract(BigInteger.ONE), BigInteger.ONE, 1, 0)
                        .verdict())
                .isEqualTo(Verdict.PASSED);
        assertThat(decide(proposal, one.subtract(BigInteger.ONE), BigInteger.ZERO, 1, 0)
                        .verdict())
                .isEqualTo(Verdict.QUORUM_MISSED);
        assertThat(decide(proposal, one.subtract(BigInteger.TWO), BigInteger.ONE, 1, 0)
                        .verdict())
                .isEqualTo(Verdict.QUORUM_MISSED);
    }

    @Test
    void aQuorumThatDoesNotDivideIsNotRounded() {
        Terms third = new Terms(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.of(Fraction.of(1, 3)),
                Optional.empty());
        ProposalState proposal = dao.proposal(dao.open(TestDao.basic(third)));
        BigInteger floor = Tally.VOTE.multiply(BigInteger.valueOf(4)).divide(BigInteger.valueOf(3));
        assertThat(decide(proposal, floor, BigInteger.ZERO, 1, 0).verdict()).isEqualTo(Verdict.QUORUM_MISSED);
        assertThat(decide(proposal, floor.add(BigInteger.ONE), BigInteger.ZERO, 1, 0)
                        .verdict())
                .isEqualTo(Verdict.PASSED);
    }

    @Test
    void withoutAnElectorateNothingIsDecided() {
        ProposalState unopened = dao.proposal(
                dao.seal(dao.entry(dao.member(0).device(), TestDao.basic())).isEmpty()
                        ? fakeCid(0)
                        : dao.state().proposals().getFirst().proposal());
        assertThat(unopened.electoratePower()).isZero();
        assertThat(decide(unopened, BigInteger.ZERO, BigInteger.ZERO, 1, 0).verdict())
                .isEqualTo(Verdict.QUORUM_MISSED);
    }

    @Test
    void basicMustExceedItsThreshold() {
        ProposalState half = dao.proposal(dao.open(TestDao.basic()));
        assertThat(basic(half, 2, 1, 1)).isEqualTo(Verdict.PASSED);
        assertThat(basic(half, 1, 1, 2)).isEqualTo(Verdict.REJECTED);
        assertThat(basic(half, 0, 0, 4)).isEqualTo(Verdict.REJECTED);
        assertThat(basic(half, 1, 0, 3)).isEqualTo(Verdict.PASSED);
        Terms twoThirds = new Terms(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of(Fraction.of(2, 3)));
        ProposalState qualified = dao.proposal(dao.open(TestDao.basic(twoThirds)));
        assertThat(basic(qualified, 2, 1, 1)).isEqualTo(Verdict.REJECTED);
        assertThat(basic(qualified, 3, 1, 0)).isEqualTo(Verdict.PASSED);
    }

    @Test
    void aThresholdOfZeroStillWantsOneVote() {
        TestDao easy = dao(4, 1, new TestRules().threshold(Fraction.ZERO).build());
        ProposalState proposal = easy.proposal(easy.open(TestDao.basic()));
        assertThat(basic(proposal, 0, 0, 4)).isEqualTo(Verdict.REJECTED);
        assertThat(basic(proposal, 0, 4, 0)).isEqualTo(Verdict.REJECTED);
        assertThat(basic(proposal, 1, 3, 0)).isEqualTo(Verdict.PASSED);
    }

    @Test
    void otherMethodsPassWithAWinner() {
        ProposalState proposal = dao.proposal(dao.open(TestDao.question("schulze:margin", 1, "A", "B", "C")));
        BigInteger all = Tally.VOTE.multiply(BigInteger.valueOf(4));
        assertThat(decide(proposal, all, BigInteger.ZERO, List.of(2), 0, 0))
                .isEqualTo(new Decision(Verdict.PASSED, List.of(2)));
        assertThat(decide(proposal, BigInteger.ZERO, all, List.of(), 0, 0))
                .isEqualTo(new Decision(Verdict.REJECTED, List.of()));
        assertThat(decide(proposal, BigInteger.ONE, BigInteger.ZERO, List.of(2), 0, 0))
                .isEqualTo(new Decision(Verdict.QUORUM_MISSED, List.of(2)));
    }

    @Test
    void aSetHasOneNameInAnyOrder() {
        List<Notary> set = TestDao.set(dao.signer("a"), dao.signer("b"), dao.signer("c"));
        assertThat(governance.setHash(set.reversed())).isEqualTo(governance.setHash(set));
        assertThat(governance.setHash(set.subList(0, 2))).isNotEqualTo(governance.setHash(set));
    }

    private Verdict basic(ProposalState proposal, long inFavour, long against, long abstained) {
        BigInteger power = Tally.VOTE.multiply(BigInteger.valueOf(inFavour + against + abstained));
        return decide(proposal, power, BigInteger.ZERO, inFavour, against).verdict();
    }

    private Decision decide(ProposalState proposal, BigInteger valid, BigInteger blank, long inFavour, long against) {
        return decide(proposal, valid, blank, List.of(0), inFavour, against);
    }

    private Decision decide(
            ProposalState proposal,
            BigInteger valid,
            BigInteger blank,
            List<Integer> winners,
            long inFavour,
            long against) {
        Result result = new Result(
                winners,
                List.of(),
                List.of(),
                List.of(Fraction.of(inFavour, 1), Fraction.of(against, 1), Fraction.ZERO),
                List.of(),
                Optional.empty());
        Cid hash = fakeCid(1);
        BigInteger some = BigInteger.ONE;
        return governance.decide(
                proposal,
                new Tally(new MethodId("basic", ""), 1, Question.of(3), result, some, some, some, valid, blank, hash));
    }
}
