// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ballot files that are wrong, or hold nothing, through the real readers and methods. */
class BadTallyInputTest {

    @TempDir
    Path folder;

    @Test
    void anUnknownMethodListsTheKnownOnes() throws Exception {
        type("--method", "dice", blt("1 1 0\n")).fails(2, "no voting method 'dice'; there is approval, basic, ");
        type("--method", "schulze:dice", blt("1 1 0\n"))
                .fails(2, "schulze has no variant 'dice'; it has winning, margin");
    }

    @Test
    void seatsOutOfRangeAreRefused() throws Exception {
        type("--method", "schulze", "--seats", "4", blt("1 1 0\n")).fails(2, "4 seats cannot be filled from 3 options");
        type("--method", "schulze", "--seats", "0", blt("1 1 0\n")).fails(2, "--seats: 0 is out of range");
    }

    @Test
    void choicesOutOfRangeAreProblemsWithTheirLine() throws Exception {
        JsonNode json =
                type("--method", "schulze", "--json", blt("1 1 2 0\n1 9 0\n")).json();
        assertThat(json.path("ballots").path("valid").asInt()).isEqualTo(1);
        assertThat(json.path("ballots").path("invalid").asInt()).isEqualTo(1);
        assertThat(json.path("problems").get(0).path("line").asInt()).isEqualTo(3);
    }

    @Test
    void ranksAndWeightsThatAreNoNumbersAreProblemsAndNeverCounted() throws Exception {
        String file = file("w.csv", "A,B\n1,2\nNaN,1\nInfinity,1\n-1,2\n1e999,0\n");
        JsonNode json = type("--method", "schulze", "--json", file).json();
        assertThat(json.path("ballots").path("valid").asInt()).isEqualTo(1);
        assertThat(json.path("ballots").path("invalid").asInt()).isEqualTo(4);
        assertThat(json.path("problems").findValuesAsText("line")).containsExactly("3", "4", "5", "6");
        String snapshot = file(
                "w.json",
                "{\"proposal\":{\"type\":\"weighted\",\"choices\":[\"A\",\"B\"]},\"votes\":["
                        + "{\"choice\":{\"1\":1},\"vp\":1},{\"choice\":{\"1\":-1},\"vp\":1},{\"choice\":{\"1\":1e999},\"vp\":1}]}");
        JsonNode weighed = type("--method", "weighted", "--json", snapshot).json();
        assertThat(weighed.path("ballots").path("valid").asInt()).isEqualTo(1);
        assertThat(weighed.path("ballots").path("invalid").asInt()).isEqualTo(2);
    }

    @Test
    void anElectionWithoutPreferencesHasNoWinner() throws Exception {
        for (String ballots : new String[] {"", "7 0\n"}) {
            Typed typed = type("--method", "schulze", "--json", blt(ballots));
            assertThat(typed.exit()).isZero();
            assertThat(typed.json().path("winners")).isEmpty();
            assertThat(typed.json().path("ballots").path("valid").asInt()).isZero();
        }
    }

    @Test
    void brokenFilesAreOneLine() throws Exception {
        Path latin =
                Files.write(folder.resolve("latin.csv"), new byte[] {'A', ',', 'B', '\n', (byte) 0xe9, ',', '1', '\n'});
        type("--method", "schulze", latin.toString()).fails(2, "line 2 is not UTF-8");
        type("--method", "schulze", file("empty", "")).fails(2, "the file is empty");
        type("--method", "schulze", file("binary", "\0\1\2")).fails(2, "this is no text file");
        type("--method", "schulze", folder.resolve("none").toString()).fails(2, "does not exist");
    }

    private Typed type(String... options) {
        String[] line = new String[options.length + 1];
        line[0] = "tally";
        System.arraycopy(options, 0, line, 1, options.length);
        return Typed.type(line);
    }

    private String blt(String ballots) throws Exception {
        return file("x.blt", "3 1\n" + ballots + "0\n\"A\"\n\"B\"\n\"C\"\n\"title\"\n");
    }

    private String file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
