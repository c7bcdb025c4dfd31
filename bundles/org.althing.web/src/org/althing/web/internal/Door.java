// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpDoors.HttpDoor;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.RunningNode;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open door: a server with one connector, and what is on its whiteboard. */
final class Door implements HttpDoor {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final String CONTEXT_NAME = "althing";

    private final Consumer<HttpDoor> onClose;
    private final List<AutoCloseable> owned = new ArrayList<>();
    private URI address = URI.create("http://localhost/");
    private boolean closed;

    private Door(Consumer<HttpDoor> onClose) {
        this.onClose = onClose;
    }

    static Door open(
            String name,
            BundleContext context,
            Jetty jetty,
            RunningNode node,
            HttpSettings settings,
            Consumer<HttpDoor> onClose)
            throws RefusedException, AlthingException {
        Tls tls = settings.tls().isPresent() ? Tls.of(settings.tls().get(), System::currentTimeMillis) : null;
        ServerSocketChannel channel = bind(settings);
        Door door = new Door(onClose);
        door.owned.add(channel);
        try {
            door.serve(name, context, jetty, node, settings, tls, channel);
            return door;
        } catch (AlthingException | RuntimeException e) {
            door.close();
            throw e;
        }
    }

    /** Listens before anything else is begun, so that a port in use is told plainly. */
    private static ServerSocketChannel bind(HttpSettings settings) throws AlthingException {
        InetSocketAddress wanted = new InetSocketAddress(settings.host(), settings.port());
        String shown = settings.host() + ":" + settings.port();
        if (wanted.isUnresolved()) {
            throw new AlthingException("cannot listen on " + shown + ": no machine has the name " + settings.host()
                    + "; choose such as 127.0.0.1");
        }
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                return channel.bind(wanted, HttpLimits.BACKLOG_CONNECTIONS);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (BindException e) {
            throw new AlthingException(
                    "cannot listen on " + shown + " (" + e.getMessage()
                            + "); stop who does, or choose another with --http HOST:PORT, or none with --http none",
                    e);
        } catch (IOException e) {
            throw new AlthingException("cannot listen on " + shown + " (" + e + "); choose another with --http", e);
        }
    }

    private void serve(
            String name,
            BundleContext context,
            Jetty jetty,
            RunningNode node,
            HttpSettings settings,
            @Nullable Tls tls,
            ServerSocketChannel channel)
            throws AlthingException {
        int port = channel.socket().getLocalPort();
        address = URI.create((tls == null ? "http://" : "https://")
                + (settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host())
                + ":" + port + "/");
        Json json = new Json();
        Refusals refusals = new Refusals();
        Connections connections = new Connections(refusals, System::nanoTime);
        Metrics metrics = new Metrics(refusals);
        Rate requests = new Rate(
                settings.requestsPerSecondMax(),
                HttpLimits.BURST_SECONDS * settings.requestsPerSecondMax(),
                HttpLimits.ADDRESSES_MAX,
                System::nanoTime);
        Rate wrongTokens = new Rate(
                HttpLimits.RATE_WRONG_TOKENS_PER_SECOND,
                HttpLimits.BURST_WRONG_TOKENS,
                HttpLimits.ADDRESSES_MAX,
                System::nanoTime);
        SecureRandom random = new SecureRandom();
        Assembly assembly = node.publicAssembly();
        Admin admin =
                new Admin(assembly, json, AdminToken.of(node.data(), random), wrongTokens, refusals, settings.stop());
        EventRing ring = new EventRing(Long.toString(random.nextLong() >>> 1, 36), HttpLimits.EVENTS_KEPT_MAX);
        EventStream events = new EventStream(assembly, ring, json, refusals, System::nanoTime);
        Kept kept = new Kept(System::nanoTime);
        Routes routes = new Routes(new Api(assembly, json, admin, kept), admin, metrics, Page.of(context.getBundle()));
        metrics.watch(assembly);
        metrics.gauge("althing_http_connections", "Open connections", connections::size);
        metrics.gauge("althing_http_streams", "Open streams of events", events::open);

        register(context, name, ServletContextHelper.class, new NoResources(), Map.of());
        Rules rules = new Rules(settings.host(), settings.names(), tls != null, requests, refusals);
        register(
                context,
                name,
                Filter.class,
                new Gate(rules, json, metrics, System::nanoTime),
                Map.of(
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_FILTER_PATTERN,
                        "/*",
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_FILTER_ASYNC_SUPPORTED,
                        true));
        register(
                context,
                name,
                Servlet.class,
                events,
                Map.of(
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN,
                        EventStream.PATH,
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED,
                        true));
        register(
                context,
                name,
                Servlet.class,
                new Shell(routes, json, refusals, metrics, System::nanoTime),
                Map.of(
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN,
                        "/*",
                        HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED,
                        true));
        Jetty.Running server = jetty.start(
                name, made -> connector(made, settings.host(), port, channel, tls, connections, json, refusals));
        owned.add(server);
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("althing-http-watch").factory());
        watch.scheduleWithFixedDelay(
                connections::sweep,
                HttpLimits.WATCH_INTERVAL_MILLIS,
                HttpLimits.WATCH_INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
        if (tls != null) {
            long intervalMillis = settings.tls().orElseThrow().lookIntervalMillis();
            watch.scheduleWithFixedDelay(tls::look, intervalMillis, intervalMillis, TimeUnit.MILLISECONDS);
            owned.add(node.addProblems(tls::problems));
        }
        owned.add(watch::shutdownNow);
        owned.add(ring::close);
        // Who is told of a seal by the ring may ask at once.
        owned.add(node.publicFeed().subscribe(kept::happened));
        owned.add(node.publicFeed().subscribe(ring::add));
    }

    private static ServerConnector connector(
            Server server,
            String host,
            int port,
            ServerSocketChannel channel,
            @Nullable Tls tls,
            Connections connections,
            Json json,
            Refusals refusals) {
        server.setErrorHandler(new ErrorPages(json, refusals));
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(HttpLimits.HEADER_SIZE_MAX_BYTES);
        configuration.setResponseHeaderSize(HttpLimits.ANSWER_HEADER_SIZE_MAX_BYTES);
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        ConnectionFactory[] protocols = tls == null
                ? new ConnectionFactory[] {new HttpConnectionFactory(configuration)}
                : tls.protocols(configuration);
        configuration.addCustomizer(connections);
        ServerConnector connector = new ServerConnector(server, 1, 1, protocols);
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(HttpLimits.IDLE_TIMEOUT_MILLIS);
        connector.addBean(connections);
        Jetty.open(connector, channel);
        return connector;
    }

    private <T> void register(
            BundleContext context, String server, Class<T> type, T service, Map<String, Object> properties) {
        Hashtable<String, Object> all = new Hashtable<>(properties);
        all.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, "(" + Jetty.SERVER_NAME + "=" + server + ")");
        if (type == ServletContextHelper.class) {
            all.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, CONTEXT_NAME);
            all.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, "/");
        } else {
            all.put(
                    HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT,
                    "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=" + CONTEXT_NAME + ")");
        }
        ServiceRegistration<T> registration = context.registerService(type, service, all);
        owned.add(registration::unregister);
    }

    /** Nothing of the bundle is served by itself. */
    private static final class NoResources extends ServletContextHelper {
        @Override
        public @Nullable URL getResource(String name) {
            return null;
        }
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (AutoCloseable thing : owned.reversed()) {
            try {
                thing.close();
            } catch (Exception e) {
                LOG.warn("could not be closed: {}", e.toString());
            }
        }
        onClose.accept(this);
    }
}
