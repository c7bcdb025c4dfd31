// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.tally.BallotFiles;
import org.althing.api.tally.FileTally;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.api.tally.TallyEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TallyCommandTest {

    private static final Cid HASH = Cid.hash(new byte[0]);

    @TempDir
    Path folder;

    private final List<FileTally.Request> requests = new ArrayList<>();
    private Result result = new Result(
            List.of(1),
            List.of(),
            List.of(List.of(1), List.of(0, 2)),
            List.of(Fraction.of(3, 1), Fraction.of(5, 1), Fraction.of(1, 2)),
            List.of(),
            Optional.empty());
    private List<BallotFiles.Problem> problems = List.of();
    private Path file = Path.of("");

    @BeforeEach
    void makeFile() throws Exception {
        file = Files.writeString(folder.resolve("a.blt"), "x");
    }

    @Test
    void theAnswerHasExactlyTheKeysOfTheContract() {
        CommandRun.Printed printed = run("--method", "schulze", "--json", file.toString());
        assertThat(printed.exit()).isZero();
        assertThat(printed.out())
                .isEqualTo(
                        "{\"method\":\"schulze\",\"variant\":\"winning\",\"seats\":1,\"options\":[\"A\",\"B\",\"C\"],"
                                + "\"winners\":[\"B\"],\"ranking\":[[\"B\"],[\"A\",\"C\"]],\"scores\":{\"A\":\"3\",\"B\":\"5\",\"C\":\"1/2\"},\"rounds\":[],"
                                + "\"ballots\":{\"valid\":9,\"blank\":0,\"invalid\":0},\"tie\":null,\"resultHash\":\""
                                + HASH + "\"}\n");
    }

    @Test
    void committeesReplaceWinners() {
        result = new Result(
                List.of(0, 1),
                List.of(List.of(0, 1), List.of(0, 2)),
                result.ranking(),
                result.scores(),
                List.of(new Result.Round(
                        Map.of(0, Fraction.of(3, 1), 2, Fraction.of(1, 2)), List.of(0), List.of(2), Fraction.ONE)),
                Optional.of(new Result.Tie(List.of(1, 2), "lot", List.of(2, 1))));
        problems = List.of(new BallotFiles.Problem(4, 2, "no option 9"));
        var json = run("--method", "approval", "--json", file.toString()).json();
        assertThat(json.has("winners")).isFalse();
        assertThat(json.path("committees").toString()).isEqualTo("[[\"A\",\"B\"],[\"A\",\"C\"]]");
        assertThat(json.path("rounds").toString())
                .isEqualTo(
                        "[{\"scores\":{\"A\":\"3\",\"C\":\"1/2\"},\"elected\":[\"A\"],\"eliminated\":[\"C\"],\"exhausted\":\"1\"}]");
        assertThat(json.path("tie").toString())
                .isEqualTo("{\"options\":[\"B\",\"C\"],\"rule\":\"lot\",\"order\":[\"C\",\"B\"]}");
        assertThat(json.path("problems").toString()).isEqualTo("[{\"line\":4,\"count\":2,\"reason\":\"no option 9\"}]");
    }

    @Test
    void severalFilesGiveOneLineEachInOrderAndABadOneDoesNotStopTheOthers() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.blt"), "x");
        CommandRun.Printed printed =
                run("--method", "schulze", "--json", file.toString(), broken.toString(), file.toString());
        assertThat(printed.exit()).isEqualTo(2);
        List<String> lines = printed.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(Json.parse(lines.get(0)).path("file").asText()).isEqualTo(file.toString());
        assertThat(Json.parse(lines.get(1)).path("file").asText()).isEqualTo(broken.toString());
        assertThat(Json.parse(lines.get(1)).path("error").path("message").asText())
                .isEqualTo(broken + ": line 3: no such option");
        assertThat(Json.parse(lines.get(2)).path("winners").size()).isEqualTo(1);
        assertThat(printed.err().lines()).hasSize(1);
    }

    @Test
    void optionsReachTheCount() {
        run("--method", "schulze:margin", "--seats", "2", "--unranked", "ignored", file.toString());
        run("--method", "schulze", file.toString());
        assertThat(requests)
                .containsExactly(
                        new FileTally.Request(
                                new MethodId("schulze", "margin"),
                                Optional.of(2),
                                Optional.of(Question.Unranked.IGNORED)),
                        new FileTally.Request(new MethodId("schulze", ""), Optional.empty(), Optional.empty()));
    }

    @Test
    void thePrintedTableShowsBarsWinnersAndProblemsWithTheirLines() {
        problems = List.of(new BallotFiles.Problem(4, 2, "no option 9"));
        CommandRun.Printed printed = run("--method", "schulze", file.toString());
        assertThat(printed.out())
                .contains("1   B    5  \u2588\u2588", "2=  A    3", "2=  C  1/2", "Winner: B", "Result hash " + HASH);
        assertThat(printed.err()).isEqualTo(file + ": line 4: no option 9 (2 ballots)\n");
        assertThat(printed.exit()).isZero();
    }

    @Test
    void withoutAPreferenceNobodyWins() {
        result = new Result(
                List.of(),
                List.of(),
                List.of(List.of(0, 1, 2)),
                List.of(Fraction.ZERO, Fraction.ZERO, Fraction.ZERO),
                List.of(),
                Optional.empty());
        CommandRun.Printed printed = run("--method", "schulze", file.toString());
        assertThat(printed.exit()).isZero();
        assertThat(printed.out()).contains("No winner: no valid ballot prefers anything.");
    }

    @Test
    void anUnknownMethodListsTheKnownOnes() {
        CommandRun.Printed printed = run("--method", "dice", file.toString());
        assertThat(printed.exit()).isEqualTo(2);
        assertThat(printed.err())
                .isEqualTo(
                        "althing: --method: no voting method 'dice'; there is approval, basic, schulze, single-choice, weighted\n");
        assertThat(run("--method", "schulze:dice", file.toString()).err())
                .isEqualTo("althing: --method: schulze has no variant 'dice'; it has winning, margin\n");
        assertThat(run("--method", "Sch:ul:ze", file.toString()).exit()).isEqualTo(2);
    }

    @Test
    void badFilesAndOptionsAreOneLine() throws Exception {
        assertThat(run("--method", "schulze", folder.resolve("none").toString()))
                .extracting(CommandRun.Printed::exit, CommandRun.Printed::err)
                .containsExactly(2, "althing: " + folder.resolve("none") + " does not exist\n");
        assertThat(run("--method", "schulze", folder.toString()).err())
                .isEqualTo("althing: " + folder + " is a folder; name a file\n");
        assertThat(run("--method", "schulze", "--seats", "0", file.toString()).err())
                .contains("--seats: 0 is out of range");
        assertThat(run("--method", "schulze", "--unranked", "first", file.toString())
                        .err())
                .contains("neither 'last' nor 'ignored'");
        Path secret = Files.writeString(folder.resolve("secret.blt"), "x");
        CommandRun.Printed printed = run("--method", "schulze", secret.toString());
        assertThat(printed.exit()).isEqualTo(3);
        assertThat(printed.err()).contains("permission denied").hasLineCount(1);
    }

    private CommandRun.Printed run(String... options) {
        List<String> line = new ArrayList<>(List.of("tally"));
        line.addAll(List.of(options));
        return new CommandRun(folder)
                .with(TallyEngine.class, new FakeMethods())
                .with(FileTally.class, this::count)
                .run(line.toArray(String[]::new));
    }

    private FileTally.Count count(Path path, FileTally.Request request)
            throws java.io.IOException, BallotFiles.UnreadableException {
        if (path.endsWith("broken.blt")) {
            throw new BallotFiles.UnreadableException("line 3: no such option");
        }
        if (path.endsWith("secret.blt")) {
            throw new AccessDeniedException(path.toString());
        }
        requests.add(request);
        Tally tally = new Tally(
                new MethodId(request.method().id(), "winning"),
                1,
                Question.of(3),
                result,
                BigInteger.valueOf(9),
                BigInteger.ZERO,
                BigInteger.ZERO,
                BigInteger.valueOf(9).multiply(Tally.VOTE),
                BigInteger.ZERO,
                HASH);
        return new FileTally.Count("blt", List.of("A", "B", "C"), tally, problems);
    }
}
