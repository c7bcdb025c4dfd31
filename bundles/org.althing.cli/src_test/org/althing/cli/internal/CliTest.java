// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.bench.Benchmark;
import org.althing.api.node.AssemblyClients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {

    @TempDir
    Path home;

    @Test
    void helpNeedsNoServiceAndExplainsEveryCommandInLinesOf80() {
        CommandRun.Printed root = run("--help");
        assertThat(root.exit()).isZero();
        for (String command : List.of(
                "demo",
                "node",
                "key",
                "dao",
                "propose",
                "sponsor",
                "withdraw",
                "veto",
                "vote",
                "comment",
                "proposals",
                "show",
                "peers",
                "status",
                "export",
                "import",
                "plugin",
                "verify",
                "backup",
                "restore",
                "tally",
                "bench",
                "completion")) {
            assertThat(root.out()).contains("\n  " + command + " ");
            CommandRun.Printed help = run(command, "--help");
            assertThat(help.exit()).isZero();
            assertThat(help.out()).startsWith("Usage: althing " + command).contains("--json");
            assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
        }
        assertThat(root.out()).doesNotContain("workbench", "delegate");
    }

    @Test
    void theVersionIsShown() {
        assertThat(run("--version"))
                .extracting(CommandRun.Printed::exit, CommandRun.Printed::out)
                .containsExactly(0, "althing 0.1.0\n");
    }

    @Test
    void anUnknownCommandGetsASuggestion() {
        CommandRun.Printed printed = run("vot");
        assertThat(printed.exit()).isEqualTo(2);
        assertThat(printed.err()).isEqualTo("althing: unknown command 'vot'; did you mean vote?\n");
        assertThat(printed.out()).isEmpty();
    }

    @Test
    void badUsageIsOneLineAndExit2() {
        for (String[] line : new String[][] {
            {},
            {"tally"},
            {"tally", "--metod", "x", "f"},
            {"show"},
            {"key"},
            {"proposals", "--limit", "x"},
            {"proposals", "--limit", "0"},
            {"proposals", "--status", "sleeping"},
            {"vote", "p", "A", "--blank"},
            {"completion", "fish"},
            {"dao", "join"},
            {"verify", "--dao", "nonsense", "f"},
            {"propose", ""},
            {"propose", "broken \uFFFD text"},
            {"propose", "x", "--quorum", "2"}
        }) {
            CommandRun.Printed printed = run(line);
            assertThat(printed.exit()).as(String.join(" ", line)).isEqualTo(2);
            assertThat(printed.err().lines())
                    .as(String.join(" ", line))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("althing: ");
        }
    }

    @Test
    void withJsonAnErrorIsAnObjectToo() {
        CommandRun.Printed printed = run("vot", "--json");
        assertThat(printed.json().path("error").path("message").asText()).contains("unknown command 'vot'");
        assertThat(printed.json().path("error").path("code").asInt()).isEqualTo(2);
        assertThat(printed.out().lines()).hasSize(1);
        assertThat(printed.err().lines()).hasSize(1);
    }

    @Test
    void aMissingServiceIsTheEnvironmentsFault() {
        CommandRun.Printed printed = run("status");
        assertThat(printed.exit()).isEqualTo(3);
        assertThat(printed.err())
                .startsWith("althing: the client is not installed")
                .hasLineCount(1);
    }

    @Test
    void noNodeIsTheEnvironmentsFault() {
        Nearby nobody = data -> {
            throw new AlthingException("no node serves " + data + "; start one with `althing node`");
        };
        CommandRun.Printed printed =
                new CommandRun(home).with(AssemblyClients.class, nobody).run("status", "--data", home.toString());
        assertThat(printed.exit()).isEqualTo(3);
        assertThat(printed.err()).isEqualTo("althing: no node serves " + home + "; start one with `althing node`\n");
    }

    @Test
    void ourOwnMistakeIsOneLineAndALogFile() throws Exception {
        Nearby broken = data -> {
            throw new IllegalStateException("two\nlines");
        };
        CommandRun.Printed printed =
                new CommandRun(home).with(AssemblyClients.class, broken).run("status");
        assertThat(printed.exit()).isEqualTo(3);
        assertThat(printed.err()).contains("IllegalStateException: two; lines").hasLineCount(1);
        Path log = Path.of(printed.err().replaceAll("(?s).* with (\\S+\\.log)\\s*", "$1"));
        assertThat(Files.readString(log)).contains("at org.althing.cli.internal.CliTest");
        Files.delete(log);
    }

    @Test
    void theDataFolderIsTheOptionElseTheVariableElseTheHome() {
        CommandRun run = new CommandRun(home).with(AssemblyClients.class, (Nearby) data -> {
            throw new AlthingException("asked " + data);
        });
        assertThat(run.run("status").err()).contains("asked " + home.resolve(".althing"));
        run.variables.put("ALTHING_HOME", "/elsewhere");
        assertThat(run.run("status").err()).contains("asked /elsewhere");
        assertThat(run.run("--data", "/here", "status").err()).contains("asked /here");
        assertThat(run.run("status", "--data=/here").err()).contains("asked /here");
    }

    @Test
    void theNodeElsewhereIsTheOptionElseTheVariable() throws Exception {
        CommandRun run = new CommandRun(home).with(AssemblyClients.class, new AssemblyClients() {
            @Override
            public Connection connect(Path data) throws AlthingException {
                throw new AlthingException("asked here");
            }

            @Override
            public Connection connect(URI node, Optional<String> token) {
                throw new IllegalArgumentException("asked " + node + " with " + token.orElse("no token"));
            }
        });
        assertThat(run.run("status").err()).contains("asked here");
        run.variables.put("ALTHING_NODE", "http://a.example");
        assertThat(run.run("status").err()).contains("asked http://a.example with no token");
        Path token = Files.writeString(home.resolve("t"), "abc\n");
        CommandRun.Printed printed = run.run("status", "--node", "http://b.example", "--token-file", token.toString());
        assertThat(printed.err()).isEqualTo("althing: --node: asked http://b.example with abc\n");
        assertThat(printed.exit()).isEqualTo(2);
        Files.writeString(token, "a b\u00e9");
        assertThat(run.run("status", "--token-file", token.toString()).err()).contains("holds no token");
        run.variables.put("ALTHING_NODE", "not an address");
        assertThat(run.run("status").err()).contains("$ALTHING_NODE is no address");
    }

    @Test
    void coloursAreLeftOutUnlessWelcome() {
        CommandRun run = new CommandRun(home);
        assertThat(run.run("vot").err()).doesNotContain("\u001b");
        run.colour = true;
        assertThat(run.run("vot").err()).contains("\u001b[31m");
    }

    @Test
    void theCompletionScriptKnowsCommandsAndOptions() {
        CommandRun.Printed printed = run("completion", "bash");
        assertThat(printed.exit()).isZero();
        assertThat(printed.out()).startsWith("#!").contains("proposals", "--unranked", "complete -F");
    }

    @Test
    void benchesAreListedRunAndPrinted() {
        Benchmark ingest = new Benchmark() {
            @Override
            public String name() {
                return "ingest";
            }

            @Override
            public String summary() {
                return "entries from the wire to the disk";
            }

            @Override
            public List<Row> run(Progress progress) {
                progress.step("measuring");
                return List.of(new Row("one core", 2000, "entries/s", "MVStore", 500, 4));
            }
        };
        CommandRun run = new CommandRun(home).with(Benchmark.class, ingest);
        assertThat(run.run("bench", "ingest", "--json").out())
                .isEqualTo("{\"bench\":\"ingest\",\"rows\":[{\"case\":\"one core\",\"value\":2000.0,"
                        + "\"unit\":\"entries/s\",\"baseline\":\"MVStore\",\"baselineValue\":500.0,\"ratio\":4.0}]}\n");
        assertThat(run.run("bench", "ingest").out()).contains("one core", "2,000", "4.00x");
        assertThat(run.run("bench").out()).contains("entries from the wire");
        CommandRun.Printed unknown = run.run("bench", "egress");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).isEqualTo("althing: no benchmark 'egress'; there is ingest\n");
    }

    private CommandRun.Printed run(String... arguments) {
        return new CommandRun(home).run(arguments);
    }
}
