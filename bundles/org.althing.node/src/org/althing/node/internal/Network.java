// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly.NetworkView;
import org.althing.api.assembly.Assembly.PeerView;
import org.althing.api.gossip.Gossip;
import org.althing.api.net.ConnectedPeer;
import org.althing.api.net.Host;
import org.althing.api.net.HostConfiguration;
import org.althing.api.net.MdnsConfiguration;
import org.althing.api.net.Multiaddr;
import org.althing.api.net.PeerId;
import org.althing.api.net.PeerIdentity;
import org.althing.api.net.RendezvousConfiguration;
import org.althing.api.node.NetworkSettings;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's place in the network: configures a host, whatever bundle provides it, and tells each one that comes whom to connect with. Safe for
 * use by many threads.
 */
final class Network implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Network.class);

    /** The host's first, then those of the ways to find peers. */
    private final List<Configuration> configurations;

    private final Hosts hosts;
    /** Whom to be connected with. */
    private final Set<Multiaddr> wanted = new LinkedHashSet<>();

    private Network(List<Configuration> configurations, BundleContext context, Path data)
            throws InvalidSyntaxException {
        this.configurations = configurations;
        this.hosts = new Hosts(context, data);
    }

    /**
     * Takes part in the network; on return the host listens.
     *
     * @throws AlthingException if it cannot, e.g. because a port is in use
     */
    static Network start(NetworkSettings settings, Path data, BundleContext context, ConfigurationAdmin admin)
            throws AlthingException {
        for (Multiaddr address : settings.listen()) {
            requireFree(address);
        }
        try {
            List<Configuration> configurations = new ArrayList<>();
            configurations.add(admin.createFactoryConfiguration(HostConfiguration.PID, "?"));
            if (settings.mdns()) {
                configurations.add(admin.createFactoryConfiguration(MdnsConfiguration.PID, "?"));
            }
            if (settings.rendezvous()) {
                configurations.add(admin.createFactoryConfiguration(RendezvousConfiguration.PID, "?"));
            }
            Network network = new Network(configurations, context, data);
            settings.bootstrap().forEach(network::want);
            try {
                for (Configuration configuration : configurations) {
                    configuration.update(properties(settings, data));
                }
                network.hosts.open();
                network.hosts.await();
                return network;
            } catch (AlthingException | IOException e) {
                network.close();
                throw e;
            }
        } catch (IOException e) {
            throw new AlthingException("the network cannot be configured: " + e.getMessage(), e);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is well-formed", e);
        }
    }

    /** Those of the host; the others take none of them. */
    private static Dictionary<String, Object> properties(NetworkSettings settings, Path data) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("data", data.toString());
        properties.put("listen", texts(settings.listen()));
        properties.put("announce", texts(settings.announce()));
        properties.put("rangesUnbounded", settings.rangesUnbounded().toArray(String[]::new));
        return properties;
    }

    private static String[] texts(List<Multiaddr> addresses) {
        return addresses.stream().map(Multiaddr::toString).toArray(String[]::new);
    }

    /** Tried first, since a component that fails is told of in a log only. */
    private static void requireFree(Multiaddr address) throws AlthingException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(
                    InetAddress.getByName(address.tcpHost().orElseThrow()),
                    address.tcpPort().orElseThrow()));
        } catch (UnknownHostException e) {
            throw new AlthingException("cannot listen on " + address + ": no such host; choose another address", e);
        } catch (IOException e) {
            throw new AlthingException(
                    "cannot listen on " + address + ": " + e.getMessage() + "; choose another address or port", e);
        }
    }

    /** Connects with a peer, now and whenever it is lost. */
    void want(Multiaddr peer) {
        synchronized (wanted) {
            if (wanted.size() >= Limits.WANTED_PEERS_MAX || !wanted.add(peer)) {
                return;
            }
        }
        host().ifPresent(host -> host.suggest(peer, true));
    }

    private List<Multiaddr> wanted() {
        synchronized (wanted) {
            return List.copyOf(wanted);
        }
    }

    Optional<Host> host() {
        return Optional.ofNullable(hosts.getService());
    }

    /** Where it is; empty while its bundle is being replaced. */
    Optional<NetworkView> view() {
        return host().map(host -> new NetworkView(
                host.self().toString(), addresses(host), host.peers().size(), host.counters()));
    }

    /**
     * Those whom the host is connected with, the longest first.
     *
     * @param conduct how they behave in gossip
     */
    List<PeerView> peers(List<Gossip.GossipPeer> conduct) {
        Map<PeerId, Gossip.GossipPeer> gossiping =
                conduct.stream().collect(Collectors.toMap(Gossip.GossipPeer::peer, peer -> peer));
        return host().map(Host::peers).orElse(List.of()).stream()
                .sorted(Comparator.comparingLong(ConnectedPeer::sinceMillis))
                .map(peer -> view(peer, Optional.ofNullable(gossiping.get(peer.peer()))))
                .toList();
    }

    private static PeerView view(ConnectedPeer peer, Optional<Gossip.GossipPeer> conduct) {
        return new PeerView(
                peer.peer().toString(),
                peer.address().toString(),
                peer.direction() == ConnectedPeer.Direction.INBOUND,
                peer.sinceMillis(),
                peer.identity().map(PeerIdentity::agent).orElse(""),
                peer.roundTripMicros().orElse(-1),
                conduct.map(Gossip.GossipPeer::score).orElse(0.0),
                (int) conduct.map(Gossip.GossipPeer::topics).orElse(List.of()).stream()
                        .filter(Spreading::isEntries)
                        .count());
    }

    /** Where others reach it. */
    List<String> addresses() {
        return host().map(Network::addresses).orElse(List.of());
    }

    private static List<String> addresses(Host host) {
        return host.listenAddresses().stream()
                .map(address -> address.withPeer(host.self()).toString())
                .toList();
    }

    List<String> problems() {
        return host().isPresent()
                ? List.of()
                : List.of("no network is installed at the moment; start bundle org.althing.net, or another transport");
    }

    @Override
    public void close() {
        hosts.close();
        for (Configuration configuration : configurations.reversed()) {
            try {
                configuration.delete();
            } catch (IOException | IllegalStateException e) {
                LOG.debug("the network's configuration is gone already: {}", e.toString());
            }
        }
    }

    /** The host of this node's folder. */
    private final class Hosts extends ServiceTracker<Host, Host> {

        private final CountDownLatch decided = new CountDownLatch(1);

        Hosts(BundleContext context, Path data) throws InvalidSyntaxException {
            super(
                    context,
                    FrameworkUtil.createFilter("(&(objectClass=" + Host.class.getName() + ")(data="
                            + data.toString().replaceAll("([\\\\*()])", "\\\\$1") + "))"),
                    null);
        }

        @Override
        public @Nullable Host addingService(ServiceReference<Host> reference) {
            Host host = super.addingService(reference);
            if (host != null) {
                wanted().forEach(peer -> host.suggest(peer, true));
            } else {
                decided.countDown();
            }
            return host;
        }

        void await() throws AlthingException {
            try {
                long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Limits.NETWORK_START_MAX_MILLIS);
                while (getService() == null && decided.getCount() > 0 && System.nanoTime() < until) {
                    waitForService(Limits.NETWORK_LOOK_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AlthingException("interrupted while the network started", e);
            }
            if (getService() == null) {
                throw new AlthingException(
                        decided.getCount() == 0
                                ? "the network does not start; the log says why (--log-level info)"
                                : "no network is installed; start bundle org.althing.net, or another transport");
            }
        }
    }
}
