// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.cli;

import static org.althing.itest.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.althing.api.node.NodeLauncher;
import org.althing.api.node.NodeSettings;
import org.althing.api.node.RunningNode;
import org.althing.itest.PluginJars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code althing plugin} as an operator types it. */
@Timeout(120)
class PluginCommandTest {

    @TempDir
    Path folder;

    @Test
    void anOperatorAddsListsAndRemovesAPlugin() throws Exception {
        byte[] jar = PluginJars.method("1.0.0");
        String file = Files.write(folder.resolve("p.jar"), jar).toString();
        String data = folder.resolve("n").toString();
        try (RunningNode node = Shell.service(NodeLauncher.class).start(NodeSettings.of(Path.of(data)))) {
            Typed asked = type("plugin", "add", file, "--data", data);
            assertThat(asked.exit()).isEqualTo(2);
            assertThat(asked.out())
                    .contains(PluginJars.NAME, "1.0.0", "org.althing.api.tally.VotingMethod", PluginJars.sha256(jar));
            assertThat(asked.err()).contains("no terminal").contains("--yes").hasLineCount(1);
            assertThat(node.plugins().plugins()).isEmpty();
            // The node runs in this process too, and its log says so on the same stream.
            assertThat(type("plugin", "add", file, "--data", data, "--yes", "--json")
                            .exit())
                    .isZero();
            JsonNode all =
                    type("plugin", "list", "--data", data, "--json").fine().json();
            assertThat(all.path("plugins").path(0).path("sha256").asText()).isEqualTo(PluginJars.sha256(jar));
            assertThat(type("plugin", "list", "--data", data).fine().out())
                    .contains(PluginJars.NAME)
                    .contains("running");
            assertThat(type("plugin", "remove", PluginJars.NAME, "--data", data).out())
                    .contains("Removed");
            type("plugin", "remove", PluginJars.NAME, "--data", data).fails(2, "no plugin");
        }
        type("plugin", "list", "--data", data).fails(3, "no node serves");
        type("plugin", "add", folder.resolve("none.jar").toString(), "--data", data, "--yes")
                .fails(2, "does not exist");
    }
}
