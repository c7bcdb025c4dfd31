// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import picocli.CommandLine.Command;

@Command(
        name = "node",
        description = {
            "Run a node until it is stopped.",
            "It keeps the ledger of the data folder, seals, and serves the other commands."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  althing node &", "  althing node --data /srv/ferry"})
final class NodeCommand implements Callable<Integer> {

    private final Session session;

    NodeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure, AlthingException {
        RunningNode node =
                session.services().require(NodeLauncher.class, "the node").start(NodeSettings.of(session.data()));
        if (session.json()) {
            session.print(Json.object()
                    .put("data", node.data().toString())
                    .put("notary", node.notary().toString())
                    .put("socket", node.socket().toString()));
        } else {
            session.line("Serving " + node.data() + "; stop with Ctrl-C");
            session.line("Notary  " + node.notary());
        }
        session.terminal().out().flush();
        session.surroundings().stop().await(() -> close(session, node));
        return ExitCode.FINE.code();
    }

    /** Closes a node when the process ends; there is nobody left to throw to. */
    static void close(Session session, RunningNode node) {
        try {
            node.close();
        } catch (AlthingException e) {
            session.remark("althing: " + Words.oneLine(String.valueOf(e.getMessage())));
        }
    }
}
