// SPDX-License-Identifier: EPL-2.0
package org.althing.itest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo by the real clock; the separate process is a stub here, since the tests run without the launcher. */
class DemoTest {

    private static final String PRODUCT_PROPERTY = "althing.home";

    @TempDir
    Path folder;

    @Test
    void bothElectionsAgreeWithWhatWasPublishedAndTheEvidenceHolds() throws Exception {
        JsonNode json =
                demo("{\"holds\":true}", 0, folder.resolve("demo")).fine().json();
        assertThat(json.path("winner").asText()).isEqualTo("Sam Hocevar");
        assertThat(json.path("published").asText()).isEqualTo("Sam Hocevar");
        assertThat(json.path("ballots").asLong()).isEqualTo(421 + 482);
        assertThat(json.path("members").asInt()).isEqualTo(482);
        assertThat(json.path("verified").asBoolean()).isTrue();
        assertThat(json.path("elections").findValuesAsText("winner")).containsExactly("Anthony Towns", "Sam Hocevar");
        for (JsonNode election : json.path("elections")) {
            assertThat(election.path("agrees").asBoolean()).isTrue();
            JsonNode report = Typed.type(
                            "verify",
                            "--json",
                            "--dao",
                            json.path("dao").asText(),
                            election.path("evidence").asText())
                    .fine()
                    .json();
            assertThat(report.path("outcomes").get(0).path("ballots").asLong())
                    .isEqualTo(election.path("ballots").asLong());
        }
    }

    @Test
    void aForeignFolderIsLeftAlone() throws Exception {
        Path file = Files.writeString(
                Files.createDirectory(folder.resolve("foreign")).resolve("thesis.txt"), "mine");
        Typed.type("demo", "--once", "--data", file.getParent().toString())
                .fails(2, "is not empty and no demo made it");
        assertThat(Files.list(file.getParent())).containsExactly(file);
        Typed.type("demo", "--once", "--data", file.toString()).fails(2, "is a file; name a folder");
    }

    private Typed demo(String report, int exit, Path data) throws Exception {
        Path launcher =
                Files.writeString(folder.resolve("althing"), "#!/bin/sh\necho '" + report + "'\nexit " + exit + "\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        System.setProperty(PRODUCT_PROPERTY, folder.toString());
        try {
            return Typed.type("demo", "--once", "--json", "--voting", "15s", "--data", data.toString());
        } finally {
            System.clearProperty(PRODUCT_PROPERTY);
        }
    }
}
