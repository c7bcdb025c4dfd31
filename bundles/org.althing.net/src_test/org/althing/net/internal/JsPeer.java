// SPDX-License-Identifier: EPL-2.0
package org.althing.net.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A js-libp2p node as a process of its own, driven through {@code releng/npm/libp2p-peer.mjs}. */
final class JsPeer implements AutoCloseable {

    private static final long ANSWER_MAX_SECONDS = 30;
    private static final long STOP_MAX_SECONDS = 20;

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "js peer");
        thread.setDaemon(true);
        return thread;
    });

    JsPeer(Path npm, Path log) throws IOException {
        process = new ProcessBuilder(npm.resolve("node_modules/node/bin/node").toString(), "libp2p-peer.mjs")
                .directory(npm.toFile())
                .redirectError(log.toFile())
                .start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The folder of the npm packages, if they are installed. */
    static @Nullable Path npm() {
        String named = System.getProperty("ALTHING_NPM", System.getenv("ALTHING_NPM"));
        Stream<Path> candidates = named != null
                ? Stream.of(Path.of(named))
                : Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
                        .map(path -> path.resolve("releng/npm"));
        return candidates
                .filter(path -> Files.exists(path.resolve("node_modules/node/bin/node"))
                        && Files.isDirectory(path.resolve("node_modules/libp2p")))
                .findFirst()
                .orElse(null);
    }

    /** Does a command; its answer, as JSON. */
    String call(String command) {
        try {
            commands.write(command.replace('\'', '"') + "\n");
            commands.flush();
            String line = reader.submit(answers::readLine).get(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
            if (line == null || !line.startsWith("{\"value\":")) {
                throw new AssertionError(command + ": " + line);
            }
            return line.substring("{\"value\":".length(), line.length() - 1);
        } catch (Exception e) {
            throw new AssertionError(command + ": " + e, e);
        }
    }

    @Override
    public void close() throws IOException {
        commands.close();
        try {
            if (!process.waitFor(STOP_MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        reader.shutdownNow();
    }
}
