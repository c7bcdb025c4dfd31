// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.tally.BallotFiles.Problem;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.api.tally.FileTally;
import org.althing.api.tally.Question.Unranked;
import org.althing.api.tally.UnknownMethodException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file to a tally in one call: forms of choice, invalid ballots, what the file says and what the caller says. */
class FileTallyTest {

    private static final String RANKINGS =
            "#/Candidates: A;B;C\n#/Number of Seats: 2\n#/Implicit Ranking: false\nA > B * 3\nB = C\nC > A > A * 2\nD\n/EMPTY_RANKING/\n";

    @TempDir
    Path folder;

    @Test
    void whatTheFileSaysHoldsUnlessTheCallerSaysOtherwise() throws Exception {
        FileTally.Count asTheFileSays = Counting.countText(folder, RANKINGS, "schulze");
        assertThat(asTheFileSays.tally().question().seats()).isEqualTo(2);
        assertThat(asTheFileSays.tally().question().unranked()).isEqualTo(Unranked.IGNORED);
        FileTally.Count otherwise = Counting.count(Counting.write(folder, RANKINGS), "schulze", Unranked.LAST);
        assertThat(otherwise.tally().question().seats()).isEqualTo(1);
        assertThat(otherwise.tally().question().unranked()).isEqualTo(Unranked.LAST);
    }

    @Test
    void invalidBallotsAreCountedAndToldByLine() throws Exception {
        FileTally.Count count = Counting.countText(folder, RANKINGS, "schulze");
        assertThat(count.tally().valid()).isEqualTo(4);
        assertThat(count.tally().blank()).isEqualTo(1);
        assertThat(count.tally().invalid()).isEqualTo(3);
        assertThat(count.problems())
                .containsExactly(
                        new Problem(6, 2, "option 1 is ranked twice"),
                        new Problem(7, 1, "'D' is not among the candidates"));
    }

    @Test
    void theMethodIsSpeltOutInTheTally() throws Exception {
        assertThat(Counting.countText(folder, RANKINGS, "schulze").tally().method())
                .hasToString("schulze:winning");
        assertThat(Counting.countText(folder, RANKINGS, "plurality").tally().method())
                .hasToString("plurality");
    }

    @Test
    void rankingsAreBroughtToOtherForms() throws Exception {
        FileTally.Count single = Counting.countText(folder, RANKINGS, "single-choice");
        assertThat(single.tally().valid()).isEqualTo(5);
        assertThat(single.problems()).extracting(Problem::line).containsExactly(5, 7);
        FileTally.Count approval = Counting.countText(folder, RANKINGS, "approval");
        assertThat(Counting.ranking(approval)).isEqualTo("B > A > C");
        FileTally.Count weighted = Counting.countText(folder, RANKINGS, "weighted");
        assertThat(weighted.tally().valid()).isEqualTo(0);
        assertThat(weighted.problems().getFirst().reason())
                .isEqualTo("the ballot holds a ranking, but this method wants weights of options");
    }

    @Test
    void eachFormHasItsPlaceInTheTable() {
        Choice single = new Choice.Single(2);
        Choice approval = new Choice.Approval(List.of(0, 2));
        Choice weights = new Choice.Weights(List.of(0, 1, 2), List.of(3L, 0L, 5L));
        Choice ranking = new Choice.Ranking(List.of(List.of(1), List.of(0, 2)));
        assertThat(convert(single, Choice.Approval.class)).contains(new Choice.Approval(List.of(2)));
        assertThat(convert(single, Choice.Weights.class)).contains(new Choice.Weights(List.of(2), List.of(1L)));
        assertThat(convert(single, Choice.Ranking.class)).contains(new Choice.Ranking(List.of(List.of(2))));
        assertThat(convert(approval, Choice.Single.class)).isEmpty();
        assertThat(convert(new Choice.Approval(List.of(1)), Choice.Single.class))
                .contains(new Choice.Single(1));
        assertThat(convert(approval, Choice.Weights.class))
                .contains(new Choice.Weights(List.of(0, 2), List.of(1L, 1L)));
        assertThat(convert(approval, Choice.Ranking.class)).contains(new Choice.Ranking(List.of(List.of(0, 2))));
        assertThat(convert(weights, Choice.Single.class)).isEmpty();
        assertThat(convert(weights, Choice.Approval.class)).contains(new Choice.Approval(List.of(0, 2)));
        assertThat(convert(weights, Choice.Ranking.class))
                .contains(new Choice.Ranking(List.of(List.of(2), List.of(0))));
        assertThat(convert(ranking, Choice.Single.class)).contains(new Choice.Single(1));
        assertThat(convert(ranking, Choice.Approval.class)).contains(new Choice.Approval(List.of(0, 1, 2)));
        assertThat(convert(ranking, Choice.Weights.class)).isEmpty();
        assertThat(convert(new Choice.Ranking(List.of()), Choice.Single.class)).contains(new Choice.Blank());
        for (Choice choice : List.of(single, approval, weights, ranking)) {
            assertThat(convert(choice, choice.getClass())).containsSame(choice);
        }
    }

    private static Optional<Choice> convert(Choice choice, Class<? extends Choice> form) {
        return ChoiceForms.convert(choice, form);
    }

    @Test
    void countsBeyondAWordAreExact() throws Exception {
        FileTally.Count count = Counting.countText(
                folder,
                "2 1\n9223372036854775807 1 0\n9223372036854775807 1 0\n2 1 0\n1 2 0\n0\n\"Apple\"\n\"Banana\"\n",
                "irv");
        assertThat(count.tally().valid()).isEqualTo(new BigInteger("18446744073709551617"));
        assertThat(count.tally().result().scores()).hasToString("[18446744073709551616, 1]");
        assertThat(Counting.winners(count)).containsExactly("Apple");
    }

    @Test
    void aMethodThatIsNotThereIsToldWithThoseThatAre() {
        assertThatThrownBy(() -> Counting.countText(folder, RANKINGS, "coin-toss"))
                .isInstanceOf(UnknownMethodException.class)
                .hasMessageStartingWith(
                        "no voting method 'coin-toss' is installed; there are approval, basic, copeland, irv");
        assertThatThrownBy(() -> Counting.countText(folder, RANKINGS, "schulze:ratio"))
                .isInstanceOf(UnknownMethodException.class)
                .hasMessage("schulze has no variant 'ratio'; it has winning, margin");
    }

    @Test
    void aQuestionThatTheMethodRefusesIsTold() {
        assertThatThrownBy(() -> Counting.countText(folder, RANKINGS, "basic"))
                .isInstanceOf(UnreadableException.class)
                .hasMessageStartingWith("cannot count this file by basic: ");
        assertThatThrownBy(() -> Counting.countText(folder, "2 5\n1 1 0\n0\n", "irv"))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("5 seats cannot be filled from 2 options; give --seats 1 to 2");
    }

    @Test
    void aLargeFileCountsTheSameOnAllCores() throws Exception {
        List<String> lines = new ArrayList<>(List.of("A,B,C"));
        for (int i = 0; i < 50_000; i++) {
            lines.add((i % 3 + 1) + "," + ((i + 1) % 3 + 1) + "," + (i % 7 == 0 ? "" : "2"));
        }
        FileTally.Count all = Counting.countText(folder, String.join("\n", lines), "irv");
        assertThat(all.tally().valid()).isEqualTo(50_000);
        lines.subList(1, lines.size()).sort(null);
        assertThat(Counting.countText(folder, String.join("\n", lines), "irv")
                        .tally()
                        .hash())
                .isEqualTo(all.tally().hash());
    }
}
