// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A node of the product as a process of its own, headless, on the loopback; asked by its local door. */
final class NodeProcess implements AutoCloseable {

    private static final long START_SECONDS_MAX = 60;
    private static final long STOP_SECONDS_MAX = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path althing;
    private final Path data;
    private final List<String> bootstrap;
    private final List<String> options;
    private final Place place;
    private String listen;
    private Process process;
    private JsonNode said;

    /** The node refuses. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Where a node runs.
     *
     * @param command what stands before its own command
     */
    record Place(List<String> command, String listen) {

        static final Place LOOPBACK = new Place(List.of(), "/ip4/127.0.0.1/tcp/0");
    }

    private NodeProcess(Path althing, Path data, Place place, List<String> bootstrap, List<String> options) {
        this.althing = althing;
        this.place = place;
        this.listen = place.listen;
        this.data = data;
        this.bootstrap = bootstrap;
        this.options = options;
    }

    /** The product that the build has just made, or the one at {@code althing.product}. */
    static Path product() {
        return Path.of(
                System.getProperty(
                        "althing.product",
                        System.getProperty("althing.root")
                                + "/releng/org.althing.node.product/target/products/org.althing.node.product/linux/gtk/x86_64/althing"));
    }

    /** @param options further ones of the command line */
    static NodeProcess start(Path data, List<String> bootstrap, String... options) throws IOException {
        return start(data, Place.LOOPBACK, bootstrap, options);
    }

    static NodeProcess start(Path data, Place place, List<String> bootstrap, String... options) throws IOException {
        NodeProcess node = new NodeProcess(product(), data, place, bootstrap, List.of(options));
        node.begin();
        return node;
    }

    /** Starts the process; again after it was killed, on the same folder and port. */
    void begin() throws IOException {
        List<String> command = new ArrayList<>(place.command);
        command.addAll(List.of(althing.toString(), "node", "--json", "--data", data.toString(), "--listen", listen));
        if (!options.contains("--http")) {
            command.addAll(List.of("--http", "none"));
        }
        command.addAll(options);
        bootstrap.forEach(address -> command.addAll(List.of("--bootstrap", address)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put("ALTHING_RANGES_UNBOUNDED", "127.0.0.0/8");
        process = builder.start();
        String line = null;
        try {
            line = CompletableFuture.supplyAsync(this::firstLine).get(START_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception e) {
            kill();
        }
        if (line == null) {
            throw new IOException("the node on " + data + " does not start: " + Files.readString(log()));
        }
        said = JSON.readTree(line);
        // Whoever has this address shall find the node there again.
        listen = address().replaceFirst("/p2p/.*", "");
    }

    private String firstLine() {
        try {
            return process.inputReader(StandardCharsets.UTF_8).readLine();
        } catch (IOException e) {
            return null;
        }
    }

    Path log() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    Path data() {
        return data;
    }

    String notary() {
        return said.path("notary").asText();
    }

    /** Where others dial it. */
    String address() {
        return said.path("listen").path(0).asText();
    }

    /** Where its page is, if it was started with one. */
    String http() {
        return said.path("http").asText();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGTERM: it saves what it knows. */
    void end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError("the node on " + data + " does not end");
        }
    }

    /** SIGSTOP: its connections stay, nobody answers. */
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    }

    // Its use cases.

    /** @throws Refused if the node refuses; another IOException if it cannot be asked, and nobody knows what it did */
    JsonNode ask(String method, Object... parameters) throws IOException {
        ObjectNode request =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        ArrayNode list = request.putArray("params");
        for (Object parameter : parameters) {
            list.add(
                    parameter instanceof byte[] bytes
                            ? JSON.getNodeFactory().textNode(Base64.getEncoder().encodeToString(bytes))
                            : JSON.<JsonNode>valueToTree(parameter));
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(data.resolve("node.sock")));
            ByteBuffer out =
                    ByteBuffer.wrap((JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the node on " + data + " has gone");
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("error")) {
                throw new Refused(answer.path("error").path("message").asText());
            }
            return answer.path("result");
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
