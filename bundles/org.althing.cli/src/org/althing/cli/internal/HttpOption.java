// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpDoors;
import org.althing.api.node.HttpDoors.HttpDoor;
import org.althing.api.node.HttpSettings;
import org.althing.api.node.RunningNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command that runs a node serves HTTP. */
public final class HttpOption {

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

    /** What the user wants; empty for no HTTP at all. */
    public Optional<HttpSettings> settings(Session session) throws Failure {
        return Configuration.http(
                values().getOrDefault(Setting.HTTP, Setting.HTTP.standard()),
                names,
                HttpSettings.REQUESTS_PER_SECOND_DEFAULT,
                Optional.empty(),
                session.surroundings().stop()::now);
    }

    /** What the user said. */
    Map<Setting, Setting.Value> values() {
        Map<Setting, Setting.Value> values = new EnumMap<>(Setting.class);
        if (http != null) {
            values.put(Setting.HTTP, new Setting.Value(http, "--http"));
        }
        if (!names.isEmpty()) {
            values.put(Setting.HTTP_NAMES, new Setting.Value(String.join(",", names), "--http-name"));
        }
        return values;
    }

    /** Opens the door that the user wants, if any. */
    public static Optional<HttpDoor> open(Session session, Optional<HttpSettings> settings, RunningNode node)
            throws Failure, RefusedException, AlthingException {
        return settings.isEmpty()
                ? Optional.empty()
                : Optional.of(session.services()
                        .require(HttpDoors.class, "the HTTP door")
                        .open(node, settings.get()));
    }
}
