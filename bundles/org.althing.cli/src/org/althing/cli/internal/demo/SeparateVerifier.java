// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.althing.cli.internal.Failure;
import org.althing.cli.internal.Json;

/** Runs {@code althing verify} as an auditor would: in a process of its own that knows nothing but the file and the DAO. */
final class SeparateVerifier {

    private static final long TIME_MAX_SECONDS = 120;
    private static final int OUTPUT_MAX_BYTES = 16 * 1024 * 1024;

    private final List<String> self;

    SeparateVerifier(List<String> self) {
        this.self = self;
    }

    /** A check that runs. */
    record Running(Process process) {

        /** Whether every claim holds. */
        boolean await() throws Failure, IOException {
            try (InputStream out = process.getInputStream()) {
                String answer = new String(out.readNBytes(OUTPUT_MAX_BYTES), StandardCharsets.UTF_8);
                if (!process.waitFor(TIME_MAX_SECONDS, TimeUnit.SECONDS)) {
                    throw Failure.environment("`althing verify` did not end within " + TIME_MAX_SECONDS + " s");
                }
                return read(answer, process.exitValue());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.environment("interrupted");
            } finally {
                process.destroy();
            }
        }

        private static boolean read(String answer, int exit) throws Failure, IOException {
            JsonNode report = answer.isBlank() ? Json.object() : Json.parse(answer);
            if (exit > 1 || !report.path("holds").isBoolean()) {
                throw Failure.environment("`althing verify` failed with exit code " + exit + ": "
                        + report.path("error").path("message").asText("it said nothing"));
            }
            return exit == 0 && report.path("holds").asBoolean();
        }
    }

    Running start(String dao, String file) throws Failure, IOException {
        if (self.isEmpty()) {
            throw Failure.environment(
                    "this process does not know how it was started, and so cannot start `althing verify`; set ALTHING_LAUNCHER to the althing script");
        }
        List<String> command = new ArrayList<>(self);
        command.addAll(List.of("verify", "--json", "--dao", dao, file));
        return new Running(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }
}
