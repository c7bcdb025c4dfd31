// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.althing.api.AlthingException;

/** A node of the product in a process of its own, as an operator starts it, serving HTTP on a free port of the loopback. */
record NodeProcess(Process process, Path data, URI http) implements AutoCloseable {

    private static final long STOP_SECONDS_MAX = 60;

    /** Starts a node; on return it serves. */
    static NodeProcess start(Commands commands, Path data) throws IOException, AlthingException {
        return start(commands.althing("node", "--json", "--data", data.toString(), "--http", "127.0.0.1:0"), data);
    }

    /** Starts a node that takes part in a network of the loopback. */
    static NodeProcess startInNetwork(Commands commands, Path data) throws IOException, AlthingException {
        ProcessBuilder builder = commands.althing(
                "node",
                "--json",
                "--data",
                data.toString(),
                "--http",
                "127.0.0.1:0",
                "--listen",
                "/ip4/127.0.0.1/tcp/0");
        builder.environment().put("ALTHING_RANGES_UNBOUNDED", "127.0.0.0/8");
        return start(builder, data);
    }

    private static NodeProcess start(ProcessBuilder builder, Path data) throws IOException, AlthingException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (line == null) {
            throw new AlthingException("the node does not start; try: althing node --data " + data);
        }
        return new NodeProcess(
                process,
                data,
                URI.create(new ObjectMapper().readTree(line).path("http").asText()));
    }

    /** Processor time that it has used so far. */
    double processorMicros() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e3;
    }

    /** Resident memory. */
    double mebibytes() throws IOException {
        return Commands.mebibytes(process, "VmRSS");
    }

    /** The most resident memory that it ever had. */
    double mebibytesMost() throws IOException {
        return Commands.mebibytes(process, "VmHWM");
    }

    @Override
    public void close() throws AlthingException {
        process.destroy();
        try {
            process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
    }
}
