// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;

/**
 * The bundles that an operator has added to a node. A jar is started only if an operator has accepted its SHA-256, and what was accepted is
 * started again with the node. Safe for use by many threads.
 *
 * <p>A plugin runs with all rights of the node: whoever accepts one trusts who made it.
 */
public interface Plugins {

    /** In the data folder: the jars, each named after its SHA-256, and what was accepted. */
    String FOLDER = "plugins";
    /** The record of what was accepted, in {@link #FOLDER}. */
    String ACCEPTED_FILE = "accepted.json";

    /** Largest jar, in bytes; in base64 it fits a line of the {@link LocalDoor}. */
    int JAR_SIZE_MAX_BYTES = 8 * 1024 * 1024;
    /** Plugins of one node. */
    int COUNT_MAX = 64;

    /** The accepted plugins by name, whether they run or not. */
    List<Plugin> plugins() throws AlthingException;

    /**
     * Reads a jar and changes nothing.
     *
     * @throws RefusedException if it is no bundle that this node would take; the message says why
     */
    Plugin inspect(byte[] jar) throws RefusedException, AlthingException;

    /**
     * Accepts a jar, starts it, and keeps it. One of the same name and a lower version is replaced; if the new one does not start, the older one
     * goes on.
     *
     * @param sha256 what the operator has accepted, in lower-case hexadecimal
     * @throws RefusedException if the jar is another one, or does not start; nothing has changed then
     */
    Plugin add(byte[] jar, String sha256) throws RefusedException, AlthingException;

    /**
     * Stops a plugin and forgets it.
     *
     * @throws RefusedException if there is no plugin of this name
     */
    Plugin remove(String name) throws RefusedException, AlthingException;

    /**
     * A plugin.
     *
     * @param name its symbolic name
     * @param services the interfaces that its components provide, by name
     * @param sha256 of the jar, in lower-case hexadecimal
     * @param state {@code new}, {@code running} or {@code failed}
     * @param problem why it does not run; else empty
     */
    record Plugin(
            String name,
            String version,
            List<String> services,
            String sha256,
            long sizeBytes,
            String state,
            String problem) {

        public Plugin {
            services = List.copyOf(services);
        }
    }
}
