// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.NetworkView;
import org.althing.api.assembly.Assembly.PeerView;
import picocli.CommandLine.Command;

@Command(
        name = "peers",
        description = {
            "Show whom the node is connected with.",
            "And where others reach it, and how far each DAO has caught up."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  althing peers", "  althing peers --json"})
final class PeersCommand extends AssemblyCommand {

    private static final int SHORT_ID_CHARS = 8;

    PeersCommand(Session session) {
        super(session);
    }

    @Override
    int run(Assembly assembly) throws Failure, AlthingException {
        Assembly.Status status = assembly.status();
        if (status.network().isEmpty()) {
            throw Failure.environment("this node has no network; start it with --listen");
        }
        List<PeerView> peers = assembly.peers();
        if (session.json()) {
            ObjectNode answer = Json.object();
            answer.set("network", Json.of(status.network()));
            answer.set("sync", Json.of(status.sync()));
            answer.set("peers", Json.of(peers));
            session.print(answer);
            return ExitCode.FINE.code();
        }
        network(status.network().get());
        status.sync().forEach(this::sync);
        session.line("");
        if (peers.isEmpty()) {
            session.line("No peers yet; `althing dao invite` makes a link by which others find this node.");
        } else {
            table(peers);
        }
        return ExitCode.FINE.code();
    }

    private void network(NetworkView network) {
        session.line("Peer id     " + network.peer());
        if (network.addresses().isEmpty()) {
            session.line("Listening   nowhere: this node only dials");
        }
        network.addresses().forEach(address -> session.line("Listening   " + address));
        session.line("Peers       " + network.counters().inbound() + " came in, "
                + network.counters().outbound() + " dialled");
        session.line("Traffic     " + Words.size(network.counters().bytesIn()) + " in, "
                + Words.size(network.counters().bytesOut()) + " out");
    }

    private void sync(Assembly.SyncView sync) {
        String name = "DAO         " + Words.shortCid(sync.dao()) + " ";
        if (sync.height() < 0 && sync.heightKnown() < 0) {
            session.line(
                    name + "is wanted, but none of " + Words.count(sync.peers(), "peer") + " has it, or it is private");
            return;
        }
        if (sync.inSync()) {
            session.line(name + "has all " + Words.count(sync.height() + 1, "seal") + " that are known");
            return;
        }
        String far = "is at seal " + sync.height() + " of " + sync.heightKnown() + ", "
                + sync.entriesLeft()
                + (sync.entriesLeft() == 1 ? " entry" : " entries") + " to come";
        if (sync.stalled()) {
            session.line(name + far + "; "
                    + session.terminal().style(Terminal.Style.BAD, "nothing comes: " + Words.clean(sync.problem())));
        } else {
            session.line(name + far + ", " + sync.entriesPerSecond() + " a second"
                    + (sync.leftMillis() < 0 ? "" : ", " + Words.span(sync.leftMillis()) + " left"));
        }
    }

    private void table(List<PeerView> peers) {
        Table table = new Table(
                session.terminal(),
                "Peer",
                "Address",
                "Who dialled",
                "For",
                ">Round trip",
                ">Score",
                ">Meshes",
                "Program");
        long now = session.surroundings().clock().millis();
        for (PeerView peer : peers) {
            table.row(
                    Table.Cell.of(
                            "…" + peer.peer().substring(Math.max(0, peer.peer().length() - SHORT_ID_CHARS))),
                    Table.Cell.of(peer.address().isEmpty() ? "(not told)" : peer.address()),
                    Table.Cell.of(peer.inbound() ? "it" : "we"),
                    Table.Cell.of(Words.span(Math.max(0, now - peer.sinceMillis()))),
                    Table.Cell.of(peer.roundTripMicros() < 0 ? "" : millis(peer.roundTripMicros())),
                    new Table.Cell(
                            decimal(BigDecimal.valueOf(peer.score()), 1),
                            peer.score() < 0 ? Terminal.Style.BAD : Terminal.Style.PLAIN),
                    Table.Cell.of(peer.meshes()),
                    Table.Cell.of(peer.agent()));
        }
        table.print();
    }

    private static String millis(long micros) {
        return decimal(BigDecimal.valueOf(micros, 3), 1) + " ms";
    }

    private static String decimal(BigDecimal value, int decimals) {
        return value.setScale(decimals, RoundingMode.HALF_UP).toPlainString();
    }
}
