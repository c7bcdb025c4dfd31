// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.governance.Rules;
import org.althing.api.node.HttpDoors.HttpDoor;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.cli.internal.ExitCode;
import org.althing.cli.internal.Failure;
import org.althing.cli.internal.HttpOption;
import org.althing.cli.internal.Json;
import org.althing.cli.internal.ProposalText;
import org.althing.cli.internal.Session;
import org.althing.cli.internal.Terminal;
import org.althing.cli.internal.Words;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code althing demo}. */
@Command(
        name = "demo",
        description = {
            "Replay two real elections, with proof.",
            "Founds a DAO of 482 members, lets them hold two elections of Debian again, counts, seals, writes evidence and verifies it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing demo                     in a fresh folder; then serves until Ctrl-C",
            "  althing demo --once --json       one line with the outcome, then exit",
            "  althing demo --data ~/debian     keep it in a folder of your own"
        })
public final class DemoCommand implements Callable<Integer> {

    /** Marks a folder that a demo made. */
    private static final String MARK_FILE = "demo";

    private static final String EVIDENCE_FOLDER = "evidence";

    private final Session session;

    @Option(names = "--once", order = 1, description = "Exit when done, instead of serving.")
    boolean once;

    @Option(
            names = "--voting",
            paramLabel = "TIME",
            order = 2,
            description = "How long the elections stay open; default 6s. A slow machine needs more.")
    @Nullable
    String voting;

    @Mixin
    HttpOption http = new HttpOption();

    public DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure, RefusedException, AlthingException, IOException {
        long votingMillis = voting == null ? Demo.VOTING_MILLIS_DEFAULT : Words.duration("--voting", voting);
        if (votingMillis < Rules.VOTING_MIN_MILLIS || votingMillis > Rules.PERIOD_MAX_MILLIS) {
            throw Failure.usage("--voting: " + voting + " is out of range; write 1s or more");
        }
        Optional<HttpSettings> settings = once ? Optional.empty() : http.settings(session);
        long begunMillis = session.surroundings().clock().millis();
        NodeLauncher launcher = session.services().require(NodeLauncher.class, "the node");
        Path data = folder();
        if (!session.json()) {
            session.line(session.terminal()
                    .style(Terminal.Style.BOLD, "Two elections of Debian, held again by 482 members"));
            session.line("");
        }
        RunningNode node = launcher.start(NodeSettings.of(data));
        boolean agrees;
        Optional<HttpDoor> door = Optional.empty();
        try {
            door = HttpOption.open(session, settings, node);
            Demo.Outcome outcome = demo(node, data, votingMillis).run();
            agrees = outcome.agrees();
            report(outcome, data, session.surroundings().clock().millis() - begunMillis);
            if (!once) {
                serve(data, door);
            }
        } finally {
            door.ifPresent(HttpDoor::close);
            node.close();
        }
        return (agrees ? ExitCode.FINE : ExitCode.NO).code();
    }

    private Demo demo(RunningNode node, Path data, long votingMillis) {
        return new Demo(
                node.assembly(),
                new SeparateVerifier(session.surroundings().self()),
                new Progress(
                        session.terminal(),
                        session.json(),
                        session.surroundings().clock()),
                session.surroundings().random(),
                session.surroundings().clock(),
                data.resolve(EVIDENCE_FOLDER),
                votingMillis);
    }

    private Path folder() throws Failure, IOException {
        Path data = session.dataGiven() ? session.data() : Files.createTempDirectory("althing-demo-");
        if (Files.exists(data) && !Files.isDirectory(data)) {
            throw Failure.usage("--data: " + data + " is a file; name a folder");
        }
        if (Files.isDirectory(data) && !Files.exists(data.resolve(MARK_FILE)) && !isEmpty(data)) {
            throw Failure.usage("--data: " + data + " is not empty and no demo made it; name a new folder");
        }
        Files.createDirectories(data);
        Files.writeString(data.resolve(MARK_FILE), "Made by `althing demo`; the keys of its members are gone.\n");
        return data;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private void report(Demo.Outcome outcome, Path data, long tookMillis) {
        if (session.json()) {
            session.print(json(outcome, data, tookMillis));
            return;
        }
        outcome.elections().forEach(this::print);
        session.line("");
        session.line("Everything is in " + data);
        session.line("DAO " + outcome.dao() + ", " + outcome.seals() + " seals");
    }

    private static ObjectNode json(Demo.Outcome outcome, Path data, long tookMillis) {
        Demo.Held last = outcome.elections().getLast();
        ObjectNode answer = Json.object()
                .put("winner", last.winner())
                .put("published", last.election().publishedWinner());
        answer.put("ballots", outcome.ballots()).put("seals", outcome.seals()).put("evidence", last.evidence());
        answer.put("verified", outcome.elections().stream().allMatch(Demo.Held::verified));
        ArrayNode elections = answer.putArray("elections");
        outcome.elections().forEach(held -> elections.add(json(held)));
        answer.put("dao", outcome.dao()).put("data", data.toString()).put("members", outcome.members());
        return answer.put("seconds", tookMillis / 1000.0);
    }

    private static ObjectNode json(Demo.Held held) {
        ObjectNode node = Json.object()
                .put("title", held.election().title())
                .put("proposal", held.view().proposal());
        node.put("winner", held.winner()).put("published", held.election().publishedWinner());
        node.set("ranking", Json.of(held.tally().ranking()));
        node.set("publishedRanking", Json.of(held.election().publishedRanking()));
        node.put("agrees", held.agrees()).put("ballots", held.view().ballots()).put("evidence", held.evidence());
        return node.put("verified", held.verified())
                .put("resultHash", held.tally().resultHash());
    }

    private void print(Demo.Held held) {
        Terminal terminal = session.terminal();
        session.line("");
        session.line(terminal.style(Terminal.Style.BOLD, held.election().title()) + ": "
                + held.view().ballots() + " ballots, " + held.view().method());
        ProposalText.scores(terminal, held.tally().ranking(), held.tally().scores());
        session.line("  winner     " + Words.clean(held.winner()));
        session.line("  published  " + Words.clean(held.election().publishedWinner())
                + (held.agrees()
                        ? ", and the same ranking "
                                + terminal.style(Terminal.Style.GOOD, terminal.glyph("✓", "(agrees)"))
                        : "; " + terminal.style(Terminal.Style.BAD, "the ranking DIFFERS")));
        session.line("  evidence   " + held.evidence() + " "
                + (held.verified()
                        ? terminal.style(Terminal.Style.GOOD, terminal.glyph("✓ verified", "(verified)"))
                        : terminal.style(Terminal.Style.BAD, "NOT verified")));
    }

    private void serve(Path data, Optional<HttpDoor> door) {
        List<String> lines = new ArrayList<>(List.of("", "Serving until Ctrl-C."));
        door.ifPresent(open -> lines.add("Look at it in a browser: " + open.address()));
        lines.addAll(List.of(
                "Look at it from another terminal:",
                "  althing proposals --data " + data,
                "  althing status --data " + data));
        lines.forEach(session.json() ? session::remark : session::line);
        session.terminal().out().flush();
        session.surroundings().stop().await(() -> {});
    }
}
