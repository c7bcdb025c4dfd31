// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.Host;
import org.althing.api.net.HostConfiguration;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.PeerListener;
import org.althing.api.net.ProtocolHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/** Two hosts of one framework, each with a configuration; handlers and listeners are services. The transport's bundle is replaced under them. */
class HostReplacedTest {

    private static final long WAIT_MAX_SECONDS = 30;
    private static final String ECHO = "/test/echo/1";

    private final BundleContext context =
            FrameworkUtil.getBundle(HostReplacedTest.class).getBundleContext();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final List<String> told = new ArrayList<>();

    @Test
    void aTransportIsReplacedAndNobodyNeedKnow(@TempDir Path first, @TempDir Path second) throws Exception {
        ServiceRegistration<?> echo = context.registerService(ProtocolHandler.class, new Echo(), null);
        ServiceRegistration<?> listener = context.registerService(PeerListener.class, new Recorder(), null);
        Configuration one = configure(first);
        Configuration two = configure(second);
        try {
            PeerId before = talk(first, second);
            assertThat(Providers.find("org.althing.net")).isPresent();
            byte[] other = Providers.copyOf("org.althing.net", "test.net");
            try (Providers.Gone gone = Providers.uninstall("org.althing.net");
                    Providers.Guest guest = Providers.install("test.net", other)) {
                heard.clear();
                told.clear();
                assertThat(talk(first, second)).as("the peer keeps its name").isEqualTo(before);
                assertThat(gone.location()).isNotEmpty();
                assertThat(guest.bundle().getSymbolicName()).isEqualTo("test.net");
            }
        } finally {
            // Unlike deleting configurations, this returns when the hosts have written their files.
            Bundle net = Providers.find("org.althing.net").orElseThrow();
            net.stop();
            one.delete();
            two.delete();
            net.start();
            echo.unregister();
            listener.unregister();
        }
    }

    /** Each bundle gets a ConfigurationAdmin of its own, which works as long as the bundle holds it. */
    private Configuration configure(Path data) throws IOException {
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        Configuration configuration = admin.createFactoryConfiguration(HostConfiguration.PID, "?");
        configuration.update(new Hashtable<>(Map.of("data", data.toString(), "agent", "itest")));
        return configuration;
    }

    /** Lets one host talk to the other; the name of the first. */
    private PeerId talk(Path first, Path second) throws Exception {
        Host one = host(first);
        Host two = host(second);
        PeerId peer = one.dial(two.listenAddresses().getFirst().withPeer(two.self()))
                .toCompletableFuture()
                .get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
        assertThat(peer).isEqualTo(two.self());
        hear("identified " + two.self() + " itest true");
        hear("identified " + one.self() + " itest true");
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        one.open(peer, List.of(ECHO), 100, (stream, frame) -> answers.add(new String(frame, StandardCharsets.US_ASCII)))
                .toCompletableFuture()
                .get(WAIT_MAX_SECONDS, TimeUnit.SECONDS)
                .send("hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(answers.poll(WAIT_MAX_SECONDS, TimeUnit.SECONDS)).isEqualTo("hello");
        return one.self();
    }

    /** Waits until this was told; two hosts tell in any order. */
    private void hear(String wanted) throws InterruptedException {
        while (!told.remove(wanted)) {
            String news = heard.poll(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(news).as("waiting for " + wanted).isNotNull();
            told.add(news);
        }
    }

    private Host host(Path data) throws InvalidSyntaxException, InterruptedException {
        ServiceTracker<Host, Host> tracker = new ServiceTracker<>(
                context,
                context.createFilter("(&(objectClass=" + Host.class.getName() + ")(data=" + data + "))"),
                null);
        tracker.open();
        try {
            Host host = tracker.waitForService(TimeUnit.SECONDS.toMillis(WAIT_MAX_SECONDS));
            assertThat(host).isNotNull();
            return host;
        } finally {
            tracker.close();
        }
    }

    private static final class Echo implements ProtocolHandler {
        @Override
        public List<String> protocols() {
            return List.of(ECHO);
        }

        @Override
        public int frameSizeMaxBytes() {
            return 100;
        }

        @Override
        public NetStream.Receiver accept(NetStream stream) {
            return NetStream::send;
        }
    }

    private final class Recorder implements PeerListener {
        @Override
        public void identified(ConnectedPeer peer, PeerIdentity identity) {
            heard.add("identified " + peer.peer() + " " + identity.agent() + " "
                    + identity.protocols().contains(ECHO));
        }
    }
}
