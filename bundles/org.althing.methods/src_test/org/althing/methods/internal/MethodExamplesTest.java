// SPDX-License-Identifier: EPL-2.0
package org.althing.methods.internal;

import static org.althing.methods.internal.Elections.approval;
import static org.althing.methods.internal.Elections.count;
import static org.althing.methods.internal.Elections.of;
import static org.althing.methods.internal.Elections.question;
import static org.althing.methods.internal.Elections.ranked;
import static org.althing.methods.internal.Elections.ranking;
import static org.althing.methods.internal.Elections.scores;
import static org.althing.methods.internal.Elections.units;
import static org.althing.methods.internal.Elections.weights;
import static org.althing.methods.internal.Elections.winners;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.althing.api.Fraction;
import org.althing.api.tally.BallotPaper;
import org.althing.api.tally.Choice;
import org.althing.api.tally.Counter;
import org.althing.api.tally.Question;
import org.althing.api.tally.Question.Unranked;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.api.tally.VotingMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each method and each tie rule on elections small enough to count by hand. */
class MethodExamplesTest {

    static List<VotingMethod> methods() {
        return Elections.METHODS;
    }

    @Test
    void singleChoiceAddsUpPower() {
        Result result = count(
                new SingleChoice(),
                3,
                of(2, new Choice.Single(1)),
                of(1, new Choice.Single(0)),
                of(1, new Choice.Blank()));
        assertThat(scores(result)).isEqualTo("1 2 0");
        assertThat(ranking(result)).isEqualTo("B>A>C");
        assertThat(winners(result)).isEqualTo("B");
        assertThat(result.tie()).isEmpty();
    }

    @Test
    void aTieForTheSeatFallsByTheLotAndStaysVisible() {
        Result result = count(
                new SingleChoice(),
                "",
                question(1, Unranked.LAST, "CBA"),
                of(1, new Choice.Single(0)),
                of(1, new Choice.Single(2)));
        assertThat(ranking(result)).isEqualTo("A=C>B");
        assertThat(winners(result)).isEqualTo("C");
        assertThat(result.tie()).contains(new Result.Tie(List.of(0, 2), "lot", List.of(2, 0)));
    }

    @Test
    void equalWinnersWhoAllHaveASeatAreNoTie() {
        Result result = count(
                new SingleChoice(),
                "",
                question(2, Unranked.LAST, "CBA"),
                of(1, new Choice.Single(0)),
                of(1, new Choice.Single(2)));
        assertThat(winners(result)).isEqualTo("CA");
        assertThat(result.tie()).isEmpty();
    }

    @Test
    void basicTakesForAgainstAbstain() {
        Result result = count(
                new Basic(), 3, of(3, new Choice.Single(0)), of(2, new Choice.Single(1)), of(9, new Choice.Single(2)));
        assertThat(scores(result)).isEqualTo("3 2 9");
        assertThat(new Basic().refuse("", Question.of(4)).orElseThrow()).contains("exactly three options");
        assertThatThrownBy(() -> new Basic().counter("", Question.of(2))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void approvalGivesTheWholePowerToEachApproved() {
        Result result =
                count(new ApprovalVoting(), 3, of(2, approval("AB")), of(1, approval("BC")), of(4, approval("")));
        assertThat(scores(result)).isEqualTo("2 3 1");
        assertThat(winners(result)).isEqualTo("B");
    }

    @Test
    void pluralitySplitsEqualFirstsExactly() {
        Result result = count(new Plurality(), 3, ranked(1, "A=B=C"), ranked(1, "A=B"), ranked(1, "C>A"));
        assertThat(scores(result)).isEqualTo("5/6 5/6 4/3");
        assertThat(ranking(result)).isEqualTo("C>A=B");
    }

    @Test
    void weightedSplitsToTheLastUnit() {
        Result result = count(new Weighted(), 3, of(1, weights(1, 1, 1)));
        assertThat(result.scores().stream().map(Elections::units))
                .containsExactly(
                        new BigInteger("333333333333333334"),
                        new BigInteger("333333333333333333"),
                        new BigInteger("333333333333333333"));
        assertThat(winners(result)).isEqualTo("A");
    }

    @Test
    void quadraticMakesFourVotesOfOneEqualToTwoOfSingles() {
        // By hand: 2 x 1 vote on A against 1 x 4 votes on B is 3 : 3
        Counter counter = new Quadratic().counter("", Question.of(2));
        counter.add(BallotPaper.of(weights(1, 0), Tally.VOTE, 2));
        counter.add(BallotPaper.of(weights(0, 1), Tally.VOTE.multiply(BigInteger.valueOf(4)), 1));
        Result result = counter.result();
        assertThat(scores(result)).isEqualTo("3 3");
        assertThat(ranking(result)).isEqualTo("A=B");
    }

    @Test
    void schulzeSolvesTheExampleOfItsAuthor() {
        // M. Schulze (2011), example 1 of 45 voters: E > A > C > B > D
        Result result = count(
                new Schulze(),
                5,
                ranked(5, "A>C>B>E>D"),
                ranked(5, "A>D>E>C>B"),
                ranked(8, "B>E>D>A>C"),
                ranked(3, "C>A>B>E>D"),
                ranked(7, "C>A>E>B>D"),
                ranked(2, "C>B>A>D>E"),
                ranked(7, "D>C>E>B>A"),
                ranked(8, "E>B>A>D>C"));
        assertThat(ranking(result)).isEqualTo("E>A>C>B>D");
        assertThat(scores(result)).isEqualTo("3 1 2 0 4");
    }

    @Test
    void unrankedOptionsAreLastOrIgnored() {
        Elections.Ballots[] ballots = {ranked(3, "A"), ranked(2, "B>A")};
        Result last = count(new Schulze(), "", question(1, Unranked.LAST, "ABC"), ballots);
        Result ignored = count(new Schulze(), "", question(1, Unranked.IGNORED, "ABC"), ballots);
        assertThat(ranking(last)).isEqualTo("A>B>C");
        assertThat(ranking(ignored)).isEqualTo("B=C>A");
    }

    @Test
    void copelandCountsWinsLessLosses() {
        Result result = count(
                new Copeland(),
                4,
                ranked(42, "A>B>D>C"),
                ranked(26, "B>D>C>A"),
                ranked(15, "D>C>B>A"),
                ranked(17, "C>D>B>A"));
        assertThat(ranking(result)).isEqualTo("B>D>C>A");
        assertThat(scores(result)).isEqualTo("-3 3 -1 1");
    }

    @Test
    void copelandOfSnapshotAddsHalfTheAverageSupport() {
        // its own example: 58/39 = 1.4871794871794872, 1, 20/39 = 0.5128205128205128, 0
        Result result = count(
                new Copeland(),
                "snapshot",
                Question.of(4),
                ranked(1, "A>B>C>D"),
                ranked(1, "B>A>C>D"),
                ranked(1, "A>C>B>D"));
        assertThat(scores(result)).isEqualTo("58/39 1 20/39 0");
    }

    @ParameterizedTest
    @CsvSource({"winning, C, -4 -5 -2 -7", "margin, B, -4 -1 -2 -7", "opposition, A, -4 -5 -5 -7"})
    void minimaxPrefersTheLeastBadWorst(String variant, String winner, String scores) {
        Result result = count(
                new Minimax(),
                variant,
                question(1, Unranked.IGNORED, "ABCD"),
                ranked(5, "B>C"),
                ranked(5, "C>D>B"),
                ranked(2, "A>C>D"),
                ranked(4, "B>D>A"));
        assertThat(winners(result)).isEqualTo(winner);
        assertThat(scores(result)).isEqualTo(scores);
    }

    /** A leads, and D wins when B and C have left. */
    private static Elections.Ballots[] fourWays() {
        return new Elections.Ballots[] {
            ranked(42, "A>B>C>D"), ranked(26, "B>C>D>A"), ranked(15, "C>D>B>A"), ranked(17, "D>C>B>A")
        };
    }

    @Test
    void runoffMovesBallotsOnUntilOneHasAMajority() {
        Result result = count(new InstantRunoff(), "lookback", Question.of(4), fourWays());
        assertThat(winners(result)).isEqualTo("D");
        assertThat(ranking(result)).isEqualTo("D>A>B>C");
        assertThat(result.rounds()).hasSize(3);
        assertThat(result.rounds().get(0).eliminated()).containsExactly(2);
        assertThat(result.rounds().get(2).elected()).containsExactly(3);
        assertThat(scores(result)).isEqualTo("42 0 0 58");
    }

    @Test
    void runoffExhaustsBallotsThatRankNobodyLeft() {
        Result result = count(
                new InstantRunoff(), "lookback", Question.of(3), ranked(3, "A"), ranked(3, "B>A"), ranked(1, "C"));
        assertThat(result.rounds().getLast().exhausted()).isEqualTo(Fraction.ONE);
        assertThat(ranking(result)).isEqualTo("A=B>C");
    }

    @Test
    void runoffSplitsEqualRanksExactly() {
        Result result = count(
                new InstantRunoff(),
                "lookback",
                Question.of(4),
                ranked(3, "A=B=C>D"),
                ranked(2, "D>A"),
                ranked(1, "A"));
        assertThat(result.rounds().getFirst().scores())
                .containsEntry(0, Fraction.of(2, 1))
                .containsEntry(1, Fraction.ONE);
        // B and C have one vote each, together as much as D: they could survive, so the lot decides
        assertThat(result.rounds().getFirst().eliminated()).containsExactly(2);
        assertThat(result.rounds().get(1).scores())
                .containsEntry(0, Fraction.of(5, 2))
                .containsEntry(1, Fraction.of(3, 2));
        assertThat(winners(result)).isEqualTo("A");
    }

    @Test
    void runoffDropsTogetherThoseWhoCannotSurvive() {
        Result result = count(
                new InstantRunoff(), "lookback", Question.of(5), ranked(4, "A"), ranked(4, "B"), ranked(3, "C>A"));
        assertThat(result.rounds().getFirst().eliminated()).containsExactly(3, 4);
        assertThat(ranking(result)).isEqualTo("A>B>C>D=E");
        assertThat(result.tie()).isEmpty();
    }

    @Test
    void runoffLooksBackBeforeItDrawsTheLot() {
        // Round 1: A 6, B 4, C 3, D 1. D moves to C: B and C tie at 4; C had less before, so C leaves although the lot
        // favours it.
        Result result = count(
                new InstantRunoff(),
                "lookback",
                question(1, Unranked.LAST, "DCBA"),
                ranked(6, "A"),
                ranked(4, "B"),
                ranked(3, "C>B"),
                ranked(1, "D>C>B"));
        assertThat(result.rounds().get(1).eliminated()).containsExactly(2);
        assertThat(winners(result)).isEqualTo("B");
        assertThat(result.tie()).isEmpty();
    }

    @Test
    void runoffDrawsTheLotWhenNothingElseDecides() {
        Elections.Ballots[] ballots = {ranked(4, "A>B"), ranked(3, "B"), ranked(3, "C")};
        Result cLeaves = count(new InstantRunoff(), "lookback", question(1, Unranked.LAST, "ABC"), ballots);
        Result bLeaves = count(new InstantRunoff(), "lookback", question(1, Unranked.LAST, "ACB"), ballots);
        assertThat(cLeaves.rounds().getFirst().eliminated()).containsExactly(2);
        assertThat(bLeaves.rounds().getFirst().eliminated()).containsExactly(1);
        assertThat(bLeaves.tie()).contains(new Result.Tie(List.of(1, 2), "lot", List.of(2, 1)));
    }

    @Test
    void runoffOfSnapshotDropsTheLowerOptionOfATie() {
        // voting-methods.md: 4 candidates, B = C = D = 1: B is out
        Result result = count(
                new InstantRunoff(),
                "snapshot",
                Question.of(4),
                ranked(2, "A>B>C>D"),
                ranked(1, "B>C>D>A"),
                ranked(1, "C>B>D>A"),
                ranked(1, "D>B>C>A"));
        assertThat(result.rounds().getFirst().eliminated()).containsExactly(1);
        assertThat(scores(result)).isEqualTo("2 0 3 0");
    }

    @Test
    void runoffOfSnapshotTakesCompleteRankingsOnly() {
        InstantRunoff irv = new InstantRunoff();
        assertThat(irv.refuse("snapshot", ranking("A>B"), Question.of(3)).orElseThrow())
                .contains("2 of 3 options are ranked");
        assertThat(irv.refuse("snapshot", ranking("A=B>C"), Question.of(3)).orElseThrow())
                .contains("options 1 and 2 are ranked equal");
        assertThat(irv.refuse("snapshot", ranking("B>A>C"), Question.of(3))).isEmpty();
    }

    @Test
    void runoffByPairsDropsTheWeakerOfATie() {
        Result result = count(
                new InstantRunoff(),
                "pairwise",
                Question.of(4),
                ranked(4, "A"),
                ranked(4, "B"),
                ranked(2, "C>A"),
                ranked(2, "D>C>B"));
        assertThat(ranking(result)).isEqualTo("A=B>C>D");
    }

    @Test
    void runoffByPairsShowsTheVotesThatElectedAndThoseWithWhichOthersLeft() {
        Result result = count(new InstantRunoff(), 4, fourWays());
        assertThat(ranking(result)).isEqualTo("D>A>B>C");
        assertThat(scores(result)).isEqualTo("42 26 15 58");
    }

    @Test
    void runoffByPairsWantsMoreThanHalfOfBlankBallotsToo() {
        Elections.Ballots[] ballots = {ranked(5, "A"), ranked(2, "B>C"), ranked(1, "C>B"), of(2, new Choice.Blank())};
        Result pairwise = count(new InstantRunoff(), "pairwise", Question.of(3), ballots);
        Result lookback = count(new InstantRunoff(), "lookback", Question.of(3), ballots);
        assertThat(pairwise.rounds().getFirst().eliminated()).containsExactly(2);
        assertThat(lookback.rounds()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void givenNoBallots_whenCounted_thenNobodyWins(VotingMethod method) {
        for (String variant : variants(method)) {
            Result result = method.counter(variant, Question.of(3)).result();
            assertThat(result.winners()).isEmpty();
            assertThat(ranking(result)).isEqualTo("A=B=C");
            assertThat(result.scores()).hasSize(3);
            assertThat(result.tie()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void givenOnlyBlankBallots_whenCounted_thenNobodyWins(VotingMethod method) {
        for (String variant : variants(method)) {
            Counter counter = method.counter(variant, Question.of(3));
            counter.add(BallotPaper.of(new Choice.Blank(), Tally.VOTE, 5));
            assertThat(counter.result().winners()).isEmpty();
        }
    }

    private static List<String> variants(VotingMethod method) {
        return method.variants().isEmpty() ? List.of("") : method.variants();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void anUnknownVariantIsRefusedByName(VotingMethod method) {
        assertThat(method.refuse("nonsense", Question.of(3)).orElseThrow()).contains("no variant 'nonsense'");
    }

    @Test
    void refusalsNameWhatIsWrong() {
        Question three = Question.of(3);
        assertThat(new SingleChoice().refuse("", new Choice.Single(3), three))
                .contains("option 4 does not exist; the options are 1 to 3");
        assertThat(new SingleChoice().refuse("", new Choice.Single(-1), three))
                .contains("option 0 does not exist; the options are 1 to 3");
        assertThat(new SingleChoice().refuse("", ranking("A"), three))
                .contains("the ballot holds a ranking, but this method wants one option");
        assertThat(new ApprovalVoting().refuse("", new Choice.Approval(List.of(1, 1)), three))
                .contains("option 2 is named twice");
        assertThat(new ApprovalVoting()
                        .refuse("", new Choice.Approval(List.of(2, 1)), three)
                        .orElseThrow())
                .contains("out of order");
        assertThat(new Schulze().refuse("", ranking("A>B>A"), three)).contains("option 1 is ranked twice");
        assertThat(new Schulze().refuse("", new Choice.Ranking(List.of(List.of(0), List.of())), three))
                .contains("rank 2 holds no option");
        assertThat(new Weighted().refuse("", weights(0, 0), three).orElseThrow())
                .contains("no option has a weight above 0");
        assertThat(new Weighted().refuse("", weights(1, 1_000_001), three))
                .contains("option 2 has weight 1000001; weights are 0 to 1000000");
        assertThat(new Weighted().refuse("", weights(1, -1), three))
                .contains("option 2 has weight -1; weights are 0 to 1000000");
    }

    @Test
    void weightedSharesAddUpOverManyBallots() {
        Result result = count(new Weighted(), 3, of(7, weights(1, 1, 1)), of(5, weights(3, 0, 4)));
        assertThat(units(result.scores().get(0))
                        .add(units(result.scores().get(1)))
                        .add(units(result.scores().get(2))))
                .isEqualTo(Tally.VOTE.multiply(BigInteger.valueOf(12)));
    }
}
