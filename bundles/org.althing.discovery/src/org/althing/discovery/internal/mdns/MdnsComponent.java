// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.mdns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceEvent;
import javax.jmdns.ServiceInfo;
import javax.jmdns.ServiceListener;
import org.althing.api.net.AddressProtocol;
import org.althing.api.net.Host;
import org.althing.api.net.MdnsConfiguration;
import org.althing.api.net.Multiaddr;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the local network where our host listens, and the host who else is there. Speaks on the networks of the addresses that the host listens
 * on; on that of the loopback only if there is no other. One thread owns what is not final.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/discovery/mdns.md">libp2p: peer discovery over mDNS</a>
 */
@Component(
        service = MdnsComponent.class,
        immediate = true,
        configurationPid = MdnsConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class MdnsComponent {

    private static final Logger LOG = LoggerFactory.getLogger(MdnsComponent.class);

    static final String SERVICE = "_p2p._udp.local.";

    /** Networks that are spoken on. */
    static final int NETWORKS_MAX = 4;

    /** Between two looks whether our addresses have changed. */
    private static final long LOOK_MILLIS = 15_000;

    /** Names are of no meaning and change with each start: who reads along cannot tell machines by them. */
    private static final int NAME_CHARS = 40;

    private static final String NAME_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final Host host;
    private final Sightings sightings;
    private final RandomGenerator random = new SecureRandom();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("mdns").daemon().factory());
    private final List<JmDNS> open = new ArrayList<>();
    private List<Multiaddr> told = List.of();

    @Activate
    public MdnsComponent(@Reference Host host) {
        this.host = host;
        this.sightings = new Sightings(host);
        thread.scheduleWithFixedDelay(this::lookSafely, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Returns at once; to take leave of the network takes jmdns some seconds, and nobody has to wait for that. */
    @Deactivate
    void stop() {
        thread.execute(this::closeAll);
        thread.shutdown();
    }

    /** A fault of ours must not end the looks that follow. */
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("mDNS failed", e);
        }
    }

    private void look() {
        List<Multiaddr> addresses = host.listenAddresses();
        if (addresses.equals(told)) {
            return;
        }
        closeAll();
        told = addresses;
        List<Multiaddr> here =
                addresses.stream().filter(MdnsComponent::isOfThisMachine).toList();
        List<Multiaddr> reachable =
                here.stream().filter(address -> !isLoopback(address)).toList();
        List<Multiaddr> used = reachable.isEmpty() ? here : reachable;
        if (used.isEmpty()) {
            LOG.warn("Peers are not looked for in the local network: this node listens nowhere there");
        }
        Set<String> networks = new HashSet<>();
        for (Multiaddr address : used) {
            String ip = address.tcpHost().orElse("");
            if (networks.size() < NETWORKS_MAX && networks.add(ip)) {
                speak(ip, used);
            }
        }
    }

    /** Not what is announced of a router before it. */
    private static boolean isOfThisMachine(Multiaddr address) {
        boolean isIp = address.value(AddressProtocol.IP4).isPresent()
                || address.value(AddressProtocol.IP6).isPresent();
        try {
            return isIp
                    && NetworkInterface.getByInetAddress(
                                    InetAddress.getByName(address.tcpHost().orElseThrow()))
                            != null;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isLoopback(Multiaddr address) {
        String ip = address.tcpHost().orElse("");
        return ip.startsWith("127.") || ip.equals("::1");
    }

    private void speak(String ip, List<Multiaddr> addresses) {
        try {
            JmDNS network = JmDNS.create(InetAddress.getByName(ip), name());
            open.add(network);
            network.addServiceListener(SERVICE, new Ear(network));
            int port = addresses.getFirst().tcpPort().orElseThrow();
            network.registerService(
                    ServiceInfo.create(SERVICE, name(), port, 0, 0, DnsaddrText.write(host.self(), addresses)));
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Peers are not looked for on the network of {}: {}", ip, e.getMessage());
        }
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < NAME_CHARS; i++) {
            name.append(NAME_ALPHABET.charAt(random.nextInt(NAME_ALPHABET.length())));
        }
        return name.toString();
    }

    private void closeAll() {
        for (JmDNS network : open) {
            try {
                network.close();
            } catch (IOException e) {
                LOG.debug("mDNS: {}", e.getMessage());
            }
        }
        open.clear();
    }

    /** Hears names, asks for their records, and hears those; on threads of jmdns. */
    private final class Ear implements ServiceListener {

        private final JmDNS network;

        Ear(JmDNS network) {
            this.network = network;
        }

        @Override
        public void serviceAdded(ServiceEvent event) {
            network.requestServiceInfo(event.getType(), event.getName());
        }

        @Override
        public void serviceResolved(ServiceEvent event) {
            byte[] text = event.getInfo().getTextBytes();
            if (text != null) {
                sightings.seen(DnsaddrText.read(text), TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
            }
        }

        @Override
        public void serviceRemoved(ServiceEvent event) {
            // The host finds out by itself when nobody answers there.
        }
    }
}
