// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.althing.api.Fraction;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.FileTally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every ballot file of the reference data is recognised and read to the last ballot. */
class ReferenceFilesTest {

    @ParameterizedTest(name = "{1} files of {0}")
    @CsvSource({
        "stv_droop, 32, blt, .blt",
        "stv_rs, 12, blt, .blt",
        "votelib, 3, blt, .blt",
        "pabulib, 15, pabulib, .pb",
        "abcvoting, 83, abcvoting, .abc.yaml",
        "condorcet_tideman, 73, cvotes, .cvotes",
        "debian_dpl, 2, devotee, _tally.txt"
    })
    void everyFileIsReadWithoutAProblem(String folder, int number, String format, String ending) throws Exception {
        List<Path> files = files(ReferenceData.path(folder), ending);
        assertThat(files).hasSize(number);
        for (Path file : files) {
            BallotFile read = new ContentBallotFiles().read(file);
            assertThat(read.format()).as(file.toString()).isEqualTo(format);
            assertThat(read.problems()).as(file.toString()).isEmpty();
            assertThat(read.ballots()).as(file.toString()).isNotEmpty();
        }
    }

    @Test
    void approvalOfPabulibIsTheirColumnOfVotes() throws Exception {
        for (Path file : files(ReferenceData.path("pabulib"), ".pb")) {
            FileTally.Count count = Counting.count(file, "approval");
            Map<String, Fraction> found = new HashMap<>();
            for (int option = 0; option < count.options().size(); option++) {
                found.put(
                        count.options().get(option),
                        count.tally().result().scores().get(option));
            }
            assertThat(found).as(file.toString()).isEqualTo(publishedVotes(file));
        }
    }

    /** The column "votes" of the section PROJECTS. */
    private static Map<String, Fraction> publishedVotes(Path file) throws IOException {
        List<String> lines =
                Files.readAllLines(file).stream().map(String::strip).toList();
        List<String> columns = SeparatedValues.split(lines.get(lines.indexOf("PROJECTS") + 1), ';');
        Map<String, Fraction> votes = new HashMap<>();
        for (String line : lines.subList(lines.indexOf("PROJECTS") + 2, lines.indexOf("VOTES"))) {
            List<String> cells = SeparatedValues.split(line, ';');
            votes.put(cells.get(columns.indexOf("project_id")), Fraction.parse(cells.get(columns.indexOf("votes"))));
        }
        return votes;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
