// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.althing.api.tally.Question.Unranked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nicolaus Tideman's 73 real elections, against the rankings that Condorcet PHP publishes for them, both ways to treat the unranked. */
class TidemanElectionsTest {

    private static final String FOLDER = "condorcet_tideman";

    @ParameterizedTest(name = "{0} is {1}, unranked {2}")
    @CsvSource({
        "schulze:winning, Schulze Winning, LAST", "schulze:winning, Schulze Winning, IGNORED",
        "schulze:margin, Schulze Margin, LAST", "schulze:margin, Schulze Margin, IGNORED",
        "copeland:balance, Copeland, LAST", "copeland:balance, Copeland, IGNORED",
        "minimax:winning, Minimax Winning, LAST", "minimax:winning, Minimax Winning, IGNORED",
        "minimax:margin, Minimax Margin, LAST", "minimax:margin, Minimax Margin, IGNORED",
        "minimax:opposition, Minimax Opposition, LAST", "minimax:opposition, Minimax Opposition, IGNORED",
        "plurality, First-past-the-post voting, LAST", "plurality, First-past-the-post voting, IGNORED",
        "irv, Instant-runoff, LAST", "irv, Instant-runoff, IGNORED"
    })
    void everyRankingIsThePublishedOne(String method, String published, Unranked unranked) throws Exception {
        Map<String, String> differing = new TreeMap<>();
        List<Path> elections = ReferenceData.files(FOLDER, ".cvotes");
        for (Path election : elections) {
            String expected = Counting.normal(expected(election, published, unranked));
            String found = Counting.normal(Counting.ranking(Counting.count(election, method, unranked)));
            if (!found.equals(expected)) {
                differing.put(election.getFileName().toString(), "\n  found    " + found + "\n  expected " + expected);
            }
        }
        assertThat(elections).hasSize(73);
        assertThat(differing).isEmpty();
    }

    private static String expected(Path election, String published, Unranked unranked) throws Exception {
        Path file = election.resolveSibling(election.getFileName().toString().replace(".cvotes", ".expected.json"));
        Map<String, Object> methods =
                Json.object(Json.object(Json.read(file)).get(unranked == Unranked.LAST ? "implicit" : "explicit"));
        return (String) methods.get(published);
    }
}
