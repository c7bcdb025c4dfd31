// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.althing.api.net.Multiaddr;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.NetworkSettings;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a node, checked.
 *
 * @param http empty for no HTTP at all
 * @param httpOrigin where that was set, for messages; empty for nowhere
 * @param network empty for no network at all
 */
record Configuration(
        Optional<HttpSettings> http,
        String httpOrigin,
        Optional<NetworkSettings> network,
        LogOutput.Format logFormat,
        LogOutput.Least logLevel) {

    private static final String NOWHERE = "none";
    private static final int NAMES_MAX = 100;
    private static final int NAME_MAX_CHARS = 253;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:\\[\\]-]+");
    private static final int REQUESTS_PER_SECOND_MAX = 1_000_000;

    /**
     * Puts together what the command line, the environment and the file say, in this order.
     *
     * @param options what the command line says
     * @param file named by the user; null for that of the data folder, if there is one
     */
    static Configuration of(Session session, Map<Setting, Setting.Value> options, @Nullable Path file)
            throws Failure, IOException {
        Map<Setting, Setting.Value> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, setting.standard());
        }
        Path own = session.data().resolve(ConfigFile.NAME);
        if (file != null) {
            values.putAll(ConfigFile.read(file));
        } else if (Files.exists(own)) {
            values.putAll(ConfigFile.read(own));
        }
        for (Setting setting : Setting.values()) {
            session.surroundings()
                    .variable(setting.variable())
                    .ifPresent(text ->
                            values.put(setting, new Setting.Value(text.strip(), "the variable " + setting.variable())));
        }
        values.putAll(options);
        return of(values, session.surroundings().stop()::now);
    }

    private static Configuration of(Map<Setting, Setting.Value> values, Runnable stop) throws Failure {
        // All are checked, also those that others make idle.
        int requestsPerSecondMax = rate(values.get(Setting.HTTP_RATE));
        List<String> names = names(values.get(Setting.HTTP_NAMES));
        Optional<HttpSettings.Tls> tls =
                tls(values.get(Setting.HTTP_TLS_CERTIFICATE), values.get(Setting.HTTP_TLS_KEY));
        return new Configuration(
                http(values.get(Setting.HTTP), names, requestsPerSecondMax, tls, stop),
                Stream.of(Setting.HTTP, Setting.HTTP_TLS_CERTIFICATE, Setting.HTTP_TLS_KEY)
                        .filter(setting -> !values.get(setting).equals(setting.standard()))
                        .map(setting -> values.get(setting).where())
                        .collect(Collectors.joining("; ")),
                network(values),
                word(values.get(Setting.LOG_FORMAT), LogOutput.Format.values()),
                word(values.get(Setting.LOG_LEVEL), LogOutput.Least.values()));
    }

    /** Where to serve; empty for nowhere. */
    static Optional<HttpSettings> http(
            Setting.Value place,
            List<String> names,
            int requestsPerSecondMax,
            Optional<HttpSettings.Tls> tls,
            Runnable stop)
            throws Failure {
        String text = place.text();
        if (text.equals(NOWHERE)) {
            return Optional.empty();
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = colon < 0 ? -1 : number(text.substring(colon + 1), 0, HttpSettings.PORT_MAX);
        if (host.isEmpty() || port < 0) {
            throw place.wrong("is no address; write it as HOST:PORT, e.g. "
                    + Setting.HTTP.standard().text() + ", or none");
        }
        return Optional.of(new HttpSettings(host, port, names, requestsPerSecondMax, tls, stop));
    }

    private static Optional<HttpSettings.Tls> tls(Setting.Value certificate, Setting.Value key) throws Failure {
        if (certificate.text().isEmpty() && key.text().isEmpty()) {
            return Optional.empty();
        }
        if (certificate.text().isEmpty() || key.text().isEmpty()) {
            throw (key.text().isEmpty() ? certificate : key)
                    .wrong("is not enough; set both " + Setting.HTTP_TLS_CERTIFICATE.key() + " and "
                            + Setting.HTTP_TLS_KEY.key() + ", or neither");
        }
        return Optional.of(
                new HttpSettings.Tls(path(certificate), path(key), HttpSettings.Tls.LOOK_INTERVAL_MILLIS_DEFAULT));
    }

    private static Path path(Setting.Value value) throws Failure {
        try {
            return Path.of(value.text()).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw value.wrong("is no file name");
        }
    }

    private static int rate(Setting.Value value) throws Failure {
        int rate = number(value.text(), 1, REQUESTS_PER_SECOND_MAX);
        if (rate < 0) {
            throw value.wrong("is no number of requests per second; write 1 to " + REQUESTS_PER_SECOND_MAX);
        }
        return rate;
    }

    private static List<String> names(Setting.Value value) throws Failure {
        List<String> names = parts(value.text());
        for (String name : names) {
            if (!NAME.matcher(name).matches() || name.length() > NAME_MAX_CHARS || names.size() > NAMES_MAX) {
                throw value.wrong("is no list of host names; write at most " + NAMES_MAX
                        + " names with commas between, e.g. dao.example.org, ferry.example.org");
            }
        }
        return names;
    }

    private static Optional<NetworkSettings> network(Map<Setting, Setting.Value> values) throws Failure {
        Setting.Value place = values.get(Setting.LISTEN);
        List<Multiaddr> listen = place.text().equals(NOWHERE) ? List.of() : addresses(place, false);
        for (Multiaddr address : listen) {
            if (address.tcpPort().isEmpty() || address.parts().size() != 2) {
                throw place.wrong("is no place to listen; write such as /ip4/0.0.0.0/tcp/4001, or none");
            }
        }
        List<Multiaddr> announce = addresses(values.get(Setting.ANNOUNCE), false);
        List<Multiaddr> bootstrap = addresses(values.get(Setting.BOOTSTRAP), true);
        boolean mdns = isOn(values.get(Setting.MDNS), listen);
        boolean rendezvous = isOn(values.get(Setting.RENDEZVOUS), listen);
        List<String> ranges = ranges(values.get(Setting.RANGES_UNBOUNDED));
        return listen.isEmpty() && bootstrap.isEmpty()
                ? Optional.empty()
                : Optional.of(new NetworkSettings(listen, announce, bootstrap, mdns, rendezvous, ranges));
    }

    private static List<Multiaddr> addresses(Setting.Value value, boolean ofPeers) throws Failure {
        List<Multiaddr> addresses = new ArrayList<>();
        for (String text : parts(value.text())) {
            try {
                addresses.add(Multiaddr.parse(text));
            } catch (IllegalArgumentException e) {
                throw value.wrong("is no multiaddr: " + e.getMessage());
            }
            if (addresses.getLast().peer().isPresent() != ofPeers) {
                throw value.wrong(
                        ofPeers
                                ? "does not end in /p2p/ and a peer id, which `althing status` of that node tells"
                                : "ends in a peer id; leave out /p2p/ and what follows");
            }
        }
        int most = ofPeers ? NetworkSettings.BOOTSTRAP_MAX : NetworkSettings.LISTEN_MAX;
        if (addresses.size() > most) {
            throw value.wrong("are more than " + most + " addresses");
        }
        return addresses;
    }

    private static List<String> ranges(Setting.Value value) throws Failure {
        List<String> ranges = parts(value.text());
        for (String range : ranges) {
            int slash = range.indexOf('/');
            String ip = slash < 0 ? "" : range.substring(0, slash);
            boolean six = ip.contains(":");
            boolean fits = slash >= 0 && number(range.substring(slash + 1), 0, six ? 128 : 32) >= 0;
            try {
                Multiaddr.parse((six ? "/ip6/" : "/ip4/") + ip);
            } catch (IllegalArgumentException e) {
                fits = false;
            }
            if (!fits || ranges.size() > NetworkSettings.BOOTSTRAP_MAX) {
                throw value.wrong("is no list of networks; write such as 10.0.0.0/8, fd00::/8");
            }
        }
        return ranges;
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** A switch that only a node that listens can turn on. */
    private static boolean isOn(Setting.Value value, List<Multiaddr> listen) throws Failure {
        boolean isOn = value.text().equals("on");
        if (!isOn && !value.text().equals("off")) {
            throw value.wrong("is neither on nor off");
        }
        if (isOn && listen.isEmpty()) {
            throw value.wrong("is of no use to a node that does not listen; set listen, too");
        }
        return isOn;
    }

    private static <T extends Enum<T>> T word(Setting.Value value, T[] known) throws Failure {
        for (T one : known) {
            if (LogOutput.word(one).equals(value.text())) {
                return one;
            }
        }
        throw value.wrong("is not known here; write "
                + String.join(" or ", Arrays.stream(known).map(LogOutput::word).toList()));
    }

    /** The number, or -1 if it is none between the two. */
    private static int number(String text, int min, int max) {
        if (!text.matches("[0-9]{1,9}")) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number >= min && number <= max ? number : -1;
    }
}
