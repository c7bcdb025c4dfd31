// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.node.HttpDoors;
import org.althing.api.node.HttpDoors.HttpDoor;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.RunningNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command that runs a node serves HTTP. */
public final class HttpOption {

    private static final String NONE = "none";

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            order = 10,
            description = "Where to serve the page and the API; default " + HttpSettings.HOST_DEFAULT + ":"
                    + HttpSettings.PORT_DEFAULT + ". none: nowhere.")
    @Nullable
    String http;

    @Option(
            names = "--http-name",
            paramLabel = "NAME",
            order = 11,
            description = "A further name that clients call this node by, e.g. behind a proxy; may be repeated.")
    List<String> names = new ArrayList<>();

    /** Whether the user said where. */
    public boolean isGiven() {
        return http != null;
    }

    /** What the user wants; empty for no HTTP at all. */
    public Optional<HttpSettings> settings(Session session) throws Failure {
        String place = http == null ? HttpSettings.HOST_DEFAULT + ":" + HttpSettings.PORT_DEFAULT : http;
        if (place.equals(NONE)) {
            return Optional.empty();
        }
        int colon = place.lastIndexOf(':');
        String host = colon < 0 ? "" : place.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = colon < 0 ? -1 : port(place.substring(colon + 1));
        if (host.isEmpty() || port < 0) {
            throw Failure.usage("--http: " + Words.clean(place) + " is no address; write it as HOST:PORT, e.g. "
                    + HttpSettings.HOST_DEFAULT + ":" + HttpSettings.PORT_DEFAULT + ", or none");
        }
        return Optional.of(new HttpSettings(
                host,
                port,
                names,
                HttpSettings.REQUESTS_PER_SECOND_DEFAULT,
                session.surroundings().stop()::now));
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port <= HttpSettings.PORT_MAX ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Opens the door that the user wants, if any. */
    public static Optional<HttpDoor> open(Session session, Optional<HttpSettings> settings, RunningNode node)
            throws Failure, AlthingException {
        return settings.isEmpty()
                ? Optional.empty()
                : Optional.of(session.services()
                        .require(HttpDoors.class, "the HTTP door")
                        .open(node, settings.get()));
    }
}
