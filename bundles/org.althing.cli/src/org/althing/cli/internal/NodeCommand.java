// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.node.HttpDoors.HttpDoor;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "node",
        description = {
            "Run a node until it is stopped.",
            "It keeps the ledger of the data folder, seals, and serves the other commands."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing node &",
            "  althing node --data /srv/ferry --http 127.0.0.1:8080",
            "  althing node --http none"
        })
final class NodeCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    HttpOption http = new HttpOption();

    NodeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure, AlthingException {
        Optional<HttpSettings> settings = http.settings(session);
        RunningNode node =
                session.services().require(NodeLauncher.class, "the node").start(NodeSettings.of(session.data()));
        Optional<HttpDoor> door;
        try {
            door = HttpOption.open(session, settings, node);
        } catch (Failure | AlthingException e) {
            close(session, node);
            throw e;
        }
        tell(node, door);
        session.surroundings().stop().await(() -> {
            door.ifPresent(HttpDoor::close);
            close(session, node);
        });
        return ExitCode.FINE.code();
    }

    private void tell(RunningNode node, Optional<HttpDoor> door) {
        if (session.json()) {
            session.print(Json.object()
                    .put("data", node.data().toString())
                    .put("notary", node.notary().toString())
                    .put("socket", node.socket().toString())
                    .put("http", door.map(open -> open.address().toString()).orElse("")));
        } else {
            session.line("Serving " + node.data() + "; stop with Ctrl-C");
            session.line("Notary  " + node.notary());
            door.ifPresent(open -> session.line("Page    " + open.address()));
        }
        session.terminal().out().flush();
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
