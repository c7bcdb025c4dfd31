// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.althing.api.Cid;
import org.althing.api.evidence.Evidence;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = {
            "Check an evidence file; needs no node.",
            "Checks signatures, seals, ballots and the count itself, trusting nobody."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing verify ferry.car",
            "  althing verify --dao bafyreic4xkz7mqpaw3... ferry.car   pins the DAO",
            "",
            "Without --dao or --seal the verdict is true of the DAO that the file names,",
            "whoever founded it. Exit code 0: every claim holds; 1: at least one does not."
        })
final class VerifyCommand implements Callable<Integer> {

    private final Session session;

    @Option(names = "--dao", paramLabel = "CID", description = "The DAO that it must be about.")
    @Nullable
    String dao;

    @Option(names = "--seal", paramLabel = "CID", description = "A seal that must be on its chain.")
    @Nullable
    String seal;

    @Parameters(paramLabel = "FILE.car", description = "The evidence file.")
    Path file = Path.of("");

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure, IOException {
        Optional<Cid> daoPin = pin("--dao", dao);
        Optional<Cid> sealPin = pin("--seal", seal);
        Evidence.Report report = session.services()
                .require(Evidence.class, "the verifier")
                .verify(InputFile.regular(file), daoPin, sealPin);
        if (session.json()) {
            session.print(json(report));
        } else {
            print(report, daoPin.isPresent() || sealPin.isPresent());
        }
        return (report.holds() ? ExitCode.FINE : ExitCode.NO).code();
    }

    private ObjectNode json(Evidence.Report report) {
        ObjectNode answer = Json.object().put("file", file.toString());
        answer.setAll((ObjectNode) Json.of(report));
        answer.withArray("claims")
                .forEach(claim -> ((ObjectNode) claim)
                        .put("verdict", claim.path("verdict").asText().toLowerCase(Locale.ROOT)));
        return answer;
    }

    private void print(Evidence.Report report, boolean pinned) {
        report.claims().forEach(this::print);
        for (Evidence.Outcome outcome : report.outcomes()) {
            session.line("");
            session.line(session.terminal().style(Terminal.Style.BOLD, Words.clean(outcome.title())));
            session.line("  " + outcome.status()
                    + (outcome.winners().isEmpty() ? "" : ": " + Words.clean(String.join(", ", outcome.winners())))
                    + "; " + Words.count(outcome.ballots(), "ballot"));
            session.line("  proposal " + outcome.proposal());
            session.line("  tally    " + outcome.tally());
        }
        session.line("");
        String about = report.dao()
                .map(d -> d + report.daoName().map(n -> "\n  " + Words.clean(n)).orElse(""))
                .orElse("it names no DAO");
        if (report.holds()) {
            session.line(session.terminal().style(Terminal.Style.GOOD, "Verified:") + " every claim holds; complete as "
                    + report.completeness() + ".");
            session.line(
                    pinned
                            ? "True of the DAO that you pinned:"
                            : "True of this DAO only; pin the one that you mean with --dao:");
            session.line("  " + about);
        } else {
            session.line(session.terminal().style(Terminal.Style.BAD, "NOT verified:") + " believe nothing in " + file);
            session.line("  " + about);
        }
    }

    private void print(Evidence.Claim claim) {
        Terminal terminal = session.terminal();
        String mark = switch (claim.verdict()) {
            case HOLDS -> terminal.style(Terminal.Style.GOOD, terminal.glyph("✓ holds", "holds"));
            case FAILS -> terminal.style(Terminal.Style.BAD, terminal.glyph("✗ FAILS", "FAILS"));
            case OPEN -> terminal.style(Terminal.Style.WARNING, terminal.glyph("? open ", "open "));
        };
        String indent = " ".repeat(terminal.glyph("✓ holds", "holds").length() + 2);
        String statement = claim.statement() + (claim.detail().isEmpty() ? "" : " (" + claim.detail() + ")");
        String prefix = mark + "  ";
        for (String line : Words.fold(statement, terminal.widthChars() - indent.length())) {
            session.line(prefix + line);
            prefix = indent;
        }
    }

    private static Optional<Cid> pin(String option, @Nullable String text) throws Failure {
        try {
            return Optional.ofNullable(text).map(Cid::parse);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": '" + text + "' is no CID: " + e.getMessage());
        }
    }
}
