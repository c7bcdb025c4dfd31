// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = {"Show how the running node is.", "Its DAOs, keys, voting methods and problems."},
        footerHeading = "%nExample:%n",
        footer = "  althing status --json")
final class StatusCommand extends AssemblyCommand {

    StatusCommand(Session session) {
        super(session);
    }

    @Override
    int run(Assembly assembly) throws AlthingException {
        Assembly.Status status = assembly.status();
        if (session.json()) {
            session.print(Json.of(status));
            return ExitCode.FINE.code();
        }
        session.line("Version     " + status.version());
        if (!status.data().isEmpty()) {
            session.line("Data        " + status.data());
        }
        session.line("Notary      " + status.notary());
        session.line("Sealing     " + status.protocol());
        session.line("Signatures  " + status.signatures());
        session.line("Since       "
                + Words.time(status.startedMillis(), session.surroundings().zone()));
        String indent = " ".repeat(12);
        String prefix = "Methods     ";
        for (String line : Words.fold(
                String.join(", ", status.methods()), session.terminal().widthChars() - indent.length())) {
            session.line(prefix + line);
            prefix = indent;
        }
        session.line("");
        DaoCommand.table(session, status.daos());
        for (String problem : status.problems()) {
            session.line(session.terminal().style(Terminal.Style.BAD, "Problem:") + " " + Words.clean(problem));
        }
        return ExitCode.FINE.code();
    }
}
