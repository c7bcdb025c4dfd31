// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;

/** Runs snapshot.js, from npm, in a process of its own. */
final class SnapshotPeer {

    private static final long COUNT_TIMEOUT_MINUTES = 10;
    private static final String HEAP_MAX = "--max-old-space-size=12000";

    private final Path folder;

    /** Installs the peer if it is not there yet. */
    SnapshotPeer(Path checkout) throws AlthingException {
        folder = NpmFolder.installed(checkout, "npm-bench").path();
    }

    /**
     * What snapshot.js needed for one count.
     *
     * @param millis from the stored votes, as JSON, to the scores
     * @param countMillis the part of it that came after parsing
     */
    record Count(double millis, double countMillis, double peakMebibytes) {}

    Count count(String type, int ballots, int options, long seed) throws AlthingException {
        String output = run(
                COUNT_TIMEOUT_MINUTES,
                List.of(
                        "node",
                        HEAP_MAX,
                        "snapshot-peer.mjs",
                        type,
                        Integer.toString(ballots),
                        Integer.toString(options),
                        Long.toString(seed)));
        try {
            JsonNode line = new ObjectMapper().readTree(output);
            return new Count(
                    line.get("millis").asDouble(),
                    line.get("countMillis").asDouble(),
                    line.get("peakBytes").asDouble() / (1 << 20));
        } catch (IOException e) {
            throw new AlthingException("snapshot.js answered what is no JSON: " + output, e);
        }
    }

    private String run(long timeoutMinutes, List<String> command) throws AlthingException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(timeoutMinutes, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AlthingException(command.getFirst() + " took more than " + timeoutMinutes + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new AlthingException(
                        String.join(" ", command) + " failed in releng/npm-bench; run it there by hand to see why");
            }
            return output.strip();
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot run " + command.getFirst() + "; install Node.js and npm (Debian: nodejs npm)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
    }
}
