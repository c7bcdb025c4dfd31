// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpDoors.HttpDoor;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "node",
        description = {
            "Run a node until it is stopped.",
            "It keeps the ledger of the data folder, seals, and serves the other commands. Options go before environment"
                    + " variables (ALTHING_HTTP), those before althing.conf in the data folder."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  althing node &",
            "  althing node --data /srv/ferry --http 127.0.0.1:8080",
            "  althing node --http none",
            "  althing node --listen /ip4/0.0.0.0/tcp/4001",
            "  althing node --http 0.0.0.0:443 --http-name dao.example.org --http-tls-certificate fullchain.pem"
                    + " --http-tls-key privkey.pem",
            "  althing node --print-config > ~/.althing/althing.conf"
        })
final class NodeCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    HttpOption http = new HttpOption();

    @Option(
            names = "--http-rate",
            paramLabel = "NUMBER",
            order = 12,
            description = "Requests per second that one address may make in the long run.")
    @Nullable
    String httpRate;

    @Option(
            names = "--http-tls-certificate",
            paramLabel = "FILE",
            order = 13,
            description = "PEM of a certificate and its issuers: speak HTTPS, and nothing else.")
    @Nullable
    String tlsCertificate;

    @Option(
            names = "--http-tls-key",
            paramLabel = "FILE",
            order = 14,
            description = "PEM (PKCS#8) of the key that belongs to the certificate.")
    @Nullable
    String tlsKey;

    @Option(
            names = "--listen",
            paramLabel = "MULTIADDR",
            order = 20,
            description = "Where to take connections of other nodes; may be repeated. Without it there is no network.")
    List<String> listen = new ArrayList<>();

    @Option(
            names = "--announce",
            paramLabel = "MULTIADDR",
            order = 21,
            description = "An address to tell others in place of those, behind a router; may be repeated.")
    List<String> announce = new ArrayList<>();

    @Option(
            names = "--bootstrap",
            paramLabel = "MULTIADDR",
            order = 22,
            description = "A node to be connected with always, with /p2p/ and its peer id at the end; may be repeated.")
    List<String> bootstrap = new ArrayList<>();

    @Option(names = "--mdns", order = 23, description = "Look for nodes in the local network, and tell it of this one.")
    boolean mdns;

    @Option(names = "--rendezvous", order = 24, description = "Keep a list of who serves which DAO, for others to ask.")
    boolean rendezvous;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            order = 15,
            description = "How to log, on standard error.")
    @Nullable
    String logFormat;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            order = 16,
            description = "The least to log: error, warning, info or debug.")
    @Nullable
    String logLevel;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            order = 17,
            description = "Settings, instead of althing.conf in the data folder.")
    @Nullable
    Path config;

    @Option(
            names = "--print-config",
            order = 18,
            description = "Print a commented file of all settings as they are by default, and exit.")
    boolean printConfig;

    /** Kept while the node runs: it holds the loggers. */
    private @Nullable LogOutput log;

    NodeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure, RefusedException, AlthingException, IOException {
        if (printConfig) {
            session.terminal().out().print(Setting.template());
            return ExitCode.FINE.code();
        }
        Configuration configuration = Configuration.of(session, options(), config);
        log = LogOutput.ofProcess();
        log.set(configuration.logFormat(), configuration.logLevel());
        Optional<HttpSettings> settings = configuration.http();
        NodeSettings alone = NodeSettings.of(session.data());
        RunningNode node = session.services()
                .require(NodeLauncher.class, "the node")
                .start(configuration.network().map(alone::in).orElse(alone));
        Optional<HttpDoor> door;
        try {
            door = HttpOption.open(session, settings, node);
        } catch (RefusedException e) {
            close(session, node);
            throw new RefusedException(told(e, configuration));
        } catch (AlthingException e) {
            close(session, node);
            throw new AlthingException(told(e, configuration), e);
        } catch (Failure e) {
            close(session, node);
            throw e;
        }
        // Reading the ledger leaves much behind; what the heap then holds empty goes back to the system.
        System.gc();
        tell(node, door);
        session.surroundings().stop().await(() -> {
            door.ifPresent(HttpDoor::close);
            close(session, node);
        });
        return ExitCode.FINE.code();
    }

    private static String told(Exception problem, Configuration configuration) {
        String origin = configuration.httpOrigin();
        return problem.getMessage() + (origin.isEmpty() ? "" : " (" + origin + ")");
    }

    private Map<Setting, Setting.Value> options() {
        Map<Setting, Setting.Value> values = http.values();
        put(values, Setting.HTTP_RATE, httpRate);
        put(values, Setting.HTTP_TLS_CERTIFICATE, tlsCertificate);
        put(values, Setting.HTTP_TLS_KEY, tlsKey);
        put(values, Setting.LISTEN, joined(listen));
        put(values, Setting.ANNOUNCE, joined(announce));
        put(values, Setting.BOOTSTRAP, joined(bootstrap));
        put(values, Setting.MDNS, mdns ? "on" : null);
        put(values, Setting.RENDEZVOUS, rendezvous ? "on" : null);
        put(values, Setting.LOG_FORMAT, logFormat);
        put(values, Setting.LOG_LEVEL, logLevel);
        return values;
    }

    private static @Nullable String joined(List<String> texts) {
        return texts.isEmpty() ? null : String.join(",", texts);
    }

    private static void put(Map<Setting, Setting.Value> values, Setting setting, @Nullable String text) {
        if (text != null) {
            values.put(setting, new Setting.Value(text, "--" + setting.key()));
        }
    }

    private void tell(RunningNode node, Optional<HttpDoor> door) throws AlthingException {
        Optional<Assembly.NetworkView> network = node.assembly().status().network();
        if (session.json()) {
            session.print(Json.object()
                    .put("data", node.data().toString())
                    .put("notary", node.notary().toString())
                    .put("socket", node.socket().toString())
                    .put("http", door.map(open -> open.address().toString()).orElse(""))
                    .put("peer", network.map(Assembly.NetworkView::peer).orElse(""))
                    .set(
                            "listen",
                            Json.of(network.map(Assembly.NetworkView::addresses).orElse(List.of()))));
        } else {
            session.line("Serving " + node.data() + "; stop with Ctrl-C");
            session.line("Notary  " + node.notary());
            door.ifPresent(open -> session.line("Page    " + open.address()));
            network.ifPresent(view -> view.addresses().forEach(address -> session.line("Peer    " + address)));
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
