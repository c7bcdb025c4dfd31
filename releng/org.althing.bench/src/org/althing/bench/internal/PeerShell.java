// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.net.Host;
import org.althing.api.net.HostConfiguration;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The product as a peer that is told what to do: the shipped host on the loopback, and one JSON command a line on standard input, each answered
 * with one line. Belongs to one thread.
 */
final class PeerShell implements AutoCloseable {

    private static final long WAIT_MAX_MILLIS = 30_000;

    private final BundleContext context;
    private final Configuration configuration;
    private final List<ServiceTracker<?, ?>> trackers = new ArrayList<>();

    /** What the peer can do. */
    interface Role {
        JsonNode run(JsonNode command) throws AlthingException;
    }

    /** @param folder for the host's own files */
    PeerShell(BundleContext context, ConfigurationAdmin admin, Path folder) throws AlthingException {
        this.context = context;
        try {
            configuration = admin.createFactoryConfiguration(HostConfiguration.PID, "?");
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put("data", folder.toString());
            properties.put("rangesUnbounded", new String[] {"127.0.0.0/8"});
            configuration.update(properties);
        } catch (IOException e) {
            throw new AlthingException("cannot configure the benchmark's peer: " + e, e);
        }
    }

    /**
     * The folder of this process, if a benchmark has started it as its peer: the benchmark removes it when this process is gone.
     *
     * @param property that the benchmark has set for it
     */
    static Optional<Path> folder(String property) {
        return Optional.ofNullable(System.getProperty(property)).map(Path::of);
    }

    /**
     * The product as a peer of a benchmark. Configurations are kept in the peer's own folder: those of the product are shared by all its
     * processes, and each of them would begin a host for each.
     */
    static ProcessBuilder process(String benchmark, String property, Path folder) throws AlthingException {
        ProcessBuilder builder = Commands.ofProduct().althing("bench", benchmark, "--json");
        builder.environment()
                .merge(
                        "ALTHING_JAVA_OPTS",
                        "-D" + property + "=" + folder + " -Dfelix.cm.dir=" + folder.resolve("configurations"),
                        (given, peer) -> given + " " + peer);
        return builder;
    }

    /** A service of the product, which is held until this shell is closed. */
    <T> T service(Class<T> type) throws AlthingException {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        trackers.add(tracker);
        try {
            T service = tracker.waitForService(WAIT_MAX_MILLIS);
            if (service == null) {
                throw new AlthingException("this product has no " + type.getSimpleName() + "; see its log");
            }
            return service;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
    }

    <T> void register(Class<T> type, T service) {
        context.registerService(type, service, null);
    }

    /** Where others dial a host. */
    static ArrayNode addresses(Host host) {
        ArrayNode addresses = JsonNodeFactory.instance.arrayNode();
        host.listenAddresses()
                .forEach(address -> addresses.add(address.withPeer(host.self()).toString()));
        return addresses;
    }

    /** Does what it is told until the input ends. */
    void serve(Role role, PrintStream out) throws AlthingException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                ObjectNode answer = JsonNodeFactory.instance.objectNode();
                answer.set("value", role.run(json.readTree(line)));
                out.println(answer);
                out.flush();
            }
        } catch (IOException e) {
            throw new AlthingException("the benchmark's peer cannot go on: " + e, e);
        }
    }

    @Override
    public void close() throws AlthingException {
        trackers.forEach(ServiceTracker::close);
        try {
            configuration.delete();
        } catch (IOException e) {
            throw new AlthingException("could not remove the configuration of a peer: " + e, e);
        }
    }
}
