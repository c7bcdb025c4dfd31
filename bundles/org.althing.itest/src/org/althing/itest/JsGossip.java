// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.althing.api.net.Multiaddr;

/** A js node as a process of its own, driven through {@code releng/npm/gossip-peer.mjs}. */
final class JsGossip implements AutoCloseable {

    static final long WAIT_MAX_SECONDS = 30;

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    JsGossip(Path npm) throws IOException {
        process = new ProcessBuilder(npm.resolve("node_modules/node/bin/node").toString(), "gossip-peer.mjs")
                .directory(npm.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The folder of the npm packages. */
    static Path npm() {
        String named = System.getenv("ALTHING_NPM");
        Path npm = Path.of(named != null ? named : System.getProperty("althing.npm"));
        assumeTrue(
                Files.isDirectory(npm.resolve("node_modules/@libp2p/gossipsub")),
                "skipped: no gossipsub in releng/npm/node_modules (npm ci there), and ALTHING_NPM names none");
        return npm;
    }

    static void await(Callable<Boolean> condition) throws Exception {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_MAX_SECONDS); !condition.call(); ) {
            assertThat(System.nanoTime()).as("waited long enough").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /**
     * Joins a topic.
     *
     * @param meshMax how many peers its mesh has at most; with more it prunes one and tells it of the others
     * @return its address
     */
    Multiaddr start(String topic, int meshMax) throws IOException {
        String addresses = call("{'do':'start','topic':'" + topic + "','meshMax':" + meshMax + "}");
        return Multiaddr.parse(addresses.substring(2, addresses.length() - 2));
    }

    boolean heard(String word, int count) throws IOException {
        return call("{'do':'counts'}").contains("\"" + word + "\":" + count);
    }

    String call(String command) throws IOException {
        commands.write(command.replace('\'', '"') + "\n");
        commands.flush();
        String line = answers.readLine();
        assertThat(line).as(command).startsWith("{\"value\":");
        return line.substring("{\"value\":".length(), line.length() - 1);
    }

    @Override
    public void close() throws Exception {
        commands.close();
        if (!process.waitFor(WAIT_MAX_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
