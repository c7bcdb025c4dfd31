// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.node.AssemblyClients;

/** One run of the program, as its commands see it. */
public final class Session {

    private final Services services;
    private final Terminal terminal;
    private final Surroundings surroundings;
    private final Globals globals;

    Session(Services services, Terminal terminal, Surroundings surroundings, Globals globals) {
        this.services = services;
        this.terminal = terminal;
        this.surroundings = surroundings;
        this.globals = globals;
    }

    public Services services() {
        return services;
    }

    public Terminal terminal() {
        return terminal;
    }

    public Surroundings surroundings() {
        return surroundings;
    }

    /** Whether the answer is to be JSON. */
    public boolean json() {
        return globals.json;
    }

    /** Whether the user named the data folder. */
    public boolean dataGiven() {
        return globals.data != null;
    }

    /** The data folder, absolute; it may not exist. */
    public Path data() {
        Path chosen = globals.data != null
                ? globals.data
                : surroundings
                        .variable(Surroundings.HOME_VARIABLE)
                        .map(Path::of)
                        .orElse(surroundings.home().resolve(".althing"));
        return chosen.toAbsolutePath().normalize();
    }

    /** Connects to the node that the options name, else to the one that serves the data folder. */
    AssemblyClients.Connection connect(NodeOptions options) throws Failure, AlthingException, IOException {
        Optional<URI> address = options.address(surroundings);
        try {
            return address.isPresent() ? clients().connect(address.get(), options.token()) : connect();
        } catch (IllegalArgumentException e) {
            throw Failure.usage(options.source() + ": " + e.getMessage());
        }
    }

    /** Connects to the node that serves the data folder. */
    AssemblyClients.Connection connect() throws Failure, AlthingException {
        return clients().connect(data());
    }

    private AssemblyClients clients() throws Failure {
        return services.require(AssemblyClients.class, "the client");
    }

    /** Prints one JSON object in a line. */
    public void print(JsonNode answer) {
        terminal.out().println(answer);
    }

    /** Prints a line of our own words; texts of others go through {@link Words#clean} first. */
    public void line(String line) {
        terminal.out().println(line);
    }

    /** Prints a line to those who watch, apart from the answer. */
    public void remark(String line) {
        terminal.err().println(line);
    }
}
