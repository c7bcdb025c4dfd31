// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks that bring programs of their own run from a checkout; here with little to do. */
class BenchTest {

    private static final boolean SOAK = Boolean.getBoolean("althing.soak");

    @TempDir
    Path folder;

    @Test
    void theSimulationRunsAndLosesNothing() throws Exception {
        Map<String, JsonNode> rows = bench("sim", "-Dalthing.bench.peers=300");
        assertThat(rows.get("delivered").path("value").asDouble()).isEqualTo(1);
        assertThat(rows.get("of these never made up for").path("value").asDouble())
                .isZero();
        assertThat(rows.get("deliveries that a cut prevented").path("value").asDouble())
                .isPositive();
        assertThat(rows.get("links a message crosses, mean").path("ratio").asDouble())
                .as("a tenth of the town is nearer together")
                .isLessThan(1);
    }

    @Test
    void bothKindsOfPeersGossipAndLoseNothing() throws Exception {
        Path npm = Path.of(System.getProperty("althing.root"), "releng", "npm");
        assumeTrue(
                Files.isDirectory(npm.resolve("node_modules/@libp2p/gossipsub")),
                "skipped: no gossipsub in releng/npm/node_modules (npm ci there)");
        Map<String, JsonNode> rows = bench("gossip", "-Dalthing.bench.seconds=1 -Dalthing.bench.rounds=1");
        JsonNode came = rows.get("of these came");
        assertThat(came.path("value").asDouble()).isEqualTo(1);
        assertThat(came.path("baselineValue").asDouble()).isEqualTo(1);
        JsonNode invalid = rows.get("messages that were not valid");
        assertThat(invalid.path("value").asDouble()).isZero();
        assertThat(invalid.path("baselineValue").asDouble()).isZero();
        assertThat(rows.get("messages").path("value").asDouble()).isPositive();
        assertThat(rows.get("messages").path("baselineValue").asDouble()).isPositive();
    }

    @Test
    void aNodeThatJoinsLateGetsEverythingThoughOnePeerLiesAndOneDies() throws Exception {
        Map<String, JsonNode> rows = bench("sync", "-Dalthing.bench.entries=" + (SOAK ? 100_000 : 5_000));
        assertThat(rows.get("then all was there (1: yes)").path("value").asDouble())
                .isEqualTo(1);
        assertThat(rows.get("the liar was let go (1: yes)").path("value").asDouble())
                .isEqualTo(1);
        assertThat(rows.get("from four of which one lies and one dies")
                        .path("value")
                        .asDouble())
                .isPositive();
    }

    /** Rows by their titles. */
    private Map<String, JsonNode> bench(String name, String options) throws Exception {
        File log = folder.resolve(name + ".log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(NodeProcess.product().toString(), "bench", name, "--json").redirectError(log);
        builder.environment().put("ALTHING_JAVA_OPTS", options);
        builder.environment().put("ALTHING_CHECKOUT", System.getProperty("althing.root"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s %s", output, Files.readString(log.toPath()))
                .isZero();
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        new ObjectMapper()
                .readTree(output)
                .path("rows")
                .forEach(row -> rows.put(row.path("case").asText(), row));
        return rows;
    }
}
