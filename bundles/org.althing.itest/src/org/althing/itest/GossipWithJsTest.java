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
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.althing.api.gossip.Gossip;
import org.althing.api.gossip.TopicValidator;
import org.althing.api.net.Host;
import org.althing.api.net.HostConfiguration;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Two js-libp2p gossipsub nodes with us between them: one that we dial, one that dials us. */
class GossipWithJsTest {

    private static final String TOPIC = "/althing/itest";
    private static final int MESSAGES = 500;
    private static final long WAIT_MAX_SECONDS = 30;

    private final BundleContext context =
            FrameworkUtil.getBundle(GossipWithJsTest.class).getBundleContext();

    @Test
    void messagesGoBothWaysAndNoInvalidOneIsForwarded(@TempDir Path folder) throws Exception {
        Path npm = npm();
        assumeTrue(
                Files.isDirectory(npm.resolve("node_modules/@libp2p/gossipsub")),
                "skipped: no gossipsub in releng/npm/node_modules (npm ci there), and ALTHING_NPM names none");
        Installed.service(ConfigurationAdmin.class); // Waits until it is there.
        // Held while it is used: the service is made for each bundle, and gone when that bundle lets go.
        ServiceReference<ConfigurationAdmin> admin = context.getServiceReference(ConfigurationAdmin.class);
        Configuration configuration = context.getService(admin).createFactoryConfiguration(HostConfiguration.PID, "?");
        configuration.update(new Hashtable<>(Map.of("data", folder.toString(), "agent", "itest")));
        Judge judge = new Judge();
        ServiceRegistration<?> registration = context.registerService(TopicValidator.class, judge, null);
        try (Js dialled = new Js(npm);
                Js dialling = new Js(npm)) {
            Host host = Installed.service(Host.class);
            Gossip gossip = Installed.service(Gossip.class);
            Multiaddr address = Multiaddr.parse(dialled.start());
            dialling.start();
            host.dial(address).toCompletableFuture().get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            dialling.call("{'do':'dial','address':'"
                    + host.listenAddresses().getFirst().withPeer(host.self()) + "'}");
            await(() ->
                    gossip.peers().stream().filter(p -> !p.topics().isEmpty()).count() == 2);
            await(() -> dialled.call("{'do':'meshed'}").equals("1")
                    && dialling.call("{'do':'meshed'}").equals("1"));

            for (int i = 0; i < MESSAGES; i++) {
                assertThat(gossip.publish(TOPIC, ("althing " + i + ".".repeat(280)).getBytes(StandardCharsets.UTF_8)))
                        .isTrue();
            }
            dialled.call("{'do':'publish','word':'one','count':" + MESSAGES + "}");
            dialling.call("{'do':'publish','word':'two','count':" + MESSAGES + "}");
            await(() -> judge.accepted.size() == 2 * MESSAGES);
            await(() -> dialled.heard("althing", MESSAGES) && dialled.heard("two", MESSAGES));
            await(() -> dialling.heard("althing", MESSAGES) && dialling.heard("one", MESSAGES));

            dialled.call("{'do':'publish','word':'bad','count':1}");
            await(() -> judge.rejected.size() == 1);
            gossip.publish(TOPIC, "last 0".getBytes(StandardCharsets.UTF_8));
            await(() -> dialling.heard("last", 1));
            assertThat(dialling.call("{'do':'counts'}")).doesNotContain("bad");
            PeerId sender = address.peer().orElseThrow();
            assertThat(gossip.peers())
                    .filteredOn(peer -> peer.peer().equals(sender))
                    .allSatisfy(peer -> assertThat(peer.score()).isNegative());
        } finally {
            registration.unregister();
            // Else the host would write into a folder that is being deleted.
            Providers.whileStopped("org.althing.net", configuration::delete);
            context.ungetService(admin);
        }
    }

    private static Path npm() {
        String named = System.getenv("ALTHING_NPM");
        return Path.of(named != null ? named : System.getProperty("althing.npm"));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_MAX_SECONDS); !condition.call(); ) {
            assertThat(System.nanoTime()).as("waited long enough").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static final class Judge implements TopicValidator {

        private final Set<String> accepted = ConcurrentHashMap.newKeySet();
        private final Set<String> rejected = ConcurrentHashMap.newKeySet();

        @Override
        public String topic() {
            return TOPIC;
        }

        @Override
        public CompletionStage<Verdict> validate(PeerId from, byte[] message) {
            String text = new String(message, StandardCharsets.UTF_8);
            boolean isBad = text.startsWith("bad");
            (isBad ? rejected : accepted).add(text);
            return CompletableFuture.completedFuture(isBad ? Verdict.REJECT : Verdict.ACCEPT);
        }
    }

    /** A js node as a process of its own, driven through {@code releng/npm/gossip-peer.mjs}. */
    private static final class Js implements AutoCloseable {

        private final Process process;
        private final Writer commands;
        private final BufferedReader answers;

        Js(Path npm) throws IOException {
            process = new ProcessBuilder(
                            npm.resolve("node_modules/node/bin/node").toString(), "gossip-peer.mjs")
                    .directory(npm.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            commands = process.outputWriter(StandardCharsets.UTF_8);
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        /** @return its address */
        String start() throws IOException {
            String addresses = call("{'do':'start','topic':'" + TOPIC + "'}");
            return addresses.substring(2, addresses.length() - 2);
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
}
