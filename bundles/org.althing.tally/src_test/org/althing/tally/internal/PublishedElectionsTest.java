// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.althing.api.Fraction;
import org.althing.api.tally.FileTally;
import org.althing.api.tally.Question.Unranked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single elections with outcomes published by others: Snapshot, Debian, and the examples that Condorcet PHP tests itself by. */
class PublishedElectionsTest {

    /** Snapshot computes in doubles; ours are exact. */
    private static final BigDecimal RELATIVE_ERROR_MAX = new BigDecimal("1e-9");

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({
        "singleChoice.json, single-choice",
        "approval.json, approval",
        "weighted.json, weighted",
        "rankedChoice.json, irv:snapshot",
        "copeland.json, copeland:snapshot"
    })
    void snapshotScoresAgreeWithinTheErrorOfDoubles(String name, String method) throws Exception {
        Path file = ReferenceData.path("snapshot/" + name);
        Map<String, Object> expected = Json.object(Json.read(file));
        FileTally.Count count = Counting.count(file, method);
        List<Object> scores = Json.list(expected.get("scores"));
        for (int option = 0; option < scores.size(); option++) {
            assertClose(
                    count.tally().result().scores().get(option),
                    (BigDecimal) scores.get(option),
                    count.options().get(option));
        }
        BigInteger total = count.tally().validPower().add(count.tally().blankPower());
        assertClose(
                Fraction.of(total, org.althing.api.tally.Tally.VOTE),
                (BigDecimal) expected.get("scoresTotal"),
                "total");
    }

    private static void assertClose(Fraction found, BigDecimal expected, String what) {
        BigDecimal value =
                new BigDecimal(found.numerator()).divide(new BigDecimal(found.denominator()), MathContext.DECIMAL128);
        assertThat(value.subtract(expected).abs())
                .as(what)
                .isLessThanOrEqualTo(expected.abs().multiply(RELATIVE_ERROR_MAX));
    }

    @Test
    void thePartialBallotOfTheCopelandExampleIsInvalidAndToldWithItsLine() throws Exception {
        FileTally.Count count = Counting.count(ReferenceData.path("snapshot/copeland.json"), "copeland:snapshot");
        assertThat(count.tally().invalid()).isEqualTo(1);
        assertThat(count.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(55);
            assertThat(problem.reason()).contains("2 of 4 options are ranked");
        });
    }

    @ParameterizedTest(name = "{0}, unranked {1}")
    @CsvSource({"leader2006, LAST", "leader2006, IGNORED", "leader2007, LAST", "leader2007, IGNORED"})
    void debianLeadersAreRankedAsPublished(String name, Unranked unranked) throws Exception {
        Map<String, Object> expected =
                Json.object(Json.object(Json.read(ReferenceData.path("debian_dpl/" + name + ".expected.json")))
                        .get(unranked == Unranked.LAST ? "implicit" : "explicit"));
        FileTally.Count count =
                Counting.count(ReferenceData.path("debian_dpl/" + name + "_tally.txt"), "schulze:margin", unranked);
        assertThat(Counting.normal(Counting.ranking(count)))
                .isEqualTo(Counting.normal((String) expected.get("schulze_margin_ranking")));
        assertThat(new BigDecimal(count.tally().valid().add(count.tally().blank())))
                .isEqualTo(expected.get("votes"));
        assertThat(count.problems()).isEmpty();
    }

    @TestFactory
    List<DynamicTest> condorcetPhpExamples() throws Exception {
        Map<String, String> methods = Map.of(
                "Copeland",
                "copeland",
                "Schulze",
                "schulze",
                "Schulze Winning",
                "schulze:winning",
                "InstantRunoff",
                "irv",
                "Fptp",
                "plurality",
                "Minimax Winning",
                "minimax:winning");
        List<DynamicTest> tests = new ArrayList<>();
        for (Object fact : Json.list(Json.read(ReferenceData.path("condorcet_php_facts.json")))) {
            Map<String, Object> election = Json.object(fact);
            for (Object outcome : Json.list(election.get("expected"))) {
                String method = methods.get(Json.object(outcome).get("method"));
                if (method != null) {
                    tests.add(DynamicTest.dynamicTest(
                            election.get("file") + " " + election.get("test") + " by " + method,
                            () -> assertExample(election, Json.object(outcome), method)));
                }
            }
        }
        assertThat(tests).hasSize(22);
        return tests;
    }

    private void assertExample(Map<String, Object> election, Map<String, Object> outcome, String method)
            throws Exception {
        String text = "#/Candidates: "
                + String.join(
                        ";",
                        Json.list(election.get("candidates")).stream()
                                .map(String::valueOf)
                                .toList())
                + "\n#/Implicit Ranking: " + election.get("implicit_ranking") + "\n#/Weight Allowed: "
                + election.get("vote_weight") + "\n"
                + election.get("votes") + "\n";
        FileTally.Count count = Counting.countText(folder, text, method);
        assertThat(count.problems()).isEmpty();
        if (outcome.containsKey("ranking")) {
            assertThat(groups(count)).isEqualTo(expectedGroups(Json.object(outcome.get("ranking"))));
        }
        if (outcome.containsKey("winner")) {
            assertThat(groups(count).getFirst()).containsExactly((String) outcome.get("winner"));
        }
        if (outcome.containsKey("winners")) {
            assertThat(groups(count).getFirst()).isEqualTo(new TreeSet<>(Json.list(outcome.get("winners"))));
        }
    }

    private static List<TreeSet<String>> groups(FileTally.Count count) {
        return count.tally().result().ranking().stream()
                .map(group ->
                        new TreeSet<>(group.stream().map(count.options()::get).toList()))
                .toList();
    }

    private static List<TreeSet<String>> expectedGroups(Map<String, Object> ranks) {
        return ranks.values().stream()
                .map(rank -> rank instanceof List<?> equal
                        ? new TreeSet<>(equal.stream().map(String::valueOf).toList())
                        : new TreeSet<>(List.of((String) rank)))
                .toList();
    }
}
