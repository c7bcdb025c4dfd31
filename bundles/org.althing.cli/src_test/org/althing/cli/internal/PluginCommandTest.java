// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.althing.api.node.AssemblyClients;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is added that nobody has accepted. */
class PluginCommandTest {

    @TempDir
    Path folder;

    private final FakeAssembly assembly = new FakeAssembly();
    private CommandRun run = new CommandRun(Path.of(""));
    private String jar = "";

    @BeforeEach
    void prepare() throws IOException {
        run = new CommandRun(folder).with(AssemblyClients.class, (Nearby) data -> assembly);
        jar = Files.write(folder.resolve("p.jar"), new byte[] {1, 2, 3}).toString();
    }

    private CommandRun.Printed answering(String answer) {
        run.typed.add(answer);
        return run.run("plugin", "add", jar);
    }

    @Test
    void givenAYes_thenItIsAdded() {
        CommandRun.Printed printed = answering("y");
        assertThat(printed.err()).isEmpty();
        assertThat(printed.exit()).isZero();
        assertThat(printed.out()).contains("test.plugin", "1.2.0", "x.Method", FakePlugins.SHA256, "3 bytes", "Added");
        assertThat(assembly.plugins.all).hasSize(1);
        assertThat(answering("YES").out()).contains("Replaces  version 1.2.0");
    }

    @Test
    void givenAnythingElse_thenItIsNot() {
        for (String answer : new String[] {"n", "", "yesterday"}) {
            CommandRun.Printed printed = answering(answer);
            assertThat(printed.exit()).isEqualTo(1);
            assertThat(printed.err()).contains("not accepted").hasLineCount(1);
        }
        assertThat(assembly.plugins.all).isEmpty();
    }

    @Test
    void givenNobodyToAsk_thenItIsRefusedWithoutYes() {
        CommandRun.Printed printed = run.run("plugin", "add", jar);
        assertThat(printed.exit()).isEqualTo(2);
        assertThat(printed.err()).contains("no terminal").contains("--yes").hasLineCount(1);
        assertThat(run.run("plugin", "add", jar, "--json").exit()).isEqualTo(2);
        assertThat(assembly.plugins.all).isEmpty();
        assertThat(run.run("plugin", "add", jar, "--yes", "--json")
                        .json()
                        .path("sha256")
                        .asText())
                .isEqualTo(FakePlugins.SHA256);
    }

    @Test
    void givenNoWordOrNoFile_thenUsageSaysSo() {
        assertThat(run.run("plugin").exit()).isEqualTo(2);
        assertThat(run.run("plugin", "add").exit()).isEqualTo(2);
        assertThat(run.run("plugin", "add", jar + "x").err()).contains("does not exist");
    }
}
