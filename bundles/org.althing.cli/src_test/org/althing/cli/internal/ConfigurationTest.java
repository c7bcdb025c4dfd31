// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.althing.api.AlthingException;
import org.althing.api.PublicKey;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.Feed;
import org.althing.api.node.HttpDoors;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.Plugins;
import org.althing.api.node.RunningNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the settings of a node come from, and what a wrong one is answered. */
class ConfigurationTest {

    @TempDir
    Path home;

    private final List<HttpSettings> opened = new ArrayList<>();
    private final List<Path> started = new ArrayList<>();

    /** A node that only lies there. */
    private record IdleNode(Path data) implements RunningNode {

        @Override
        public Assembly assembly() {
            return new FakeAssembly();
        }

        @Override
        public Plugins plugins() {
            throw new AssertionError("nobody adds plugins");
        }

        @Override
        public Feed feed() {
            throw new AssertionError("nobody listens");
        }

        @Override
        public Assembly publicAssembly() {
            return assembly();
        }

        @Override
        public Feed publicFeed() {
            return feed();
        }

        @Override
        public Feed.Subscription addProblems(Supplier<List<String>> source) {
            throw new AssertionError("there are none");
        }

        @Override
        public Path socket() {
            return data.resolve("node.sock");
        }

        @Override
        public PublicKey notary() {
            return PublicKey.parse("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
        }

        @Override
        public void close() {}
    }

    private record IdleDoor(URI address) implements HttpDoors.HttpDoor {

        @Override
        public void close() {}
    }

    private CommandRun run() {
        NodeLauncher launcher = settings -> {
            started.add(settings.data());
            return new IdleNode(settings.data());
        };
        HttpDoors doors = (node, settings) -> {
            opened.add(settings);
            return new IdleDoor(URI.create("http://127.0.0.1:1/"));
        };
        return new CommandRun(home).with(NodeLauncher.class, launcher).with(HttpDoors.class, doors);
    }

    private Path write(String... lines) throws IOException {
        Path data = Files.createDirectories(home.resolve(".althing"));
        return Files.write(data.resolve("althing.conf"), List.of(lines));
    }

    private HttpSettings settings(CommandRun run, String... line) {
        CommandRun.Printed printed = run.run(line);
        assertThat(printed.err()).isEmpty();
        assertThat(printed.exit()).isZero();
        return opened.getLast();
    }

    @Test
    void withoutAnyTheDefaultsHold() {
        HttpSettings settings = settings(run(), "node");
        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(7146);
        assertThat(settings.names()).isEmpty();
        assertThat(settings.requestsPerSecondMax()).isEqualTo(HttpSettings.REQUESTS_PER_SECOND_DEFAULT);
    }

    @Test
    void aLineOfTheCommandGoesBeforeTheEnvironmentThatBeforeTheFileThatBeforeTheDefault() throws Exception {
        write("# ours", "", "  http-rate=7", "http = 127.0.0.1:1", "http-names = a.example, b.example");
        CommandRun run = run();
        assertThat(settings(run, "node").port()).isEqualTo(1);
        run.variables.put("ALTHING_HTTP", "127.0.0.1:2");
        assertThat(settings(run, "node").port()).isEqualTo(2);
        HttpSettings settings = settings(run, "node", "--http", "127.0.0.1:3", "--http-name", "c.example");
        assertThat(settings.port()).isEqualTo(3);
        assertThat(settings.names()).containsExactly("c.example");
        assertThat(settings.requestsPerSecondMax()).isEqualTo(7);
        run.variables.put("ALTHING_HTTP_NAMES", "d.example");
        run.variables.put("ALTHING_HTTP_RATE", "8");
        settings = settings(run, "node");
        assertThat(settings.names()).containsExactly("d.example");
        assertThat(settings.requestsPerSecondMax()).isEqualTo(8);
    }

    @Test
    void aFileElsewhereReplacesThatOfTheDataFolder() throws Exception {
        write("http-rate = 7");
        Path other = Files.writeString(home.resolve("other.conf"), "http = [::1]:5");
        HttpSettings settings = settings(run(), "node", "--config", other.toString());
        assertThat(settings.host()).isEqualTo("::1");
        assertThat(settings.port()).isEqualTo(5);
        assertThat(settings.requestsPerSecondMax()).isEqualTo(HttpSettings.REQUESTS_PER_SECOND_DEFAULT);
    }

    @Test
    void whatIsWrongIsToldWithFileAndLineBeforeAnythingStarts() throws Exception {
        for (String[] wrong : new String[][] {
            {
                "htpp = none",
                "there is no setting 'htpp'; write one of http, http-names, http-rate, http-tls-certificate,"
                        + " http-tls-key, listen, announce, bootstrap, mdns, rendezvous, ranges-unbounded, log-format, log-level"
            },
            {"http", "http is no setting; write KEY = VALUE"},
            {"http =", "http has no value"},
            {"HTTP = none", "there is no setting 'HTTP'"},
            {"http = 127.0.0.1", "http: 127.0.0.1 is no address; write it as HOST:PORT, e.g. 127.0.0.1:7146, or none"},
            {"http = 127.0.0.1:65536", "is no address"},
            {"http = none # for now", "is no address"},
            {"http-names = a b", "is no list of host names"},
            {"http-rate = 0", "http-rate: 0 is no number of requests per second; write 1 to 1000000"},
            {"http-rate = many", "is no number"},
            {
                "http-tls-key = k.pem",
                "http-tls-key: k.pem is not enough; set both http-tls-certificate and http-tls-key, or neither"
            },
            {"http-tls-certificate = c.pem", "http-tls-certificate: c.pem is not enough"},
            {"http-rate = +5", "is no number"},
            {"listen = 127.0.0.1:4001", "is no multiaddr"},
            {"listen = /ip4/127.0.0.1", "is no place to listen"},
            {"announce = /dns4/x/tcp/4001/p2p/12D3KooWLJMiiVwxRbP8REyKZ68QGqwtckTY8ud6rhLFXfhMMERE", "ends in a peer id"
            },
            {"bootstrap = /ip4/192.0.2.7/tcp/4001", "does not end in /p2p/ and a peer id"},
            {"rendezvous = on", "set listen, too"},
            {"mdns = yes", "is neither on nor off"},
            {"mdns = on", "set listen, too"},
            {"ranges-unbounded = 10.0.0.0/33", "is no list of networks"},
            {"log-format = xml", "log-format: xml is not known here; write text or json"},
            {"log-level = WARN", "log-level: WARN is not known here; write error or warning or info or debug"},
            {"log-level = info\nlog-level = info", "log-level was set already"}
        }) {
            Path file = write("# first", wrong[0]);
            CommandRun.Printed printed = run().run("node");
            assertThat(printed.exit()).as(wrong[0]).isEqualTo(2);
            int line = wrong[0].contains("\n") ? 3 : 2;
            assertThat(printed.err())
                    .startsWith("althing: " + file + ", line " + line)
                    .contains(wrong[1])
                    .hasLineCount(1);
        }
        assertThat(started).isEmpty();
    }

    @Test
    void aWrongVariableOrOptionIsNamed() {
        CommandRun run = run();
        run.variables.put("ALTHING_HTTP_RATE", "-1");
        CommandRun.Printed printed = run.run("node");
        assertThat(printed.exit()).isEqualTo(2);
        assertThat(printed.err()).startsWith("althing: the variable ALTHING_HTTP_RATE: -1 is no number");
        assertThat(run().run("node", "--log-level", "loud").err())
                .startsWith("althing: --log-level: loud is not known");
        assertThat(run().run("node", "--http", "x").err()).startsWith("althing: --http: x is no address");
        CommandRun.Printed missing =
                run().run("node", "--config", home.resolve("none.conf").toString());
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.err()).contains("none.conf does not exist");
    }

    @Test
    void aCertificateAndItsKeyComeFromAnyOfThePlaces() throws Exception {
        assertThat(settings(run(), "node").tls()).isEmpty();
        write("http-tls-certificate = /srv/c.pem", "http-tls-key = /srv/k.pem");
        CommandRun run = run();
        assertThat(settings(run, "node").tls())
                .contains(new HttpSettings.Tls(Path.of("/srv/c.pem"), Path.of("/srv/k.pem"), 60_000));
        run.variables.put("ALTHING_HTTP_TLS_CERTIFICATE", "/srv/d.pem");
        HttpSettings.Tls tls =
                settings(run, "node", "--http-tls-key", "here.pem").tls().orElseThrow();
        assertThat(tls.certificate()).isEqualTo(Path.of("/srv/d.pem"));
        assertThat(tls.key()).isAbsolute().hasFileName("here.pem");
    }

    @Test
    void aCertificateThatCannotBeUsedIsBadInput() throws Exception {
        HttpDoors refusing = (node, settings) -> {
            throw new RefusedException("/srv/k.pem is open to others");
        };
        CommandRun.Printed printed = run().with(HttpDoors.class, refusing)
                .run("node", "--http-tls-certificate", "/srv/c.pem", "--http-tls-key", "/srv/k.pem");
        assertThat(printed.exit()).isEqualTo(2);
        assertThat(printed.err())
                .isEqualTo("althing: /srv/k.pem is open to others (--http-tls-certificate; --http-tls-key)\n");
    }

    @Test
    void whatTurnsOutWrongWhenTheDoorOpensIsToldWithFileAndLineToo() throws Exception {
        HttpDoors taken = (node, settings) -> {
            throw new AlthingException("cannot listen");
        };
        Path file = write("# ours", "http = 127.0.0.1:1");
        CommandRun.Printed printed = run().with(HttpDoors.class, taken).run("node");
        assertThat(printed.exit()).isEqualTo(3);
        assertThat(printed.err()).isEqualTo("althing: cannot listen (" + file + ", line 2, http)\n");
        assertThat(run().with(HttpDoors.class, taken)
                        .run("node", "--config", write().toString())
                        .err())
                .isEqualTo("althing: cannot listen\n");
    }

    @Test
    void aFileMayBeginWithAByteOrderMarkAndHaveOddCharactersInComments() throws Exception {
        write("\ufeff# ours", "# a form\ffeed, a line\u2028separator", "http = 127.0.0.1:1", "http-rate = x");
        assertThat(run().run("node").err()).contains("line 4, http-rate: x");
        write("\ufeffhttp = 127.0.0.1:1");
        assertThat(settings(run(), "node").port()).isEqualTo(1);
    }

    @Test
    void thePrintedFileNamesEverySettingAndChangesNothing() throws Exception {
        CommandRun.Printed printed = run().run("node", "--print-config");
        assertThat(printed.exit()).isZero();
        assertThat(started).isEmpty();
        Path file = Files.writeString(home.resolve("printed.conf"), printed.out());
        assertThat(ConfigFile.read(file)).isEmpty();
        assertThat(printed.out().lines()).allMatch(line -> line.isEmpty() || line.startsWith("# "));
        for (Setting setting : Setting.values()) {
            assertThat(printed.out()).contains("# " + setting.key() + " =", setting.variable());
        }
        // What it shows as the default is what holds.
        String active = printed.out().replaceAll("(?m)^# ([a-z-]+ = .)", "$1");
        Files.writeString(file, active);
        HttpSettings shown = settings(run(), "node", "--config", file.toString());
        HttpSettings held = settings(run(), "node");
        assertThat(shown.host() + ":" + shown.port()).isEqualTo(held.host() + ":" + held.port());
        assertThat(shown.requestsPerSecondMax()).isEqualTo(held.requestsPerSecondMax());
    }
}
