// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.Fraction;
import org.althing.api.files.FileMessages;
import org.althing.api.tally.BallotFiles;
import org.althing.api.tally.FileTally;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tally",
        description = {
            "Count ballot files; needs no node.",
            "Reads by content: .blt (OpenSTV, OpaVote), PrefLib .soi .soc .toi .toc, .cvotes, Pabulib .pb, .abc.yaml, Snapshot .json,"
                    + " Debian tally sheets, CSV."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing tally --method schulze election.blt",
            "  althing tally --method schulze:margin --unranked last leader2007_tally.txt",
            "  althing tally --method approval --seats 3 --json a.toc b.toc",
            "",
            "With several files and --json, each file has its own line, in order, with its",
            "name under `file`. Ties for a seat fall to the option named first in the file."
        })
final class TallyCommand implements Callable<Integer> {

    /** Problems shown for one file; JSON has all. */
    private static final int PROBLEMS_SHOWN_MAX = 20;

    private final Session session;

    @Option(
            names = "--method",
            paramLabel = "METHOD[:VARIANT]",
            required = true,
            order = 1,
            description = "The voting method.")
    String method = "";

    @Option(
            names = "--seats",
            paramLabel = "N",
            order = 2,
            description = "How many win; default: what the file says, else 1.")
    @Nullable
    Integer seats;

    @Option(
            names = "--unranked",
            paramLabel = "last|ignored",
            order = 3,
            description = "How options that a ballot leaves out are counted; default: what the file says, else last.")
    @Nullable
    String unranked;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Ballot files.")
    List<Path> files = List.of();

    TallyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure, AlthingException {
        MethodId chosen = Methods.here(session).choose(method).id();
        if (seats != null && seats < 1) {
            throw Failure.usage("--seats: " + seats + " is out of range; write 1 or more");
        }
        Optional<Question.Unranked> rule =
                unranked == null ? Optional.empty() : Optional.of(Methods.unranked(unranked));
        FileTally.Request request = new FileTally.Request(chosen, Optional.ofNullable(seats), rule);
        FileTally counter = session.services().require(FileTally.class, "the tally of files");
        if (files.size() == 1) {
            print(files.getFirst(), count(counter, request, files.getFirst()), false);
            return ExitCode.FINE.code();
        }
        ExitCode exit = ExitCode.FINE;
        for (Path file : files) {
            try {
                print(file, count(counter, request, file), true);
            } catch (Failure failure) {
                // The others are counted still; each file has its line, in order.
                exit = failure.exit();
                complain(file, failure);
            }
        }
        return exit.code();
    }

    private void complain(Path file, Failure failure) {
        String message = Words.oneLine(String.valueOf(failure.getMessage()));
        if (session.json()) {
            ObjectNode line = Json.object().put("file", file.toString());
            session.print(line.setAll(Json.error(message, failure.exit())));
        }
        session.remark(session.terminal().style(Terminal.Style.BAD, "althing:") + " " + message);
    }

    private static FileTally.Count count(FileTally counter, FileTally.Request request, Path file)
            throws Failure, AlthingException {
        try {
            return counter.count(InputFile.regular(file), request);
        } catch (BallotFiles.UnreadableException e) {
            throw Failure.usage(file + ": " + e.getMessage());
        } catch (CharacterCodingException e) {
            throw InputFile.notText(file);
        } catch (IOException e) {
            throw Failure.environment(file + " cannot be read: " + FileMessages.of(e), e);
        }
    }

    private void print(Path file, FileTally.Count count, boolean several) {
        if (session.json()) {
            session.print(json(file, count, several));
            return;
        }
        if (several && !file.equals(files.getFirst())) {
            session.line("");
        }
        text(file, count);
    }

    private static ObjectNode json(Path file, FileTally.Count count, boolean several) {
        Tally tally = count.tally();
        Result result = tally.result();
        List<String> options = count.options();
        ObjectNode answer = Json.object();
        if (several) {
            answer.put("file", file.toString());
        }
        answer.put("method", tally.method().id())
                .put("variant", tally.method().variant())
                .put("seats", tally.question().seats());
        answer.set("options", Json.of(options));
        if (result.committees().isEmpty()) {
            answer.set("winners", Json.of(names(options, result.winners())));
        } else {
            answer.set(
                    "committees",
                    Json.of(result.committees().stream()
                            .map(c -> names(options, c))
                            .toList()));
        }
        answer.set(
                "ranking",
                Json.of(result.ranking().stream()
                        .map(group -> names(options, group))
                        .toList()));
        answer.set("scores", scores(options, result.scores()));
        ArrayNode rounds = answer.putArray("rounds");
        result.rounds().forEach(round -> rounds.add(round(options, round)));
        answer.putObject("ballots")
                .put("valid", tally.valid())
                .put("blank", tally.blank())
                .put("invalid", tally.invalid());
        answer.set("tie", result.tie().map(tie -> tie(options, tie)).orElse(null));
        answer.put("resultHash", tally.hash().toString());
        if (!count.problems().isEmpty()) {
            answer.set("problems", Json.of(count.problems()));
        }
        return answer;
    }

    private static ObjectNode round(List<String> options, Result.Round round) {
        ObjectNode node = Json.object();
        ObjectNode scores = node.putObject("scores");
        for (int option = 0; option < options.size(); option++) {
            Fraction score = round.scores().get(option);
            if (score != null) {
                scores.put(options.get(option), score.toString());
            }
        }
        node.set("elected", Json.of(names(options, round.elected())));
        node.set("eliminated", Json.of(names(options, round.eliminated())));
        return node.put("exhausted", round.exhausted().toString());
    }

    private static ObjectNode tie(List<String> options, Result.Tie tie) {
        ObjectNode node = Json.object();
        node.set("options", Json.of(names(options, tie.options())));
        node.put("rule", tie.rule());
        return node.set("order", Json.of(names(options, tie.order())));
    }

    private static ObjectNode scores(List<String> options, List<Fraction> scores) {
        ObjectNode node = Json.object();
        for (int option = 0; option < scores.size(); option++) {
            node.put(options.get(option), scores.get(option).toString());
        }
        return node;
    }

    private void text(Path file, FileTally.Count count) {
        Terminal terminal = session.terminal();
        Tally tally = count.tally();
        Result result = tally.result();
        List<String> options = count.options();
        session.line(terminal.style(Terminal.Style.BOLD, Words.clean(String.valueOf(file.getFileName()))) + ": "
                + tally.method() + ", "
                + Words.count(tally.question().seats(), "seat") + ", " + Words.count(tally.valid(), "valid ballot")
                + ", " + tally.blank()
                + " blank, " + tally.invalid() + " invalid");
        session.line("");
        Map<String, String> scores = new HashMap<>();
        for (int option = 0; option < result.scores().size(); option++) {
            scores.put(options.get(option), result.scores().get(option).toString());
        }
        ProposalText.scores(
                terminal,
                result.ranking().stream().map(group -> names(options, group)).toList(),
                scores);
        rounds(options, result.rounds());
        session.line("");
        verdict(options, result);
        result.tie()
                .ifPresent(tie -> folded(
                        "Tie",
                        String.join(", ", names(options, tie.options())) + "; by " + tie.rule() + ": "
                                + String.join(" > ", names(options, tie.order()))));
        session.line("Result hash " + tally.hash());
        complain(file, count.problems());
    }

    private void rounds(List<String> options, List<Result.Round> rounds) {
        if (!rounds.isEmpty()) {
            session.line("");
        }
        for (int i = 0; i < rounds.size(); i++) {
            Result.Round round = rounds.get(i);
            List<Integer> order = round.scores().keySet().stream()
                    .sorted((a, b) -> compare(round.scores(), a, b))
                    .toList();
            List<String> parts = new ArrayList<>();
            order.forEach(o -> parts.add(options.get(o) + " "
                    + ProposalText.shown(String.valueOf(round.scores().get(o)))));
            String text = String.join(", ", parts)
                    + (round.elected().isEmpty()
                            ? ""
                            : "; elected " + String.join(", ", names(options, round.elected())))
                    + (round.eliminated().isEmpty()
                            ? ""
                            : "; out " + String.join(", ", names(options, round.eliminated())))
                    + (round.exhausted().signum() == 0
                            ? ""
                            : "; exhausted "
                                    + ProposalText.shown(round.exhausted().toString()));
            folded("Round " + (i + 1), text);
        }
    }

    private static int compare(Map<Integer, Fraction> scores, int a, int b) {
        Fraction left = scores.getOrDefault(a, Fraction.ZERO);
        Fraction right = scores.getOrDefault(b, Fraction.ZERO);
        int order = right.compareTo(left);
        return order != 0 ? order : Integer.compare(a, b);
    }

    private void verdict(List<String> options, Result result) {
        List<List<Integer>> committees = result.committees();
        if (!committees.isEmpty()) {
            folded(
                    committees.size() == 1 ? "Winners" : "Tied sets",
                    String.join(
                            " | ",
                            committees.stream()
                                    .map(c -> String.join(", ", names(options, c)))
                                    .toList()));
        } else if (result.winners().isEmpty()) {
            session.line("No winner: no valid ballot prefers anything.");
        } else {
            folded(
                    result.winners().size() == 1 ? "Winner" : "Winners",
                    String.join(", ", names(options, result.winners())));
        }
    }

    private void complain(Path file, List<BallotFiles.Problem> problems) {
        for (BallotFiles.Problem problem : problems.subList(0, Math.min(problems.size(), PROBLEMS_SHOWN_MAX))) {
            session.remark(Words.clean(file + ": line " + problem.line() + ": " + problem.reason()
                    + (problem.count() == 1 ? "" : " (" + problem.count() + " ballots)")));
        }
        if (problems.size() > PROBLEMS_SHOWN_MAX) {
            session.remark(file + ": " + (problems.size() - PROBLEMS_SHOWN_MAX) + " more; --json has all");
        }
    }

    private void folded(String title, String text) {
        String prefix = title + ": ";
        for (String line : Words.fold(text, session.terminal().widthChars() - prefix.length())) {
            session.line(prefix + line);
            prefix = " ".repeat(prefix.length());
        }
    }

    private static List<String> names(List<String> options, List<Integer> numbers) {
        return numbers.stream().map(options::get).toList();
    }
}
