// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

import java.nio.file.Path;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;

/** Reaches nodes that run in other processes of this machine and user; a service. Safe for use by many threads. */
public interface AssemblyClients {

    /**
     * Connects to the node that serves this folder.
     *
     * @throws AlthingException if none does; the message says how to start one
     */
    Connection connect(Path data) throws AlthingException;

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
