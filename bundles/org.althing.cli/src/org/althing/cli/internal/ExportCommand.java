// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.file.Path;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Write evidence into a file.",
            "For a decided proposal or a whole DAO; anybody can check it with `althing verify`."
        },
        footerHeading = "%nExample:%n",
        footer = "  althing export bafyreih7vw2kqxnu ferry.car")
final class ExportCommand extends AssemblyCommand {

    @Parameters(
            index = "0",
            paramLabel = "PROPOSAL|DAO",
            description = "CID, or its beginning (at least 8 characters).")
    String subject = "";

    @Parameters(index = "1", paramLabel = "FILE.car", description = "Where to; must not exist.")
    Path file = Path.of("");

    @Option(
            names = "--disclose",
            description =
                    "Export a private DAO, or a proposal of it. The file holds its group keys: it opens all that was said in the"
                            + " DAO, and will be until the next key.")
    boolean disclose;

    ExportCommand(Session session) {
        super(session);
    }

    @Override
    void check() throws Failure {
        OutputFile.vacant(file);
    }

    @Override
    int run(Assembly assembly) throws Failure, RefusedException, AlthingException {
        requireDecided(assembly);
        Assembly.EvidenceFile written =
                assembly.export(subject, file.toAbsolutePath().normalize().toString(), disclose);
        if (session.json()) {
            session.print(Json.of(written));
        } else {
            session.line("Evidence for " + written.subject());
            session.line("  in " + written.file() + ", " + written.sizeBytes() + " bytes");
            session.line("  check it with `althing verify --dao " + written.dao() + " " + file + "`");
        }
        return ExitCode.FINE.code();
    }

    private void requireDecided(Assembly assembly) throws Failure, AlthingException {
        try {
            Assembly.ProposalView proposal = assembly.proposal(subject);
            if (proposal.decidedAt() < 0) {
                throw Failure.usage(
                        "'" + proposal.title() + "' is not decided yet but " + ProposalText.words(proposal.status())
                                + "; export it then, or the whole DAO now: " + Words.shortCid(proposal.dao()));
            }
        } catch (RefusedException e) {
            // No proposal, then a DAO, or nothing: the export itself says.
        }
    }
}
