// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.althing.api.node.HttpSettings;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a node, checked.
 *
 * @param http empty for no HTTP at all
 */
record Configuration(Optional<HttpSettings> http, LogOutput.Format logFormat, LogOutput.Least logLevel) {

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
        List<String> names = Arrays.stream(value.text().split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        for (String name : names) {
            if (!NAME.matcher(name).matches() || name.length() > NAME_MAX_CHARS || names.size() > NAMES_MAX) {
                throw value.wrong("is no list of host names; write at most " + NAMES_MAX
                        + " names with commas between, e.g. dao.example.org, ferry.example.org");
            }
        }
        return names;
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
