// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;

/** A peer in a process of its own that does what it is told: one JSON command a line, one JSON line in answer. */
final class PeerProcess implements AutoCloseable {

    private static final long STOP_SECONDS_MAX = 20;

    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    PeerProcess(ProcessBuilder builder) throws AlthingException {
        try {
            process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new AlthingException("cannot run " + builder.command().getFirst() + ": " + e.getMessage(), e);
        }
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    ObjectNode command(String word) {
        return json.createObjectNode().put("do", word);
    }

    JsonNode call(String word) throws AlthingException {
        return call(command(word));
    }

    JsonNode call(ObjectNode command) throws AlthingException {
        send(command);
        return answer();
    }

    /** For commands to several peers at once; {@link #answer} must follow. */
    void send(ObjectNode command) throws AlthingException {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new AlthingException("a peer of the benchmark is gone: " + e.getMessage(), e);
        }
    }

    JsonNode answer() throws AlthingException {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new AlthingException("a peer of the benchmark has ended");
            }
            JsonNode answer = json.readTree(line);
            if (!answer.has("value")) {
                throw new AlthingException("a peer of the benchmark says " + line);
            }
            return answer.get("value");
        } catch (IOException e) {
            throw new AlthingException("a peer of the benchmark is gone: " + e.getMessage(), e);
        }
    }

    /** Processor time that it has used so far. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Resident memory. */
    double mebibytes() throws AlthingException {
        try {
            return Commands.mebibytes(process, "VmRSS");
        } catch (IOException e) {
            throw new AlthingException("cannot see a peer's memory (" + e + "); this benchmark needs Linux", e);
        }
    }

    /** Ends it at once, as a power cut does. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws AlthingException {
        try {
            commands.close();
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
    }
}
