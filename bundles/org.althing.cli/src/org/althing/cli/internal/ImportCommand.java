// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.Submission;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Hand in signed entries from a file.",
            "They stand one after the other, as --offline writes them, or in a CAR file. Exit code 1: some had no effect."
        },
        footerHeading = "%nExample:%n",
        footer = "  althing import ballots.entry")
final class ImportCommand extends AssemblyCommand {

    /** Entries handed in at once. */
    static final int BATCH_ENTRIES = 128;

    @Parameters(paramLabel = "FILE", description = "The file.")
    Path file = Path.of("");

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for the seal of each batch, 0 to 60; default 10.")
    long waitSeconds = SubmitOptions.WAIT_SECONDS_DEFAULT;

    ImportCommand(Session session) {
        super(session);
    }

    @Override
    void check() throws Failure {
        InputFile.regular(file);
    }

    @Override
    int run(Assembly assembly) throws Failure, AlthingException, IOException {
        SubmitOptions options = new SubmitOptions();
        options.waitSeconds = waitSeconds;
        long waitMillis = options.waitMillis();
        List<byte[]> entries = EntryFile.read(file);
        List<Submission> answers = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += BATCH_ENTRIES) {
            answers.addAll(assembly.submitAll(
                    entries.subList(from, Math.min(from + BATCH_ENTRIES, entries.size())), waitMillis));
        }
        report(answers);
        return answers.stream().anyMatch(ImportCommand::failed) ? ExitCode.NO.code() : ExitCode.FINE.code();
    }

    private void report(List<Submission> answers) {
        long sealed = answers.stream().filter(a -> a.state().equals("sealed")).count();
        long pending = answers.stream().filter(a -> a.state().equals("pending")).count();
        long failed = answers.stream().filter(ImportCommand::failed).count();
        if (session.json()) {
            ObjectNode answer = Json.object().put("file", file.toString()).put("entries", answers.size());
            answer.put("sealed", sealed).put("pending", pending).put("failed", failed);
            session.print(answer.set("submissions", Json.of(answers)));
            return;
        }
        session.line(Words.count(answers.size(), "entry").replace("entrys", "entries") + ": " + sealed + " sealed, "
                + pending + " pending, " + failed + " without effect");
        answers.stream()
                .filter(ImportCommand::failed)
                .forEach(a -> session.line(
                        "  " + Words.shortCid(a.entry()) + " " + a.state() + ": " + Words.clean(a.reason())));
    }

    private static boolean failed(Submission answer) {
        return answer.state().equals("refused") || answer.state().equals("void");
    }
}
