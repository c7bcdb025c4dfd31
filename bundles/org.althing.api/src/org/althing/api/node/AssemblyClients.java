// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;

/** Reaches nodes that run in other processes, of this machine and user or elsewhere; a service. Safe for use by many threads. */
public interface AssemblyClients {

    /**
     * Connects to the node that serves this folder.
     *
     * @throws AlthingException if none does; the message says how to start one
     */
    Connection connect(Path data) throws AlthingException;

    /**
     * Speaks to a node elsewhere over its API. Nothing is sent until something is asked. The node is trusted to show what it has: keys stay
     * here, and who wants proof asks for evidence. Plugins and backups are for the machine of the node.
     *
     * @param node {@code http} or {@code https}, host, perhaps port and path
     * @param token of its administrator, needed to found a DAO; goes out to this machine or by {@code https} only
     * @throws IllegalArgumentException if the address is none, or the token would go out in the clear; the message says what to do
     */
    Connection connect(URI node, Optional<String> token);

    /** An assembly elsewhere. Safe for use by many threads; requests go one after the other. */
    interface Connection extends Assembly, AutoCloseable {

        /**
         * The plugins of the node.
         *
         * @throws AlthingException if they cannot be managed over this connection
         */
        default Plugins plugins() throws AlthingException {
            throw new AlthingException("plugins are managed on the machine of the node, by the user that runs it");
        }

        /** Ends the connection; idempotent. */
        @Override
        void close();
    }
}
