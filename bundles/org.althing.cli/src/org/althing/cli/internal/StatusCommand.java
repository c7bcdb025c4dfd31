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
        network(status);
        session.line("");
        DaoCommand.table(session, status.daos());
        status.sync().forEach(this::sync);
        for (String problem : status.problems()) {
            session.line(session.terminal().style(Terminal.Style.BAD, "Problem:") + " " + Words.clean(problem));
        }
        return ExitCode.FINE.code();
    }

    private void network(Assembly.Status status) {
        if (status.network().isEmpty()) {
            session.line("Network     none; start the node with --listen to have one");
            return;
        }
        Assembly.NetworkView network = status.network().get();
        session.line("Peer        " + network.peer() + ", " + Words.count(network.connections(), "connection"));
        network.addresses().forEach(address -> session.line("Address     " + address));
    }

    /** What is not in step, in a line; nothing of what is. */
    private void sync(Assembly.SyncView sync) {
        if (sync.height() < 0 && sync.heightKnown() < 0) {
            session.line("Catching up " + Words.shortCid(sync.dao()) + ": none of " + Words.count(sync.peers(), "peer")
                    + " has it");
        } else if (!sync.inSync()) {
            session.line("Catching up " + Words.shortCid(sync.dao()) + ": seal " + sync.height() + " of "
                    + sync.heightKnown() + ", " + sync.entriesLeft() + " entries left, "
                    + sync.entriesPerSecond() + "/s"
                    + (sync.leftMillis() > 0 ? ", " + Words.span(sync.leftMillis()) : "") + " from "
                    + Words.count(sync.peers(), "peer"));
        }
        if (!sync.problem().isEmpty()) {
            session.line(session.terminal().style(Terminal.Style.BAD, "Problem:") + " " + Words.clean(sync.problem()));
        }
    }
}
