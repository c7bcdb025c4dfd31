// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.althing.api.AlthingException;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationException;
import org.osgi.service.cm.ManagedServiceFactory;

/**
 * Felix' Jetty with its Servlet Whiteboard. Its bundle is installed, but starts with the first door: a command that opens none pays nothing.
 *
 * <p>It is configured through its own {@link ManagedServiceFactory}, without a Configuration Admin, which would start with every command, act
 * later than asked and remember doors on disk. Felix gives every server a connector of its own, whose failures it logs and whose limits it
 * does not know; a {@link ConnectorFactory} is asked for more, and ours takes Felix' one away.
 */
final class Jetty {

    /** Whiteboard services name the server that they are for by this property. */
    static final String SERVER_NAME = "org.apache.felix.http.name";

    private static final String BUNDLE = "org.apache.felix.http.jetty12";
    private static final String FACTORY_PID = "org.apache.felix.http";

    private final BundleContext context;
    private final ServiceRegistration<ConnectorFactory> connectors;
    private final ReentrantLock starting = new ReentrantLock();
    /** Makes the connector of the server that is being started; held by {@link #starting}. */
    private @Nullable Function<Server, ServerConnector> next;

    Jetty(BundleContext context) {
        this.context = context;
        this.connectors = context.registerService(ConnectorFactory.class, this::connector, null);
    }

    /** A server that was started. */
    interface Running extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Starts a server with the one connector that is made for it.
     *
     * @param name for {@link #SERVER_NAME}
     * @param connector is given a server and makes its connector, not started
     */
    Running start(String name, Function<Server, ServerConnector> connector) throws AlthingException {
        starting.lock();
        try {
            ServiceReference<ManagedServiceFactory> reference = servers();
            ManagedServiceFactory servers = context.getService(reference);
            if (servers == null) {
                throw missing(null);
            }
            ServerConnector[] made = new ServerConnector[1];
            next = server -> made[0] = connector.apply(server);
            servers.updated(name, configuration(name));
            if (made[0] == null || !made[0].isStarted()) {
                servers.deleted(name);
                throw new AlthingException("the HTTP server did not start; its log says why");
            }
            return () -> {
                servers.deleted(name);
                context.ungetService(reference);
            };
        } catch (ConfigurationException e) {
            throw new IllegalStateException("the configuration of Jetty is ours", e);
        } finally {
            next = null;
            starting.unlock();
        }
    }

    private static Dictionary<String, Object> configuration(String name) {
        return new Hashtable<>(Map.of(
                SERVER_NAME,
                name,
                // Only for the moment until our own connector takes its place.
                "org.apache.felix.http.host",
                "127.0.0.1",
                "org.osgi.service.http.port",
                "0",
                "org.apache.felix.http.jetty.acceptors",
                "0",
                "org.apache.felix.http.jetty.selectors",
                "1",
                "org.apache.felix.http.jetty.threadpool.max",
                String.valueOf(HttpLimits.THREADS_MAX),
                "org.apache.felix.jetty.stopTimeout",
                String.valueOf(HttpLimits.STOP_TIMEOUT_MILLIS)));
    }

    private Connector connector(Server server) {
        Function<Server, ServerConnector> maker = next;
        if (!starting.isHeldByCurrentThread() || maker == null) {
            throw new IllegalStateException("this server is no door of a node");
        }
        for (Connector other : server.getConnectors()) {
            try {
                other.stop();
            } catch (Exception e) {
                throw new IllegalStateException("a connector without connections stops", e);
            }
            server.removeConnector(other);
        }
        return maker.apply(server);
    }

    /** Jetty's factory of servers; its bundle is started if need be. */
    private ServiceReference<ManagedServiceFactory> servers() throws AlthingException {
        ServiceReference<ManagedServiceFactory> reference = find();
        if (reference == null) {
            startBundle();
            reference = find();
        }
        if (reference == null) {
            throw missing(null);
        }
        return reference;
    }

    private @Nullable ServiceReference<ManagedServiceFactory> find() {
        try {
            return context
                    .getServiceReferences(
                            ManagedServiceFactory.class, "(" + Constants.SERVICE_PID + "=" + FACTORY_PID + ")")
                    .stream()
                    .findFirst()
                    .orElse(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is well-formed", e);
        }
    }

    private void startBundle() throws AlthingException {
        Bundle bundle = Arrays.stream(context.getBundles())
                .filter(candidate -> candidate.getSymbolicName().equals(BUNDLE))
                .findFirst()
                .orElseThrow(() -> missing(null));
        try {
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            throw missing(e);
        }
    }

    private static AlthingException missing(@Nullable Throwable cause) {
        return new AlthingException(
                "no HTTP server is installed: bundle " + BUNDLE + " does not start; run the node with --http none",
                cause);
    }

    /** Gives a channel to a connector; its address is known only to it. */
    static void open(ServerConnector connector, ServerSocketChannel channel) {
        try {
            connector.open(channel);
        } catch (IOException e) {
            throw new IllegalStateException("the channel is bound", e);
        }
    }

    void close() {
        connectors.unregister();
    }
}
